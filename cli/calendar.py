"""``bihuan calendar``: which days are worked, how far that is known, and what was entered."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from datetime import date
from typing import Annotated

import typer

from cli import reading, words
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer, lines, styled
from cli.troubles import REFUSED, Usage
from rules.overrides import TermKind
from rules.wording import Wording

app = noun("工作日历：放假、调休、学期 / the working calendar.")

_Day = Annotated[
    date, typer.Argument(parser=reading.day("DATE"), metavar="DATE", help="日期 / a day.")
]


@command(
    app,
    "show",
    when="as_of",
    examples=("bihuan calendar show", "bihuan calendar show 2026", "bihuan calendar show 2026-10"),
)
def show(
    desk: Desk,
    period: Annotated[
        str,
        typer.Argument(metavar="[YEAR|YYYY-MM]", help="年或月，默认今年 / by default this year."),
    ] = "",
) -> Answer:
    """放假日、调休上班日、学期、版本 / days off, make-up days, terms, version."""
    from cli.calendar_page import show_period

    return show_period(desk, period)


@command(app, "check", when="as_of", examples=("bihuan calendar check",))
def check(desk: Desk) -> Answer:
    """日历够不够用到最远的时限；不够则退出码为 1 / does it reach the furthest due date?"""
    from casework.upkeep import furthest_due
    from rules.workdays import day_due

    with desk.office() as office, office.reading() as connection:
        due_at = furthest_due(connection)
        calendar = office.rulebooks.at(connection, desk.at).calendar
    warning = calendar.warning(day_due(due_at)) if due_at else None
    furthest = words.deadline(due_at)
    reach = Wording(
        f"日历 {calendar.version} 到 {calendar.last}，最远时限 {furthest}",
        f"calendar {calendar.version} reaches {calendar.last}, furthest due {furthest}",
    )
    data = {
        "version": calendar.version,
        "last": calendar.last,
        "furthest_due": due_at,
        "warning": warning,
    }
    loud = [styled(desk.say(warning), "bold red")] if warning else []
    return Answer(data, lines(desk.say(reach), *loud), REFUSED if warning else 0)


@command(
    app,
    "due",
    when="as_of",
    examples=(
        "bihuan calendar due 2026-09-30 3wd",
        "bihuan calendar due 2026-03-02T09:00 24h",
        "bihuan calendar due 2026-03-02 10日",
    ),
)
def due(
    desk: Desk,
    start: Annotated[str, typer.Argument(metavar="START", help="日期或时刻 / a day or moment.")],
    limit: Annotated[str, typer.Argument(metavar="LIMIT", help="时限 / limit: 3wd, 10d, 24h.")],
) -> Answer:
    """从某日起算的时限何时到期 / when a limit that starts then runs out."""
    from cli.calendar_page import show_due

    return show_due(desk, reading.moment("START")(start.replace("/", "-")), limit)


@command(
    app,
    "add-day",
    who=True,
    when="at",
    examples=(
        "bihuan calendar add-day 2026-06-08 --off --name 高考考点放假 --as admin",
        "bihuan calendar add-day 2026-06-13 --work --name 补班 --as admin",
        "bihuan calendar add-day 2026-06-08 --withdraw --as admin",
    ),
)
def add_day(
    desk: Desk,
    day: _Day,
    *,
    off: Annotated[bool, typer.Option("--off", help="放假 / a day off.")] = False,
    work: Annotated[bool, typer.Option("--work", help="上班 / a working day.")] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="撤回此前录入 / take back what was entered.")
    ] = False,
    name: Annotated[str, typer.Option(help="名称或原因 / its name or reason.")] = "",
) -> Answer:
    """录入某日放假或上班；已起算的时限不变 / enter a day off or a working day."""
    from casework.settings import enter_day

    if off + work + withdraw != 1:
        raise Usage(
            Wording("--off、--work、--withdraw 须选一个", "give one of --off, --work, --withdraw"),
            where="--off",
        )
    with desk.office() as office:
        enter_day(office, day, off=None if withdraw else off, name=name, by=desk.by, at=desk.at)
    how = Wording("撤回", "withdrawn") if withdraw else _OFF[off]
    told = Wording(f"已录入：{day} {how.zh}", f"entered: {day} {how.en}")
    return Answer(
        {"day": day, "off": None if withdraw else off, "name": name}, lines(desk.say(told))
    )


@command(
    app,
    "add-term",
    who=True,
    when="at",
    examples=(
        "bihuan calendar add-term term 2026-2027第一学期 2026-09-01 2027-01-22 --as admin",
        "bihuan calendar add-term 寒假 2027寒假 2027-01-23 2027-02-21 --as admin",
    ),
)
def add_term(
    desk: Desk,
    kind: Annotated[
        TermKind,
        typer.Argument(
            parser=reading.choice(TermKind, "KIND"),
            metavar="KIND",
            help=" / ".join(f"{each.value} {each.label.zh}" for each in TermKind),
        ),
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="名称 / its name.")],
    start: Annotated[
        date, typer.Argument(parser=reading.day("START"), metavar="START", help="首日 / first day.")
    ],
    end: Annotated[
        date, typer.Argument(parser=reading.day("END"), metavar="END", help="末日 / last day.")
    ],
    *,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="撤回此前录入 / take back what was entered.")
    ] = False,
) -> Answer:
    """录入学期、寒假或暑假 / enter a term or a break."""
    from casework.settings import enter_term

    with desk.office() as office:
        enter_term(
            office, kind, name, starts=start, ends=end, by=desk.by, at=desk.at, withdrawn=withdraw
        )
    told = Wording(f"已录入：{name} {start} 至 {end}", f"entered: {name}, {start} to {end}")
    data = {"kind": kind, "name": name, "start": start, "end": end, "withdrawn": withdraw}
    return Answer(data, lines(desk.say(told)))


_OFF = {True: Wording("放假", "off"), False: Wording("上班", "worked")}
