"""Heads leave the house by a folder, a web address and messages; that none did is told."""

import os
from base64 import b64encode
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.health import check_health
from casework.home import Home
from casework.proving.sealing import outside_of as outside_at
from casework.proving.sealing import seal
from casework.watchdog import watch
from models.tables import NOTICES
from notifications.messages import HEAD
from notifications.sealing import Keys
from tests.notifications.receivers import answer, receiving
from tests.offices import MONDAY_9AM, PERSON, reported
from tests.outbox import Kept, delivered, reachable
from tests.sealing import outside_of, sealed
from verify.bihuan_verify import Head

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TICK = timedelta(microseconds=1)


def kept_at_home(office, at):
    """What health says of heads that nobody else has."""
    return [each.en for each in check_health(office, at=at).problems if "copied out" in each.en]


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (26 * HOUR, []),
        (26 * HOUR + TICK, [("no head was copied out for 26 hours: set BIHUAN_HEADS_TO or "
                             "BIHUAN_HEADS_HOOK, or give an auditor an address")]),
    ],
)  # fmt: skip
def test_a_head_that_stays_at_home_is_trouble_after_a_day(office, tmp_path, later, said):
    reported(office)
    sealed(office, tmp_path)

    assert kept_at_home(office, MONDAY_9AM + later) == said


def test_a_second_folder_takes_heads_out_until_it_no_more_does(office, tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    outside = outside_of(tmp_path, BIHUAN_HEADS_TO=str(share))
    reported(office)
    seal(office, outside, at=MONDAY_9AM)
    out = check_health(office, at=MONDAY_9AM + 9 * DAY)
    share.rename(tmp_path / "gone")
    reported(office)

    run = seal(office, outside, at=MONDAY_9AM + DAY)

    assert (out.heads_out, out.last_head_out) == (1, MONDAY_9AM)
    assert len(run.uncopied) == 1
    assert kept_at_home(office, MONDAY_9AM + DAY + 26 * HOUR) == []
    assert len(kept_at_home(office, MONDAY_9AM + DAY + 27 * HOUR)) == 1


def test_a_web_address_gets_each_head_once_and_again_when_it_refused(office, tmp_path):
    with receiving() as receiver:
        environ = {"BIHUAN_HEADS_HOOK": receiver.url, "BIHUAN_ALLOW_HOSTS": receiver.address}
        outside = outside_at(tmp_path, environ)
        reported(office)
        receiver.answer = answer(500)
        refused = seal(office, outside, at=MONDAY_9AM)
        before = check_health(office, at=MONDAY_9AM).heads_out
        receiver.answer = answer(200)
        taken = seal(office, outside, at=MONDAY_9AM + HOUR)
        seal(office, outside, at=MONDAY_9AM + 2 * HOUR)

    posted = [(path, body["size"]) for path, _, body in receiver.got]
    assert posted == [("/hook", 1), ("/hook", 1)]
    assert Head(receiver.got[-1][2]["checkpoint"], outside.keys.newest.text).size == 1
    assert [each.en for each in refused.uncopied] == [
        "the head was not posted to BIHUAN_HEADS_HOOK: HTTP 500"
    ]
    assert (taken.uncopied, before) == ([], 0)
    assert check_health(office, at=MONDAY_9AM).heads_out == 1


def test_a_web_address_that_we_do_not_go_to_is_told(sqlite_office, tmp_path):
    outside = outside_at(tmp_path, {"BIHUAN_HEADS_HOOK": "http://127.0.0.1:1/x"})
    reported(sqlite_office)

    run = seal(sqlite_office, outside, at=MONDAY_9AM)

    assert ["was not posted" in each.en for each in run.uncopied] == [True]
    assert run.size == 1


def heads_owed(office):
    with office.reading() as connection:
        found = select(NOTICES.c.person_id, NOTICES.c.key).where(NOTICES.c.kind == HEAD)
        return sorted(connection.execute(found).tuples())


def test_auditors_and_the_committee_get_a_head_a_day_as_long_as_there_is_news(office, tmp_path):
    reachable(office, "auditor", "committee1", "head1")
    reported(office)
    for hours in (0, 1, 2):
        reported(office)
        seal(office, outside_of(tmp_path), at=MONDAY_9AM + hours * HOUR)
    mail = Kept()
    first = heads_owed(office)

    delivered(office, mail, MONDAY_9AM + 2 * HOUR)
    seal(office, outside_of(tmp_path), at=MONDAY_9AM + DAY)
    idle = heads_owed(office)
    reported(office)
    run = seal(office, outside_of(tmp_path), at=MONDAY_9AM + DAY + HOUR)

    people = sorted((PERSON["auditor"], PERSON["committee1"]))
    assert first == [(person, f"head:2026-03-02:{person}") for person in people]
    assert idle == first
    assert len(heads_owed(office)) == 4
    heads = [each.text for each in mail.messages if "请留存今日检查点" in each.text]
    assert len(heads) == 2
    assert [f"4 {root_of(office, 4)}" in each for each in heads] == [True, True]
    assert (run.size, check_health(office, at=MONDAY_9AM + DAY).heads_out) == (5, 4)


def root_of(office, size):
    with office.reading() as connection:
        found = connection.exec_driver_sql(f"SELECT root FROM checkpoint WHERE size = {size}")  # noqa: S608 — a number of our own
        return b64encode(bytes(found.scalar_one())).decode()


def test_who_has_no_address_is_owed_no_head(office, tmp_path):
    reported(office)
    sealed(office, tmp_path)

    assert heads_owed(office) == []


def test_the_watchdog_removes_what_writers_that_crashed_left(
    sqlite_office, sqlite_database, tmp_path
):
    home = Home(tmp_path, sqlite_database)
    store = tmp_path / "evidence" / "originals" / "ab" / "cd"
    store.mkdir(parents=True)
    old, young = store / ".unfinished-old", store / ".unfinished-young"
    for file, age in ((old, 24 * HOUR + HOUR), (young, 23 * HOUR)):
        file.write_bytes(b"half")
        moment = (MONDAY_9AM - age).timestamp()
        os.utime(file, (moment, moment))

    watch(home, {}, at=MONDAY_9AM)

    assert [each.name for each in store.iterdir()] == [young.name]


def test_a_secret_that_no_key_opens_is_not_called_a_contact():
    with pytest.raises(Exception, match="no key opens what was sealed") as refused:
        Keys(["A" * 43 + "="]).unseal("gAAAA")

    assert "look-back" in refused.value.remedy.en
