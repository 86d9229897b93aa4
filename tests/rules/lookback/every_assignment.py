"""The slow way to assign inspectors: try everything. What the rules are held against."""

from collections import Counter
from itertools import combinations, combinations_with_replacement, product

from rules.lookback.roster import Inspector, Rule


def bars(inspector, visit, day, taken, rules):
    """Return every rule that keeps the inspector from going that day, all recusals switched on."""
    found = set()
    if taken[inspector.code, day] >= rules.per_day:
        found.add(Rule.CAPACITY)
    if day not in inspector.days:
        found.add(Rule.ABSENCE)
    if inspector.cluster and inspector.cluster == visit.cluster:
        found.add(Rule.CLUSTER)
    if inspector.unit and inspector.unit == visit.unit:
        found.add(Rule.UNIT)
    if inspector.code in visit.hands:
        found.add(Rule.HANDS)
    return found


def going(visit, roster, day, taken, rules, waived=None):
    return [each for each in roster if bars(each, visit, day, taken, rules) <= {waived}]


def helpful_waivers(visit, roster, days, taken, rules):
    """Return who could go, by the rule which a person would have to waive."""
    helpful = {}
    for waived in Rule:
        teams = [going(visit, roster, day, taken, rules, waived) for day in days]
        enough = [team for team in teams if len(team) >= rules.per_visit]
        if enough:
            helpful[waived] = {each.code for team in enough for each in team}
    return helpful


def options(visit, roster, days, rules):
    """Return every (day, team) the visit has to itself."""
    return [
        (day, team)
        for day in days
        for team in combinations(
            [each.code for each in going(visit, roster, day, Counter(), rules)], rules.per_visit
        )
    ]


def arrangements(visits, roster, days, rules):
    """Yield every way to make all the visits within the daily limit."""
    for chosen in product(*(options(visit, roster, days, rules) for visit in visits)):
        taken = Counter((code, day) for day, team in chosen for code in team)
        if all(times <= rules.per_day for times in taken.values()):
            yield chosen


def spread(teams, roster):
    load = Counter({each.code: 0 for each in roster})
    load.update(code for team in teams for code in team)
    return max(load.values()) - min(load.values())


def least_spread(visits, roster, days, rules):
    """Return the smallest difference between the most and the least loaded."""
    return min(
        spread([team for _, team in chosen], roster)
        for chosen in arrangements(visits, roster, days, rules)
    )


def taken_by(assigned):
    return Counter(
        (code, seat.day) for seat in assigned.visits.values() for code in seat.inspectors
    )


def rosters(kinds, size):
    """Return every roster of that size, kinds repeated, inspectors named I1, I2, …"""
    return [
        [Inspector(f"I{at}", *kind) for at, kind in enumerate(chosen, start=1)]
        for chosen in combinations_with_replacement(kinds, size)
    ]
