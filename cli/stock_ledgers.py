"""Stock ledgers in and out of workbooks, from the command line."""

from pathlib import Path

from casework.events import Door
from casework.stock.exporting import export_stock
from casework.stock.importing import import_stock
from cli.desk import Desk
from cli.printing import Answer, lines
from cli.register_ledgers import bring_in
from rules.wording import Wording


def import_all(
    desk: Desk, file: Path, how: tuple[bool, bool], unit: str, errors: Path | None
) -> Answer:
    return bring_in(desk, file, how, errors, lambda office, path, told: import_stock(
        office, path, by=desk.by, at=desk.at, default_unit=unit, **told,
    ))  # fmt: skip


def export_all(desk: Desk, file: Path, place: str, text: str) -> Answer:
    with desk.office() as office:
        done = export_stock(
            office, file, by=desk.by, at=desk.at, door=Door.CLI, place=place, text=text
        )
    told = Wording(
        f"已导出 {done.chemicals} 种药品、{done.rows} 笔到 {file}",
        f"{done.chemicals} chemicals, {done.rows} lines written to {file}",
    )
    receipt = Wording(f"回执 {done.receipt}", f"receipt {done.receipt}")
    return Answer(done._asdict(), lines(desk.say(told), desk.say(receipt)))
