"""What a review decides, written at once: its row, its event, the case of what failed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, update

from casework.errors import Invalid
from casework.intake import Intake, Report
from casework.numbering import take_ids
from casework.office import Office
from casework.raising import Hazard, category_of, raise_cases
from casework.records import Entry
from casework.registers import writing
from casework.registers.store import Draft, Hand, Held, receipt_of
from casework.reviews.asking import SERIES
from casework.reviews.store import Year, end_duties, open_asking
from models.tables import REGISTER_REVIEWS
from rules.registers.acts import RegisterAct
from rules.registers.kinds import Kind
from rules.registers.outcomes import ReviewOutcome
from rules.registers.reviews import Reviews, Verdict, unfit
from rules.workdays import china_day


class Turn(NamedTuple):
    """A record under review, its year so far, who reviews it, and what speaks against passing."""

    kind: Kind
    reviews: Reviews
    held: Held
    year: Year
    hand: Hand
    found: Sequence[str]

    @property
    def today(self) -> date:
        return china_day(self.hand.at)

    @property
    def corrects(self) -> bool:
        """Whether the year has its review, and nobody asked for another."""
        return self.year.last is not None and self.year.waiting is None

    @property
    def before(self) -> date | None:
        """Return the day of the last review before this year's first."""
        if self.year.last:
            found: date | None = self.year.last.before
            return found
        text = self.held.values.get(self.kind.reviewed, "")
        return date.fromisoformat(text) if text else None


class Decided(NamedTuple):
    """``case`` is the number of the case that a failed review raised, '' for none."""

    unit: str
    key: str
    outcome: str
    case: str
    receipt: str


_Case = tuple[int, str]


def decide(office: Office, connection: Connection, turn: Turn, verdict: Verdict) -> Decided:
    """Write a verdict; raise Invalid for one that cannot stand."""
    fault = unfit(turn.reviews, verdict, turn.found, turn.today, again=turn.corrects)
    if fault:
        raise Invalid(fault.problem, remedy=fault.remedy, where=fault.where)
    kind, reviews, held, hand = turn.kind, turn.reviews, turn.held, turn.hand
    failed = verdict.outcome is ReviewOutcome.FAILED
    case = _raise(office, connection, turn, verdict) if failed else None
    review = _put(connection, turn, verdict, case)
    entry = _write(connection, turn, verdict, case)
    end_duties(connection, [reviews.asking, reviews.reviewing], kind, [held], hand)
    if verdict.until:
        open_asking(connection, kind, reviews, [(held, f"{review}", verdict.until)], hand)
    return Decided(
        held.unit.name, held.key, verdict.outcome.value, case[1] if case else "",
        receipt_of(kind, held.key, entry),
    )  # fmt: skip


def _raise(office: Office, connection: Connection, turn: Turn, verdict: Verdict) -> _Case:
    """Return id and number of the case; it names the record by its key alone."""
    kind, held, hand = turn.kind, turn.held, turn.hand
    reasons = [turn.reviews.by_key[each] for each in verdict.reasons]
    book = office.rulebooks.at(connection, hand.at)
    labels = "、".join(each.zh for each in reasons)
    told = Report(
        held.unit.code,
        f"{kind.zh}“{held.key}”{turn.today.year} 年年审未通过：{labels}",
        category_of(kind.category, book).key,
        measure="；".join(dict.fromkeys(each.measure for each in reasons)),
        source=turn.reviews.source,
    )
    said = {"review": {"kind": kind.key, "key": held.key}}
    intake = Intake(book, None, hand.at, hand.door)
    return raise_cases(connection, intake, [Hazard(held.unit, told, said)]).cases[0]


def _put(connection: Connection, turn: Turn, verdict: Verdict, case: _Case | None) -> int:
    """Write the review, into the row that waits for it if there is one; return its id."""
    columns = {
        **verdict._asdict(), "reasons": list(verdict.reasons), "before": turn.before,
        "year": turn.today.year, "by_id": turn.hand.by, "at": turn.hand.at,
        "case_id": case[0] if case else None,
    }  # fmt: skip
    if turn.year.waiting:
        number: int = turn.year.waiting.id
        of_it = update(REGISTER_REVIEWS).where(REGISTER_REVIEWS.c.id == number)
        connection.execute(of_it.values(columns))
        return number
    (number,) = take_ids(connection, SERIES, 1)
    row = {"id": number, "record_id": turn.held.id, **columns}
    connection.execute(insert(REGISTER_REVIEWS), row)
    return number


def _write(connection: Connection, turn: Turn, verdict: Verdict, case: _Case | None) -> Entry:
    """Write the event, and with it the day of the last review, which is none that failed."""
    kind, held = turn.kind, turn.held
    day = turn.before if verdict.outcome is ReviewOutcome.FAILED else turn.today
    others = {name: text for name, text in held.values.items() if name != kind.reviewed}
    values = {**others, **({kind.reviewed: day.isoformat()} if day else {})}
    # What was written may name people: it stands as digests.
    words = {"reason": verdict.why or verdict.note, "note": verdict.note if verdict.why else ""}
    draft = Draft(
        RegisterAct.REVIEW, held.unit, values, held,
        said={"review": _said(turn, verdict, case)},
        words={name: text for name, text in words.items() if text},
    )  # fmt: skip
    ((_, entry),) = writing.write(connection, kind, turn.hand, [draft])
    return entry


def _said(turn: Turn, verdict: Verdict, case: _Case | None) -> Mapping[str, Any]:
    said = {
        "year": turn.today.year, "outcome": verdict.outcome.value,
        "reasons": list(verdict.reasons), "case": case[1] if case else "",
        "until": verdict.until.isoformat() if verdict.until else "",
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}
