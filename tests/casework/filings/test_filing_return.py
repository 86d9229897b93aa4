"""A filing goes to and fro between who fills it in and who signs it, until it is right."""

import json

import pytest
from sqlalchemy import select

from casework.errors import Invalid, Refused
from casework.events import Door
from casework.filings.checking import check_filing
from casework.filings.correcting import correct_filing
from casework.filings.filling import fill_in
from casework.filings.returning import return_filing
from casework.filings.showing import show_filing
from models.tables import NOTICES, PEOPLE
from tests.casework.filings.filed import APRIL, acting, checked, compiled, filled, signed, which
from tests.offices import reported

CLERK = acting("S1", by="reporter1")


@pytest.fixture
def handed(sqlite_office):
    """The clerk of a school filled its month in, and checked it."""
    reported(sqlite_office)
    compiled(sqlite_office)
    fill_in(sqlite_office, which(), {"work": "检查", "plan": "换灯"}, **CLERK)
    check_filing(sqlite_office, which(), **CLERK)
    return sqlite_office


def told(office):
    wanted = select(PEOPLE.c.code, NOTICES.c.body).join(PEOPLE, PEOPLE.c.id == NOTICES.c.person_id)
    with office.reading() as connection:
        rows = connection.execute(wanted.where(NOTICES.c.kind == "filing_asked")).all()
    return [(row.code, json.loads(row.body)["title"]["zh"].partition("：")[0]) for row in rows]


def test_who_signs_is_told_once_that_it_is_checked_by_another(handed):
    check_filing(handed, which(), **CLERK)

    assert told(handed) == [("head1", "待签发")]


def test_nobody_is_told_to_sign_what_they_checked_themselves(sqlite_office):
    compiled(sqlite_office)
    filled(sqlite_office, nil="是")

    assert checked(sqlite_office).passed
    assert told(sqlite_office) == []


def test_a_returned_filing_is_a_draft_until_it_is_checked_again(handed):
    return_filing(handed, which(), "本月工作太短", **acting("S1"))

    shown = show_filing(handed, which(), by="reporter1", at=APRIL)
    check_filing(handed, which(), **CLERK)
    again = show_filing(handed, which(), by="reporter1", at=APRIL)

    assert shown["state"] == "draft"
    assert shown["returned"]["reason"] == "本月工作太短"
    assert ("reporter1", "退回") in told(handed)
    assert (again["state"], again["returned"]) == ("checked", None)


@pytest.mark.parametrize(("by", "reason", "refused"), [
    ("reporter1", "改", Refused), ("cluster1", "改", Refused), ("head1", " ", Invalid),
])  # fmt: skip
def test_only_who_signs_returns_it_and_says_why(handed, by, reason, refused):
    with pytest.raises(refused):
        return_filing(handed, which(), reason, **acting("S1", by=by))


def test_what_is_not_checked_is_not_returned(sqlite_office):
    compiled(sqlite_office)

    with pytest.raises(Refused):
        return_filing(sqlite_office, which(), "改", **acting("S1"))


def test_a_correction_shows_what_it_changed(sqlite_office):
    compiled(sqlite_office)
    signed(sqlite_office, nil="是")
    correct_filing(sqlite_office, which(), "漏写", by="head1", at=APRIL, door=Door.CLI)

    filled(sqlite_office, work="消防检查和演练", provincial="1")
    shown = show_filing(sqlite_office, which(), by="head1", at=APRIL)
    first = show_filing(sqlite_office, which(), by="head1", at=APRIL, version=1)

    changed = [(row["label"].zh, row["before"].zh, row["after"].zh) for row in shown["changes"]]
    assert changed == [("其中省级挂牌", "", "1"), ("本月工作", "消防检查", "消防检查和演练")]
    assert first["changes"] == []
