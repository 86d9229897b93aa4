"""Adding, changing, retiring and checking records from the command line."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from casework import clock
from casework.events import Door
from casework.registers.acts import Kept, add_record, change_record, retire_record
from casework.registers.attaching import attach_files
from casework.registers.checking import Checked, check_registers
from casework.registers.reckoning import reckon_standings
from casework.stock.mixing import CLASH, raise_clashes
from cli import reading
from cli.desk import Desk
from cli.printing import Answer, lines
from rules.registers.acts import RegisterAct
from rules.wording import Wording
from rules.workdays import china_day


def add_one(desk: Desk, kind: str, unit: str, typed: Mapping[str, str]) -> Answer:
    with desk.office() as office:
        kept = add_record(office, kind, unit, typed, by=desk.by, at=desk.at, door=Door.CLI)
    return _done(desk, kept)


def change_one(desk: Desk, kind: str, which: tuple[str, str], typed: Mapping[str, str]) -> Answer:
    key, unit = which
    with desk.office() as office:
        kept = change_record(
            office, kind, key, typed, by=desk.by, at=desk.at, door=Door.CLI, unit=unit
        )
    return _done(desk, kept)


def retire_one(desk: Desk, kind: str, which: tuple[str, str], reason: str) -> Answer:
    key, unit = which
    with desk.office() as office:
        kept = retire_record(
            office, kind, key, reason, by=desk.by, at=desk.at, door=Door.CLI, unit=unit
        )
    return _done(desk, kept)


def attach_all(desk: Desk, kind: str, which: tuple[str, str], files: Sequence[Path]) -> Answer:
    key, unit = which
    paths = [reading.existing(each, "FILE") for each in files]
    with desk.office() as office:
        stored = [office.evidence.put(each, name=each.name) for each in paths]
        kept = attach_files(
            office, kind, key, stored, by=desk.by, at=desk.at, door=Door.CLI, unit=unit
        )
    return _done(desk, kept)


def check_all(desk: Desk, *, dry_run: bool) -> Answer:
    now = clock.now()
    with desk.office() as office:
        reckon_standings(office, today=china_day(now))
        checked = check_registers(office, as_of=desk.at, ran_at=now, door=Door.CLI, dry_run=dry_run)
        clashes = raise_clashes(office, at=now, door=Door.CLI, dry_run=dry_run)
        checked.with_cases(CLASH, clashes)
    data = {name: getattr(checked, name) for name in Checked.__slots__}
    return Answer(data, lines(desk.say(_said(checked)), *checked.cases))


def _said(checked: Checked) -> Wording:
    zh = f"看了 {checked.looked_at} 条，立案 {checked.raised} 件，已有案件 {checked.linked} 件"
    en = f"{checked.looked_at} looked at, {checked.raised} raised, {checked.linked} known already"
    return (
        Wording(f"试运行，未写入：{zh}", f"dry run: {en}") if checked.dry_run else Wording(zh, en)
    )


def _done(desk: Desk, kept: Kept) -> Answer:
    label = RegisterAct(kept.act).label
    told = Wording(f"{label.zh} {kept.key}({kept.unit})", f"{label.en} {kept.key} of {kept.unit}")
    receipt = Wording(f"回执 {kept.receipt}", f"receipt {kept.receipt}")
    return Answer(kept._asdict(), lines(desk.say(told), desk.say(receipt)))
