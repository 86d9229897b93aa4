"""Inspections and plans out as workbooks, plans in, from the command line."""

from pathlib import Path

from casework.events import Door
from casework.exporting.sheet import Taking, Written
from casework.inspections.listing import Wanted
from casework.inspections.plan_importing import import_plans
from casework.inspections.plan_sheets import export_plans
from casework.inspections.sheets import export_inspections
from cli.desk import Desk
from cli.printing import Answer, lines
from cli.register_ledgers import bring_in
from rules.wording import Wording


def import_all(
    desk: Desk, file: Path, how: tuple[bool, bool], unit: str, errors: Path | None
) -> Answer:
    return bring_in(desk, file, how, errors, lambda office, path, told: import_plans(
        office, path, by=desk.by, at=desk.at, default_unit=unit, **told,
    ))  # fmt: skip


def export_all(desk: Desk, file: Path, wanted: Wanted) -> Answer:
    with desk.office() as office:
        return _done(desk, file, export_inspections(office, file, wanted, _taking(desk)))


def export_breakdown(desk: Desk, number: str, file: Path) -> Answer:
    with desk.office() as office:
        return _done(desk, file, export_plans(office, file, _taking(desk), number=number))


def _taking(desk: Desk) -> Taking:
    return Taking(desk.by, desk.at, Door.CLI, desk.locale)


def _done(desk: Desk, file: Path, written: Written) -> Answer:
    told = Wording(f"已导出 {written.rows} 行到 {file}", f"{written.rows} rows written to {file}")
    receipt = Wording(f"回执 {written.receipt}", f"receipt {written.receipt}")
    return Answer(written._asdict(), lines(desk.say(told), desk.say(receipt)))
