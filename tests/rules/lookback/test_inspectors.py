from collections import Counter
from datetime import date, timedelta
from itertools import combinations, combinations_with_replacement, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.lookback.inspectors import assign
from rules.lookback.roster import (
    Assignment,
    AssignmentRules,
    Inspector,
    Rule,
    Visit,
    recusals,
)
from rules.wording import Trouble
from tests.rules.lookback.every_assignment import (
    arrangements,
    helpful_waivers,
    least_spread,
    options,
    rosters,
    spread,
    taken_by,
)

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
BOTH = frozenset({MONDAY, TUESDAY})

# A unit of the cluster, its neighbour, and the committee; there on both days or on one.
KINDS = [
    (unit, cluster, days)
    for unit, cluster in [("U1", "C1"), ("U2", "C1"), ("", "")]
    for days in [BOTH, frozenset({TUESDAY})]
]
CASES = [("U1", "C1", frozenset()), ("U2", "C2", frozenset({"I1"})), ("U3", "C3", frozenset())]
# Four of the committee there on some days, and cases in which up to two of them had a hand: here
# placing one visit after the other often fails where moving others makes room.
COMMITTEE = [("", "", days) for days in [BOTH, frozenset({MONDAY}), frozenset({TUESDAY})]]
FOUR = ["I1", "I2", "I3", "I4"]
HANDS = [("U1", "C1", frozenset(each)) for n in range(3) for each in combinations(FOUR, n)]


def visits_of(*kinds):
    return [Visit(f"S{at}", *kind) for at, kind in enumerate(kinds, start=1)]


def few(kinds, most, fewest=1):
    return [
        visits_of(*chosen)
        for size in range(fewest, most + 1)
        for chosen in combinations_with_replacement(kinds, size)
    ]


SMALL = [*product([each for size in range(5) for each in rosters(KINDS, size)], few(CASES, 3))]
TIGHT = [*product(rosters(COMMITTEE, 4), few(HANDS, 3, fewest=2))]
ONE, TWO = AssignmentRules(per_day=1), AssignmentRules(per_day=2)


@pytest.fixture(
    scope="module",
    params=[(SMALL, ONE), (SMALL, TWO), (TIGHT, ONE), (TIGHT, TWO)],
    ids=["small-one", "small-two", "tight-one", "tight-two"],
)
def answers(request):
    """Return each small roster with its visits, the rules, and what was assigned."""
    worlds, rules = request.param
    return [
        (roster, visits, rules, assign(visits, roster, rules, "s")) for roster, visits in worlds
    ]


def test_on_every_small_roster_nobody_goes_whom_a_rule_keeps_away(answers):
    for roster, visits, rules, got in answers:
        assert all(times <= rules.per_day for times in taken_by(got).values())
        answered = [*got.visits, *(each.case for each in got.impossible)]
        assert sorted(answered) == [each.case for each in visits]
        for visit in (each for each in visits if each.case in got.visits):
            day, team = got.visits[visit.case]
            assert (day, tuple(sorted(team))) in options(visit, roster, BOTH, rules)


def test_on_every_small_roster_what_is_impossible_is_so_however_one_arranges(answers):
    for roster, visits, rules, got in answers:
        for blocked in got.impossible:
            wanted = [each for each in visits if each.case in {*got.visits, blocked.case}]
            assert not any(arrangements(wanted, roster, BOTH, rules)), (roster, visits)


def test_on_every_small_roster_the_rule_named_is_the_one_that_blocks(answers):
    for roster, visits, rules, got in answers:
        for each in got.impossible:
            visit = next(one for one in visits if one.case == each.case)
            helpful = helpful_waivers(visit, roster, BOTH, taken_by(got), rules)
            named = [each.rule] if "not enough" not in each.wording.en else []
            assert named == list(helpful)[:1], (roster, visits)
            assert set(each.nearest) == helpful.get(each.rule, set(each.nearest))


@pytest.mark.parametrize(
    "worlds",
    [
        [*product(rosters([each for each in KINDS if each[2] == BOTH], 4), few(CASES, 4))],
        [*product(rosters([("", "", BOTH)], 4), few(HANDS, 3))],
    ],
    ids=["small", "tight"],
)
def test_on_every_small_roster_the_load_is_as_even_as_recusal_allows(worlds):
    for roster, visits in worlds:
        got = assign(visits, roster, AssignmentRules(), "s")

        made = [each for each in visits if each.case in got.visits]
        teams = [seat.inspectors for seat in got.visits.values()]
        least = least_spread(made, roster, [MONDAY], AssignmentRules())
        assert spread(teams, roster) == least, (roster, visits)


