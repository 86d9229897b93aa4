"""Templates and campaigns of filings as pages, and a campaign stopped."""

from typing import Any

from rich.console import RenderableType

from casework.adopting import find_text, texts_in_force
from casework.events import Door
from casework.filings.campaigns import CAMPAIGNS, list_campaigns, stop_campaign
from casework.filings.templates import TEMPLATES
from casework.lookback.looks import Hand
from cli.adopting import show_versions
from cli.desk import Desk
from cli.printing import Answer, Column, heading, lines, plain_text, table
from rules.filings.templates import Template, in_order
from rules.wording import Wording
from rules.workdays import china_day


def show_templates(desk: Desk, written: str, *, as_toml: bool) -> Answer:
    with desk.office() as office, office.reading() as connection:
        known = texts_in_force(connection, TEMPLATES)
        key = find_text(connection, TEMPLATES, written).part.key if written else ""
    chosen = in_order(each.part for each in known.values() if key in {"", each.part.key})
    data = [
        {**each.model_dump(mode="json", by_alias=True), "digest": each.digest}
        for each in chosen.values()
    ]
    if as_toml:
        return Answer(data, lines(*(known[each].text for each in chosen)))
    parts: list[RenderableType] = []
    for template in chosen.values():
        parts += [heading(f"{template.key}  {desk.say(template.label)}"), _figures(desk, template)]
    return Answer(data, lines(*parts))


def show_history(desk: Desk, key: str) -> Answer:
    """Show the versions of a template, or else of a campaign, of this key."""
    with desk.office() as office, office.reading() as connection:
        is_template = key in texts_in_force(connection, TEMPLATES)
    return (
        show_versions(desk, TEMPLATES, key) if is_template else show_versions(desk, CAMPAIGNS, key)
    )


def show_campaigns(desk: Desk) -> Answer:
    with desk.office() as office:
        rows = list_campaigns(office, by=desk.by, today=china_day(desk.at))
    made = table(
        [
            Column(Wording("专项", "campaign"), ratio=1),
            Column(Wording("起止", "days"), keep=True),
            Column(Wording("期数", "periods")),
            Column(Wording("情况", "state")),
        ],
        desk.locale,
    )
    for row in rows:
        made.add_row(
            plain_text(f"{row['key']}  {desk.say(row['label'])}"), f"{row['first']}..{row['last']}",
            f"{len(row['periods'])}", desk.say(row["state_label"]),
        )  # fmt: skip
    none = Wording("没有专项", "there is no campaign")
    return Answer(rows, lines(made) if rows else lines(desk.say(none)))


def stop_one(desk: Desk, key: str, reason: str) -> Answer:
    with desk.office() as office:
        stopped = stop_campaign(office, key, reason, Hand(desk.by, desk.at, Door.CLI))
    label = stopped.part.label
    told = Wording(f"专项“{label.zh}”已停止", f"stopped: {label.en}")
    data: dict[str, Any] = {"key": stopped.part.key, "stopped": True}
    return Answer(data, lines(desk.say(told)))


def _figures(desk: Desk, template: Template) -> RenderableType:
    made = table(
        [Column(Wording("指标", "figure")), Column(Wording("名称", "label"), ratio=1),
         Column(Wording("取数", "from")), Column(Wording("依据", "source"), ratio=2)],
        desk.locale,
    )  # fmt: skip
    for each in template.figures:
        made.add_row(each.key, desk.say(each.label), each.type.value, plain_text(each.source))
    return made
