"""What is owed leaves once, at the right hour, for as long as it is true; the rest says why not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from casework.acknowledging import acknowledge
from casework.contacts import remove_contact
from casework.delivery import LEASE, resend
from casework.errors import NotFound, Refused
from casework.events import Door
from casework.leases import _CLAIM
from casework.sweep import sweep
from models import ContactKind
from models.tables import CASES, ENGINE_RUNS, NOTICES
from rules.actions import Action
from tests.offices import MONDAY_9AM, PERSON, act, after_photo, rectifying, reported
from tests.outbox import (
    DAY,
    HOUR,
    MINUTE,
    NEVER,
    NO,
    STAYS_RATED,
    Kept,
    crowd,
    delivered,
    nothing_owed,
    notices,
    owed,
    reachable,
    receipts,
    states,
)

SENT, NO_CONTACT = ("sent", ""), ("dead", "no_contact")
LATE = datetime.fromisoformat("2026-03-09T09:00+08:00")  # a plan from the 2nd is due on the 5th


def at(text):
    return datetime.fromisoformat(f"{text}+08:00")


def state_of(office, notice):
    [row] = [each for each in notices(office) if each.id == notice]
    return row.state.value, row.reason


@pytest.fixture
def number(office):
    """A case reported on Monday, of which nothing is owed yet."""
    found = reported(office)
    nothing_owed(office)
    return found


def test_a_notice_is_sent_once_with_a_receipt(office, number):
    [contact] = reachable(office, "owner1")
    owed(office, number, "owner1")
    channel = Kept()

    first, second = delivered(office, channel), delivered(office, channel, MONDAY_9AM + HOUR)

    assert (first.sent, first.messages, second.sent) == (1, 1, 0)
    assert [address for address, _ in channel.got] == ["owner1@example.cn"]
    assert states(office) == [SENT]
    assert receipts(office) == [(PERSON["owner1"], contact, True, 1, "")]


def test_what_is_not_owed_yet_stays(office, number):
    reachable(office, "owner1")
    owed(office, number, "owner1", at=MONDAY_9AM + MINUTE)

    assert delivered(office, Kept(), MONDAY_9AM).sent == 0
    assert delivered(office, Kept(), MONDAY_9AM + MINUTE).sent == 1


def test_all_that_a_person_is_owed_goes_into_one_message(office, number):
    reachable(office, "owner1", "head1")
    owed(office, number, "owner1", "head1")
    owed(office, number, "owner1")
    channel = Kept()

    done = delivered(office, channel, batch=1)  # what lies beyond the batch is taken along

    assert (done.sent, done.messages) == (3, 2)
    assert sorted(len(each.keys) for each in channel.messages) == [1, 2]
    assert {"2 条通知" in each.subject for each in channel.messages} == {True, False}


def test_a_very_long_digest_is_parted(office, number):
    reachable(office, "owner1")
    for _ in range(60):
        owed(office, number, "owner1")
    channel = Kept()

    delivered(office, channel)

    assert [len(each.keys) for each in channel.messages] == [50, 10]
    assert len(set(channel.keys)) == 60


@pytest.mark.parametrize(
    ("when", "leaves"),
    [
        ("2026-03-02T06:59:59", "2026-03-02T07:00"),  # a Monday before seven
        ("2026-03-02T07:00", "2026-03-02T07:00"),
        ("2026-03-02T20:59:59", "2026-03-02T20:59:59"),
        ("2026-03-02T21:00", "2026-03-03T07:00"),
        ("2026-03-06T21:00", "2026-03-09T07:00"),  # over a weekend
        ("2026-09-30T22:00", "2026-10-08T07:00"),  # over 国庆
        ("2026-10-10T08:00", "2026-10-10T08:00"),  # a Saturday that is made up
    ],
)
def test_an_ordinary_notice_waits_for_its_hours_and_an_urgent_one_does_not(
    office, number, when, leaves
):
    reachable(office, "owner1")
    owed(office, number, "owner1", at=at(when))
    owed(office, number, "owner1", at=at(when), urgent=True)
    open_now = when == leaves

    done = delivered(office, Kept(), at(when))
    later = delivered(office, Kept(), at(leaves))

    assert (done.sent, done.postponed) == ((2, 0) if open_now else (1, 1))
    assert later.sent == (0 if open_now else 1)
    assert delivered(office, Kept(), at(leaves) + DAY).sent == 0


def test_nobody_hears_more_often_than_the_policy_allows(office, number):
    reachable(office, "owner1")
    for minute in range(STAYS_RATED):
        owed(office, number, "owner1", at=MONDAY_9AM + minute * MINUTE)
        delivered(office, Kept(), MONDAY_9AM + minute * MINUTE)
    owed(office, number, "owner1", at=MONDAY_9AM + 10 * MINUTE)
    owed(office, number, "owner1", at=MONDAY_9AM + 10 * MINUTE)

    too_much = delivered(office, Kept(), MONDAY_9AM + 10 * MINUTE)
    within_the_hour = delivered(office, Kept(), MONDAY_9AM + 59 * MINUTE)
    after_it = delivered(office, Kept(), MONDAY_9AM + 61 * MINUTE)

    assert (too_much.sent, too_much.postponed) == (0, 2)
    assert within_the_hour.sent == 0
    assert (after_it.sent, after_it.messages) == (2, 1)


def _close(office, number):
    act(office, number, Action.VOID, "cluster1", reason="误报")


def _move_on(office, number):
    act(office, number, Action.FIX_ON_SPOT, "owner1", files=[after_photo(office)])


@pytest.mark.parametrize(
    ("kind", "body", "happens", "why"),
    [
        ("overdue", {"steps": ["overdue"]}, _close, "closed"),
        ("handed", {}, _close, "closed"),
        ("other", {}, _close, "closed"),
        ("overdue", {"steps": ["overdue"]}, _move_on, "moved_on"),
        ("remind", {"steps": ["remind-1"]}, _move_on, "moved_on"),
        ("handed", {}, _move_on, "moved_on"),
        ("list", {}, _move_on, "released"),
        ("demand", {}, _move_on, "released"),
        ("ask_extension", {}, _move_on, "decided"),
    ],
)
def test_what_is_no_longer_true_is_dropped_with_its_reason(
    office, number, kind, body, happens, why
):
    reachable(office, "owner1")
    [notice] = owed(office, number, "owner1", kind=kind, **body)
    happens(office, number)
    channel = Kept()

    delivered(office, channel)

    assert state_of(office, notice) == ("dropped", why)


@pytest.mark.parametrize("kind", ["release", "overdue", "handed"])
def test_what_is_still_true_is_sent(office, number, kind):
    reachable(office, "owner1")
    owed(office, number, "owner1", kind=kind)

    assert delivered(office, Kept()).sent == 1


def test_a_release_is_told_even_when_the_case_is_closed_meanwhile(office, number):
    reachable(office, "owner1")
    [notice] = owed(office, number, "owner1", kind="release")
    _close(office, number)

    delivered(office, Kept())

    assert state_of(office, notice) == SENT


def test_a_message_says_how_late_it_is_now(office, number):
    reachable(office, "owner1")
    owed(office, number, "owner1", kind="remind", steps=["remind-1"])
    channel = Kept()

    delivered(office, channel, LATE)

    [message] = channel.messages
    assert "逾期 4 天" in message.subject
    assert "2026-03-05" in message.text
    assert number in message.text
    with office.reading() as connection:
        head = connection.execute(select(CASES.c.head)).scalar()
    assert f"{number}/1/{head[:8]}" in message.text


@pytest.mark.parametrize(
    ("steps", "missed"),
    [(["overdue"], ""), (["remind-1", "overdue", "overdue-3"], "此前 2 次催办")],
)
def test_what_was_missed_is_told_with_what_is_owed(office, number, steps, missed):
    reachable(office, "owner1")
    owed(office, number, "owner1", kind="overdue", steps=steps)
    channel = Kept()

    delivered(office, channel, LATE)

    assert missed in channel.messages[0].text
    assert ("一并告知" in channel.messages[0].text) is bool(missed)


def test_a_sweep_is_delivered_to_whoever_it_concerns(office):
    number = rectifying(office)
    nothing_owed(office)
    reachable(office, "owner1", "head1")
    late = MONDAY_9AM + timedelta(days=21)
    sweep(office, as_of=late, ran_at=late, jump_agreed=True)
    channel = Kept()

    done = delivered(office, channel, late)

    assert done.sent == done.messages == 2
    assert {address for address, _ in channel.got} == {"owner1@example.cn", "head1@example.cn"}
    assert all(number in each.subject for each in channel.messages)


def test_a_failure_waits_longer_each_time_and_is_dead_after_the_last_try(office, number):
    reachable(office, "owner1")
    owed(office, number, "owner1", urgent=True)
    channel, now, waits = Kept(*[NO] * 20), MONDAY_9AM, []

    for _ in range(12):
        delivered(office, channel, now)
        [row] = notices(office)
        waits.append((row.next_at - now).total_seconds())
        now = max(row.next_at, now) + MINUTE

    assert (row.state.value, row.tries, row.reason) == ("dead", 12, "HTTP 500")
    assert len(channel.got) == 12
    spread = [wait / tries**4 for tries, wait in enumerate(waits[1:10], start=2)]
    assert spread == pytest.approx([1] * 9, abs=0.2)
    assert max(waits) <= 6 * 3600 * 1.1 + 1
    assert delivered(office, channel, now + DAY).sent == 0


def test_a_failure_of_one_does_not_stop_the_others(office, number):
    reachable(office, "owner1", "head1", "cluster1")
    owed(office, number, "owner1", "head1", "cluster1")
    channel = Kept(ValueError("boom: secret"), NO)

    done = delivered(office, channel)

    assert (done.sent, done.failed) == (1, 2)
    assert {each.reason for each in notices(office)} == {"ValueError", "HTTP 500", ""}


def test_the_next_contact_is_tried_when_one_can_never_be_reached(office, number):
    first, second = reachable(office, "owner1", "owner1")
    owed(office, number, "owner1")

    done = delivered(office, Kept(NEVER))

    assert (done.sent, done.failed) == (1, 0)
    assert [each[1:] for each in receipts(office)] == [
        (first, False, 1, "no such user"), (second, True, 1, ""),
    ]  # fmt: skip


def test_the_next_contact_is_tried_after_three_failures_of_one(office, number):
    first, second = reachable(office, "owner1", "owner1")
    owed(office, number, "owner1", urgent=True)
    channel = Kept(NO, NO, NO)

    for day in range(4):
        delivered(office, channel, MONDAY_9AM + day * DAY)

    assert [each[1:3] for each in receipts(office)] == [
        (first, False), (first, False), (first, False), (second, True),
    ]  # fmt: skip


def test_without_a_contact_a_notice_is_dead_and_can_be_sent_again(office, number):
    [notice] = owed(office, number, "owner1")
    delivered(office, Kept())
    assert states(office) == [NO_CONTACT]
    [contact] = reachable(office, "owner1")

    resend(office, notice, by="committee1", at=MONDAY_9AM + HOUR)

    assert delivered(office, Kept(), MONDAY_9AM + HOUR).sent == 1
    remove_contact(office, "owner1", contact, by="admin")
    resend(office, notice, by="committee1", at=MONDAY_9AM + HOUR)
    delivered(office, Kept(), MONDAY_9AM + HOUR)
    assert states(office) == [NO_CONTACT]


def test_a_notice_sent_again_keeps_its_key(office, number):
    reachable(office, "owner1")
    [notice] = owed(office, number, "owner1")
    channel = Kept()
    delivered(office, channel)

    resend(office, notice, by="committee1", at=MONDAY_9AM + HOUR)
    delivered(office, channel, MONDAY_9AM + HOUR)

    assert len(channel.keys) == 2
    assert len(set(channel.keys)) == 1


@pytest.mark.parametrize(("by", "refusal"), [("owner1", Refused), ("cluster1", Refused)])
def test_only_whoever_may_sweep_sends_again(office, number, by, refusal):
    [notice] = owed(office, number, "owner1")

    with pytest.raises(refusal):
        resend(office, notice, by=by, at=MONDAY_9AM)
    with pytest.raises(NotFound):
        resend(office, notice + 999, by="committee1", at=MONDAY_9AM)


def test_a_lease_keeps_others_away_until_it_runs_out(office, number):
    reachable(office, "owner1")
    owed(office, number, "owner1")
    _leased(office, "somebody", MONDAY_9AM + LEASE)

    assert delivered(office, Kept(), MONDAY_9AM + LEASE - MINUTE).sent == 0
    assert delivered(office, Kept(), MONDAY_9AM + LEASE).sent == 1


def test_whoever_lost_the_lease_marks_nothing(office, number):
    reachable(office, "owner1")
    owed(office, number, "owner1")

    class Slow(Kept):
        def send(self, address, message):
            _leased(office, "somebody", MONDAY_9AM + DAY)
            return super().send(address, message)

    delivered(office, Slow())

    assert states(office) == [("waiting", "")]
    assert len(receipts(office)) == 1


def test_eight_deliverers_send_each_notice_once(office, number):
    keys = crowd(office, number, 80, ContactKind.EMAIL, "a@example.cn")
    channel = Kept()

    with ThreadPoolExecutor(8) as pool:
        done = list(
            pool.map(lambda n: delivered(office, channel, owner=f"d{n}", batch=7), range(8))
        )

    assert sum(each.sent for each in done) == 80
    assert sorted(channel.keys) == sorted(keys)


def test_a_claim_reads_what_waits_and_not_what_was_sent(sqlite_office):
    sql = str(_CLAIM.compile(sqlite_office.engine))

    with sqlite_office.engine.connect() as connection:
        values = ("me", "2026", "2026", "2026", 100, 0)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()

    assert "ix_notice_waiting" in str(plan)
    assert "SCAN" not in str(plan)


def test_every_run_is_written_but_idle_ones_only_once(office, number):
    reachable(office, "owner1")
    owed(office, number, "owner1")

    for minute in range(4):
        delivered(office, Kept(), MONDAY_9AM + minute * MINUTE)

    with office.reading() as connection:
        runs = connection.execute(select(ENGINE_RUNS).order_by(ENGINE_RUNS.c.id)).all()
    assert [(run.kind, run.at, run.done, run.failed) for run in runs] == [
        ("deliver", MONDAY_9AM, 1, 0), ("deliver", MONDAY_9AM + 3 * MINUTE, 0, 0),
    ]  # fmt: skip


def test_a_repeat_is_not_sent_once_somebody_knows(office, number):
    reachable(office, "owner1", "head1")
    owed(office, number, "owner1", kind="overdue", steps=["overdue"])
    delivered(office, Kept())
    owed(office, number, "owner1", kind="overdue", steps=["overdue.1"])
    owed(office, number, "head1", kind="overdue", steps=["overdue.1", "overdue-3"])

    acknowledge(office, [notices(office)[0].id], by="owner1", at=MONDAY_9AM, door=Door.CLI)
    delivered(office, Kept())

    assert states(office) == [SENT, ("dropped", "acknowledged"), SENT]


def _leased(office, owner, until):
    with office.writing() as connection:
        connection.execute(update(NOTICES).values(lease_owner=owner, lease_until=until))
