"""A bulletin and violations written as sheets."""

from pathlib import Path

from casework.buses.sheets import write_bulletin, write_violations
from casework.events import Door
from casework.exporting.sheet import Taking, Written
from cli import reading
from cli.bus_pages import Asked
from cli.desk import Desk
from cli.printing import Answer, lines
from cli.troubles import Usage
from rules.wording import Wording


def bulletin_sheet(desk: Desk, day: str, to: Path) -> Answer:
    if not day:
        raise Usage(
            Wording("没有说明哪一天", "nobody said which day"),
            remedy=Wording("请加日期，如 2026-03-02。", "Add a day, such as 2026-03-02."),
            where="DAY",
        )
    with desk.office() as office:
        done = write_bulletin(office, reading.day("DAY")(day), to, _taking(desk))
    return written(desk, to, done)


def violation_sheet(desk: Desk, asked: Asked, to: Path) -> Answer:
    with desk.office() as office:
        done = write_violations(office, asked.narrow(), to, _taking(desk))
    return written(desk, to, done)


def written(desk: Desk, to: Path, done: Written) -> Answer:
    """Say that a sheet was written, and the receipt of its leaving."""
    told = Wording(f"已写 {done.rows} 条到 {to}", f"wrote {done.rows} rows to {to}")
    receipt = Wording(f"回执 {done.receipt}", f"receipt {done.receipt}")
    return Answer(done._asdict(), lines(desk.say(told), desk.say(receipt)))


def _taking(desk: Desk) -> Taking:
    return Taking(desk.by, desk.at, Door.CLI, desk.locale)
