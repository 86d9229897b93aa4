"""Records by how their yearly review stands, and one of them with all its reviews, masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Text, case, func, select, type_coerce

from casework.office import Office
from casework.page_keys import read_id_key
from casework.people import find_actor, names_of
from casework.registers import store
from casework.registers.listing import finding_row
from casework.registers.places import seen_by, under
from casework.registers.store import FOUND, Held, read
from casework.reviews.deciding import may_review
from casework.reviews.looking import look_at
from casework.reviews.opening import is_done
from casework.reviews.store import Named, find_reviewed, years_of
from models import RecordState
from models.tables import CASES, REGISTER_RECORDS, REGISTER_REVIEWS
from rules.access import Actor
from rules.registers.kinds import Kind
from rules.registers.masking import masked
from rules.registers.outcomes import ReviewStatus
from rules.registers.reviews import Reviews

MOST_PER_PAGE = 200
_TO_ASK = frozenset({ReviewStatus.DUE, ReviewStatus.CONDITIONAL, ReviewStatus.FAILED})
_RECORDS = REGISTER_RECORDS.c
_WAITING, _LAST, _LATER = (REGISTER_REVIEWS.alias(name) for name in ("waiting", "last", "later"))


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Rows of a list, how many records stand how (whatever the list is narrowed to), and the key of
    the page after it ('' on the last).
    """

    rows: Sequence[Mapping[str, Any]]
    counts: Mapping[ReviewStatus, int]
    after: str


def list_reviews(
    office: Office,
    written: str,
    *,
    by: str,
    today: date,
    status: ReviewStatus | None = None,
    place: str = "",
    size: int = 50,
    after: str = "",
) -> ReviewPage:
    """Return the active records where ``by`` may look, and how each stands in the year of
    ``today``. Raise NotFound for a place, Invalid for a key.
    """
    kind, reviews = find_reviewed(written)
    size = max(1, min(size, MOST_PER_PAGE))
    with office.reading() as connection:
        actor = find_actor(connection, by)
        where = [seen_by(connection, actor, kind), _RECORDS.state == RecordState.ACTIVE]
        where += [under(connection, place)] if place else []
        stands = _status(kind, today.year)
        wanted = _joined(FOUND.add_columns(stands.label("stands")), today.year).where(*where)
        wanted = wanted.where(stands == status) if status else wanted
        wanted = wanted.where(_RECORDS.id > read_id_key(after)) if after else wanted
        rows = connection.execute(wanted.order_by(_RECORDS.id).limit(size + 1)).all()
        counts = _counts(connection, stands, where, today.year)
        shown = _rows(connection, kind, reviews, rows[:size], (actor, today))
    return ReviewPage(shown, counts, f"{rows[size - 1].id}" if len(rows) > size else "")


def open_review(
    office: Office, written: str, named: Named, *, by: str, today: date
) -> dict[str, Any]:
    """Return a record, how its year stands, its reviews and, for who reviews it, what there is to
    look at. Raise NotFound.
    """
    kind, reviews = find_reviewed(written)
    with office.reading() as connection:
        actor = find_actor(connection, by)
        seen = seen_by(connection, actor, kind)
        held = store.find(connection, kind, named.key, seen, unit=named.unit)
        year = years_of(connection, [held.id], today.year)[held.id]
        one = _joined(select(_status(kind, today.year)), today.year)
        stands = connection.execute(one.where(_RECORDS.id == held.id)).scalar_one()
        active = held.state is RecordState.ACTIVE
        mine = year.waiting is not None and year.waiting.asked_by_id == actor.id
        decides = may_review(actor, reviews, held.unit.path)
        looks = decides or any(grant.role in kind.reveal for grant in actor.grants)
        return {
            **_shown(kind, held, stands), "active": active,
            "decides": decides and active and not mine,
            "asks": active and _asks(actor, kind, held) and stands in _TO_ASK,
            "corrects": year.last is not None and year.waiting is None,
            "seen": _seen(connection, kind, reviews, held, today) if looks else None,
            "reviews": _reviews(connection, reviews, held.id),
        }  # fmt: skip


def _asks(actor: Actor, kind: Kind, held: Held) -> bool:
    return bool(actor.roles_over(held.unit.path) & kind.edit)


