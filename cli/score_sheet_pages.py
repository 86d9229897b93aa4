"""Score sheets with their versions, and what one changes of another."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import RenderableType

from casework.events import Door
from casework.exporting.sheet import Taking
from casework.scoring.places import Which
from casework.scoring.sheets import SheetVersion, find_version, find_versions, list_sheets
from casework.scoring.workbooks import write_assessment, write_ranking
from cli import words
from cli.bus_sheets import written
from cli.desk import Desk
from cli.printing import Answer, Column, heading, lines, plain_text, table
from rules.scoring.changes import Change, changes, scored
from rules.wording import Wording
from rules.workdays import china_day


def show_sheets(desk: Desk, written: str, which: tuple[int, int], *, as_toml: bool) -> Answer:
    """Show the sheets, or a version of one (0: this year's) and what it changes of another."""
    known = _known(desk, written)
    version, against = which
    shown = [find_version(each, version, china_day(desk.at)) for each in known]
    if as_toml:
        texts = [each.text for each in shown]
        return Answer(texts, lambda out: out.out("\n".join(texts), end="", highlight=False))
    if against and written:
        old = find_version(known[0], against, china_day(desk.at))
        found = changes(old.part, shown[0].part)
        return Answer([each._asdict() for each in found], lines(_changes(desk, found)))
    both = list(zip(shown, known, strict=True))
    parts = [part for each, own in both for part in (*_sheet(desk, each), *_versions(desk, own))]
    return Answer([_plain(*each) for each in both], lines(*parts))


def export_book(desk: Desk, which: tuple[str, int, str], to: Path, version: int) -> Answer:
    """Write one school's assessment, or for no school the year's ranking and coverage."""
    sheet, year, unit = which
    taking = Taking(desk.by, desk.at, Door.CLI, desk.locale)
    with desk.office() as office:
        if unit:
            done = write_assessment(office, Which(*which), to, taking, version=version)
        else:
            done = write_ranking(office, sheet, year, to, taking)
    return written(desk, to, done)


def _known(desk: Desk, written: str) -> list[Sequence[SheetVersion]]:
    with desk.office() as office:
        if not written:
            return list(list_sheets(office).values())
        with office.reading() as connection:
            return [find_versions(connection, written)]


def _plain(shown: SheetVersion, known: Sequence[SheetVersion]) -> dict[str, Any]:
    return {
        **shown.part.model_dump(mode="json", by_alias=True), "digest": shown.digest,
        "versions": [
            {"version": each.part.version, "since": each.part.since, "digest": each.digest,
             "adopted_at": each.adopted_at, "adopted_by": each.adopted_by, "reason": each.reason}
            for each in known
        ],
    }  # fmt: skip


def _sheet(desk: Desk, version: SheetVersion) -> list[RenderableType]:
    sheet = version.part
    said = Wording(
        f"{sheet.key}  {sheet.zh}  第 {sheet.version} 版  "
        f"共 {sheet.total} 分，{sheet.passes} 分达标",
        f"{sheet.key}  {sheet.en}  version {sheet.version}  {sheet.total} points, "
        f"{sheet.passes} pass",
    )
    made = table(
        [Column(Wording("项", "item")), Column(Wording("内容", "what"), ratio=1),
         Column(Wording("分值和扣分", "points and deductions"), ratio=2)],
        desk.locale,
    )  # fmt: skip
    for item in sheet.items:
        made.add_row(item.key, desk.say(item.label), plain_text(desk.say(scored(item))))
    vetoes = Wording(
        "一票否决：" + "；".join(f"{each.key}（{each.zh}）" for each in sheet.vetoes),
        "vetoes: " + "; ".join(f"{each.key} ({each.en})" for each in sheet.vetoes),
    )
    return [heading(desk.say(said)), made, plain_text(desk.say(vetoes))]


def _versions(desk: Desk, known: Sequence[SheetVersion]) -> list[RenderableType]:
    return [plain_text(desk.say(_version(each))) for each in known]


def _version(version: SheetVersion) -> Wording:
    sheet, at = version.part, version.adopted_at
    by = f"{version.adopted_by}, {words.moment(at)}: {version.reason}" if at else ""
    return Wording(
        f"第 {sheet.version} 版（{version.digest}），{sheet.since} 年起；{by or '随产品提供'}",
        f"version {sheet.version} ({version.digest}), from {sheet.since}; {by or 'ships with it'}",
    )


def _changes(desk: Desk, found: Sequence[Change]) -> RenderableType:
    if not found:
        return plain_text(desk.say(Wording("没有差异", "nothing differs")))
    made = table(
        [Column(Wording("项", "item")), Column(Wording("原来", "before"), ratio=1),
         Column(Wording("现在", "after"), ratio=1)],
        desk.locale,
    )  # fmt: skip
    for each in found:
        made.add_row(*(plain_text(desk.say(word)) for word in (each.name, each.before, each.after)))
    return made
