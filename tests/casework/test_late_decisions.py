"""A supervisor who lets an order wait hears of it, then the level above, each once."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from casework.demands import demand_progress
from casework.events import Door
from casework.order_acts import ask_order_extension, decide_order_extension, publish_order
from casework.order_record import Hand
from models.tables import NOTICES, ORDERS, PEOPLE
from rules.actions import Action
from tests.invariants import broken
from tests.offices import MONDAY_9AM, act, rectifying, verified
from tests.outbox import Kept, delivered, reachable

TICK = timedelta(microseconds=1)
COMMITTEE = ["committee1", "committee2"]
LATE = ["late_decision", "late_publication"]
LONG_AFTER = "2026-06-01T08:00"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=MONDAY_9AM.tzinfo)


def hand(by, moment=MONDAY_9AM):
    return Hand(by, moment, Door.CLI)


def an_order(office, *, supervisor="cluster", walk=rectifying):
    """Listed on Monday 2 March: to be published by the end of Monday 9 March."""
    number = walk(office)
    act(
        office, number, Action.LIST, "committee1", kind="supervision", reason="久拖不改",
        new_due="2026-12-31", supervisor=supervisor,
    )  # fmt: skip
    return number


def asked(office, **options):
    """Published, and an extension asked for at once: answered by the end of Monday 16 March."""
    number = an_order(office, **options)
    publish_order(office, number, hand=hand("committee1"))
    ask_order_extension(office, number, date(2027, 2, 1), "缺料", hand=hand("owner1"))
    return number


def demanded(office, *moments):
    return [demand_progress(office, as_of=each, ran_at=each) for each in moments]


def told(office):
    """Who heard of what was let pass: (kind, people), in the order owed."""
    found = (
        select(NOTICES.c.kind, NOTICES.c.key, PEOPLE.c.code)
        .join(PEOPLE, PEOPLE.c.id == NOTICES.c.person_id)
        .where(NOTICES.c.kind.in_(LATE))
        .order_by(NOTICES.c.id)
    )
    occasions = {}
    with office.reading() as connection:
        for kind, key, code in connection.execute(found):
            occasions.setdefault((kind, key.rpartition(":")[0]), []).append(code)
    return [(kind, sorted(people)) for (kind, _), people in occasions.items()]


FIRST, SECOND = ["cluster1"], COMMITTEE


@pytest.mark.parametrize(
    ("walk", "kind", "until", "heard"),
    [
        # Five working days for the publication, then five more.
        (an_order, "late_publication", at("2026-03-10T00:00") - TICK, []),
        (an_order, "late_publication", at("2026-03-10T00:00"), [FIRST]),
        (an_order, "late_publication", at("2026-03-17T00:00") - TICK, [FIRST]),
        (an_order, "late_publication", at("2026-03-17T00:00"), [FIRST, SECOND]),
        (an_order, "late_publication", at(LONG_AFTER), [FIRST, SECOND]),
        # Ten for the answer to an extension, then ten more.
        (asked, "late_decision", at("2026-03-17T00:00") - TICK, []),
        (asked, "late_decision", at("2026-03-17T00:00"), [FIRST]),
        (asked, "late_decision", at("2026-03-31T00:00") - TICK, [FIRST]),
        (asked, "late_decision", at("2026-03-31T00:00"), [FIRST, SECOND]),
        (asked, "late_decision", at(LONG_AFTER), [FIRST, SECOND]),
    ],
)
def test_who_decides_hears_when_it_is_late_and_the_level_above_a_period_later(
    office, walk, kind, until, heard
):
    walk(office)

    demanded(office, until, until, until)

    assert told(office) == [(kind, people) for people in heard]
    assert broken(office) == []


@pytest.mark.parametrize(("walk", "kind"), [(an_order, LATE[1]), (asked, LATE[0])])
def test_above_the_committee_is_nobody(sqlite_office, walk, kind):
    walk(sqlite_office, supervisor="committee")

    demanded(sqlite_office, *[at(LONG_AFTER)] * 3)

    assert told(sqlite_office) == [(kind, COMMITTEE)]


def _publish(office, number):
    publish_order(office, number, hand=hand("committee1", at("2026-03-09T23:00")))


def _decide(office, number):
    by = hand("cluster1", at("2026-03-16T23:00"))
    decide_order_extension(office, number, grant=False, reason="按期", hand=by)


def _release(office, number):
    act(office, number, Action.RELEASE, "committee1", reason="已验收")


@pytest.mark.parametrize(
    ("order", "act_on"),
    [
        (an_order, _publish),
        (asked, _decide),
        (lambda office: an_order(office, walk=verified), _release),
    ],
)
def test_what_was_done_in_time_is_told_to_nobody(sqlite_office, order, act_on):
    act_on(sqlite_office, order(sqlite_office))

    demanded(sqlite_office, at(LONG_AFTER))

    assert told(sqlite_office) == []


def test_asking_again_begins_anew(sqlite_office):
    number = asked(sqlite_office)
    demanded(sqlite_office, *[at("2026-03-31T08:00")] * 2)
    by = hand("committee1", at("2026-04-01T08:00"))
    decide_order_extension(sqlite_office, number, grant=False, reason="按期", hand=by)
    again = hand("owner1", at("2026-04-02T08:00"))
    ask_order_extension(sqlite_office, number, date(2027, 2, 1), "仍缺料", hand=again)

    demanded(sqlite_office, *[at(LONG_AFTER)] * 3)

    assert told(sqlite_office) == [(LATE[0], FIRST), (LATE[0], SECOND)] * 2


def test_a_run_counts_what_was_let_pass_and_a_rehearsal_writes_nothing(sqlite_office):
    an_order(sqlite_office)
    asked(sqlite_office)

    rehearsed = demand_progress(
        sqlite_office, as_of=at("2026-03-17T08:00"), ran_at=MONDAY_9AM, dry_run=True
    )
    nothing = told(sqlite_office)
    [real] = demanded(sqlite_office, at("2026-03-17T08:00"))

    assert nothing == []
    assert (rehearsed.undecided, rehearsed.unpublished) == (1, 1)
    assert (real.undecided, real.unpublished, real.done) == (1, 1, 4)


def test_the_messages_say_what_is_asked(sqlite_office):
    asked(sqlite_office)
    reachable(sqlite_office, "cluster1")
    demanded(sqlite_office, at("2026-03-17T08:00"))
    channel = Kept()

    delivered(sqlite_office, channel, at=at("2026-03-17T09:00"))

    assert "督办延期申请已超过答复期限" in channel.messages[0].text
    assert "2027-02-01" in channel.messages[0].text


@pytest.mark.parametrize(
    ("order", "late", "done", "why"),
    [(an_order, LATE[1], _publish, "published"), (asked, LATE[0], _decide, "decided")],
)
def test_what_was_done_before_it_was_sent_is_dropped(sqlite_office, order, late, done, why):
    number = order(sqlite_office)
    reachable(sqlite_office, "cluster1")
    demanded(sqlite_office, at("2026-03-17T08:00"))
    done(sqlite_office, number)

    delivered(sqlite_office, Kept(), at=at("2026-03-17T09:00"))

    kept = select(NOTICES.c.state, NOTICES.c.reason).where(NOTICES.c.kind == late)
    with sqlite_office.reading() as connection:
        assert [tuple(row) for row in connection.execute(kept)] == [("dropped", why)]


def test_an_order_whose_policy_is_gone_is_named_and_stops_nobody(sqlite_office):
    bad, good = an_order(sqlite_office), an_order(sqlite_office)
    with sqlite_office.writing() as connection:
        first = select(ORDERS.c.id).order_by(ORDERS.c.id).limit(1).scalar_subquery()
        connection.execute(ORDERS.update().where(ORDERS.c.id == first).values(policy="gone"))

    [done] = demanded(sqlite_office, at("2026-03-10T08:00"))

    assert (bad < good, len(done.failed), done.unpublished) == (True, 1, 1)