def _joined(wanted: Any, year: int) -> Any:  # noqa: ANN401 — a select of any columns
    """Return the select with what waits and what was decided last in the year beside records."""
    newest = (
        select(func.max(_LATER.c.id))
        .where(
            _LATER.c.record_id == _RECORDS.id, _LATER.c.year == year,
            _LATER.c.outcome.is_not(None),
        )
        .scalar_subquery()
    )  # fmt: skip
    return wanted.outerjoin(
        _WAITING, (_WAITING.c.record_id == _RECORDS.id) & _WAITING.c.outcome.is_(None)
    ).outerjoin(_LAST, _LAST.c.id == newest)


def _status(kind: Kind, year: int) -> ColumnElement[str]:
    """Return the column that holds a ``ReviewStatus``; what a first ledger brought in is passed."""
    return case(
        (_WAITING.c.id.is_not(None), ReviewStatus.ASKED.value),
        (_LAST.c.id.is_not(None), type_coerce(_LAST.c.outcome, Text)),
        (is_done(kind, year), ReviewStatus.PASSED.value),
        else_=ReviewStatus.DUE.value,
    )


def _counts(
    connection: Connection, stands: ColumnElement[str], where: Sequence[ColumnElement[bool]],
    year: int,
) -> Mapping[ReviewStatus, int]:  # fmt: skip
    counted = select(stands, func.count()).select_from(REGISTER_RECORDS)
    rows = connection.execute(_joined(counted, year).where(*where).group_by(stands))
    found = {ReviewStatus(stands): count for stands, count in rows}
    return {each: found.get(each, 0) for each in ReviewStatus}


def _rows(
    connection: Connection, kind: Kind, reviews: Reviews, rows: Sequence[Row[Any]],
    who: tuple[Actor, date],
) -> list[dict[str, Any]]:  # fmt: skip
    actor, today = who
    held = [read(row) for row in rows]
    looks = look_at(connection, kind, reviews, held, today)
    years = years_of(connection, [each.id for each in held], today.year)
    found = []
    for row, each in zip(rows, held, strict=True):
        waiting, last = years[each.id]
        decides = may_review(actor, reviews, each.unit.path)
        against = [reviews.by_key[key].label for key in looks[each.id].found] if decides else []
        found.append({
            **_shown(kind, each, row.stands), "against": against,
            "asked_at": waiting.asked_at if waiting else None,
            "at": last.at if last else None, "until": last.until if last else None,
            "decides": decides and not (waiting and waiting.asked_by_id == actor.id),
            "asks": _asks(actor, kind, each) and row.stands in _TO_ASK,
        })  # fmt: skip
    return found


def _shown(kind: Kind, held: Held, stands: str) -> dict[str, Any]:
    return {
        "id": held.id, "key": held.key, "unit": held.unit.name, "unit_code": held.unit.code,
        "values": masked(kind, held.values), "status": ReviewStatus(stands),
    }  # fmt: skip


def _seen(
    connection: Connection, kind: Kind, reviews: Reviews, held: Held, today: date
) -> dict[str, Any]:
    seen = look_at(connection, kind, reviews, [held], today)[held.id]
    conduct = seen.conduct
    return {
        "rules": [finding_row(kind, each, today) for each in seen.rules],
        "looks": [each._asdict() for each in conduct.looks], "short": list(conduct.short),
        "sessions": conduct.sessions, "attended": conduct.attended,
        "found": [{"key": key, "said": reviews.by_key[key].label} for key in seen.found],
    }  # fmt: skip


def _reviews(connection: Connection, reviews: Reviews, record: int) -> list[dict[str, Any]]:
    """Return all reviews of a record, the newest first."""
    columns = REGISTER_REVIEWS.c
    rows = connection.execute(
        select(REGISTER_REVIEWS, CASES.c.number.label("case_number"))
        .outerjoin(CASES, CASES.c.id == columns.case_id)
        .where(columns.record_id == record)
        .order_by(columns.id.desc())
    ).all()
    names = names_of(connection, {each for row in rows for each in (row.asked_by_id, row.by_id)})
    return [
        {
            "id": row.id, "year": row.year, "asked_at": row.asked_at,
            "asked_by": names.get(row.asked_by_id or 0, ""), "at": row.at,
            "by": names.get(row.by_id or 0, ""), "outcome": row.outcome,
            "said": row.outcome.label if row.outcome else ReviewStatus.ASKED.label,
            "reasons": [reviews.by_key[each] for each in row.reasons if each in reviews.by_key],
            "until": row.until, "note": row.note, "why": row.why, "case": row.case_number or "",
        }
        for row in rows
    ]  # fmt: skip
