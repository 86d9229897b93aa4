"""Unfinished visits are chased by the ladder: who hears, at which minute, and who never does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from casework.events import Door
from casework.lookback.chasing import chase_visits
from casework.lookback.ending import withdraw_lookback
from casework.notice_facts import Held
from casework.parcels import lay_out
from models import ContactKind
from models.tables import (
    ACKNOWLEDGEMENTS,
    CASES,
    CONTACTS,
    LOOKBACK_INSPECTORS,
    LOOKBACK_STEPS,
    LOOKBACK_VISITS,
    NOTICES,
    PEOPLE,
)
from notifications.messages import Letter, compose
from rules.workdays import CHINA
from tests.lookbacks import (
    TUESDAY,
    assigned_look,
    closed_cases,
    drawn_look,
    found,
    hand,
    visits_of,
    with_inspectors,
)
from tests.offices import PERSON

TICK = timedelta(microseconds=1)
# Drawn on Tuesday 3 March, due within ten working days: late from the midnight after the 17th.
DUE = datetime(2026, 3, 18, tzinfo=CHINA)
ONE = """
title = "看一件"
period = "2026-03"

[size]
rule = "fixed"
count = 1
"""
TEAM, COMMITTEE = "inspectors", ["committee1", "committee2"]


@pytest.fixture
def look(office):
    with_inspectors(office)
    closed_cases(office, 3)
    return assigned_look(office, ONE)


def chase(office, at, **options):
    return chase_visits(office, as_of=at, ran_at=at, **options)


def told(office, number):
    """(kind, who) of each notice in the order owed; the visit's own inspectors as one word."""
    team = [each["code"] for each in visits_of(office, number)[0]["team"]]
    rows = (
        select(NOTICES.c.kind, PEOPLE.c.code)
        .join(PEOPLE, PEOPLE.c.id == NOTICES.c.person_id)
        .where(NOTICES.c.kind.in_(["visit_remind", "visit_overdue"]))
        .order_by(NOTICES.c.id)
    )
    with office.reading() as connection:
        found_ = connection.execute(rows).tuples().all()
    return [(kind, TEAM if code in team else code) for kind, code in found_]


def both(kind, *others):
    return [(kind, TEAM), (kind, TEAM), *((kind, each) for each in others)]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 3, 12, tzinfo=CHINA) - TICK, []),
        (datetime(2026, 3, 12, tzinfo=CHINA), both("visit_remind")),
        (DUE - TICK, both("visit_remind")),
        (DUE, both("visit_overdue", *COMMITTEE)),
    ],
)
def test_who_is_told_by_which_minute(office, look, at, expected):
    chase(office, at)

    assert told(office, look) == expected


def test_each_rung_and_its_repeats_are_said_once_each(office, look):
    moments = [DUE + timedelta(hours=n * 12) for n in range(-14, 70)]

    counts = [chase(office, at).steps for at in moments]

    with office.reading() as connection:
        steps = connection.execute(
            select(LOOKBACK_STEPS.c.step).order_by(LOOKBACK_STEPS.c.planned_at)
        ).scalars()
        assert list(steps) == [
            "visit-remind-3", "visit-overdue", "visit-overdue-5", "visit-overdue-5.1",
            "visit-overdue-5.2", "visit-overdue-5.3",
        ]  # fmt: skip
    assert sum(counts) == 6
    assert told(office, look) == both("visit_remind") + both("visit_overdue", *COMMITTEE) * 5


def test_nobody_of_the_school_or_its_cluster_is_ever_told(office, look):
    chase(office, DUE + timedelta(days=60))

    people = {who for _, who in told(office, look)}
    assert people == {TEAM, *COMMITTEE}


def test_a_finished_visit_hears_nothing_more(office, look):
    chase(office, DUE)
    found(office, look, visits_of(office, look)[0], at=DUE)

    chased = chase(office, DUE + timedelta(days=60))

    assert (chased.visits, told(office, look)) == (0, both("visit_overdue", *COMMITTEE))


def test_a_look_back_that_was_withdrawn_hears_nothing_more(office, look):
    withdraw_lookback(office, look, "台账有误", hand())

    assert chase(office, DUE).visits == 0


def test_without_inspectors_the_committee_hears(office):
    closed_cases(office, 3)
    number = drawn_look(office, ONE)

    chase(office, DUE)

    assert told(office, number) == [("visit_overdue", each) for each in COMMITTEE]


def test_acknowledging_after_the_due_day_ends_the_repeats_alone(office, look):
    chase(office, DUE)
    visit = visits_of(office, look)[0]
    with office.writing() as connection:
        clock = connection.execute(select(NOTICES.c.clock_no).limit(1)).scalar_one()
        row = {"case_id": visit["case_id"], "clock_no": clock, "person_id": PERSON["committee1"]}
        connection.execute(insert(ACKNOWLEDGEMENTS), {**row, "at": DUE})

    chase(office, DUE + timedelta(days=60))

    assert told(office, look) == both("visit_overdue", *COMMITTEE) * 2


@pytest.mark.parametrize(
    ("stand_in", "hears"),
    [("auditor", ["auditor", TEAM]), ("head1", [TEAM]), ("cluster1", [TEAM])],
)
def test_a_stand_in_hears_unless_they_are_of_the_school_or_its_cluster(
    office, look, stand_in, hears
):
    visit = visits_of(office, look)[0]
    with office.writing() as connection:
        inspector = connection.execute(
            select(LOOKBACK_INSPECTORS.c.person_id).where(LOOKBACK_INSPECTORS.c.position == 1)
        ).scalar_one()
        connection.execute(
            update(PEOPLE)
            .where(PEOPLE.c.id == inspector)
            .values(stand_in_id=PERSON[stand_in], away_from=date(2026, 3, 10))
        )
        _at_the_first_school(connection, visit["case_id"])

    chase(office, DUE - TICK)

    assert sorted(who for _, who in told(office, look)) == sorted(hears)