LI = Inspector("li", "U1", "C1", BOTH)
WANG = Inspector("wang", "U2", "C1", BOTH)
ZHAO = Inspector("zhao", "U3", "C3", BOTH)
QIAN = Inspector("qian", "", "", BOTH)
SUN = Inspector("sun", "", "", BOTH)


@pytest.mark.parametrize(
    ("inspector", "visit", "expected"),
    [
        (LI, Visit("S1", "U1", "C1", frozenset()), {Rule.UNIT, Rule.CLUSTER}),
        (WANG, Visit("S1", "U1", "C1", frozenset()), {Rule.CLUSTER}),
        (ZHAO, Visit("S1", "U1", "C1", frozenset()), set()),
        (ZHAO, Visit("S1", "U1", "C1", frozenset({"zhao"})), {Rule.HANDS}),
        (LI, Visit("S1", "U1", "C1", frozenset({"li"})), {Rule.UNIT, Rule.CLUSTER, Rule.HANDS}),
        (QIAN, Visit("S1", "", "", frozenset()), set()),  # of nowhere is not of the same place
        (QIAN._replace(others=frozenset({"U1", "C2"})), Visit("S1", "U1", "C1", frozenset()),
         {Rule.UNIT}),
        (ZHAO._replace(others=frozenset({"C1"})), Visit("S1", "U1", "C1", frozenset()),
         {Rule.CLUSTER}),
        (ZHAO, Visit("S1", "U1", "C1", frozenset(), frozenset({"zhao"})), {Rule.REACH}),
    ],
)  # fmt: skip
def test_who_is_recused_from_what(inspector, visit, expected):
    assert recusals(inspector, visit, AssignmentRules()) == expected


@pytest.mark.parametrize(
    ("off", "left"),
    [
        ({"recuse_unit": False}, {Rule.CLUSTER, Rule.HANDS}),
        ({"recuse_cluster": False}, {Rule.UNIT, Rule.HANDS}),
        ({"recuse_hands": False}, {Rule.UNIT, Rule.CLUSTER}),
    ],
    ids=["unit", "cluster", "hands"],
)
def test_a_recusal_that_is_switched_off_keeps_nobody_away(off, left):
    visit = Visit("S1", "U1", "C1", frozenset({"li"}))

    assert recusals(LI, visit, AssignmentRules(**off)) == left


ONLY_TUESDAY = QIAN._replace(days=frozenset({TUESDAY}))
ONLY_MONDAY = SUN._replace(days=frozenset({MONDAY}))


@pytest.mark.parametrize(
    ("roster", "visit", "rule", "nearest", "said"),
    [
        ([LI, QIAN], Visit("S1", "U1", "C9", frozenset()), Rule.UNIT, {"li", "qian"},
         "单位回避：同一天最多 1 人可去，每次须 2 人"),
        ([WANG, QIAN], Visit("S1", "U9", "C1", frozenset()), Rule.CLUSTER, {"wang", "qian"},
         "片区回避：同一天最多 1 人可去，每次须 2 人"),
        ([QIAN, SUN], Visit("S1", "U1", "C1", frozenset({"sun"})), Rule.HANDS, {"qian", "sun"},
         "经手人回避：同一天最多 1 人可去，每次须 2 人"),
        ([ONLY_TUESDAY, ONLY_MONDAY], Visit("S1", "U1", "C1", frozenset()), Rule.ABSENCE,
         {"qian", "sun"}, "不在岗：同一天最多 1 人可去，每次须 2 人"),
        # A neighbour is waived sooner than one who had a hand in the case.
        ([QIAN, WANG, SUN], Visit("S1", "U9", "C1", frozenset({"sun"})), Rule.CLUSTER,
         {"wang", "qian"}, "片区回避：同一天最多 1 人可去，每次须 2 人"),
        ([QIAN, SUN], Visit("S1", "U1", "C1", frozenset(), frozenset({"sun"})), Rule.REACH,
         {"qian", "sun"}, "检查范围：同一天最多 1 人可去，每次须 2 人"),
        ([QIAN], Visit("S1", "U1", "C1", frozenset()), Rule.ROSTER, {"qian"},
         "检查人员名单：同一天最多 1 人可去，每次须 2 人；只放宽这一条仍不够"),
        ([], Visit("S1", "U1", "C1", frozenset()), Rule.ROSTER, set(),
         "检查人员名单：同一天最多 0 人可去，每次须 2 人；只放宽这一条仍不够"),
        # Its unit and cluster keep each of them away: no one rule alone does.
        ([LI, LI._replace(code="zhou")], Visit("S1", "U1", "C1", frozenset()), Rule.UNIT, set(),
         "单位回避：同一天最多 0 人可去，每次须 2 人；只放宽这一条仍不够"),
        ([QIAN._replace(days=frozenset()), SUN._replace(days=frozenset())],
         Visit("S1", "U1", "C1", frozenset()), Rule.ABSENCE, {"qian", "sun"},
         "不在岗：同一天最多 0 人可去，每次须 2 人"),
    ],
    ids=[
        "unit", "cluster", "hands", "absence", "sooner", "reach", "roster", "nobody", "both",
        "no-days",
    ],
)  # fmt: skip
def test_a_visit_nobody_can_make_says_which_rule_blocks_and_who_is_nearest(
    roster, visit, rule, nearest, said
):
    got = assign([visit], roster, AssignmentRules(), "s")

    assert got.visits == {}
    assert [(each.rule, each.wording.zh) for each in got.impossible] == [(rule, said)]
    assert set(got.impossible[0].nearest) == nearest
    assert got.impossible[0].wording.en


