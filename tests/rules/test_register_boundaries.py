"""Every rule of every kind on both sides of its line: the day before, the day, the day after."""

from datetime import date, timedelta

import pytest

from rules.registers.checking import check
from rules.registers.kinds import BY_FAULT, kinds

DAY = timedelta(days=1)
# Kind, rule, the field's day, what else it takes, and the last good day.
TERMS = [
    ("bus", "inspection", "2026-08-31", {}, date(2027, 2, 28)),
    ("bus", "inspection", "2027-08-31", {}, date(2028, 2, 29)),
    ("bus", "insurance", "2026-12-31", {}, date(2026, 12, 31)),
    ("bus", "permit", "2026-12-31", {}, date(2026, 12, 31)),
    ("bus", "service_life", "2012-02-29", {"model": "dedicated"}, date(2027, 2, 28)),
    ("driver", "review", "2026-08-31", {}, date(2027, 8, 31)),
    ("driver", "review", "2028-02-29", {}, date(2029, 2, 28)),
    ("attendant", "taught", "2026-08-31", {}, date(2027, 2, 28)),
    ("route", "approved_until", "2026-06-30", {}, date(2026, 6, 30)),
    ("guard", "school_cert_until", "2026-12-31", {}, date(2026, 12, 31)),
    ("chemical", "yearly_report", "2026-03-31", {"danger": "drug"}, date(2027, 3, 31)),
    ("chemical", "yearly_report", "2028-02-29", {"danger": "drug_first"}, date(2029, 2, 28)),
    ("waste", "kept_long", "2026-08-31", {}, date(2027, 8, 31)),
    ("waste", "unconfirmed", "2026-08-31", {}, date(2026, 9, 30)),
    ("waste", "extension", "2027-06-30", {}, date(2027, 6, 30)),
    ("waste", "licence_until", "2026-12-31", {}, date(2026, 12, 31)),
]
# Kind, rule, what breaks it, what mends it, what must hold that it applies at all.
LACKS = [
    ("chemical", "second_keeper", {"second_keeper": ""}, {"second_keeper": "冯"}, "toxic"),
    ("chemical", "second_keeper_use", {"second_keeper": ""}, {"second_keeper": "冯"}, "explosive"),
    ("chemical", "second_keeper_use", {"second_keeper": ""}, {"second_keeper": "冯"}, "drug"),
    ("chemical", "locks", {"locks": ""}, {"locks": "double"}, "toxic"),
    ("chemical", "locks", {"locks": ""}, {"locks": "double"}, "drug_first"),
    ("chemical", "filing", {"filing_no": ""}, {"filing_no": "备1"}, "explosive"),
    ("chemical", "label", {"label": "missing"}, {"relabelled_on": "2026-03-01"}, "other"),
    ("chemical", "label", {"label": "missing"}, {"label": "whole"}, "other"),
    ("chemical", "yearly_report", {"reported_on": ""}, {"reported_on": "2026-03-01"}, "drug"),
]


def standing(kind, rule, values, today):
    found = check(kinds()[kind], {name: v for name, v in values.items() if v}, today)
    return {each.rule.key: each.standing.value for each in found}.get(rule)


@pytest.mark.parametrize(("kind", "rule", "day", "more", "last"), TERMS)
def test_a_term_is_good_until_its_last_day(kind, rule, day, more, last):
    of = {each.key: each.field for each in kinds()[kind].rules}[rule]
    values = {**more, of: day}

    assert [standing(kind, rule, values, last + days * DAY) for days in (-1, 0, 1)] == [
        "soon", "due", "lapsed",
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "rule", "broken", "mended", "danger"), LACKS)
def test_what_is_lacking_is_broken_until_it_is_there(kind, rule, broken, mended, danger):
    today = date(2026, 3, 2)

    assert standing(kind, rule, {"danger": danger, **broken}, today) == "lapsed"
    assert standing(kind, rule, {"danger": danger, **broken, **mended}, today) in {"well", None}


@pytest.mark.parametrize("danger", ["other", "toxic"])
def test_what_a_class_does_not_ask_for_is_not_asked(danger):
    assert standing("chemical", "yearly_report", {"danger": danger}, date(2026, 3, 2)) is None


@pytest.mark.parametrize(
    ("destination", "licence_no", "expected"),
    [("licensed", "", "lapsed"), ("licensed", "JS1", "well"), ("pending", "", None)],
)
def test_who_takes_waste_has_a_licence(destination, licence_no, expected):
    values = {"destination": destination, "licence_no": licence_no}

    assert standing("waste", "licence", values, date(2026, 3, 2)) == expected


def test_no_term_of_any_kind_is_left_out():
    terms = {(kind.key, rule.key) for kind in kinds().values() for rule in kind.rules
             if rule.type not in BY_FAULT}  # fmt: skip

    assert terms == {(kind, rule) for kind, rule, *_ in TERMS}
