"""Figures, the event log and conformance, as pages."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from rich.console import Console

from casework.auditing.figures import Figures
from casework.auditing.pivot import write_pivot
from casework.auditing.process import Conformance, check_conformance, export_xes
from casework.auditing.statistics import count_statistics
from casework.case_list import Filter
from cli import words
from cli.desk import Desk
from cli.looking import record_look
from cli.printing import Answer, Column, heading, lines, plain_text, styled, table
from cli.troubles import REFUSED
from rules.deadlines import Stage
from rules.looking import Look
from rules.statistics import DEFINITIONS, LET_IT_LIE, Grouping
from rules.wording import Wording


def show_statistics(
    desk: Desk,
    grouping: Grouping,
    wanted: Filter,
    since: datetime | None,
    to: Path | None,
    why: str,
) -> Answer:
    with desk.office() as office:
        found = count_statistics(office, grouping, wanted, by=desk.by, until=desk.at, since=since)
        seen = {"by": grouping.value, "place": wanted.place, "to": to.name if to else ""}
        record_look(office, desk, Look.EXPORT if to else Look.STATISTICS, seen, why)
    if to:
        write_pivot(to, grouping, found, desk.locale)
    data = {
        "by": grouping, "since": since, "until": desk.at,
        "groups": [each.plain() for each in found], "definitions": DEFINITIONS,
        "file": to and str(to),
    }  # fmt: skip
    return Answer(data, lambda out: _print_statistics(out, desk, grouping, found, to))


def write_event_log(desk: Desk, wanted: Filter, to: Path, why: str) -> Answer:
    with desk.office() as office:
        seen = {"place": wanted.place, "to": to.name}
        record_look(office, desk, Look.EVENT_LOG, seen, why)
        cases, events = export_xes(office, to, wanted, by=desk.by, as_of=desk.at)
    said = Wording(
        f"已写入 {to}：{cases} 个案件，{events} 条事件",
        f"written to {to}: {cases} cases, {events} events",
    )
    return Answer({"file": str(to), "cases": cases, "events": events}, lines(desk.say(said)))


def show_conformance(desk: Desk, wanted: Filter, why: str) -> Answer:
    with desk.office() as office:
        found = check_conformance(office, wanted, by=desk.by, as_of=desk.at)
        seen = {"place": wanted.place, "cases": found.cases}
        record_look(office, desk, Look.CONFORMANCE, seen, why)
    data = {
        "cases": found.cases, "events": found.events, "conforming": found.conforming,
        "by_deviation": {each.value: count for each, count in found.by_deviation.items()},
        "departures": [{"case": number, **asdict(each)} for number, each in found.departures],
    }  # fmt: skip
    code = 0 if found.conforming == found.cases else REFUSED
    return Answer(data, lambda out: _print_conformance(out, desk, found), code)


def _print_conformance(out: Console, desk: Desk, found: Conformance) -> None:
    said = Wording(
        f"{found.cases} 个案件中 {found.conforming} 个合乎流程表",
        f"{found.conforming} of {found.cases} cases conform to the life-cycle table",
    )
    out.print(styled(desk.say(said), "bold"))
    for number, each in found.departures:
        label = desk.labelled(each.deviation.label, desk.say(each.detail))
        out.print(plain_text(f"{number}/{each.seq} {each.kind}  {label}"))


def _print_statistics(
    out: Console, desk: Desk, grouping: Grouping, found: Sequence[Figures], to: Path | None
) -> None:
    columns = [
        Column(grouping.label, ratio=1), Column(Wording("上报", "reported"), right=True),
        Column(Wording("销号", "closed"), right=True), Column(Wording("未销", "open"), right=True),
        Column(Wording("按期率", "on time"), right=True),
        Column(Wording("挂牌率", "listed"), right=True),
        Column(Wording("复发率", "relapsed"), right=True),
    ]  # fmt: skip
    made = table(columns, desk.locale)
    for each in found:
        made.add_row(
            plain_text(each.name), str(each.counts["reported"]), str(each.counts["closed"]),
            str(each.counts["open"]), _percent(each.on_time_rate), _percent(each.listing_rate),
            _percent(each.relapse_rate),
        )  # fmt: skip
    out.print(made)
    for each in found:
        out.print(heading(each.name))
        _print_stages(out, desk, each)
    out.print(heading(desk.say(Wording("定义", "Definitions"))))
    for said in DEFINITIONS.values():
        out.print(styled(desk.say(said), "dim"))
    if to:
        out.print(plain_text(desk.say(Wording(f"已写入 {to}", f"written to {to}"))))


def _print_stages(out: Console, desk: Desk, figures: Figures) -> None:
    columns = [
        Column(Wording("环节", "stage")), Column(Wording("责任在", "held by")),
        Column(Wording("已离开", "ended"), right=True),
        Column(Wording("仍在", "running"), right=True),
        Column(Wording("逾期", "late"), right=True),
        Column(Wording("按期率", "on time"), right=True),
        Column(Wording("中位天数", "median"), right=True),
        Column(Wording("90% 天数", "90th pct."), right=True),
    ]  # fmt: skip
    made = table(columns, desk.locale)
    for stage in Stage:
        stays = figures.plain()["stages"][stage.value]
        held = "/".join(desk.say(role.label) for role in LET_IT_LIE[stage])
        made.add_row(
            desk.say(stage.label), held, str(stays["ended"]), str(stays["running"]),
            str(stays["late"]), _percent(stays["on_time_rate"]), _days(stays["median_days"]),
            _days(stays["p90_days"]),
        )  # fmt: skip
    out.print(made)


def _percent(share: float | None) -> str:
    return words.NONE if share is None else f"{share:.1%}"


def _days(days: int | None) -> str:
    return words.NONE if days is None else str(days)
