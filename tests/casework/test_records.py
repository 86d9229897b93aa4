"""A record's history is a chain: complete, in order, and blind to what was erased beside it."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casework.events import Door, Happening
from casework.records import START, Subject, read_records, write_record
from models.tables import RECORD_PRIVATES
from rules.proof import first_break
from tests.offices import MONDAY_9AM

LOOKBACK = Subject("lookback", 7, "校安回〔2026〕7号")


def told(kind, **private):
    return Happening(kind, None, "admin", Door.CLI, MONDAY_9AM, {"why": "每月"}, private)


def history(office, *happenings, subject=LOOKBACK):
    last = START
    with office.writing() as connection:
        for each in happenings:
            last = write_record(connection, subject, each, last)
    return last


def read(office, subject=LOOKBACK):
    with office.reading() as connection:
        return read_records(connection, subject.kind, subject.id)


def test_each_event_follows_from_the_one_before(office):
    last = history(office, told("plan"), told("commit"), told("draw"))

    events = read(office)

    assert [event.kind for event, _ in events] == ["plan", "commit", "draw"]
    assert (last.seq, last.hash) == (3, events[-1][1])
    assert first_break(events) is None


def test_two_subjects_of_one_number_do_not_share_a_hash(office):
    ours = history(office, told("plan"))
    theirs = history(office, told("plan"), subject=LOOKBACK._replace(kind="register"))

    assert ours.hash != theirs.hash


def test_a_second_event_in_the_same_place_is_refused(office):
    history(office, told("plan"))

    with pytest.raises(IntegrityError):
        history(office, told("commit"))


def test_every_personal_value_has_a_salt_of_its_own(sqlite_office):
    history(sqlite_office, told("sign", signature="张三", witness="张三"), told("sign", by="张三"))

    with sqlite_office.reading() as connection:
        salts = connection.execute(select(RECORD_PRIVATES.c.salt)).scalars().all()

    assert (len(set(salts)), {len(each) for each in salts}) == (3, {32})


def test_personal_data_can_be_erased_and_the_chain_holds(office):
    history(office, told("sign", signature="张三"))
    with office.writing() as connection:
        connection.execute(RECORD_PRIVATES.delete())

    ((event, stored),) = read(office)

    assert "张三" not in event.body
    assert first_break([(event, stored)]) is None
