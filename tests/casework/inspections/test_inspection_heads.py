"""The school's head signs, or refuses and the refusal stands in the record."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from casework.errors import Invalid, Refused
from casework.inspections.heads import record_refusal, sign_as_head, sign_on_the_spot
from casework.inspections.showing import open_inspection, show_photo
from rules.workdays import china_day
from tests.inspections import FIRE, given, hand, planned, recorded, signed, task_of, told
from tests.offices import MONDAY_9AM, a_photo

TODAY = china_day(MONDAY_9AM)


@pytest.fixture
def number(sqlite_office):
    planned(sqlite_office, FIRE)
    given(sqlite_office)
    found = task_of(sqlite_office)
    recorded(sqlite_office, found, told("fire"), by="verifier1a")
    return found


def file_of(office, number):
    return open_inspection(office, number, by="cluster1", today=TODAY)


def test_the_head_signs_after_the_inspectors(sqlite_office, number):
    with pytest.raises(Refused):
        sign_as_head(sqlite_office, number, hand("head1"))
    signed(sqlite_office, number)

    receipt = sign_as_head(sqlite_office, number, hand("head1"))

    file = file_of(sqlite_office, number)
    assert receipt == file.receipt
    assert (file.row["head_word"], [each["code"] for each in file.signatures]) == (
        "signed", ["verifier1a", "verifier1b", "head1"],
    )  # fmt: skip


def test_a_refusal_is_recorded_with_its_reason(sqlite_office, number):
    signed(sqlite_office, number)

    record_refusal(sqlite_office, number, "对后门问题有异议", hand("verifier1a"))

    file = file_of(sqlite_office, number)
    assert (file.signatures[-1]["word"], file.signatures[-1]["reason"]) == (
        "refused", "对后门问题有异议",
    )  # fmt: skip
    assert file.history[-1]["act"] == "head_refuse"
    with pytest.raises(Refused):
        sign_as_head(sqlite_office, number, hand("head1"))


def test_the_head_signs_by_hand_before_an_inspector(sqlite_office, number):
    signed(sqlite_office, number)
    drawn = sqlite_office.evidence.put(a_photo("white"), name="张校长.jpg")
    with pytest.raises(Invalid):
        sign_on_the_spot(sqlite_office, number, " ", drawn, hand("verifier1a"))
    with pytest.raises(Refused):
        sign_on_the_spot(sqlite_office, number, "张校长", drawn, hand("cluster1"))

    sign_on_the_spot(sqlite_office, number, "张校长", drawn, hand("verifier1b"))

    file = file_of(sqlite_office, number)
    last = file.signatures[-1]
    assert (file.row["head_word"], file.broken_at) == ("signed", None)
    assert (last["name"], last["witness"], last["code"]) == ("张校长", "VERIFIER1B", "")
    assert last["drawn"]["sha256"] == drawn.sha256
    assert file.history[-1]["zh"] == "学校负责人手签，VERIFIER1B在场"
    assert last["drawn"]["name"] == "signature"
    assert show_photo(sqlite_office, number, drawn.sha256, by="head1").path.exists()


@pytest.mark.parametrize("who", ["owner1", "cluster1", "verifier1a"])
def test_nobody_else_signs_as_the_head(sqlite_office, number, who):
    signed(sqlite_office, number)

    with pytest.raises(Refused):
        sign_as_head(sqlite_office, number, hand(who))


@pytest.mark.parametrize(
    ("who", "reason", "refusal"), [("verifier1a", " ", Invalid), ("cluster1", "不签", Refused)]
)
def test_a_refusal_has_a_reason_and_a_witness(sqlite_office, number, who, reason, refusal):
    signed(sqlite_office, number)

    with pytest.raises(refusal):
        record_refusal(sqlite_office, number, reason, hand(who))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE inspection_record SET version = version", "DELETE FROM inspection_record",
        "UPDATE inspection_signature SET word = 'signed'", "DELETE FROM inspection_signature",
    ],
)  # fmt: skip
def test_what_was_signed_is_frozen_in_the_database(office, statement):
    planned(office)
    given(office)
    recorded(office, task_of(office))

    with pytest.raises(DBAPIError, match="written once"), office.engine.begin() as connection:
        connection.execute(text(statement))
