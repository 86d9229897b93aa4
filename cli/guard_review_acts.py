"""Asking for and deciding guards' yearly reviews from the command line."""

from collections.abc import Sequence

from casework.events import Door
from casework.reviews.asking import ask_reviews
from casework.reviews.deciding import pass_records, review_record
from casework.reviews.store import Named
from cli.desk import Desk
from cli.printing import Answer, lines
from rules.registers.outcomes import ReviewOutcome
from rules.registers.reviews import Verdict
from rules.wording import Wording

GUARD = "guard"


def ask_for(desk: Desk, unit: str, guards: Sequence[str]) -> Answer:
    with desk.office() as office:
        done = ask_reviews(
            office, GUARD, _named(unit, guards), by=desk.by, at=desk.at, door=Door.CLI
        )
    told = [
        Wording(
            f"{each.key} 已申请 {each.year} 年年审，回执 {each.receipt}",
            f"{each.key}: asked for {each.year}, receipt {each.receipt}",
        )
        for each in done
    ]
    return Answer([each._asdict() for each in done], lines(*map(desk.say, told)))


def decide_one(desk: Desk, unit: str, guard: str, verdict: Verdict) -> Answer:
    with desk.office() as office:
        done = review_record(
            office, GUARD, Named(unit, guard), verdict, by=desk.by, at=desk.at, door=Door.CLI
        )
    label = ReviewOutcome(done.outcome).label
    told = Wording(f"{done.key}（{done.unit}）年审{label.zh}", f"{done.key}: {label.en}")
    receipt = Wording(f"回执 {done.receipt}", f"receipt {done.receipt}")
    case = [done.case] if done.case else []
    return Answer(done._asdict(), lines(desk.say(told), *case, desk.say(receipt)))


def pass_several(desk: Desk, unit: str, guards: Sequence[str]) -> Answer:
    with desk.office() as office:
        passed, left = pass_records(
            office, GUARD, _named(unit, guards), by=desk.by, at=desk.at, door=Door.CLI
        )
    told = [Wording(f"{each.key} 通过", f"{each.key}: passed") for each in passed]
    told += [
        Wording(f"{each.key} 未办：{each.problem.zh}", f"{each.key}: left, {each.problem.en}")
        for each in left
    ]
    data = {
        "passed": [each._asdict() for each in passed], "left": [each._asdict() for each in left],
    }  # fmt: skip
    return Answer(data, lines(*map(desk.say, told)), 1 if left and not passed else 0)


def _named(unit: str, guards: Sequence[str]) -> list[Named]:
    return [Named(unit, each) for each in guards]
