"""Rules of 三防, attendants and routes, on both sides of every number."""

from datetime import date

import pytest
from pydantic import ValidationError

from rules.registers.checking import check
from rules.registers.kinds import kinds, parse_kind
from tests.casework.registers.buses import ATTENDANT, BUS, PROTECTION, ROUTE

TODAY = date(2026, 3, 2)
MADE_UP = """
schema = 1
key = "made_up"
zh = "样例"
en = "made up"
category = "security"
unique = "name"
see = ["head"]
edit = ["head"]
[[fields]]
key = "name"
zh = "名称"
en = "name"
required = true
[[fields]]
key = "size"
zh = "规模"
en = "size"
type = "number"
[[rules]]
key = "rule"
zh = "规则"
en = "rule"
field = "{field}"
source = "our choice"
{more}
"""


def standing(kind, rule, values, today=TODAY):
    held = {name: value for name, value in values.items() if value}
    found = {each.rule.key: each for each in check(kinds()[kind], held, today)}
    return found[rule].standing.value if rule in found else None


@pytest.mark.parametrize(
    ("day_pupils", "least"),
    [
        (0, 1), (1, 1), (99, 1),  # fewer than 100: one
        (100, 2), (101, 2), (999, 2),  # our choice
        (1000, 3), (1001, 3), (1499, 3),  # 1,000 and more: three
        (1500, 4), (1501, 4), (1999, 4), (2000, 5),  # and one for each 500 more
    ],
)  # fmt: skip
def test_guards_by_day_pupils(day_pupils, least):
    school = {**PROTECTION, "day_pupils": f"{day_pupils}"}

    assert standing("protection", "staffing", {**school, "guards": f"{least}"}) == "well"
    assert standing("protection", "staffing", {**school, "guards": f"{least - 1}"}) == "lapsed"


@pytest.mark.parametrize(
    ("boarders", "least"), [(0, 1), (1, 2), (300, 2), (301, 3), (600, 3), (601, 4)]
)
def test_guards_by_boarders_come_on_top(boarders, least):
    school = {**PROTECTION, "boarders": f"{boarders}"}

    assert standing("protection", "staffing", {**school, "guards": f"{least}"}) == "well"
    assert standing("protection", "staffing", {**school, "guards": f"{least - 1}"}) == "lapsed"


@pytest.mark.parametrize(
    ("rule", "short", "enough"),
    [("patrols", "4", "5"), ("video_days", "29", "30"), ("alarm_days", "29", "30")],
)
def test_numbers_that_may_not_fall_short(rule, short, enough):
    assert standing("protection", rule, {**PROTECTION, rule: short}) == "lapsed"
    assert standing("protection", rule, {**PROTECTION, rule: enough}) == "well"
    assert standing("protection", rule, {**PROTECTION, rule: "999"}) == "well"


@pytest.mark.parametrize(
    "rule", ["gate_watch", "escort", "barrier", "fence", "gear", "direct_alarm"]
)
def test_what_a_school_must_have(rule):
    assert standing("protection", rule, {**PROTECTION, rule: "no"}) == "lapsed"
    assert standing("protection", rule, {**PROTECTION, rule: "yes"}) == "well"


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 7, 1), "well"),
        (date(2026, 7, 2), "soon"),  # 30 days before
        (date(2026, 7, 31), "soon"),
        (date(2026, 8, 1), "due"),
        (date(2026, 8, 2), "lapsed"),
    ],
)
def test_an_attendant_is_taught_every_half_year(today, expected):
    assert standing("attendant", "taught", ATTENDANT, today) == expected


@pytest.mark.parametrize(
    ("born_on", "too_young", "too_old"),
    [
        ("2008-03-03", "lapsed", "well"),  # 18 tomorrow
        ("2008-03-02", "well", "well"),
        ("1961-03-03", "well", "soon"),
        ("1961-03-02", "well", "due"),  # 65 today
        ("1961-03-01", "well", "lapsed"),
    ],
)
def test_the_age_of_an_attendant(born_on, too_young, too_old):
    attendant = {**ATTENDANT, "born_on": born_on}

    assert standing("attendant", "too_young", attendant) == too_young
    assert standing("attendant", "too_old", attendant) == too_old


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 30), "well"),
        (date(2026, 12, 1), "soon"),
        (date(2026, 12, 31), "due"),
        (date(2027, 1, 1), "lapsed"),
    ],
)
def test_the_approval_of_a_route_is_good_until_its_last_day(today, expected):
    assert standing("route", "approved_until", ROUTE, today) == expected


@pytest.mark.parametrize(
    ("kind", "values", "rule", "field"),
    [
        ("attendant", ATTENDANT, "assigned", "plate"),
        ("attendant", ATTENDANT, "taught", "taught_on"),
        ("route", ROUTE, "approval", "approved_on"),
        ("route", ROUTE, "stops", "stops"),
        ("route", ROUTE, "times", "morning_from"),
        ("protection", PROTECTION, "staffing", "guards"),
    ],
)
def test_what_is_blank_breaks_its_rule(kind, values, rule, field):
    assert standing(kind, rule, {**values, field: ""}) == "lapsed"


@pytest.mark.parametrize(
    ("equipment", "expected"), [("complete", "well"), ("lacking", "lapsed"), ("", None)]
)
def test_a_bus_without_its_gear(equipment, expected):
    assert standing("bus", "equipment", {**BUS, "equipment": equipment}) == expected


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("size", 'type = "at_least"'),  # no number
        ("name", 'type = "at_least"\nleast = 3'),  # of a text
        ("size", 'type = "staffing"'),  # no terms
        ("size", 'type = "staffing"\nterms = [{of = "none", bands = [{start = 0, least = 1}]}]'),
        ("size", 'type = "chosen"\namong = ["yes"]'),  # of a number
        ("name", 'type = "missing"\nleast = 3'),  # a number it does not take
    ],
)
def test_a_rule_without_what_its_type_takes_is_no_rule(field, more):
    with pytest.raises(ValidationError):
        parse_kind(MADE_UP.format(field=field, more=more))


def test_a_rule_with_what_its_type_takes_is_one():
    assert parse_kind(MADE_UP.format(field="size", more='type = "at_least"\nleast = 3')).rules
