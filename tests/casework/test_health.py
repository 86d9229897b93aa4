"""The engine says of itself when it stands still, and the watchdog tells a person."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import insert, select, text

from casework.demands import demand_progress
from casework.health import check_health, is_news, record_watch
from casework.home import Home
from casework.sweep import sweep
from casework.watchdog import OPERATOR, watch
from models import NoticeState
from models.tables import CASES, ENGINE_RUNS, NOTICES
from rules.actions import Action
from tests.offices import MONDAY_9AM, PERSON, act, reported

TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
OPERATOR_AT = "operator@example.cn"


def at(text_):
    return datetime.fromisoformat(text_).replace(tzinfo=MONDAY_9AM.tzinfo)


# A plan is due by Thursday 5 March: its first step is on Wednesday, at midnight.
DUE = at("2026-03-04T00:00")


@pytest.fixture(autouse=True)
def sealed(request):
    """Sealing is never behind here; test_sealing_history.py tells when it is trouble."""
    for name in {"office", "sqlite_office"} & set(request.fixturenames):
        with request.getfixturevalue(name).writing() as connection:
            row = {"kind": "seal", "at": at("2036-03-02T09:00"), "done": 0, "failed": 0}
            connection.execute(insert(ENGINE_RUNS), row)


def swept(office, moment):
    sweep(office, as_of=moment, ran_at=moment)


def an_unsent_notice(office, owed_at, *, state=NoticeState.WAITING, urgent=False):
    with office.writing() as connection:
        case = connection.execute(select(CASES.c.id)).scalars().first()
        row = {
            "key": f"{case}:1:x:{owed_at.isoformat()}:{urgent}", "case_id": case, "clock_no": 1,
            "person_id": PERSON["owner1"], "kind": "handed", "body": "{}", "urgent": urgent,
            "receipt": "", "owed_at": owed_at, "state": state, "next_at": owed_at, "tries": 0,
            "lease_owner": "", "reason": "",
        }  # fmt: skip
        connection.execute(insert(NOTICES), row)


def a_quiet_office(office):
    """One case, swept, nothing unsent."""
    reported(office)
    with office.writing() as connection:
        connection.execute(text("DELETE FROM notice"))


def problems(office, moment):
    return [each.zh for each in check_health(office, at=moment).problems]


def test_an_engine_with_nothing_to_do_is_well(office):
    health = check_health(office, at=MONDAY_9AM)

    assert health.ok
    assert (health.last_sweep, health.due_now, health.waiting, health.dead) == (None, 0, 0, 0)
    assert health.plain()["ok"] is True


@pytest.mark.parametrize(
    ("later", "well"),
    [(timedelta(minutes=30), True), (timedelta(minutes=30) + TICK, False)],
)
def test_no_sweep_for_half_an_hour_while_something_is_due_is_trouble(office, later, well):
    a_quiet_office(office)
    swept(office, DUE - MINUTE)

    health = check_health(office, at=DUE - MINUTE + later)

    assert (health.ok, health.due_now) == (well, 1)


def test_an_old_sweep_is_no_trouble_while_nothing_is_due(office):
    a_quiet_office(office)
    swept(office, MONDAY_9AM)

    assert problems(office, DUE - TICK) == []
    assert problems(office, DUE) == ["催办已停：有 1 件到期，上次催办 2026-03-02 09:00"]


def test_an_engine_that_never_swept_says_so(office):
    a_quiet_office(office)

    assert problems(office, DUE) == ["催办已停：有 1 件到期，上次催办 从未运行"]


def test_a_case_that_the_last_sweep_could_not_reckon_is_trouble(office):
    a_quiet_office(office)
    with office.writing() as connection:
        connection.execute(text("UPDATE clock SET next_step = 'gone'"))

    swept(office, DUE)

    assert problems(office, DUE) == ["上次催办有 1 件无法推算"]


@pytest.mark.parametrize(
    ("owed", "urgent", "moment", "well"),
    [
        # Monday 2 March is open from seven to nine in the evening.
        ("2026-03-02T09:00", False, "2026-03-02T13:00", True),
        ("2026-03-02T09:00", False, "2026-03-02T13:01", False),
        # The night does not count: three hours on Monday, one and a minute on Tuesday.
        ("2026-03-02T18:00", False, "2026-03-03T06:59", True),
        ("2026-03-02T18:00", False, "2026-03-03T08:00", True),
        ("2026-03-02T18:00", False, "2026-03-03T08:01", False),
        # Nor does a weekend, nor 清明 (4 to 6 April).
        ("2026-03-06T20:00", False, "2026-03-09T10:00", True),
        ("2026-03-06T20:00", False, "2026-03-09T10:01", False),
        ("2026-04-03T20:00", False, "2026-04-07T10:00", True),
        # An urgent one waits for nobody.
        ("2026-03-02T22:00", True, "2026-03-03T02:00", True),
        ("2026-03-02T22:00", True, "2026-03-03T02:01", False),
    ],
)
def test_a_notice_unsent_for_four_hours_in_which_it_might_leave_is_trouble(
    sqlite_office, owed, urgent, moment, well
):
    a_quiet_office(sqlite_office)
    an_unsent_notice(sqlite_office, at(owed), urgent=urgent)
    swept(sqlite_office, at(moment))
    with sqlite_office.writing() as connection:
        connection.execute(text("DELETE FROM notice WHERE kind <> 'handed'"))

    health = check_health(sqlite_office, at=at(moment))

    assert health.ok is well
    assert (health.waiting, health.oldest_unsent) == (1, at(owed))


def test_a_notice_that_was_given_up_is_trouble(office):
    a_quiet_office(office)
    an_unsent_notice(office, MONDAY_9AM, state=NoticeState.DEAD)

    assert problems(office, MONDAY_9AM) == ["有 1 条通知发送失败，须人工处理"]
    assert check_health(office, at=MONDAY_9AM).oldest_unsent is None


def test_reports_that_nobody_demands_are_trouble(office):
    number = reported(office)
    act(office, number, Action.LIST, "committee1", kind="supervision", reason="久拖不改")
    with office.writing() as connection:
        connection.execute(text("DELETE FROM notice"))
    moment = at("2026-03-10T08:00")
    swept(office, moment)
    with office.writing() as connection:
        connection.execute(text("DELETE FROM notice"))

    before = problems(office, moment)
    demand_progress(office, as_of=moment, ran_at=moment)

    assert before == ["进展催报已停：有 1 份督办令应报进展，上次催报 从未运行"]
    assert problems(office, moment) == []


@pytest.mark.parametrize(
    ("problems", "told_before", "later", "news"),
    [
        (0, None, 0, False),
        (1, None, 0, True),
        (1, 1, 15, False),
        (2, 1, 15, True),
        (1, 2, 15, False),
        (1, 1, 239, False),
        (1, 1, 240, True),
        (0, 1, 240, False),
    ],
)
def test_the_operator_is_told_of_new_trouble_at_once_and_of_the_same_after_four_hours(
    sqlite_office, problems, told_before, later, news
):
    with sqlite_office.writing() as connection:
        if told_before:
            record_watch(connection, told_before, told=True, at=MONDAY_9AM)

        assert is_news(connection, problems, at=MONDAY_9AM + later * MINUTE) is news


def test_watches_that_told_nobody_do_not_pile_up(office):
    with office.writing() as connection:
        record_watch(connection, 1, told=True, at=MONDAY_9AM)
        for n in range(5):
            record_watch(connection, 1, told=False, at=MONDAY_9AM + n * MINUTE)

        watches = select(ENGINE_RUNS.c.done).where(ENGINE_RUNS.c.kind == "watchdog")

        assert connection.execute(watches.order_by(ENGINE_RUNS.c.id)).scalars().all() == [1, 0]


def test_a_mail_that_did_not_leave_is_tried_again_at_the_next_watch(home, mailbox):
    folder, environ = mailbox
    broken = {OPERATOR: OPERATOR_AT, "BIHUAN_SMTP_URL": "http://x"}

    told = [watch(home, each, at=DUE + n * MINUTE).told for n, each in enumerate([broken, environ])]

    assert told == [False, True]
    assert len(mails(folder)) == 1


@pytest.fixture
def home(sqlite_office, sqlite_database, tmp_path):
    a_quiet_office(sqlite_office)
    return Home(tmp_path, sqlite_database)


@pytest.fixture
def mailbox(tmp_path):
    """A folder that takes every message, and how the environment names it."""
    folder = tmp_path / "mailbox"
    return folder, {"BIHUAN_MAILBOX": str(folder), OPERATOR: OPERATOR_AT}


def mails(folder):
    return [message_from_bytes(each.read_bytes(), policy=default) for each in folder.rglob("*.eml")]


def test_the_watchdog_mails_the_operator_and_writes_its_log(home, mailbox):
    folder, environ = mailbox

    watched = watch(home, environ, at=DUE)

    [mail] = mails(folder)
    assert (watched.told, watched.how) == (True, "")
    assert mail["To"] == "o***@example.cn"
    assert "催办已停：有 1 件到期" in mail.get_body(("plain",)).get_content()
    assert "催办已停" in (home.folder / "log" / "watchdog.log").read_text(encoding="utf-8")


def test_the_same_trouble_is_logged_again_and_not_mailed_again(home, mailbox):
    folder, environ = mailbox

    told = [watch(home, environ, at=DUE + n * 15 * MINUTE).told for n in range(3)]

    assert told == [True, False, False]
    assert len(mails(folder)) == 1
    assert len((home.folder / "log" / "watchdog.log").read_text("utf-8").splitlines()) == 3


def test_a_watch_that_finds_all_well_tells_nobody(home, mailbox):
    folder, environ = mailbox

    watched = watch(home, environ, at=MONDAY_9AM)

    assert (watched.ok, watched.told, folder.exists()) == (True, False, False)
    assert not (home.folder / "log").exists()


def test_a_database_that_does_not_answer_is_told_too(tmp_path, mailbox):
    folder, environ = mailbox
    gone = Home(tmp_path / "gone", f"sqlite:///{tmp_path / 'gone' / 'bihuan.db'}")

    watched = watch(gone, environ, at=DUE)

    assert (watched.ok, watched.told) == (False, True)
    assert len(mails(folder)) == 1


@pytest.mark.parametrize(
    ("environ", "why"),
    [
        ({}, "BIHUAN_OPERATOR_MAILTO is not set"),
        ({OPERATOR: OPERATOR_AT}, "BIHUAN_SMTP_URL is not set"),
        ({OPERATOR: OPERATOR_AT, "BIHUAN_SMTP_URL": "http://x"}, "BIHUAN_SMTP_URL："),
    ],
)
def test_an_operator_who_cannot_be_mailed_is_found_in_the_log(home, environ, why):
    watched = watch(home, environ, at=DUE)

    assert (watched.ok, watched.told) == (False, False)
    assert watched.how.startswith(why)
    assert (home.folder / "log" / "watchdog.log").exists()
