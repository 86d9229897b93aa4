"""Records are kept with their history, masked, and revealed only with a reason."""

from datetime import date

import pytest

from casework.auditing.access import list_access
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.registers.acts import change_record, retire_record
from casework.registers.listing import list_expiring, list_records
from casework.registers.narrowing import Narrow
from casework.registers.showing import reveal_record, show_record
from models.tables import REGISTER_RECORDS
from tests.casework.registers.buses import DRIVER, added
from tests.offices import MONDAY_9AM
from tests.sealing import faults, sealed

TODAY = date(2026, 3, 2)
BY = {"at": MONDAY_9AM, "door": Door.CLI}


def change(office, key="苏E12345", *, kind="bus", by="head1", unit="", **typed):
    return change_record(office, kind, key, typed, by=by, unit=unit, **BY)


def test_a_record_is_listed_where_it_lies_and_nowhere_else(office):
    added(office)
    added(office, unit="S3", by="head3", plate="苏E99999")

    own = list_records(office, "校车", by="head1", today=TODAY).rows
    all_ = list_records(office, "bus", by="committee1", today=TODAY).rows

    assert [row["key"] for row in own] == ["苏E12345"]
    assert [row["unit_code"] for row in all_] == ["S1", "S3"]
    assert list_records(office, "bus", by="cluster2", today=TODAY).rows == [all_[1]]


@pytest.mark.parametrize(("text", "found"), [("e1234", 1), ("某客运", 1), ("13812345678", 0)])
def test_a_text_is_looked_for_in_what_is_not_personal(office, text, found):
    added(office)

    assert (
        len(list_records(office, "bus", by="head1", today=TODAY, narrow=Narrow(text=text)).rows)
        == found
    )


def test_pages_follow_each_other(office):
    for number in range(3):
        added(office, plate=f"苏E0000{number}")

    first = list_records(office, "bus", by="head1", today=TODAY, size=2)
    second = list_records(office, "bus", by="head1", today=TODAY, size=2, after=first.after)

    assert [row["key"] for row in (*first.rows, *second.rows)] == [
        "苏E00000", "苏E00001", "苏E00002",
    ]  # fmt: skip
    assert second.after == ""


def test_a_key_is_taken_once(office):
    added(office)
    added(office, "guard")
    added(office, "guard", unit="S2", by="head2")

    with pytest.raises(Refused) as refused:
        added(office, unit="S2", by="head2")

    assert "已登记" in refused.value.problem.zh
    assert refused.value.where == "plate"


@pytest.mark.parametrize(
    ("differs", "where"),
    [
        ({"plate": "12345"}, "plate"),
        ({"plate": ""}, "plate"),
        ({"seats": "6"}, "seats"),
        ({"seats": "many"}, "seats"),
        ({"model": "bus"}, "model"),
        ({"inspected_on": "2026-03-03"}, "inspected_on"),  # tomorrow
        ({"inspected_on": "2020-02-29"}, "inspected_on"),  # before it was registered
        ({"inspected_on": "2026-02-30"}, "inspected_on"),
        ({"contact_phone": "123"}, "contact_phone"),
        ({"colour": "yellow"}, "colour"),
    ],
)
def test_a_bad_field_is_refused_by_name(sqlite_office, differs, where):
    with pytest.raises(Invalid) as refused:
        added(sqlite_office, **differs)

    assert refused.value.where == where
    assert refused.value.remedy.zh


@pytest.mark.parametrize("card", ["110105194912310021", "11010519491331002X", "1101051949123100"])
def test_an_identity_card_is_checked_by_its_last_character(sqlite_office, card):
    with pytest.raises(Invalid) as refused:
        added(sqlite_office, "driver", id_card=card)

    assert refused.value.where == "id_card"


@pytest.mark.parametrize("by", ["reporter1", "head2", "cluster2", "auditor", "verifier1a"])
def test_who_may_not_edit_is_refused(sqlite_office, by):
    with pytest.raises(Refused):
        added(sqlite_office, by=by)


def test_whoever_may_not_see_a_record_is_told_there_is_none(sqlite_office):
    added(sqlite_office, "driver")

    with pytest.raises(NotFound):
        show_record(sqlite_office, "driver", DRIVER["file_no"], by="reporter1", today=TODAY)
    with pytest.raises(NotFound):
        change(sqlite_office, DRIVER["file_no"], kind="driver", by="head2", phone="")


