"""Schedules as data: what falls on which day, drawn once, caught up, one by one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from casework.errors import NotFound, Refused
from casework.events import Door
from casework.lookback.committing import commit_seed
from casework.lookback.ending import withdraw_lookback
from casework.lookback.looking import open_lookback
from casework.lookback.schedules import draw_due, occurrences
from casework.lookback.scheduling import (
    add_schedule,
    change_schedule,
    list_schedules,
    pause_schedule,
    remove_schedule,
    resume_schedule,
)
from casework.lookback.templates import retire_template, save_template
from casework.settings import adopt_policy, enter_day, enter_term
from models.tables import ENGINE_RUNS, LOOKBACK_SCHEDULES, LOOKBACKS
from rules.faults import Unfit
from rules.overrides import TermKind
from rules.policy import default_text
from rules.workdays import CHINA
from tests.lookbacks import KEYS, closed_cases, hand, with_inspectors
from tests.offices import MONDAY_9AM

DAY = timedelta(days=1)
LAST_MONTH = """
title = "每月回头看"
period = "last-month"
strata = ["cluster"]

[size]
rule = "fixed"
count = 3
"""
OUTSIDE = LAST_MONTH.replace("period =", 'seed = "outside"\nperiod =')


def seven(day):
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), CHINA) + timedelta(
        hours=7
    )


def scheduled(office, name="每月", *, timing="monthly:1", clusters="", text=LAST_MONTH):
    save_template(office, name, text, by="admin", at=MONDAY_9AM)
    return add_schedule(
        office, name, template=name, timing=timing, clusters=clusters, by="admin", at=MONDAY_9AM
    )


def drawn(office, day, **options):
    at = seven(day)
    return draw_due(office, KEYS, as_of=at, ran_at=at, door=Door.FLOW, **options)


def looks(office):
    """(occurrence, state) of every look-back, in the order planned."""
    rows = select(LOOKBACKS.c.occurrence, LOOKBACKS.c.state).order_by(LOOKBACKS.c.id)
    with office.reading() as connection:
        return [(row.occurrence, row.state.value) for row in connection.execute(rows)]


def keys_of(office, first, last):
    found = occurrences(office, date.fromisoformat(first), date.fromisoformat(last), at=MONDAY_9AM)
    return [each.key for each in found]


@pytest.mark.parametrize(
    ("timing", "days"),
    [
        # 5 April is a holiday (清明) and 5 July a Sunday; each moves to the next day worked.
        ("monthly:5", ["2026-03-05", "2026-04-07", "2026-05-06", "2026-06-05", "2026-07-06"]),
        ("quarterly:10", ["2026-04-10", "2026-07-10"]),
        # 1 May to 5 May; the ninth is a make-up Saturday and worked.
        ("after-holiday:4wd", ["2026-04-10", "2026-05-09", "2026-06-25"]),
        ("before-term:5wd", []),
    ],
)
def test_a_schedule_falls_on_working_days(office, timing, days):
    scheduled(office, timing=timing)

    assert keys_of(office, "2026-03-01", "2026-07-31") == [f"每月:{day}" for day in days]


@pytest.mark.parametrize(
    ("starts", "extra", "day"),
    [
        (date(2026, 8, 31), None, "2026-08-24"),
        (date(2026, 8, 31), date(2026, 8, 29), "2026-08-25"),  # a Saturday that is worked
        (date(2026, 9, 1), None, "2026-08-25"),
    ],
)
def test_before_a_term_it_counts_the_days_worked_in_the_break(office, starts, extra, day):
    enter_term(
        office, TermKind.TERM, "2026 秋", starts=starts, ends=date(2027, 1, 20),
        by="admin", at=MONDAY_9AM,
    )  # fmt: skip
    for each in filter(None, [extra]):
        enter_day(office, each, off=False, name="调休上班", by="admin", at=MONDAY_9AM)
    scheduled(office, timing="before-term:5wd")

    assert keys_of(office, "2026-07-01", "2026-09-30") == [f"每月:{day}"]


@pytest.mark.parametrize(
    ("clusters", "keys"),
    [
        ("", ["每月:2026-04-01"]),
        ("P1,P2", ["每月:2026-04-01"]),
        ("each", ["每月:2026-04-01:P1", "每月:2026-04-01:P2"]),
    ],
)
def test_each_draws_once_for_every_cluster(office, clusters, keys):
    scheduled(office, clusters=clusters)

    assert keys_of(office, "2026-04-01", "2026-04-30") == keys


def test_it_commits_the_day_before_and_draws_on_the_day(office):
    with_inspectors(office)
    closed_cases(office)
    scheduled(office)

    seen = [
        (looks(office), len(done.committed), len(done.drawn), done.assigned)
        for day in ("2026-03-30", "2026-03-31", "2026-03-31", "2026-04-01", "2026-04-01")
        for done in [drawn(office, day)]
    ]

    key = "每月:2026-04-01"
    assert seen == [
        ([], 0, 0, 0),
        ([(key, "committed")], 1, 0, 0),
        ([(key, "committed")], 0, 0, 0),
        ([(key, "drawn")], 0, 1, 3),
        ([(key, "drawn")], 0, 0, 0),
    ]


def test_last_month_is_that_of_the_day_it_is_drawn_on(office):
    scheduled(office)
    drawn(office, "2026-03-31")

    row = open_lookback(office, _number(office), by="admin").row

    assert '"closed_from":"2026-03-01","closed_until":"2026-03-31"' in row["plan"]


def test_two_at_once_plan_commit_draw_and_assign_once(office):
    with_inspectors(office)
    closed_cases(office)
    scheduled(office)
    scheduled(office, "片区", clusters="each")

    with ThreadPoolExecutor(3) as pool:
        runs = [pool.submit(drawn, office, "2026-04-01") for _ in range(3)]
        done = [each.result() for each in runs]

    assert sorted(looks(office)) == [
        ("每月:2026-04-01", "drawn"),
        ("片区:2026-04-01:P1", "drawn"),
        ("片区:2026-04-01:P2", "drawn"),
    ]
    assert sum(len(each.drawn) for each in done) == 3
    assert [each.failures for each in done] == [[], [], []]
    assert sum(each.assigned for each in done) == 9


@pytest.mark.parametrize(
    ("back", "states", "missed"),
    [
        ("2026-04-15", [("每月:2026-04-01", "drawn")], []),
        ("2026-04-16", [], ["每月:2026-04-01"]),
    ],
)
def test_after_downtime_it_draws_late_for_a_fortnight_and_then_says_what_was_missed(
    office, back, states, missed
):
    scheduled(office)
    drawn(office, "2026-03-20")

    first, second = drawn(office, back), drawn(office, back)

    assert looks(office) == states
    assert (first.missed, second.missed) == (missed, [])


def test_a_schedule_owes_nothing_from_before_it_was_added_or_while_it_was_paused(office):
    scheduled(office)
    pause_schedule(office, "每月", by="admin", at=seven("2026-03-20"))
    drawn(office, "2026-04-01")
    resume_schedule(office, "每月", by="admin", at=seven("2026-04-02"))

    done = [drawn(office, each) for each in ("2026-04-02", "2026-04-30", "2026-05-06")]

    assert looks(office) == [("每月:2026-05-06", "drawn")]
    assert [each.missed for each in done] == [[], [], []]


def test_one_that_fails_stops_no_other(office):
    scheduled(office, "甲")
    scheduled(office, "乙")
    retire_template(office, "甲", by="admin", at=MONDAY_9AM)

    done = drawn(office, "2026-04-01")

    assert looks(office) == [("乙:2026-04-01", "drawn")]
    assert [each.where for each in done.failures] == ["甲:2026-04-01"]
    assert "没有名为“甲”的模板" in done.failures[0].wording.zh


def test_an_outside_value_is_waited_for_and_said_so(office):
    scheduled(office, text=OUTSIDE)

    before = drawn(office, "2026-04-01")
    commit_seed(
        office, _number(office), hand(at=seven("2026-04-01")), KEYS,
        source="福彩双色球", expected_on=date(2026, 4, 3),
    )  # fmt: skip
    after = drawn(office, "2026-04-03")

    assert "等待公告外部值" in before.waiting[0].wording.zh
    assert after.waiting[0].wording.en == (
        "waits for the outside value: 福彩双色球, out on 2026-04-03"
    )
    assert looks(office) == [("每月:2026-04-01", "committed")]


def test_a_draw_waits_for_an_admins_word_when_the_policy_says_so(office):
    text = default_text().replace("confirm_draw = false", "confirm_draw = true")
    adopt_policy(office, text, by="admin", at=MONDAY_9AM)
    scheduled(office, clusters="each")

    asked = drawn(office, "2026-04-01")
    confirmed = drawn(office, "2026-04-01", confirmed=asked.unconfirmed[:1])

    assert (len(asked.unconfirmed), asked.drawn) == (2, [])
    assert confirmed.drawn == asked.unconfirmed[:1]
    assert confirmed.unconfirmed == asked.unconfirmed[1:]


def test_what_was_withdrawn_is_not_drawn_again(office):
    scheduled(office)
    drawn(office, "2026-03-31")
    withdraw_lookback(office, _number(office), "台账有误", hand(at=seven("2026-03-31")))

    done = [drawn(office, each) for each in ("2026-04-01", "2026-04-20")]

    assert looks(office) == [("每月:2026-04-01", "withdrawn")]
    assert [(each.drawn, each.failures, each.missed) for each in done] == [([], [], [])] * 2


def test_visits_that_nobody_can_make_are_named_and_not_tried_again_by_themselves(office):
    closed_cases(office)
    scheduled(office)

    first, second = drawn(office, "2026-04-01"), drawn(office, "2026-04-02")

    assert (first.impossible, second.impossible) == (3, 0)


def test_only_one_schedule_is_looked_at_when_it_is_named(office):
    scheduled(office, "甲")
    scheduled(office, "乙")

    drawn(office, "2026-04-01", only="乙")

    assert looks(office) == [("乙:2026-04-01", "drawn")]
    with office.reading() as connection:
        assert connection.execute(select(ENGINE_RUNS)).all() == []


def test_every_change_stays_in_the_record_and_the_newest_counts(office):
    scheduled(office)
    change_schedule(office, "每月", timing="每季度:10", by="admin", at=MONDAY_9AM)
    pause_schedule(office, "每月", by="admin", at=MONDAY_9AM)
    paused = list_schedules(office, by="auditor", as_of=MONDAY_9AM)
    resume_schedule(office, "每月", by="admin", at=MONDAY_9AM)
    resumed = list_schedules(office, by="admin", as_of=MONDAY_9AM, most=2)
    remove_schedule(office, "每月", by="admin", at=MONDAY_9AM)

    assert [(each.schedule.active, each.ahead) for each in paused] == [(False, [])]
    assert [each.ahead for each in resumed] == [[date(2026, 4, 10), date(2026, 7, 10)]]
    assert list_schedules(office, by="admin", as_of=MONDAY_9AM) == []
    with office.reading() as connection:
        rows = connection.execute(select(LOOKBACK_SCHEDULES.c.timing)).scalars().all()
    assert rows == ["monthly:1", *["quarterly:10"] * 4]


@pytest.mark.parametrize(
    ("given", "refusal", "says"),
    [
        ({"timing": "yearly:1"}, Unfit, "monthly:5"),
        ({"template": "无"}, NotFound, "没有名为“无”的模板"),
        ({"clusters": "P1,P9"}, NotFound, "没有代码为“P9”的片区"),
        ({"by": "cluster1"}, Refused, "无权"),
        ({"name": "每月"}, Refused, "已有名为“每月”的排期"),
    ],
)
def test_what_cannot_be_scheduled_is_refused_with_what_can(office, given, refusal, says):
    scheduled(office)
    asked = {"name": "另", "template": "每月", "timing": "monthly:5", "by": "admin"} | given

    with pytest.raises(refusal) as caught:
        add_schedule(office, **asked, at=MONDAY_9AM)

    assert says in caught.value.say("zh")


def _number(office):
    with office.reading() as connection:
        return connection.execute(select(LOOKBACKS.c.number)).scalar_one()
