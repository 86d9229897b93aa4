"""Registers in and out as ledgers, from the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from casework.events import Door
from casework.office import Office
from casework.registers.exporting import export_register
from casework.registers.importing import Imported, import_register
from casework.registers.narrowing import Narrow
from cli import reading
from cli.desk import Desk
from cli.printing import Answer, lines
from cli.troubles import Usage
from rules.wording import Wording


def import_one(
    desk: Desk,
    kind: str,
    file: Path,
    how: tuple[bool, bool],
    unit: str,
    errors: Path | None,
) -> Answer:
    return bring_in(desk, file, how, errors, lambda office, path, told: import_register(
        office, path, kind, by=desk.by, at=desk.at, default_unit=unit, **told,
    ))  # fmt: skip


def bring_in(
    desk: Desk,
    file: Path,
    how: tuple[bool, bool],
    errors: Path | None,
    bring: Callable[[Office, Path, dict[str, Any]], Imported],
) -> Answer:
    """Import a ledger; ``how`` says whether it is a rehearsal, and whether good rows suffice."""
    (dry_run, partial), path = how, reading.existing(file, "FILE")
    errors = errors or Path(f"{path.stem}.错误.xlsx")
    if errors.suffix.lower() != ".xlsx" or errors.resolve() == path.resolve():
        raise Usage(
            Wording(f"错行不能写到 {errors}", f"refused rows cannot be written to {errors}"),
            remedy=Wording("请另给一个 .xlsx 文件名。", "Give another name that ends in .xlsx."),
            where="--errors",
        )
    with desk.office() as office:
        told = {"dry_run": dry_run, "partial": partial, "errors_to": errors}
        imported = bring(office, path, told)
    problems = [
        {
            "sheet": each.sheet, "row": each.row, "field": each.field,
            "problem": each.wording, "remedy": each.remedy,
        }
        for each in imported.problems
    ]  # fmt: skip
    data = {name: getattr(imported, name) for name in Imported.__slots__} | {"problems": problems}
    faults = [
        f"{each.sheet} {each.row} {each.field}: {desk.say(each.wording)} {desk.say(each.remedy)}"
        for each in imported.problems
    ]
    held_back = imported.rejected > 0 and not partial
    return Answer(data, lines(desk.say(_said(imported)), *faults), 1 if held_back else 0)


def export_one(desk: Desk, kind: str, file: Path, place: str, *, reveal: bool, why: str) -> Answer:
    with desk.office() as office:
        done = export_register(
            office, kind, file, by=desk.by, at=desk.at, door=Door.CLI,
            narrow=Narrow(place), reveal=reveal, why=why,
        )  # fmt: skip
    told = Wording(f"已导出 {done.rows} 条到 {file}", f"{done.rows} written to {file}")
    receipt = Wording(f"回执 {done.receipt}", f"receipt {done.receipt}")
    return Answer(done._asdict(), lines(desk.say(told), desk.say(receipt)))


def _said(imported: Imported) -> Wording:
    zh = (
        f"{imported.file}：{imported.rows} 行，登记 {imported.added}，变更 {imported.changed}，"
        f"未变 {imported.same}，错行 {imported.rejected}"
    )
    en = (
        f"{imported.file}: {imported.rows} rows, {imported.added} added, "
        f"{imported.changed} changed, {imported.same} the same, {imported.rejected} refused"
    )
    if imported.landed:
        return Wording(zh, en)
    return Wording(f"未写入。{zh}", f"nothing written. {en}")
