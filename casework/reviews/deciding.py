"""A yearly review carried out: by somebody above the school, never by whoever asked for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from casework.errors import Refused
from casework.events import Door
from casework.forms import clean
from casework.office import Office
from casework.people import find_actor
from casework.registers import store
from casework.registers.places import seen_by
from casework.registers.store import Hand, Held
from casework.reviews.looking import look_at
from casework.reviews.store import Named, Year, find_reviewed, years_of
from casework.reviews.writing import Decided, Turn, decide
from models import RecordState
from rules.access import Actor, Role
from rules.registers.kinds import Kind
from rules.registers.outcomes import ReviewOutcome
from rules.registers.reviews import SCHOOL, Reviews, Verdict
from rules.wording import Wording
from rules.workdays import china_day

_LONGEST = 500


class Left(NamedTuple):
    """A record that was not passed with the others, and why."""

    unit: str
    key: str
    problem: Wording


def review_record(
    office: Office,
    written: str,
    named: Named,
    verdict: Verdict,
    *,
    by: str,
    at: datetime,
    door: Door,
) -> Decided:
    """Review a record. What failed is a case at once; what has conditions is asked for again.

    Raise NotFound; Refused for who asked for it or may not, or a retired record; Invalid for a
    verdict that cannot stand, or a second one of a year without the reason of its correction.
    """
    kind, reviews = find_reviewed(written)
    verdict = verdict._replace(
        note=clean(verdict.note, where="note", longest=_LONGEST),
        why=clean(verdict.why, where="why", longest=_LONGEST),
        reasons=tuple(dict.fromkeys(verdict.reasons)),
    )
    with office.writing() as connection:
        actor = find_actor(connection, by)
        turn = _turn(connection, kind, reviews, named, (actor, at, door))
        return decide(office, connection, turn, verdict)


def pass_records(
    office: Office, written: str, named: Sequence[Named], *, by: str, at: datetime, door: Door
) -> tuple[list[Decided], list[Left]]:
    """Pass each record that nothing speaks against; return those passed, and those left with why.

    Whoever may not review one of them passes none: raise Refused, or NotFound.
    """
    kind, reviews = find_reviewed(written)
    passed, left = [], []
    with office.writing() as connection:
        actor = find_actor(connection, by)
        for each in sorted({*named}):  # in one order, so that no two wait for each other
            turn = _turn(connection, kind, reviews, each, (actor, at, door))
            if problem := _not_at_once(turn):
                left.append(Left(turn.held.unit.name, turn.held.key, problem))
            else:
                passed.append(decide(office, connection, turn, Verdict(ReviewOutcome.PASSED)))
    return passed, left


def may_review(actor: Actor, reviews: Reviews, path: str) -> bool:
    """Whether somebody reviews what a unit keeps: not where they are of the school themselves."""
    roles = actor.roles_over(path)
    return bool(roles & reviews.reviewers) and not roles & SCHOOL


def _turn(
    connection: Connection,
    kind: Kind,
    reviews: Reviews,
    named: Named,
    who: tuple[Actor, datetime, Door],
) -> Turn:
    actor, at, door = who
    today = china_day(at)
    seen = seen_by(connection, actor, kind)
    held = store.find(connection, kind, named.key, seen, unit=named.unit)
    year = years_of(connection, [held.id], today.year)[held.id]
    hand = Hand(actor.id, _role(actor, reviews, held, year), at, door)
    found = look_at(connection, kind, reviews, [held], today)[held.id].found
    return Turn(kind, reviews, held, year, hand, found)


def _role(actor: Actor, reviews: Reviews, held: Held, year: Year) -> Role:
    if not may_review(actor, reviews, held.unit.path):
        raise _refused(
            Wording("您无权年审", "you may not review this"),
            Wording("须由片区或专委会审核。", "It takes the cluster or the committee."),
        )
    if year.waiting and year.waiting.asked_by_id == actor.id:
        raise _refused(
            Wording("不能审核自己申请的年审", "nobody reviews what they asked for"),
            Wording("请由他人审核。", "Somebody else must."),
        )
    if held.state is RecordState.RETIRED:
        raise _refused(
            Wording("已注销，不再年审", "it is retired"),
            Wording("已注销的只供查阅。", "It can only be read."),
        )
    return min(actor.roles_over(held.unit.path) & reviews.reviewers)


def _refused(problem: Wording, remedy: Wording) -> Refused:
    return Refused(problem, remedy=remedy, where="by")


def _not_at_once(turn: Turn) -> Wording | None:
    """Return why a record is not passed with others, None when it is."""
    if turn.found:
        labels = [turn.reviews.by_key[each].label for each in turn.found]
        return Wording("、".join(each.zh for each in labels), ", ".join(each.en for each in labels))
    return Wording("今年已有年审结论", "the year has its review") if turn.corrects else None