def _at_the_first_school(connection, case):
    school = {"unit_id": 1004, "cluster_id": 1002}
    connection.execute(update(CASES).where(CASES.c.id == case).values(**school))


def test_two_at_once_tell_everything_once(office):
    with_inspectors(office)
    closed_cases(office, 12)
    number = assigned_look(office)

    with ThreadPoolExecutor(2) as pool:
        both_ = [pool.submit(chase, office, DUE, batch=2) for _ in range(2)]
        chased = [each.result() for each in both_]

    count = len(visits_of(office, number))
    assert sum(each.visits for each in chased) == count
    with office.reading() as connection:
        keys = connection.execute(
            select(NOTICES.c.key).where(NOTICES.c.kind == "visit_overdue")
        ).scalars()
        assert len(set(keys)) == count * 4
    assert [each.failed for each in chased] == [[], []]


def test_a_rehearsal_counts_and_writes_nothing(office, look):
    chased = chase(office, DUE, dry_run=True, door=Door.FLOW)

    assert (chased.visits, chased.by_kind.total()) == (1, 2)
    assert len(chased.by_recipient) == 4
    assert told(office, look) == []


def test_one_bad_visit_stops_no_other(office):
    with_inspectors(office)
    closed_cases(office, 12)
    number = assigned_look(office)
    visits = visits_of(office, number)
    with office.writing() as connection:
        key = {"lookback_id": visits[0]["lookback_id"], "case_id": visits[0]["case_id"]}
        row = {**key, "step": "visit-overdue", "planned_at": DUE, "taken_at": DUE}
        connection.execute(insert(LOOKBACK_STEPS), row)

    chased = chase(office, DUE)

    assert (chased.failed, chased.visits) == ([visits[0]["number"]], len(visits) - 1)


SAID = {
    "zh": {
        "visit": "【回头看】{case} {day} 复查",
        "visit_remind": "【回头看提醒】{case} 须在 2026-03-17 前复查",
        "visit_overdue": "【回头看逾期 1 天】{case}",
    },
    "en": {
        "visit": "[Look-back] {case}: visit on {day}",
        "visit_remind": "[Look-back reminder] {case}: visit by 2026-03-17",
        "visit_overdue": "[Look-back late, 1 day(s)] {case}",
    },
}


@pytest.mark.parametrize("locale", SAID)
@pytest.mark.parametrize(
    ("chased_at", "sent_after", "kind", "worded"),
    [
        (TUESDAY, timedelta(), "visit", "visit"),
        (DUE - TICK, timedelta(hours=-4), "visit_remind", "visit_remind"),
        (DUE - TICK, timedelta(hours=9), "visit_remind", "visit_overdue"),
        (DUE, timedelta(hours=9), "visit_overdue", "visit_overdue"),
    ],
)
def test_a_notice_says_case_school_look_back_day_and_way(
    office, look, locale, *, chased_at, sent_after, kind, worded
):
    sent_at = chased_at + sent_after
    chase(office, chased_at)
    visit = visits_of(office, look)[0]

    laid = laid_out(office, kind, sent_at, locale)

    message = compose(laid.parcels[0].items, Letter("张", "", ""), locale)
    day = visit["planned_on"].isoformat()
    assert message.subject == SAID[locale][worded].format(case=visit["number"], day=day)
    for each in (visit["unit"], look, day, "2026-03-17"):
        assert each in message.text
        assert each in message.html
        assert each in message.markdown


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (lambda office, look: found(office, look, visits_of(office, look)[0]), "visited"),
        (lambda office, look: withdraw_lookback(office, look, "误", hand()), "look_back_ended"),
    ],
    ids=["finding", "withdrawn"],
)
@pytest.mark.parametrize("kind", ["visit", "visit_overdue"])
def test_what_is_over_is_not_sent(office, look, kind, end, reason):
    chase(office, DUE)
    end(office, look)

    laid = laid_out(office, kind, DUE + timedelta(hours=9), "zh")

    assert set(laid.dropped.values()) == {reason}
    assert laid.parcels == []


def laid_out(office, kind, at, locale):
    columns = [NOTICES.c[name] for name in Held._fields]
    with office.writing() as connection:
        people = connection.execute(select(NOTICES.c.person_id).distinct()).scalars().all()
        connection.execute(insert(CONTACTS), [
            {"person_id": each, "kind": ContactKind.EMAIL, "sealed": "x", "shown": "x",
             "position": 1, "active": True, "added_at": TUESDAY}
            for each in people
        ])  # fmt: skip
        held = [
            Held(*row) for row in connection.execute(select(*columns).where(NOTICES.c.kind == kind))
        ]
        book = office.rulebooks.at(connection, at)
        return lay_out(connection, held, book, at, locale)


def test_the_visits_next_step_moves_on_with_each_step(office, look):
    chase(office, DUE)

    with office.reading() as connection:
        row = connection.execute(select(LOOKBACK_VISITS)).first()
    assert row.next_step == "visit-overdue-5"
    assert row.next_step_at == datetime(2026, 3, 25, tzinfo=CHINA)