def test_the_daily_limit_blocks_one_visit_more_than_it_holds():
    anywhere = [("U1", "C1", frozenset())]

    full = assign(visits_of(*anywhere * 8), [QIAN, SUN], AssignmentRules(), "s")
    over = assign(visits_of(*anywhere * 9), [QIAN, SUN], AssignmentRules(), "s")

    assert (len(full.visits), full.impossible) == (8, ())
    assert [each.rule for each in over.impossible] == [Rule.CAPACITY]
    assert set(over.impossible[0].nearest) == {"qian", "sun"}


def test_a_recusal_is_never_dropped_to_fill_a_visit():
    got = assign(
        visits_of(("U1", "C1", frozenset()), ("U9", "C9", frozenset())),
        [LI, QIAN],
        AssignmentRules(),
        "s",
    )

    assert list(got.visits) == ["S2"]
    assert [each.case for each in got.impossible] == ["S1"]


TEAM = [LI, WANG, ZHAO, QIAN, SUN, Inspector("zhou", "U4", "C4", BOTH)]
kinds = st.tuples(
    st.sampled_from(["U1", "U2", "U3", "U9"]),
    st.sampled_from(["C1", "C3", "C9"]),
    st.frozensets(st.sampled_from([each.code for each in TEAM]), max_size=2),
)
asked = st.lists(kinds, max_size=10).map(lambda found: visits_of(*found))
seeds = st.text(max_size=4)


@given(asked, seeds, st.randoms(use_true_random=False))
def test_the_order_of_visits_and_roster_changes_nothing(visits, seed, chance):
    shuffled, roster = [*visits], [*TEAM]
    chance.shuffle(shuffled)
    chance.shuffle(roster)

    assert assign(shuffled, roster, TWO, seed) == assign(visits, TEAM, TWO, seed)


@given(asked, asked, seeds)
def test_enlarging_changes_no_earlier_assignment(first, more, seed):
    added = [each._replace(case=f"more {each.case}") for each in more]
    before = assign(first, TEAM, TWO, seed)

    after = assign([*first, *added], TEAM, TWO, seed, kept=before.visits)

    assert {case: after.visits[case] for case in before.visits} == before.visits
    assert all(times <= 2 for times in taken_by(after).values())


def test_what_was_kept_counts_as_load():
    kept = {"S0": Assignment(MONDAY, ("li", "qian"))}
    visit = Visit("S1", "U9", "C9", frozenset())

    got = assign([visit], [LI, QIAN, SUN, ZHAO], AssignmentRules(), "s", kept=kept)

    assert set(got.visits["S1"].inspectors) == {"sun", "zhao"}
    assert got.visits["S0"] == kept["S0"]


