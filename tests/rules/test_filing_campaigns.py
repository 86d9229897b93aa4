"""Campaigns as data: what is asked in which period, and templates that go with one another."""

from datetime import date

import pytest

from rules.faults import Unfit
from rules.filings.bounds import FilingBounds
from rules.filings.campaigns import begun, due_on, read_campaign, require_apart
from rules.filings.templates import read_template, require_fits, shipped, templates
from rules.filings.tiers import Tier
from rules.reading import TextTrouble

TEXT = """schema = 1
key = "around"
zh = "校园周边专项整治"
en = "campaign on surroundings"
template = "surroundings"
source = "our choice"

[[periods]]
first = 2026-03-02
last = 2026-03-08

[[periods]]
first = 2026-03-09
last = 2026-03-15
due_on = 2026-03-20
"""
DAY = date.fromisoformat


@pytest.mark.parametrize(
    ("adopted", "today", "expected"),
    [
        ("2026-03-01", "2026-03-01", 0),
        ("2026-03-01", "2026-03-02", 1),
        ("2026-03-01", "2026-03-08", 1),
        ("2026-03-01", "2026-03-09", 2),
        ("2026-03-01", "2026-06-30", 2),  # made up after a stop, however late
        ("2026-03-08", "2026-03-09", 2),
        ("2026-03-09", "2026-03-09", 1),  # the first was over when it was adopted
        ("2026-03-16", "2026-03-16", 0),
    ],
)
def test_a_period_is_opened_from_its_first_day_unless_it_was_over_before(adopted, today, expected):
    assert len(begun(read_campaign(TEXT), DAY(adopted), DAY(today))) == expected


@pytest.mark.parametrize(
    ("nth", "level", "expected"),
    [
        (0, Tier.UNIT, "2026-03-13"), (0, Tier.COMMITTEE, "2026-03-18"),  # as the policy has it
        (1, Tier.UNIT, "2026-03-20"), (1, Tier.CLUSTER, "2026-03-22"),
        (1, Tier.COMMITTEE, "2026-03-25"),
    ],
)  # fmt: skip
def test_a_period_is_due_when_it_says_so_and_above_the_unit_as_much_later(nth, level, expected):
    stretch = read_campaign(TEXT).periods[nth]

    assert due_on(stretch, FilingBounds(), stretch.period, level) == DAY(expected)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("first = 2026-03-09", "first = 2026-03-08", "campaign: (file)"),  # overlaps
        ("last = 2026-03-08", "last = 2026-03-01", "campaign: periods.0"),
        ("last = 2026-03-15", "last = 2027-03-15", "campaign: periods.1"),
        ("due_on = 2026-03-20", "due_on = 2026-03-14", "campaign: periods.1"),
        ("due_on = 2026-03-20", "due_on = 2026-07-14", "campaign: periods.1"),
        ('template = "surroundings"', 'template = "Sur"', "campaign: template"),
        ("schema = 1", "schema = 1\nplaces = ['S1', 'S1']", "campaign: (file)"),
        ('key = "around"', "key = [", "campaign"),
    ],
)
def test_a_campaign_that_cannot_be_used_says_where(old, new, where):
    with pytest.raises(TextTrouble) as refused:
        read_campaign(TEXT.replace(old, new, 1))

    assert refused.value.where == where


def test_two_campaigns_ask_not_for_the_same_period():
    one = read_campaign(TEXT)
    other = read_campaign(TEXT.replace('key = "around"', 'key = "again"'))

    require_apart(one, [one])
    with pytest.raises(Unfit):
        require_apart(one, [other])
    require_apart(one, [read_campaign(TEXT.replace('"around"', '"b2"').replace("surr", "burr"))])


MONTHLY = shipped()["monthly"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (MONTHLY.replace('period = "month"', 'period = "week"'), "period"),
        (MONTHLY.replace('mark = "月报"', 'mark = "月"'), "mark"),
        (MONTHLY.replace('levels = ["unit", "cluster", "committee"]', 'levels = ["unit"]'),
         "levels"),
        (MONTHLY.replace('key = "monthly"', 'key = "again"'), "mark"),
        (shipped()["daily"].replace('"found"', '"seen"'), "found"),
        (shipped()["weekly"].replace('of = "daily', 'of = "dayly'), "figures.0.of"),
    ],
)  # fmt: skip
def test_a_template_that_does_not_go_with_the_others_is_refused(text, where):
    template = read_template(text)

    with pytest.raises(Unfit) as refused:
        require_fits(template, templates())

    assert refused.value.where == where


def test_what_another_template_adds_up_may_not_go():
    text = shipped()["daily"].replace("participants", "people")
    plain = {each: text_ for each, text_ in templates().items() if each != "daily"}

    with pytest.raises(Unfit):
        require_fits(read_template(text), plain)


@pytest.mark.parametrize("text", shipped().values(), ids=list(shipped()))
def test_what_ships_goes_together(text):
    require_fits(read_template(text), templates())


@pytest.mark.parametrize(
    "query", ["reported:{first}..{end}", "reported:{first", "nosuch:1", "state:{0}"]
)
def test_a_query_that_cannot_be_asked_is_named(query):
    text = MONTHLY.replace('type = "cases"\nquery = "', f'type = "cases"\nquery = "{query} ', 1)

    with pytest.raises(TextTrouble) as refused:
        read_template(text)

    assert refused.value.where.startswith("template: figures.")
