"""Adopting a text as data from the command line: tried first, with what it would change."""

from pathlib import Path
from typing import TypeVar

from rich.console import RenderableType
from rich.text import Text

from casework.adopting import Family, Version, adopt_text, list_versions, try_text
from casework.events import Door
from casework.lookback.looks import Hand
from cli import reading, words
from cli.desk import Desk
from cli.printing import Answer, Column, heading, lines, plain_text, table
from rules.differing import Line, differ
from rules.parts import Labelled
from rules.reading import TextTrouble, digest
from rules.wording import Wording

T = TypeVar("T", bound=Labelled)
_STYLES = {"+": "green", "-": "red"}


def adopt_one(
    desk: Desk, family: Family[T], file: Path, reason: str, *, dry_run: bool = False
) -> Answer:
    """Adopt a file's text; or check it and show how it differs from what is in force."""
    text = read_text(file)
    with desk.office() as office:
        if dry_run:
            part, before = try_text(office, family, text, where=file.name)
            return _tried(desk, part, differ(before, text), digest(text))
        hand = Hand(desk.by, desk.at, Door.CLI)
        done = adopt_text(office, family, text, reason, hand, where=file.name)
    said = Wording(
        f"已采用{family.label.zh}《{done.part.zh}》，摘要 {done.digest}",
        f"adopted the {family.label.en} {done.part.en}, digest {done.digest}",
    )
    data = {"key": done.part.key, "digest": done.digest, "receipt": done.receipt}
    return Answer(data, lines(desk.say(said), *([done.receipt] if done.receipt else [])))


def show_versions(desk: Desk, family: Family[T], key: str) -> Answer:
    """Show every version of a text: when it was adopted, by whom, why."""
    with desk.office() as office:
        found = list_versions(office, family, key)
    made = table(
        [
            Column(Wording("摘要", "digest"), keep=True),
            Column(Wording("采用", "adopted"), keep=True),
            Column(Wording("采用人", "by")),
            Column(Wording("原因", "reason"), ratio=1),
        ],
        desk.locale,
    )
    for each in found:
        made.add_row(each.digest, *_adopted(desk, each))
    return Answer([_plain(each) for each in found], lines(made))


def read_text(file: Path) -> str:
    """Return the text of a file; raise TextTrouble for what is no UTF-8."""
    try:
        return reading.existing(file, "FILE").read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise TextTrouble(
            Wording("不是 UTF-8 文本", "it is not UTF-8 text"),
            remedy=Wording("请另存为 UTF-8。", "Save it as UTF-8."),
            where=file.name,
        ) from fault


def _tried(desk: Desk, part: Labelled, changed: list[Line], version: str) -> Answer:
    said = Wording(f"可以采用：{part.zh}（{version}）", f"can be adopted: {part.en} ({version})")
    same = Wording("与现行的相同", "the same as what is in force")
    shown = [Text(f"{each.mark} {each.text}", style=_STYLES.get(each.mark, "")) for each in changed]
    data = {"key": part.key, "digest": version, "difference": [each._asdict() for each in changed]}
    return Answer(data, lines(heading(desk.say(said)), *(shown or [Text(desk.say(same))])))


def _adopted(desk: Desk, each: Version[T]) -> tuple[str, str, RenderableType]:
    if each.adopted_at is None:
        return desk.say(Wording("随产品提供", "ships with it")), "", plain_text("")
    return words.moment(each.adopted_at), each.adopted_by, plain_text(each.reason)


def _plain(each: Version[T]) -> dict[str, object]:
    return {
        "key": each.part.key, "digest": each.digest, "adopted_at": each.adopted_at,
        "adopted_by": each.adopted_by, "reason": each.reason,
    }  # fmt: skip