def test_what_was_kept_takes_up_room():
    kept = {"S0": Assignment(MONDAY, ("qian", "sun"))}

    got = assign(visits_of(*[("U9", "C9", frozenset())] * 2), [QIAN, SUN], ONE, "s", kept=kept)

    assert [seat.day for seat in got.visits.values()] == [MONDAY, TUESDAY]
    assert [each.rule for each in got.impossible] == [Rule.CAPACITY]


def test_someone_no_longer_on_the_roster_keeps_what_was_assigned():
    kept = {"S0": Assignment(MONDAY, ("gone", "qian"))}

    got = assign(visits_of(("U9", "C9", frozenset())), [QIAN, SUN], ONE, "s", kept=kept)

    assert got.visits == {**kept, "S1": Assignment(TUESDAY, got.visits["S1"].inspectors)}


# 600 draws of 2 from 5 choose each inspector 240 times on average; the statistic has the factor
# (5 - 1) / (5 - 2), as in the draw of cases; 18.47 is chi-square's 99.9 % point with 4 degrees.
def test_over_many_seeds_each_inspector_and_each_day_is_drawn_as_often():
    visit = [Visit("S1", "U8", "C8", frozenset())]
    got = [
        assign(visit, TEAM[:5], AssignmentRules(), f"{seed}").visits["S1"] for seed in range(600)
    ]

    seen = Counter(code for seat in got for code in seat.inspectors)
    assert sum((times - 240) ** 2 for times in seen.values()) / 240 * 4 / 3 < 18.47
    mondays = sum(seat.day == MONDAY for seat in got)
    assert abs(mondays - 300) < 3.29 * (600 / 4) ** 0.5  # 99.9 % of a fair coin


def test_a_thousand_visits_are_shared_out_evenly_within_seconds():
    days = frozenset(MONDAY + timedelta(at) for at in range(20))
    roster = [Inspector(f"I{at:02d}", f"U{at}", f"C{at % 16:02d}", days) for at in range(40)]
    hands = [frozenset({f"I{at * 7 % 40:02d}"}) for at in range(1_000)]
    visits = visits_of(*((f"U{at % 60}", f"C{at % 16:02d}", by) for at, by in enumerate(hands)))

    got = assign(visits, roster, AssignmentRules(), "s")

    assert got.impossible == ()
    assert spread([seat.inspectors for seat in got.visits.values()], roster) == 0


# Eight inspectors on three days could make twelve of these sixteen visits if nobody had had a hand
# in any: counting does not show that the twelfth cannot be placed.
def test_a_search_cut_short_says_that_it_is_no_proof():
    days = frozenset(MONDAY + timedelta(at) for at in (0, 1, 3))
    roster = [Inspector(f"I{i}", "", "", days) for i in range(8)]
    hands = [
        frozenset({f"I{i * 5 % 8}", f"I{i * 3 % 8}", f"I{(i * i + 1) % 8}"}) for i in range(16)
    ]

    got = assign(visits_of(*(("U1", "C1", each) for each in hands)), roster, ONE, "s")

    assert {each.rule for each in got.impossible} == {Rule.CAPACITY}
    assert any("试排 20000 次未能腾出" in each.wording.zh for each in got.impossible)


@pytest.mark.parametrize(
    ("visits", "roster", "where"),
    [
        ([Visit("S1", "U1", "C1", frozenset())] * 2, TEAM, "S1"),
        ([], [*TEAM, LI._replace(unit="U7")], "li"),
    ],
    ids=["case", "inspector"],
)
def test_a_case_or_an_inspector_named_twice_is_refused(visits, roster, where):
    with pytest.raises(Trouble, match="twice") as refused:
        assign(visits, roster, AssignmentRules(), "s")

    assert refused.value.where == where


@pytest.mark.parametrize("allowed", [{"per_visit": 2}, {"per_day": 1}, {"per_visit": 10}])
def test_rules_at_their_bounds_are_taken(allowed):
    assert AssignmentRules(**allowed).model_dump().items() >= allowed.items()


@pytest.mark.parametrize(
    "wrong", [{"per_visit": 1}, {"per_day": 0}, {"per_visit": "2"}, {"recuse_friends": True}]
)
def test_rules_beyond_their_bounds_are_refused(wrong):
    with pytest.raises(ValidationError):
        AssignmentRules(**wrong)


@pytest.mark.parametrize("rule", Rule)
def test_a_rule_has_a_name_in_both_languages(rule):
    assert rule.label.zh
    assert rule.label.en
