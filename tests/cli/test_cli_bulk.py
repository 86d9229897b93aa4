"""``bihuan case bulk``: one action for many."""

import pytest

from tests.offices import reported, verified

AT = "2026-03-02T10:00:00+08:00"


def test_many_are_foreseen_and_then_moved(bihuan, office):
    ready, early = verified(office), reported(office)
    asked = ("case", "bulk", "close", ready, early, "--as", "committee1", "--at", AT, "--json")

    foreseen = bihuan(*asked, "--dry-run")
    told = bihuan(*asked)

    assert (foreseen.code, told.code) == (1, 1)
    assert [(each["number"], each["done"]) for each in told.json["items"]] == [
        (ready, True), (early, False),
    ]  # fmt: skip
    assert foreseen.json["items"][1]["problem"] == told.json["items"][1]["problem"]
    assert (told.json["done"], told.json["refused"]) == (1, 1)


def test_all_that_a_filter_finds(bihuan, office):
    verified(office)
    reported(office)

    told = bihuan("case", "bulk", "销号", "--state", "已验收", "--as", "committee1", "--at", AT)

    assert told.code == 0
    assert "共 1 件，通过 1 件" in told.out


@pytest.mark.parametrize("more", [(), ("YH2026-000001", "--overdue")])
def test_cases_or_a_filter_must_be_given(bihuan, office, more):
    told = bihuan("case", "bulk", "close", *more, "--as", "committee1")

    assert told.code == 2
    assert "二选一" in told.err


def test_the_same_key_does_it_once(bihuan, office):
    number = verified(office)
    asked = ("case", "bulk", "close", number, "--as", "committee1", "--at", AT, "--key", "k",
             "--json")  # fmt: skip

    first, second = bihuan(*asked), bihuan(*asked)

    assert second.json == first.json
