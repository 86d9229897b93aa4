"""The ladder: where its rungs stand, which one is climbed, and what makes one unfit."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from rules.case import Level, Listing
from rules.deadlines import Stage
from rules.deadlines import Unit as TimeUnit
from rules.faults import Unfit, problem_of, remedy_of
from rules.ladder import Audience, Ladder, Offset, OrderLevel, ParsedOffset, Planned, StepKind
from rules.policy import PolicyTrouble, default_text, read_policy
from rules.steps import plan_steps
from rules.workdays import CHINA, close_of, published

CALENDAR = published(date(2026, 1, 1))
POLICY = read_policy(default_text())
CHINESE = re.compile("[\u4e00-\u9fff]")


def rung(key="overdue", offset="0wd", tell=("holder",), **more):
    return {"key": key, "offset": offset, "tell": tell, "source": "our choice", **more}


def ladder(*rungs, **more):
    return Ladder.model_validate({"name": "made", "rungs": rungs or (rung(),), **more})


def moments(made, due_at):
    return [(each.key, f"{each.at:%m-%d %H:%M}") for each in plan_steps(made, CALENDAR, due_at)]


def china(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("-3wd", Offset(-3, TimeUnit.WORKDAYS)),
        ("0wd", Offset(0, TimeUnit.WORKDAYS)),
        ("+10d", Offset(10, TimeUnit.DAYS)),
        ("10d", Offset(10, TimeUnit.DAYS)),
        (" -24h ", Offset(-24, TimeUnit.HOURS)),
        ("9999h", Offset(9999, TimeUnit.HOURS)),
    ],
)
def test_an_offset_is_a_signed_amount_and_its_unit(text, offset):
    assert Offset.parse(text) == offset
    assert Offset.parse(str(offset)) == offset


@pytest.mark.parametrize(
    "text", ["", "3", "wd", "-wd", "3 wd", "3w", "1.5d", "--3d", "10000d", "-3WD", "3天"]
)
def test_what_is_no_offset_is_refused_with_examples(text):
    with pytest.raises(Unfit) as caught:
        Offset.parse(text)

    assert "-3wd" in caught.value.remedy.zh
    assert "-3wd" in caught.value.remedy.en


def test_an_offset_read_before_is_taken_as_it_is():
    assert TypeAdapter(ParsedOffset).validate_python(Offset.parse("3wd")) == Offset.parse("3wd")


@pytest.mark.parametrize(
    ("offset", "due_day", "moment"),
    [
        # Due on Wednesday 11 March, that is until midnight. Before due: as the day begins.
        ("-1wd", "03-11", "03-10 00:00"),
        ("-3wd", "03-11", "03-06 00:00"),
        ("-1d", "03-11", "03-10 00:00"),
        ("-3d", "03-11", "03-08 00:00"),  # a Sunday: calendar days do not care
        # On due: as it becomes late, whatever the unit.
        ("0wd", "03-11", "03-12 00:00"),
        ("0d", "03-11", "03-12 00:00"),
        ("0h", "03-11", "03-12 00:00"),
        # After due: when that day is over.
        ("1wd", "03-11", "03-13 00:00"),
        ("3wd", "03-11", "03-17 00:00"),
        ("1d", "03-11", "03-13 00:00"),
        ("10d", "03-11", "03-22 00:00"),
        # Hours from the midnight itself.
        ("-24h", "03-11", "03-11 00:00"),
        ("-1h", "03-11", "03-11 23:00"),
        ("24h", "03-11", "03-13 00:00"),
        ("36h", "03-11", "03-13 12:00"),
        # Around 国庆 (1 to 7 October off, Saturday 10 worked): the eve, and the day back.
        ("-1wd", "10-08", "09-30 00:00"),
        ("-1d", "10-08", "10-07 00:00"),
        ("1wd", "09-30", "10-09 00:00"),
        ("2wd", "10-08", "10-11 00:00"),
        ("3wd", "10-08", "10-13 00:00"),
        # Around 春节 (15 to 23 February off, Saturdays 14 and 28 worked).
        ("-1wd", "02-24", "02-14 00:00"),
        ("1wd", "02-14", "02-25 00:00"),
        ("4wd", "02-24", "03-01 00:00"),
    ],
)
def test_a_rung_stands_before_on_or_after_due(offset, due_day, moment):
    due_at = close_of(date.fromisoformat(f"2026-{due_day}"))

    found = Offset.parse(offset).from_due(due_at, CALENDAR)

    assert f"{found:%m-%d %H:%M}" == moment


@pytest.mark.parametrize(
    ("offset", "moment"),
    [
        ("0wd", "03-11 15:30"),
        ("-2h", "03-11 13:30"),
        ("1wd", "03-13 00:00"),
        ("-1d", "03-10 00:00"),
    ],
)
def test_a_limit_of_hours_is_late_at_its_minute(offset, moment):
    found = Offset.parse(offset).from_due(china("03-11T15:30"), CALENDAR)

    assert f"{found:%m-%d %H:%M}" == moment


@pytest.mark.parametrize(
    ("every", "repeats"),
    [
        ("1wd", ["03-13 00:00", "03-14 00:00", "03-17 00:00"]),  # 14 March is a Saturday's midnight
        ("1d", ["03-13 00:00", "03-14 00:00", "03-15 00:00"]),
        ("12h", ["03-12 12:00", "03-13 00:00", "03-13 12:00"]),
    ],
)
def test_a_rung_is_repeated_at_its_distance(every, repeats):
    made = ladder(rung(repeat={"every": every, "most": 3}))

    keys, at = zip(*moments(made, close_of(date(2026, 3, 11))), strict=True)

    assert keys == ("overdue", "overdue.1", "overdue.2", "overdue.3")
    assert list(at) == ["03-12 00:00", *repeats]


def test_rungs_and_repeats_are_climbed_in_the_order_of_their_moments():
    made = ladder(
        rung("late", "5wd"), rung("first", "0wd", repeat={"every": "2d", "most": 2}),
        rung("before", "-1d"),
    )  # fmt: skip

    assert [key for key, _ in moments(made, close_of(date(2026, 3, 11)))] == [
        "before", "first", "first.1", "first.2", "late",
    ]  # fmt: skip


def test_the_first_time_has_the_rungs_own_key():
    made = ladder().rungs[0]
    at = china("03-12T00:00")

    assert [Planned(made, again, at).key for again in (0, 1, 12)] == [
        "overdue", "overdue.1", "overdue.12",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("offset", "kind"),
    [("-1h", StepKind.REMIND), ("0h", StepKind.OVERDUE), ("1h", StepKind.OVERDUE)],
)
def test_what_stands_before_due_reminds(offset, kind):
    assert ladder(rung(offset=offset)).rungs[0].kind is kind


@pytest.mark.parametrize(
    ("level", "stage", "name"),
    [
        (Level.ORDINARY, Stage.PLAN, "ordinary-at-the-unit"),
        (Level.ORDINARY, Stage.RECTIFICATION, "ordinary-at-the-unit"),
        (Level.MAJOR, Stage.PLAN, "major-at-the-unit"),
        (Level.MAJOR, Stage.RECTIFICATION, "major-at-the-unit"),
        (Level.ORDINARY, Stage.APPROVAL, "everybody-else"),
        (Level.ORDINARY, Stage.VERIFICATION, "everybody-else"),
        (Level.ORDINARY, Stage.CLOSE_OUT, "everybody-else"),
        (Level.MAJOR, Stage.APPROVAL, "everybody-else"),
        (Level.MAJOR, Stage.VERIFICATION, "everybody-else"),
        (Level.MAJOR, Stage.CLOSE_OUT, "everybody-else"),
    ],
)
def test_a_ladder_is_chosen_by_level_and_stage(level, stage, name):
    assert POLICY.ladder(level, "fire", stage).name == name


def test_of_two_ladders_that_fit_the_first_is_climbed():
    special = """
