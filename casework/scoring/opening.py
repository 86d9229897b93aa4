"""Assessments opened: the year's call to all schools, and a school's own sheet, begun in full."""

from datetime import datetime

from sqlalchemy import Connection, select

from casework.duties.opening import Wanted, open_duties
from casework.events import Door
from casework.numbering import take_ids
from casework.office import Office
from casework.people import Unit, find_actor, require
from casework.records import START
from casework.registers.store import Hand
from casework.scoring import store
from casework.scoring.places import Named, Which, find_named, require_turn, require_year
from casework.scoring.reckoning import reckon
from casework.scoring.sheets import sheet_for
from casework.scoring.store import Held
from models import Place
from models.tables import ORGANISATIONS
from rules.access import Verb
from rules.scoring.acts import FILLS, ScoringAct, ScoringStage
from rules.scoring.points import Mark
from rules.scoring.sheets import HONOUR, Sheet
from rules.wording import Wording

DUTY = "assessment"


def call_year(
    office: Office, written: str, year: int, *, by: str, at: datetime, door: Door
) -> tuple[int, int]:
    """Make the year's assessment a duty of every school; return how many are new, and of all.

    Calling again adds only schools that are new. Raise Refused for who may not, NotFound, Invalid.
    """
    require_year(year)
    with office.writing() as connection:
        sheet = sheet_for(connection, written, year)
        actor = find_actor(connection, by)
        schools = _schools(connection)
        root = connection.execute(_ROOT).scalar_one()
        require(actor, Verb.SWEEP, root)
        wanted = [_duty(Named(sheet, year, each)) for each in schools]
        return open_duties(connection, wanted, at, door=door), len(wanted)


def open_assessment(office: Office, which: Which, *, by: str, at: datetime, door: Door) -> Held:
    """Return the school's assessment, begun with full points and the automatic items if new.

    Raise Refused for who may not, NotFound, Invalid.
    """
    with office.writing() as connection:
        actor = find_actor(connection, by)
        named = find_named(connection, actor, which)
        if held := store.newest(connection, named):
            return held
        role = require_turn(actor, named, ScoringStage.SCHOOL, FILLS[ScoringStage.SCHOOL])
        # Who takes an id waits for whoever took one before: then it sees what they opened.
        (number,) = take_ids(connection, "assessments", 1)
        if held := store.newest(connection, named):
            return held
        policy = office.rulebooks.at(connection, at).policy
        marks = reckon(connection, policy, named, _full(named.sheet), at)
        new = Held(
            number, named, 1, ScoringStage.SCHOOL, at, marks, "", "", {}, None, "", START
        )  # fmt: skip
        body = {"sheet": named.sheet.key, "sheet_version": named.sheet.version,
                "year": named.year, "unit": named.unit.code}  # fmt: skip
        return store.add(connection, new, Hand(actor.id, role, at, door), [(ScoringAct.OPEN, body)])


_ROOT = select(ORGANISATIONS.c.path).where(ORGANISATIONS.c.kind == Place.COMMITTEE)


def _schools(connection: Connection) -> list[Unit]:
    places = ORGANISATIONS.c
    rows = connection.execute(
        select(places.id, places.code, places.name, places.kind, places.path)
        .where(places.kind == Place.UNIT)
        .order_by(places.path)
    )
    return [Unit(*row) for row in rows]


def _duty(named: Named) -> Wanted:
    sheet, year, unit = named
    title = Wording(f"{unit.name} {year} 年{sheet.zh}自评", f"{sheet.en} {year}, {unit.name}")
    return Wanted(DUTY, named.duty, unit.id, sheet.due_on(year), title, f"/assessments?year={year}")


def _full(sheet: Sheet) -> dict[str, Mark]:
    flags = {each.key: Mark(0) for each in sheet.vetoes}
    return {**{each.key: Mark(each.points) for each in sheet.items}, **flags, HONOUR: Mark(0)}
