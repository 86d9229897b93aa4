"""Coverage of responsibility as a page."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType

from casework.responsibility import Coverage, UnitCover, find_coverage
from cli.desk import Desk
from cli.printing import Answer, Column, lines, plain_text, table
from rules.registers.coverage import percent
from rules.registers.obligations import Turn
from rules.wording import Wording
from rules.workdays import china_day


def show_coverage(desk: Desk, year: int, place: str, *, missing: bool) -> Answer:
    year = year or china_day(desk.at).year
    with desk.office() as office:
        found = find_coverage(office, by=desk.by, year=year, place=place, missing=missing)
    share = percent(found.covered, found.total)
    told = Wording(
        f"{year} 年：{found.total} 个单位，已全覆盖 {found.covered} 个（{share}）",
        f"{year}: {found.covered} of {found.total} units covered ({share})",
    )
    parts: list[str | RenderableType] = [desk.say(told)]
    if found.units:
        parts += [_clusters(desk, found), _units(desk, found)]
    return Answer(_plain(found), lines(*parts))


def _plain(found: Coverage) -> dict[str, Any]:
    return {
        "year": found.year, "units_in_all": found.total, "covered": found.covered,
        "clusters": [
            {**asdict(each), "feedback": dict(each.feedback)} for each in found.clusters
        ],
        "units": [_unit(each) for each in found.units],
    }  # fmt: skip


def _unit(each: UnitCover) -> dict[str, Any]:
    return {
        "code": each.code, "name": each.name, "cluster": each.cluster, "posts": each.posts,
        "signed": each.signed, "cover": each.cover.value, "feedback": dict(each.feedback),
    }  # fmt: skip


def _clusters(desk: Desk, found: Coverage) -> RenderableType:
    made = table(
        [
            Column(Wording("片区", "cluster"), ratio=1),
            Column(Wording("单位", "units"), right=True),
            Column(Wording("已全覆盖", "covered"), right=True),
            Column(Wording("覆盖率", "share"), right=True),
            *_feedback(found.turns),
        ],
        desk.locale,
    )
    for each in found.clusters:
        made.add_row(
            plain_text(each.name), f"{each.units}", f"{each.covered}",
            percent(each.covered, each.units),
            *(f"{count}/{each.listed}" for count in each.feedback.values()),
        )  # fmt: skip
    return made


def _units(desk: Desk, found: Coverage) -> RenderableType:
    made = table(
        [
            Column(Wording("单位", "unit"), ratio=1),
            Column(Wording("责任主体", "posts"), right=True),
            Column(Wording("已签", "signed"), right=True),
            *_feedback(found.turns),
            Column(Wording("情况", "standing")),
        ],
        desk.locale,
    )
    for each in found.units:
        made.add_row(
            plain_text(each.name), f"{each.posts}", f"{each.signed}",
            *(f"{count}/{each.posts}" for count in each.feedback.values()),
            desk.say(each.cover.label),
        )  # fmt: skip
    return made


def _feedback(turns: Sequence[Turn]) -> list[Column]:
    """Return a column for each period's feedback: how many have given it, of how many."""
    return [
        Column(Wording(f"{turn.label.zh}反馈", f"feedback, {turn.label.en}"), right=True)
        for turn in turns
    ]
