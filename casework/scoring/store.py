"""Assessments as they lie in the database: found, and written together with their history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, exists, insert, select, update

from casework.errors import Conflict
from casework.events import Happening
from casework.people import Unit
from casework.records import START, Entry, Subject, write_record
from casework.registers.store import Hand
from casework.scoring.places import Named, no_assessment
from casework.scoring.sheets import sheets_by_number
from models.tables import ASSESSMENTS, ORGANISATIONS
from rules.proof import canonical
from rules.scoring.acts import ScoringAct, ScoringStage
from rules.scoring.points import Evidence, Mark, Score, score
from rules.scoring.sheets import Sheet
from rules.wording import Wording

SUBJECT = "assessment"
_ROWS = ASSESSMENTS.c
FOUND = select(
    ASSESSMENTS,
    ORGANISATIONS.c.code.label("unit_code"),
    ORGANISATIONS.c.name.label("unit_name"),
    ORGANISATIONS.c.kind.label("unit_kind"),
    ORGANISATIONS.c.path.label("unit_path"),
).join(ORGANISATIONS, ORGANISATIONS.c.id == _ROWS.unit_id)
_newer = ASSESSMENTS.alias("newer")
NEWEST = ~exists().where(
    _newer.c.sheet == _ROWS.sheet, _newer.c.year == _ROWS.year, _newer.c.unit_id == _ROWS.unit_id,
    _newer.c.version > _ROWS.version,
)  # fmt: skip
"""The last version."""
STANDING = (_ROWS.stage == ScoringStage.FROZEN) & ~exists().where(
    _newer.c.sheet == _ROWS.sheet, _newer.c.year == _ROWS.year, _newer.c.unit_id == _ROWS.unit_id,
    _newer.c.version > _ROWS.version, _newer.c.stage == ScoringStage.FROZEN,
)  # fmt: skip
"""The version that counts: frozen, and not corrected by another."""


class Held(NamedTuple):
    """An assessment as it is. ``signatures`` are person and moment by stage."""

    id: int
    named: Named
    version: int
    stage: ScoringStage
    as_of: datetime
    marks: Mapping[str, Mark]
    number: str
    reason: str
    signatures: Mapping[str, Mapping[str, Any]]
    frozen_at: datetime | None
    content: str
    entry: Entry

    @property
    def score(self) -> Score:
        return score(self.named.sheet, self.marks)

    @property
    def subject(self) -> Subject:
        sheet, year, unit = self.named
        return Subject(SUBJECT, self.id, sheet.number(year, unit.code, self.version))

    @property
    def receipt(self) -> str:
        return f"{SUBJECT}:{self.subject.name}/{self.entry.seq}/{self.entry.hash[:8]}"


Told = Sequence[tuple[ScoringAct, Mapping[str, Any]]]


def newest(connection: Connection, named: Named, *, lock: bool = False) -> Held | None:
    """Return the last version; None when there is none yet."""
    wanted = _versions(named).order_by(_ROWS.version.desc()).limit(1)
    found = _read_all(connection, wanted.with_for_update(of=ASSESSMENTS) if lock else wanted)
    return found[0] if found else None


def find(connection: Connection, named: Named, version: int = 0, *, lock: bool = False) -> Held:
    """Return a version, the last one for 0; raise NotFound."""
    held = newest(connection, named, lock=lock)
    if version:
        found = _read_all(connection, _versions(named).where(_ROWS.version == version))
        held = found[0] if found else None
    if held is None:
        raise no_assessment(named)
    return held


def all_versions(connection: Connection, named: Named) -> list[Held]:
    return _read_all(connection, _versions(named).order_by(_ROWS.version))


def read_standing(connection: Connection, sheet: str, year: int) -> list[Held]:
    """Return the assessments of a sheet and year that count."""
    return _read_all(connection, FOUND.where(_ROWS.sheet == sheet, _ROWS.year == year, STANDING))


def add(connection: Connection, held: Held, hand: Hand, told: Told) -> Held:
    """Insert a new version with the beginning of its history."""
    begun = _tell(connection, held._replace(entry=START), hand, told)
    sheet, year, unit = held.named
    own = {
        "id": held.id, "sheet": sheet.key, "sheet_version": sheet.version, "year": year,
        "unit_id": unit.id, "version": held.version, "reason": held.reason,
    }  # fmt: skip
    connection.execute(insert(ASSESSMENTS), {**own, **_changing(begun)})
    return begun


def change(connection: Connection, held: Held, hand: Hand, told: Told) -> Held:
    """Write ``held`` as it now shall be, with an event for each act, in order."""
    after = _tell(connection, held, hand, told)
    connection.execute(update(ASSESSMENTS).where(_ROWS.id == held.id).values(**_changing(after)))
    return after


def written(held: Held, name: str = "") -> str:
    """Return its canonical JSON, which is frozen; ``name`` is what the unit was called then."""
    sheet, year, unit = held.named
    whole = held.score
    return canonical({
        "sheet": sheet.key, "sheet_version": sheet.version, "year": year, "unit": unit.code,
        "name": name or unit.name, "version": held.version, "reason": held.reason,
        "as_of": held.as_of.isoformat(), "marks": plain(held.marks),
        "signatures": dict(held.signatures), "points": whole.points, "result": whole.result.value,
    })  # fmt: skip


def plain(marks: Mapping[str, Mark]) -> dict[str, Any]:
    """Return marks as they are kept, and hashed."""
    return {
        key: {
            **mark._asdict(), "taken": dict(mark.taken),
            "evidence": [list(each) for each in mark.evidence],
            "figures": list(mark.figures) if mark.figures else None,
        }
        for key, mark in marks.items()
    }  # fmt: skip


def require_stage(held: Held, stage: ScoringStage | None) -> None:
    """Raise Conflict when it has left the stage that its reader saw."""
    if stage is not None and stage is not held.stage:
        raise Conflict(
            Wording(
                f"已到“{held.stage.label.zh}”", f"it is at the {held.stage.label.en} meanwhile"
            ),
            remedy=Wording("请刷新后查看。", "Look at it again."),
            where="stage",
        )


def _versions(named: Named) -> Any:  # noqa: ANN401 — a Select of many columns
    return FOUND.where(
        _ROWS.sheet == named.sheet.key, _ROWS.year == named.year, _ROWS.unit_id == named.unit.id
    )


def _read_all(connection: Connection, wanted: Any) -> list[Held]:  # noqa: ANN401 — as above
    rows = connection.execute(wanted).all()
    known = {key: sheets_by_number(connection, key) for key in {row.sheet for row in rows}}
    return [_read(row, known[row.sheet][row.sheet_version]) for row in rows]


def _read(row: Row[Any], sheet: Sheet) -> Held:
    unit = Unit(row.unit_id, row.unit_code, row.unit_name, row.unit_kind, row.unit_path)
    named = Named(sheet, row.year, unit)
    marks = {key: _mark(kept) for key, kept in row.marks.items()}
    return Held(
        row.id, named, row.version, ScoringStage(row.stage), row.as_of, marks, row.number or "",
        row.reason, row.signatures, row.frozen_at, row.content, Entry(row.seq, row.head),
    )  # fmt: skip


def _tell(connection: Connection, held: Held, hand: Hand, told: Told) -> Held:
    entry = held.entry
    for act, body in told:
        happening = Happening(act.value, hand.by, hand.role.value, hand.door, hand.at, body)
        entry = write_record(connection, held.subject, happening, entry)
    return held._replace(entry=entry)


def _changing(held: Held) -> dict[str, Any]:
    points, automatic, result, *_ = held.score
    return {
        "stage": held.stage, "as_of": held.as_of, "marks": plain(held.marks), "points": points,
        "automatic": automatic, "result": result, "number": held.number or None,
        "signatures": dict(held.signatures), "frozen_at": held.frozen_at, "content": held.content,
        "seq": held.entry.seq, "head": held.entry.hash,
    }  # fmt: skip


def _mark(kept: Mapping[str, Any]) -> Mark:
    figures = kept["figures"]
    whole = {**kept, "evidence": tuple(Evidence(*each) for each in kept["evidence"])}
    return Mark(**{**whole, "figures": (figures[0], figures[1]) if figures else None})