def test_a_change_is_written_into_its_history_and_a_blank_clears(office, tmp_path):
    added(office)

    changed = change(office, seats="40", route="")
    same = change(office, seats="40")
    cleared = change(office, insured_until="")
    shown = show_record(office, "bus", "苏E12345", by="head1", today=TODAY)

    assert (changed.seq, same.seq, cleared.seq) == (2, 2, 3)
    assert [each["act"] for each in shown["history"]] == ["add", "change", "change"]
    assert [each["fields"] for each in shown["history"][1:]] == [{"seats": "40"}, {}]
    assert shown["history"][2]["cleared"] == ["insured_until"]
    assert "insured_until" not in shown["values"]
    sealed(office, tmp_path)
    assert faults(office, tmp_path) == []


def test_the_field_that_names_a_record_stays(sqlite_office):
    added(sqlite_office)

    with pytest.raises(Invalid):
        change(sqlite_office, plate="苏E54321")


def test_a_retired_record_can_only_be_read(office):
    added(office)

    retire_record(office, "bus", "苏E12345", "报废", by="head1", **BY)

    assert list_records(office, "bus", by="head1", today=TODAY).rows == []
    assert (
        len(list_records(office, "bus", by="head1", today=TODAY, narrow=Narrow(retired=True)).rows)
        == 1
    )
    assert list_expiring(office, by="head1", today=TODAY, days=3_000).rows == []
    with pytest.raises(Refused):
        change(office, seats="40")


def test_the_earliest_to_run_out_comes_first(office):
    added(office)
    added(office, plate="苏E00001", insured_until="2026-03-10")
    added(office, "guard", born_on="1966-03-05")

    rows = list_expiring(office, by="head1", today=TODAY, days=30).rows
    first = list_expiring(office, by="head1", today=TODAY, days=200, size=1)
    rest = list_expiring(office, by="head1", today=TODAY, days=200, after=first.after)

    assert [(row["key"], row["findings"][0]["days_left"]) for row in rows] == [
        ("A01", 3), ("苏E00001", 8),
    ]  # fmt: skip
    assert [row["key"] for row in (*first.rows, *rest.rows)] == ["A01", "苏E00001", "苏E12345"]


def test_personal_data_is_masked(office):
    added(office, "driver")

    shown = show_record(office, "driver", DRIVER["file_no"], by="head1", today=TODAY)

    assert {name: shown["values"][name] for name in ("name", "id_card", "born_on", "phone")} == {
        "name": "王**", "id_card": "1****************X", "born_on": "1980-**-**",
        "phone": "139****5678",
    }  # fmt: skip
    assert shown["history"][0]["personal"] == ["born_on", "id_card", "name", "phone"]


def test_personal_data_is_revealed_with_a_reason_that_is_recorded(office):
    added(office, "driver")

    shown = reveal_record(
        office, "driver", DRIVER["file_no"], by="committee1", why="核对身份", today=TODAY, **BY
    )

    assert shown["values"]["id_card"] == DRIVER["id_card"]
    looked, *_ = list_access(office, by="auditor")
    assert (looked["code"], looked["look"], looked["why"]) == ("committee1", "reveal", "核对身份")
    assert looked["what"]["key"] == DRIVER["file_no"]


@pytest.mark.parametrize(("by", "why"), [("head1", "想看看"), ("committee1", " ")])
def test_personal_data_stays_masked_without_the_right_or_the_reason(sqlite_office, by, why):
    added(sqlite_office, "driver")

    with pytest.raises((Refused, Invalid)):
        reveal_record(sqlite_office, "driver", DRIVER["file_no"], by=by, why=why, today=TODAY, **BY)

    assert list_access(sqlite_office, by="auditor") == []


def test_the_chain_holds_no_personal_value(office):
    added(office, "driver")
    change(office, DRIVER["file_no"], kind="driver", phone="13612345678")

    with office.reading() as connection:
        bodies = connection.exec_driver_sql("SELECT body FROM record_event").scalars().all()
        facts = connection.execute(REGISTER_RECORDS.select()).one().facts

    told = " ".join([*bodies, str(facts)])
    secret = [DRIVER["name"], DRIVER["id_card"], DRIVER["born_on"], DRIVER["phone"], "13612345678"]
    assert [each for each in secret if each in told] == []
