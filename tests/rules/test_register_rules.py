"""What the rules of a register say on the day before, the day, and the day after."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.registers.checking import (
    add_months,
    check,
    expires_on,
    next_check_on,
)
from rules.registers.kinds import kinds
from rules.registers.standing import Standing

BUS = {
    "model": "dedicated", "first_registered_on": "2020-03-01", "inspected_on": "2026-01-10",
    "insured_until": "2026-12-31", "permit_until": "2026-12-31",
}  # fmt: skip
DRIVER = {
    "born_on": "1980-05-01", "licensed_on": "2010-01-01", "approved_on": "2015-01-01",
    "reviewed_on": "2026-02-01",
}  # fmt: skip
GUARD = {
    "born_on": "1980-05-01", "certificate_no": "1", "school_certificate_no": "2",
}  # fmt: skip
OF = {"bus": BUS, "driver": DRIVER, "guard": GUARD}


def standing(kind, rule, today, **differs):
    values = {name: v for name, v in {**OF[kind], **differs}.items() if v}
    found = {each.rule.key: each for each in check(kinds()[kind], values, today)}
    return found[rule].standing.value if rule in found else None


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),  # no 31 February
        (date(2027, 8, 31), 6, date(2028, 2, 29)),  # a leap year's
        (date(2026, 8, 30), 6, date(2027, 2, 28)),
        (date(2026, 8, 28), 6, date(2027, 2, 28)),
        (date(2026, 8, 27), 6, date(2027, 2, 27)),
        (date(2026, 2, 28), 6, date(2026, 8, 28)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 6, 15), 0, date(2026, 6, 15)),
    ],
)
def test_a_month_without_the_day_ends_on_its_last(day, months, expected):
    assert add_months(day, months) == expected


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_months_added_never_lead_into_the_month_after(day, months):
    found = add_months(day, months)

    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day <= day.day


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 6, 9), "well"),  # 31 days before
        (date(2026, 6, 10), "soon"),  # 30 days before
        (date(2026, 7, 9), "soon"),  # the day before
        (date(2026, 7, 10), "due"),  # the last day
        (date(2026, 7, 11), "lapsed"),  # the day after
    ],
)
def test_a_bus_is_inspected_every_half_year(today, expected):
    assert standing("bus", "inspection", today) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 2, 27), "soon"),
        (date(2027, 2, 28), "due"),
        (date(2027, 3, 1), "lapsed"),
    ],
)
def test_a_bus_inspected_on_the_31st_of_august_is_due_on_the_last_of_february(today, expected):
    assert standing("bus", "inspection", today, inspected_on="2026-08-31") == expected


@pytest.mark.parametrize("rule", ["insurance", "permit"])
@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 30), "well"),
        (date(2026, 12, 1), "soon"),
        (date(2026, 12, 30), "soon"),
        (date(2026, 12, 31), "due"),
        (date(2027, 1, 1), "lapsed"),
    ],
)
def test_what_is_valid_until_a_day_is_valid_on_that_day(rule, today, expected):
    assert standing("bus", rule, today) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2035, 2, 28), "soon"),
        (date(2035, 3, 1), "due"),
        (date(2035, 3, 2), "lapsed"),
    ],
)
def test_a_purpose_built_bus_serves_fifteen_years(today, expected):
    assert standing("bus", "service_life", today) == expected


def test_another_vehicle_has_no_such_service_life():
    assert standing("bus", "service_life", date(2040, 1, 1), model="other") is None


@pytest.mark.parametrize(
    ("kind", "born_on", "today", "expected"),
    [
        ("driver", "2001-03-02", date(2026, 3, 1), "lapsed"),
        ("driver", "2001-03-02", date(2026, 3, 2), "well"),  # 25 years: 以上 includes it
        ("driver", "2001-03-02", date(2026, 3, 3), "well"),
        ("driver", "2000-02-29", date(2025, 2, 27), "lapsed"),
        ("driver", "2000-02-29", date(2025, 2, 28), "well"),
        ("guard", "2008-03-02", date(2026, 3, 1), "lapsed"),
        ("guard", "2008-03-02", date(2026, 3, 2), "well"),
    ],
)
def test_who_is_too_young_on_the_day(kind, born_on, today, expected):
    assert standing(kind, "too_young", today, born_on=born_on) == expected


@pytest.mark.parametrize("kind", ["driver", "guard"])
@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2025, 12, 31), "well"),
        (date(2026, 1, 1), "soon"),  # 60 days before
        (date(2026, 3, 1), "soon"),
        (date(2026, 3, 2), "due"),  # the 60th birthday
        (date(2026, 3, 3), "lapsed"),
    ],
)
def test_who_is_too_old_on_the_day(kind, today, expected):
    assert standing(kind, "too_old", today, born_on="1966-03-02") == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2012, 12, 31), "lapsed"),
        (date(2013, 1, 1), "well"),
        (date(2013, 1, 2), "well"),
    ],
)
def test_a_driver_has_held_the_class_for_three_years(today, expected):
    assert standing("driver", "experience", today) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 1, 1), "well"),
        (date(2027, 1, 2), "soon"),
        (date(2027, 1, 31), "soon"),
        (date(2027, 2, 1), "due"),
        (date(2027, 2, 2), "lapsed"),
    ],
)
def test_a_drivers_review_lasts_a_year(today, expected):
    assert standing("driver", "review", today) == expected


@pytest.mark.parametrize(
    ("kind", "rule", "field"),
    [
        ("bus", "inspection", "inspected_on"),
        ("bus", "insurance", "insured_until"),
        ("bus", "permit", "permit_until"),
        ("driver", "approval", "approved_on"),
        ("guard", "certificate", "certificate_no"),
        ("guard", "school_certificate", "school_certificate_no"),
    ],
)
def test_what_is_missing_breaks_its_rule(kind, rule, field):
    today = date(2026, 3, 2)

    assert standing(kind, rule, today, **{field: ""}) == "lapsed"
    assert standing(kind, rule, today) in {"well", None}


def test_the_next_check_is_on_the_next_day_of_a_warning_or_a_case():
    findings = check(kinds()["bus"], BUS, date(2026, 3, 2))

    assert expires_on(findings) == date(2026, 7, 10)
    assert next_check_on(findings) == date(2026, 6, 10)  # 30 days before the inspection ends
    assert next_check_on(findings, after=date(2026, 6, 10)) == date(2026, 7, 10)
    assert next_check_on(findings, after=date(2026, 12, 1)) == date(2026, 12, 31)


@given(st.dates(date(2026, 1, 1), date(2040, 1, 1)))
def test_before_its_next_check_nothing_is_soon_or_due(today):
    findings = check(kinds()["bus"], BUS, today)
    due = [each for each in findings if each.standing in {Standing.DUE, Standing.LAPSED}]

    soon = [each for each in findings if each.standing is Standing.SOON]
    assert bool(due or soon) == (next_check_on(findings) <= today)
    assert all(each.raise_on <= today for each in due)


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.key)
def test_every_rule_names_its_source_and_no_rule_warns_beyond_its_term(kind):
    assert all(rule.source for rule in kind.rules)
    assert len({rule.key for rule in kind.rules}) == len(kind.rules)
    assert len({field.key for field in kind.fields}) == len(kind.fields)
    assert timedelta(0) <= timedelta(max((rule.warn for rule in kind.rules), default=0))
