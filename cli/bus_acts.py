"""Feeding, simulating, bulletins and vetoes from the command line."""

import csv
from pathlib import Path

from casework.buses import bulletins, vetoing
from casework.buses.feeding import Fed, feed_buses
from casework.buses.reading import read_lines
from casework.buses.simulating import simulate
from casework.buses.vetoing import Vetoed, Which
from casework.clock import now
from casework.events import Door
from cli import reading
from cli.desk import Desk
from cli.printing import Answer, lines
from cli.troubles import REFUSED, Usage
from rules.wording import Wording

_MOST = 20


def feed_file(desk: Desk, file: Path, source: str) -> Answer:
    path = reading.existing(file, "FILE")
    try:
        with desk.office() as office, path.open(encoding="utf-8-sig", newline="") as opened:
            fed = feed_buses(
                office, read_lines(opened, now=desk.at), source=source[:40], by=desk.by,
                at=desk.at, door=Door.CLI,
            )  # fmt: skip
    except (UnicodeDecodeError, csv.Error) as fault:
        raise Usage(
            Wording("不是 UTF-8 的 CSV", "it is no CSV in UTF-8"),
            remedy=Wording("请另存为 UTF-8 的 CSV。", "Save it as CSV in UTF-8."),
            where="FILE",
        ) from fault
    data = {
        "new": fed.new, "known": fed.known, "offences": fed.offences, "cases": fed.cases,
        "strangers": sorted(fed.strangers),
        "bad": [{"line": each.line, "field": each.label, "problem": each.problem.zh}
                for each in fed.bad],
    }  # fmt: skip
    return Answer(data, lines(*_told(desk, fed)), REFUSED if fed.bad else 0)


def simulate_file(desk: Desk, file: Path | None, days: int, seed: int) -> Answer:
    if file is None:
        raise Usage(
            Wording("没有说明写到哪里", "nobody said where to"),
            remedy=Wording("请给文件名，或 --post 地址。", "Name a file, or --post an address."),
            where="FILE",
        )
    if file.exists():
        raise Usage(
            Wording(f"{file} 已存在", f"{file} is there already"),
            remedy=Wording("请换一个文件名。", "Give another name."),
            where="FILE",
        )
    with desk.office() as office:
        rows = list(simulate(office, days=days, seed=seed, by=desk.by, at=desk.at))
    with file.open("x", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows(rows)
    count = len(rows) - 1
    told = Wording(f"已写 {count} 条到 {file}", f"wrote {count} rows to {file}")
    return Answer({"rows": count, "file": str(file)}, lines(desk.say(told)))


def make_all(desk: Desk, *, dry_run: bool) -> Answer:
    with desk.office() as office:
        made = bulletins.make_bulletins(
            office, as_of=desk.at, ran_at=now(), door=Door.CLI, dry_run=dry_run
        )
    told = [Wording(f"已生成 {each}", f"made {each}") for each in made.numbers]
    told += [Wording(f"一概否决 {each}", f"vetoed {each}") for each in made.vetoed]
    if dry_run:
        told = [Wording(f"将生成 {each} 的通报", f"{each} would be made") for each in made.days]
    told = told or [Wording("没有要生成的通报", "no bulletin is due")]
    data = {
        "days": [each.isoformat() for each in made.days], "numbers": made.numbers,
        "vetoed": made.vetoed, "cases": made.cases, "pruned": made.pruned, "dry_run": dry_run,
    }  # fmt: skip
    return Answer(data, lines(*map(desk.say, told)))


def veto_one(desk: Desk, which: tuple[str, str, str], reason: str) -> Answer:
    with desk.office() as office:
        done = vetoing.veto(office, Which(*which), reason, by=desk.by, at=desk.at, door=Door.CLI)
    return _done(desk, done, Wording(f"{done.key} 已一概否决", f"{done.key} is vetoed"))


def lift_one(desk: Desk, which: tuple[str, str, str], reason: str) -> Answer:
    with desk.office() as office:
        done = vetoing.lift(office, Which(*which), reason, by=desk.by, at=desk.at, door=Door.CLI)
    return _done(desk, done, Wording(f"{done.key} 已解除否决", f"{done.key}: the veto is lifted"))


def _done(desk: Desk, done: Vetoed, said: Wording) -> Answer:
    receipt = Wording(f"回执 {done.receipt}", f"receipt {done.receipt}")
    return Answer(done._asdict(), lines(desk.say(said), desk.say(receipt)))


def _told(desk: Desk, fed: Fed) -> list[str]:
    told = [Wording(
        f"新 {fed.new} 条，已有 {fed.known} 条，违法 {fed.offences} 条",
        f"{fed.new} new, {fed.known} known, {fed.offences} offences",
    )]  # fmt: skip
    told += [Wording(f"已立案 {each}", f"raised {each}") for each in fed.cases]
    told += [
        Wording(f"未登记的车牌 {each}", f"a plate of no register: {each}")
        for each in sorted(fed.strangers)[:_MOST]
    ]
    told += [
        Wording(
            f"第 {each.line} 行 {each.label}：{each.problem.zh}",
            f"line {each.line}, {each.label}: {each.problem.en}",
        )
        for each in fed.bad[:_MOST]
    ]
    return [desk.say(each) for each in told]
