"""Points never leave their bounds, a veto overrides them, quotas add up and ties are broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.duties.kinds import kinds
from rules.reading import TextTrouble, digest
from rules.scoring.acts import ScoringResult
from rules.scoring.points import Mark, deducted, reckoned, score
from rules.scoring.ranking import Candidate, quotas, ranked
from rules.scoring.sheets import HONOUR, read_sheet, sheets, shipped, shipped_texts

SHEET = sheets()["safe_campus"]
FIRE, ON_TIME, LISTED = (SHEET.by_key[key] for key in ("fire", "on_time", "listed"))


def marks(**given):
    flags = {each.key: Mark(0) for each in SHEET.vetoes}
    full = {each.key: Mark(each.points) for each in SHEET.items}
    return {**full, **flags, HONOUR: Mark(0), **given}


def a_candidate(unit, points=90, automatic=30, cluster="P1", **more):
    whole = {"result": ScoringResult.PASSED, "honoured": True, "total": 100, **more}
    return Candidate(unit, cluster, points, automatic, **whole)


def test_the_shipped_sheet_has_100_points_in_5_levels_of_28_items():
    assert (SHEET.total, SHEET.passes, len(SHEET.levels), len(SHEET.items)) == (100, 80, 5, 28)


def test_every_kind_of_duty_that_a_sheet_counts_is_there():
    counted = {kind for each in SHEET.items if each.auto for kind in each.auto.kinds}

    assert counted <= kinds().keys()


@given(st.dictionaries(st.sampled_from(["kit", "exit"]), st.integers(0, 99)))
def test_deductions_never_leave_less_than_0_or_more_than_the_items(taken):
    assert 0 <= deducted(FIRE, taken) <= FIRE.points


@given(st.integers(0, 500), st.integers(0, 500))
def test_reckoned_points_never_leave_their_bounds(good, bad):
    assert 0 <= reckoned(ON_TIME, (good, good + bad)) <= ON_TIME.points
    assert 0 <= reckoned(LISTED, (0, bad)) <= LISTED.points


@pytest.mark.parametrize(
    ("item", "figures", "points"),
    [
        (ON_TIME, (0, 0), 8), (ON_TIME, (10, 10), 8), (ON_TIME, (9, 10), 7), (ON_TIME, (0, 3), 0),
        (LISTED, (0, 0), 6), (LISTED, (0, 1), 3), (LISTED, (0, 2), 0), (LISTED, (0, 3), 0),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_reckoned_is_rounded_down(item, figures, points):
    assert reckoned(item, figures) == points


@pytest.mark.parametrize(
    ("changed", "points", "result"),
    [
        ({}, 100, ScoringResult.PASSED),
        ({"on_time": Mark(0), "listed": Mark(0), "reports": Mark(0), "fire": Mark(1)}, 80,
         ScoringResult.PASSED),
        ({"on_time": Mark(0), "listed": Mark(0), "reports": Mark(0), "fire": Mark(0)}, 79,
         ScoringResult.FAILED),
        ({"death": Mark(1)}, 100, ScoringResult.VETOED),
        ({"death": Mark(1, 0)}, 100, ScoringResult.PASSED),
        ({"death": Mark(1, 0, 1)}, 100, ScoringResult.VETOED),
    ],
    ids=["full", "at-the-mark", "below", "veto", "lifted", "set-again"],
)  # fmt: skip
def test_the_last_value_counts_and_a_veto_overrides_the_points(changed, points, result):
    whole = score(SHEET, marks(**changed))

    assert (whole.points, whole.result) == (points, result)


@given(st.dictionaries(st.text("PQ123", min_size=1), st.integers(1, 90), min_size=1, max_size=16),
       st.integers(1, 100))  # fmt: skip
def test_quotas_add_up_and_none_is_a_place_away_from_its_share(units, percent):
    every = sum(units.values())
    places = max(1, (every * percent + 50) // 100)

    found = quotas(units, percent)

    assert sum(found.values()) == places
    assert all(abs(found[each] * every - places * units[each]) < every for each in units)


@pytest.mark.parametrize(
    ("units", "quota"),
    [
        ({"A": 14, "B": 3, "C": 3}, {"A": 2, "B": 0, "C": 0}),
        ({"A": 10, "B": 10, "C": 10}, {"A": 1, "B": 1, "C": 1}),
        ({"B": 5, "A": 5}, {"A": 1, "B": 0}),
        ({"A": 1}, {"A": 1}),
        ({}, {}),
    ],
    ids=["14-3-3", "even", "tie-by-code", "at-least-one", "nobody"],
)
def test_places_left_go_to_the_largest_remainders(units, quota):
    assert quotas(units, 10) == quota


def test_ties_are_broken_by_what_the_data_say_then_by_code():
    candidates = [a_candidate("S3"), a_candidate("S2"), a_candidate("S1", automatic=29),
                  a_candidate("S9", 91),
                  a_candidate("S0", 99, result=ScoringResult.VETOED)]  # fmt: skip

    found = ranked(candidates, {"P1": 2})

    assert [(each.candidate.unit, each.rank, each.chosen) for each in found] == [
        ("S9", 1, True), ("S2", 2, True), ("S3", 2, False), ("S1", 4, False), ("S0", 5, False),
    ]  # fmt: skip


def test_only_who_passed_and_bears_the_honour_is_chosen():
    candidates = [a_candidate("S1", 99, honoured=False), a_candidate("S3"),
                  a_candidate("S2", 79, result=ScoringResult.FAILED)]  # fmt: skip

    found = ranked(candidates, {"P1": 3})

    assert [each.candidate.unit for each in found if each.chosen] == ["S3"]


def test_assessments_of_two_versions_are_ranked_by_their_share():
    candidates = [a_candidate("S1", 90), a_candidate("S2", 88, total=96), a_candidate("S3", 90)]

    found = ranked(candidates, {"P1": 1})

    assert [(each.candidate.unit, each.rank) for each in found] == [("S2", 1), ("S1", 2), ("S3", 2)]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("version = 1", "version = 0", "sheet:5: version"),
        ("version = 1", "version", "sheet:5"),
        ("since = 2020", "", "sheet: since"),
        ("passes = 80", "passes = 101", "sheet:11: passes"),
        ("level:major", "lvel:major", "sheet:34: vetoes.2.query"),
        ("{first}", "{first.__class__}", "sheet:111: levels.1.items.2.auto.query"),
        ('kinds = ["letter"]', 'kinds = ["leter"]', "sheet:303: levels.4.items.5.auto.kinds"),
        ("step = 3", "step = 0", "sheet:125: levels.1.items.4.auto"),
        ('key = "post"', 'key = "letter"', "sheet:41: levels.0.items.0"),
        ('due = "11-30"', 'due = "02-29"', "sheet:12: due"),
    ],
)  # fmt: skip
def test_what_is_no_sheet_names_line_key_and_remedy(old, new, where):
    with pytest.raises(TextTrouble) as trouble:
        read_sheet(shipped()["safe_campus"].replace(old, new))

    assert trouble.value.where == where
    assert trouble.value.remedy.zh


def test_a_shipped_sheet_stays_as_it_was_shipped():
    """Assessments began with it: what shall be different is a new file with a new version."""
    assert {read_sheet(each).number(2026, "S1", 1): digest(each) for each in shipped_texts()} == {
        "创建2026-S1": "37a0e7aeb379"
    }
