"""Supervision orders as pages: lists, one order, what was done to it, and the daily demands."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType

from casework import clock
from casework.demands import Demanded, demand_progress
from casework.events import Door
from casework.office import Office
from casework.order_list import OrderFilter, list_orders, list_published, open_order
from casework.order_record import Hand, OrderActed
from cli import words
from cli.case_pages import categories
from cli.desk import Desk
from cli.printing import Answer, Column, facts, heading, lines, plain_text, styled, table
from cli.troubles import REFUSED
from rules.orders import OrderAct
from rules.wording import NOTHING, Wording

_NUMBER = Column(Wording("文号", "number"), keep=True)
_UNIT = Column(Wording("单位", "unit"), ratio=1)
_LEVEL = Column(Wording("层级", "level"), keep=True)
_DUE = Column(Wording("期限", "due"), keep=True)
_STATE = Column(Wording("状态", "state"), ratio=1)
_COUNTS = {
    "answered": Wording("已报或不在责任单位", "reported, or waiting for others"),
    "demanded": Wording("要求报告进展", "reports demanded"),
    "missed": Wording("逾期未报", "reports missed"),
    "overdue": Wording("督办逾期", "orders overdue"),
    "undecided": Wording("督办延期未答复", "extensions unanswered"),
    "unpublished": Wording("督办未公布", "orders unpublished"),
}


def show_list(desk: Desk, wanted: OrderFilter) -> Answer:
    with desk.office() as office:
        rows = list_orders(office, wanted, by=desk.by, as_of=desk.at)
    columns = [_NUMBER, Column(Wording("案件", "case"), keep=True), _UNIT, _LEVEL, _DUE, _STATE]
    return Answer(
        rows, lambda out: _print_list(out, desk, columns, [_cells(r, desk) for r in rows])
    )


def show_published(desk: Desk) -> Answer:
    """Show what anybody may read; nobody has to say who they are."""
    with desk.office() as office:
        rows = list_published(office)
        labels = categories(office, desk)
    columns = [_NUMBER, _UNIT, Column(Wording("品目", "category")), _LEVEL, _DUE, _STATE]
    cells = [_public_cells(row, desk, labels) for row in rows]
    return Answer(rows, lambda out: _print_list(out, desk, columns, cells))


def show_order(desk: Desk, order: str) -> Answer:
    with desk.office() as office:
        found = open_order(office, order, by=desk.by, as_of=desk.at)
    return Answer(found, lambda out: _print_order(out, desk, found))


def acted(desk: Desk, key: str, act: Callable[[Office, Hand], OrderActed]) -> Answer:
    """Do something to an order, and say what became of it."""
    with desk.office() as office:
        done = act(office, Hand(desk.by, desk.at, Door.CLI, key or None))
        order = open_order(office, done.order, by=desk.by, as_of=desk.at)
    label = OrderAct(done.act).label
    told = [
        Wording(f"{done.order}：{label.zh}，已办", f"{done.order}: {label.en}, done"),
        Wording(
            f"期限 {words.deadline(order['due_at'])}", f"due {words.deadline(order['due_at'])}"
        ),
        Wording(f"回执 {done.receipt}", f"receipt {done.receipt}"),
        _REPEATED if done.repeated else NOTHING,
    ]
    return Answer(done.plain(), lines(*(desk.say(each) for each in told if each != NOTHING)))


def run_demand(desk: Desk, *, dry_run: bool) -> Answer:
    with desk.office() as office:
        done = demand_progress(office, as_of=desk.at, ran_at=clock.now(), dry_run=dry_run)
    data = {
        "as_of": done.as_of, "dry_run": done.dry_run,
        **{name: getattr(done, name) for name in _COUNTS},
        "by_recipient": done.by_recipient, "failed": done.failed,
    }  # fmt: skip
    code = REFUSED if done.failed else 0
    return Answer(data, lambda out: _print_demanded(out, desk, done), code)


_REPEATED = Wording("（此前已办过，这次没有改动）", "(done before; nothing changed now)")


def _print_list(
    out: Console, desk: Desk, columns: Sequence[Column], rows: Sequence[Sequence[RenderableType]]
) -> None:
    made = table(columns, desk.locale)
    for row in rows:
        made.add_row(*row)
    if rows:
        out.print(made)
    out.print(desk.say(Wording(f"共 {len(rows)} 份", f"{len(rows)} in all")))


def _cells(row: Mapping[str, Any], desk: Desk) -> list[RenderableType]:
    return [
        row["number"], row["case"], plain_text(row["unit"]), desk.say(row["level"].label),
        _due(row, desk), desk.say(_state(row)),
    ]  # fmt: skip


def _public_cells(
    row: Mapping[str, Any], desk: Desk, labels: Mapping[str, str]
) -> list[RenderableType]:
    return [
        row["number"], plain_text(row["unit"]), labels.get(row["category"], row["category"]),
        desk.say(row["level"].label), words.deadline(row["due_at"]), desk.say(_state(row)),
    ]  # fmt: skip


def _due(row: Mapping[str, Any], desk: Desk) -> RenderableType:
    if row["released_at"]:
        return words.deadline(row["due_at"])
    left = desk.say(words.due(row["due_at"], desk.at))
    said = f"{words.deadline(row['due_at'])} {left}"
    return styled(said, words.style_of_due(row["due_at"], desk.at))


def _state(row: Mapping[str, Any]) -> Wording:
    if row["released_at"]:
        return Wording("已摘牌", "released")
    if row.get("extension_asked_at"):
        return Wording("延期待批", "extension asked for")
    if row.get("acknowledged_at"):
        return Wording("已签认", "acknowledged")
    if row.get("served_how"):
        served: Wording = row["served_how"].label
        return served
    return Wording("督办中", "in force")


def _print_order(out: Console, desk: Desk, row: Mapping[str, Any]) -> None:
    label = desk.say(row["kind"].label)
    out.print(styled(f"{row['number']}  {label} {desk.say(_state(row))}", "bold"))
    out.print(facts(_facts(row, desk), desk.locale))


def _facts(row: Mapping[str, Any], desk: Desk) -> list[tuple[Wording, RenderableType]]:
    served = desk.say(row["served_how"].label) if row["served_how"] else ""
    return [
        (Wording("案件", "case"), row["case"]),
        (Wording("单位", "unit"), plain_text(f"{row['cluster'] or ''} {row['unit']}".strip())),
        (Wording("层级", "level"), desk.say(row["level"].label)),
        (Wording("原因", "cause"), plain_text(desk.labelled(row["cause"].label, row["reason"]))),
        (Wording("要求", "demands"), plain_text(row["demands"])),
        (Wording("签发", "issued"), _by(row, "issued")),
        (Wording("期限", "due"), _due(row, desk)),
        (
            Wording("送达", "served"),
            served
            and plain_text(f"{served} {words.moment(row['served_at'])} {row['served_note']}"),
        ),
        (Wording("签认", "acknowledged"), _by(row, "acknowledged")),
        (Wording("申请延期", "extension asked"), _asked(row, desk)),
        (Wording("已延期", "extended"), f"{row['extensions'] or ''}"),
        (Wording("下次报进展", "next report"), _deadline(row["next_demand_at"])),
        (Wording("未报次数", "reports missed"), f"{row['missed_reports'] or ''}"),
        (Wording("公布", "published"), _published(row, desk)),
        (Wording("摘牌", "released"), _by(row, "released")),
        (Wording("摘牌理由", "why released"), plain_text(row["release_reason"])),
    ]


def _by(row: Mapping[str, Any], what: str) -> RenderableType:
    moment = row[f"{what}_at"]
    return plain_text(f"{words.moment(moment)} {row[f'{what}_by']}".strip()) if moment else ""


def _deadline(moment: Any) -> str:  # noqa: ANN401 — a moment or none, from a row
    return words.deadline(moment) if moment else ""


def _asked(row: Mapping[str, Any], desk: Desk) -> RenderableType:
    if not row["extension_asked_at"]:
        return ""
    until, answer = words.deadline(row["extension_until"]), words.deadline(row["decide_by"])
    why = row["extension_reason"]
    said = Wording(
        f"至 {until}：{why}（应于 {answer} 前答复）", f"until {until}: {why} (by {answer})"
    )
    return plain_text(desk.say(said))


def _published(row: Mapping[str, Any], desk: Desk) -> RenderableType:
    if row["published_at"]:
        return words.moment(row["published_at"])
    by = words.deadline(row["publish_by"])
    said = Wording(f"应于 {by} 前公布", f"to be published by {by}")
    return styled(desk.say(said), words.style_of_due(row["publish_by"], desk.at))


def _print_demanded(out: Console, desk: Desk, done: Demanded) -> None:
    when = words.moment(done.as_of)
    told = Wording(f"截至 {when}：{done.done} 份", f"as of {when}: {done.done} orders")
    rehearsal = Wording("（演练，未写入）", " (rehearsal, nothing written)")
    out.print(styled(desk.say(told) + (desk.say(rehearsal) if done.dry_run else ""), "bold"))
    counts = ((label, str(getattr(done, name))) for name, label in _COUNTS.items())
    out.print(facts(counts, desk.locale))
    if done.by_recipient:
        out.print(heading(desk.say(Wording("告知", "Told"))))
        for name, count in done.by_recipient.items():
            out.print(plain_text(f"{name}: {count}"))
    if done.failed:
        failed = Wording("无法推算：", "could not be reckoned: ")
        out.print(styled(desk.say(failed) + "、".join(done.failed), "bold red"))