[[ladders]]
name = "school-bus"
categories = ["school_bus"]

[[ladders.rungs]]
key = "now"
offset = "0h"
tell = ["committee"]
source = "our choice"
"""
    text = default_text().replace("[[ladders]]", f"{special}\n[[ladders]]", 1)

    policy = read_policy(text)

    assert policy.ladder(Level.MAJOR, "school_bus", Stage.PLAN).name == "school-bus"
    assert policy.ladder(Level.MAJOR, "fire", Stage.PLAN).name == "major-at-the-unit"


def test_nobody_is_listed_for_what_others_decide_late():
    rungs = POLICY.ladder(Level.MAJOR, "fire", Stage.VERIFICATION).rungs

    assert [each.key for each in rungs if each.order] == []


@pytest.mark.parametrize(
    ("level", "key", "order_level", "term"),
    [
        (Level.ORDINARY, "overdue-10", OrderLevel.CLUSTER, "15wd"),
        (Level.MAJOR, "overdue-3", OrderLevel.COMMITTEE, "30d"),
    ],
)
def test_a_unit_is_listed_on_one_rung(level, key, order_level, term):
    rungs = POLICY.ladder(level, "fire", Stage.RECTIFICATION).rungs

    [listing] = [each for each in rungs if each.order]
    assert (listing.key, listing.order.level, listing.order.kind) == (
        key, order_level, Listing.SUPERVISION,
    )  # fmt: skip
    assert str(listing.order.term) == term


TERMS = {"level": "cluster", "term": "15wd", "demands": "整改"}
AGAIN = {"every": "1wd", "most": 2}


@pytest.mark.parametrize(
    ("rungs", "zh", "en"),
    [
        ([rung("r", "-1wd", repeat=AGAIN)], "不能重复，也不能挂牌", "neither repeat nor list"),
        ([rung("r", "-1h", order=TERMS)], "不能重复，也不能挂牌", "neither repeat nor list"),
        ([rung("a"), rung("a", "1wd")], "key 重复", "a key occurs twice"),
        ([rung("a", order=TERMS), rung("b", "1wd", order=TERMS)], "有两级都要挂牌", "two rungs"),
    ],
)
def test_an_unfit_ladder_says_why_in_both_languages(rungs, zh, en):
    with pytest.raises(ValidationError) as caught:
        ladder(*rungs)

    fault = caught.value.errors()[0]
    assert zh in problem_of(fault).zh
    assert en in problem_of(fault).en
    assert remedy_of(fault).zh
    assert not CHINESE.search(remedy_of(fault).en)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"key": "Overdue"}, ("rungs", 0, "key")),
        ({"key": "a" * 21}, ("rungs", 0, "key")),
        ({"key": "a.1"}, ("rungs", 0, "key")),  # it would be taken for a repeat
        ({"tell": ["mayor"]}, ("rungs", 0, "tell", 0)),
        ({"tell": []}, ("rungs", 0, "tell")),
        ({"repeat": {"every": "1wd", "most": 0}}, ("rungs", 0, "repeat", "most")),
        ({"repeat": {"every": "1wd", "most": 51}}, ("rungs", 0, "repeat", "most")),
        ({"repeat": {"every": "0wd", "most": 1}}, ("rungs", 0, "repeat", "every")),
        ({"order": {**TERMS, "level": "unit"}}, ("rungs", 0, "order", "level")),
        ({"order": {**TERMS, "demands": ""}}, ("rungs", 0, "order", "demands")),
        ({"order": {**TERMS, "term": "soon"}}, ("rungs", 0, "order", "term")),
        ({"source": ""}, ("rungs", 0, "source")),
        ({"shout": True}, ("rungs", 0, "shout")),
    ],
)
def test_a_bad_rung_is_refused_where_it_is_bad(change, where):
    with pytest.raises(ValidationError) as caught:
        ladder({**rung(), **change})

    assert caught.value.errors()[0]["loc"] == where


@pytest.mark.parametrize(
    ("old", "new", "key", "zh", "en"),
    [
        ('name = "everybody-else"', 'name = "everybody-else"\nstages = ["approval"]',
         "(file)", "最后一架梯不能有限定条件", "the last ladder must fit every case"),
        ('name = "everybody-else"', 'name = "everybody-else"\nlevels = ["major"]',
         "(file)", "最后一架梯不能有限定条件", "the last ladder must fit every case"),
        ('name = "everybody-else"', 'name = "everybody-else"\ncategories = ["fire"]',
         "(file)", "最后一架梯不能有限定条件", "the last ladder must fit every case"),
        ('name = "everybody-else"', 'name = "major-at-the-unit"',
         "(file)", "“major-at-the-unit”重复", "'major-at-the-unit' twice"),
        ('levels = ["major"]', 'levels = ["major"]\ncategories = ["volcano"]',
         "(file)", "品目 volcano 不存在", "there is no category volcano"),
        ('stages = ["plan", "rectification"]', 'stages = ["lunch"]',
         "ladders.0.stages.0", "lunch", "lunch"),
    ],
)  # fmt: skip
def test_unfit_ladders_of_a_policy_are_refused_with_key_and_remedy(old, new, key, zh, en):
    text = default_text()
    assert old in text

    with pytest.raises(PolicyTrouble) as caught:
        read_policy(text.replace(old, new, 1), where="school.toml")

    assert caught.value.where == f"school.toml: {key}"
    assert zh in caught.value.problem.zh
    assert en in caught.value.problem.en
    assert caught.value.remedy.zh
    assert caught.value.remedy.en


def test_the_manual_shows_the_ladders_that_ship():
    manual = Path("docs/policy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\S+)` \| `(\S+)` \| `(\S+)` \| ([a-z, ]+) \|", manual, re.MULTILINE)

    assert rows == [
        (made.name, one.key, str(one.offset), ", ".join(one.tell).replace("_", " "))
        for made in POLICY.ladders
        for one in made.rungs
    ]


def test_every_audience_has_a_place_on_some_ladder_that_ships():
    told = {each for made in POLICY.ladders for one in made.rungs for each in one.tell}

    assert told >= set(Audience) - {Audience.OWNER}
