"""``bihuan order``: supervision orders 挂牌督办; ``bihuan demand``: the call for progress."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from datetime import date
from typing import Annotated

import typer

from cli import narrowing, reading
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer
from cli.troubles import Usage
from rules.wording import Wording

app = noun("督办令：送达、签认、延期、公布 / supervision orders.")

_Number = Annotated[
    str,
    typer.Argument(
        metavar="ORDER",
        help="文号（括号形式不限），或案件编号 / the order's number, or its case's.",
    ),
]
_Key = Annotated[str, typer.Option("--key", help="幂等键：重复提交不会重复办理 / idempotency key.")]


def register(top: typer.Typer) -> None:
    command(
        top,
        "demand",
        when="as_of",
        examples=("bihuan demand --dry-run", "bihuan demand"),
    )(demand)


def demand(
    desk: Desk,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只数，不写 / count only, write nothing.")
    ] = False,
) -> Answer:
    """催报进展：挂牌期间应报未报的，逐级告知 / demand the progress reports that are due."""
    from cli.order_pages import run_demand

    return run_demand(desk, dry_run=dry_run)


@command(
    app,
    "list",
    who=True,
    when="as_of",
    examples=(
        "bihuan order list --as committee --open",
        "bihuan order list --place 第一片区 --overdue --json",
        "bihuan order list --published",
    ),
)
def list_(
    desk: Desk,
    *,
    place: narrowing.Place = "",
    case: Annotated[str, typer.Option(help="案件编号 / of this case.")] = "",
    level: Annotated[
        str, typer.Option(metavar="cluster|committee", help="督办层级 / who supervises.")
    ] = "",
    in_force: Annotated[bool, typer.Option("--open", help="只看未摘牌 / not released.")] = False,
    overdue: narrowing.Overdue = False,
    unpublished: Annotated[
        bool, typer.Option("--unpublished", help="只看未公布 / not yet published.")
    ] = False,
    published: Annotated[
        bool, typer.Option("--published", help="公示表，不含个人信息 / the public list, no names.")
    ] = False,
) -> Answer:
    """列出您能看到的督办令 / list the orders you may see."""
    from casework.order_list import OrderFilter
    from cli.order_pages import show_list, show_published
    from rules.ladder import OrderLevel

    if published:
        return show_published(desk)
    supervisor = reading.choice(OrderLevel, "--level")(level) if level else None
    return show_list(desk, OrderFilter(place, case, supervisor, in_force, overdue, unpublished))


@command(
    app,
    "show",
    who=True,
    when="as_of",
    examples=("bihuan order show 校安督〔2026〕12号 --as committee",),
)
def show(desk: Desk, order: _Number) -> Answer:
    """一份督办令的全部情况 / everything about one order."""
    from cli.order_pages import show_order

    return show_order(desk, order)


@command(
    app,
    "serve",
    who=True,
    when="at",
    examples=(
        "bihuan order serve '校安督[2026]12号' signed --as cluster",
        "bihuan order serve YH2026-000001 拒绝签收 --note '门卫拒收，两人见证' --as cluster",
    ),
)
def serve(
    desk: Desk,
    order: _Number,
    how: Annotated[
        str,
        typer.Argument(
            metavar="signed|refused|left",
            help="已签收、拒绝签收、留置送达 / signed for, signature refused, left in place.",
        ),
    ],
    *,
    note: Annotated[str, typer.Option(help="说明 / who signed, refused or witnessed.")] = "",
    key: _Key = "",
) -> Answer:
    """记录送达；拒绝签收也是结果 / record how an order was served."""
    from casework.order_acts import serve_order
    from cli.order_pages import acted
    from rules.orders import Service

    served = reading.choice(Service, "HOW")(how)
    return acted(
        desk, key, lambda office, hand: serve_order(office, order, served, hand=hand, note=note)
    )


@command(
    app,
    "ack",
    who=True,
    when="at",
    examples=("bihuan order ack 校安督〔2026〕12号 --as head",),
)
def ack(desk: Desk, order: _Number, *, key: _Key = "") -> Answer:
    """责任单位签认 / the unit acknowledges the order."""
    from casework.order_acts import acknowledge_order
    from cli.order_pages import acted

    return acted(desk, key, lambda office, hand: acknowledge_order(office, order, hand=hand))


@command(
    app,
    "extend",
    who=True,
    when="at",
    examples=("bihuan order extend YH2026-000001 --until 2026-06-30 --reason 等待立项 --as owner",),
)
def extend(
    desk: Desk,
    order: _Number,
    *,
    until: Annotated[
        date,
        typer.Option(parser=reading.day("--until"), metavar="DAY", help="延至何日 / new last day."),
    ],
    reason: Annotated[str, typer.Option(help="理由 / why.")],
    key: _Key = "",
) -> Answer:
    """申请督办延期，须在期满前若干工作日提出 / ask for more time, early enough."""
    from casework.order_acts import ask_order_extension
    from cli.order_pages import acted

    return acted(
        desk,
        key,
        lambda office, hand: ask_order_extension(office, order, until, reason, hand=hand),
    )


@command(
    app,
    "decide",
    who=True,
    when="at",
    examples=(
        "bihuan order decide 校安督〔2026〕12号 --grant --as committee",
        "bihuan order decide 校安督〔2026〕12号 --refuse --reason 理由不足 --as committee",
    ),
)
def decide(
    desk: Desk,
    order: _Number,
    *,
    grant: Annotated[bool, typer.Option("--grant", help="同意 / grant it.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="不同意 / refuse it.")] = False,
    reason: Annotated[str, typer.Option(help="理由，不同意时必填 / why; needed to refuse.")] = "",
    key: _Key = "",
) -> Answer:
    """决定督办延期，申请人不能自批 / decide on the extension that was asked for."""
    from casework.order_acts import decide_order_extension
    from cli.order_pages import acted

    if grant is refuse:
        raise Usage(
            Wording("--grant、--refuse 须选一个", "give one of --grant, --refuse"),
            where="--grant",
        )
    return acted(
        desk,
        key,
        lambda office, hand: decide_order_extension(
            office, order, grant=grant, reason=reason, hand=hand
        ),
    )


@command(
    app,
    "publish",
    who=True,
    when="at",
    examples=("bihuan order publish 校安督〔2026〕12号 --as committee",),
)
def publish(desk: Desk, order: _Number, *, key: _Key = "") -> Answer:
    """公布：列入公示表 / put the order on the public list."""
    from casework.order_acts import publish_order
    from cli.order_pages import acted

    return acted(desk, key, lambda office, hand: publish_order(office, order, hand=hand))
