"""A policy tried on today's cases says what new clocks would get, and changes nothing."""

from datetime import date

import pytest

from casework.errors import NotFound, Refused
from casework.policies import SHIPPED, find_version, list_versions
from casework.policy_trial import try_policy
from casework.settings import adopt_policy
from rules.case import Level
from rules.deadlines import Stage
from rules.policy import PolicyTrouble, default_text, digest
from tests.offices import MONDAY_9AM, claimed, reported

NEXT_WEEK = default_text().replace("2020-01-01", "2026-03-09", 1)
SHORTER = default_text().replace('plan = { limit = "3wd"', 'plan = { limit = "1wd"', 1)


def tried(office, text, by="admin"):
    return try_policy(office, text, by=by, at=MONDAY_9AM)


def test_a_shorter_limit_changes_the_clocks_of_its_stage_alone(office):
    reported(office)
    reported(office, unit="S2")
    claimed(office, unit="S3")

    trial = tried(office, SHORTER)

    [row] = [each for each in trial.rows if each.changed]
    assert (row.level, row.stage, row.cases) == (Level.ORDINARY, Stage.PLAN, 2)
    assert (row.before.last_day, row.after.last_day) == (date(2026, 3, 5), date(2026, 3, 3))
    assert sum(each.cases for each in trial.rows) == 3
    assert (trial.since, list(trial.parts), dict(trial.lost)) == (MONDAY_9AM, [], {})


def test_clocks_are_reckoned_from_the_day_it_is_in_force(office):
    trial = tried(office, NEXT_WEEK)

    assert trial.since.date() == date(2026, 3, 9)
    assert [each for each in trial.rows if each.changed] == []


def test_another_ladder_shows_for_the_cases_that_would_climb_it(office):
    reported(office, category="消防")
    reported(office, category="管理", unit="S2")
    fires = default_text().replace(
        "[[ladders]]",
        '[[ladders]]\nname = "fires"\ncategories = ["fire"]\n[[ladders.rungs]]\nkey = "a"\n'
        'offset = "0wd"\ntell = ["holder"]\nsource = "our choice"\n\n[[ladders]]',
        1,
    )

    trial = tried(office, fires)

    changed = {
        (each.before.ladder, each.after.ladder, each.cases)
        for each in trial.rows if each.changed and each.cases
    }  # fmt: skip
    assert changed == {("ordinary-at-the-unit", "fires", 1)}
    assert list(trial.parts) == ["ladder fires"]


def test_a_category_that_is_gone_is_named_with_its_cases(office):
    reported(office, category="管理")
    text = default_text()
    without = text[: text.rindex("[[categories]]")]

    assert dict(tried(office, without).lost) == {"management": 1}


def test_a_policy_that_would_never_be_in_force_is_told(office):
    adopt_policy(office, default_text().replace("2020-01-01", "2026-01-01"), by=None, at=MONDAY_9AM)

    assert tried(office, SHORTER).hidden_by == date(2026, 1, 1)
    assert tried(office, NEXT_WEEK).hidden_by is None


@pytest.mark.parametrize("by", ["committee1", "cluster1", "head1", "auditor"])
def test_only_administrators_try_and_read(office, by):
    with pytest.raises(Refused):
        tried(office, SHORTER, by)
    with pytest.raises(Refused):
        list_versions(office, by=by, at=MONDAY_9AM)


def test_a_text_that_cannot_be_adopted_is_not_tried(office):
    with pytest.raises(PolicyTrouble):
        tried(office, "schema = 2")


def test_versions_are_listed_from_the_newest_to_the_shipped_one(office):
    adopt_policy(office, SHORTER, by=None, at=MONDAY_9AM)
    adopt_policy(office, NEXT_WEEK, by="admin", at=MONDAY_9AM)

    found = list_versions(office, by="admin", at=MONDAY_9AM)

    assert [(each.digest, each.adopted_by, each.in_force) for each in found] == [
        (digest(NEXT_WEEK), "ADMIN", False),
        (digest(SHORTER), "", True),
        (digest(default_text()), "", False),
    ]
    assert find_version(found, None).digest == digest(SHORTER)
    assert find_version(found, SHIPPED).text == default_text()
    with pytest.raises(NotFound):
        find_version(found, 999)
