"""``bihuan transfer``: chemicals passed on from unit to unit, signed for by two at either end."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from typing import Annotated

import typer

from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer

app = noun("危化品调拨：两端各两人签字 / chemicals passed on: two people sign at either end.")

_Id = Annotated[int, typer.Argument(metavar="ID", help="调拨编号 / the transfer's number.")]
_Key = Annotated[str, typer.Argument(metavar="KEY", help="药品编号 / the chemical's code.")]
_Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help="数量 / how much.")]


@command(app, "list", who=True, when="as_of", examples=("bihuan transfer list --as owner",))
def list_(
    desk: Desk,
    *,
    size: Annotated[int, typer.Option(min=1, max=500, help="每页行数 / rows a page.")] = 50,
    after: Annotated[str, typer.Option(help="上一页给出的标记 / the key of the page before.")] = "",
) -> Answer:
    """调出和接收的各笔 / what was sent and received, the newest first."""
    from cli.transfer_acts import show_list

    return show_list(desk, size, after)


@command(app, "show", who=True, when="as_of", examples=("bihuan transfer show 3 --as owner",))
def show(desk: Desk, number: _Id) -> Answer:
    """一笔调拨的经过 / one transfer, and what happened."""
    from cli.transfer_acts import show_one

    return show_one(desk, number)


@command(
    app, "send", who=True, when="at",
    examples=("bihuan transfer send HX3 100 --to S2 --reason 实验室撤并 --as owner",),
)  # fmt: skip
def send(
    desk: Desk,
    key: _Key,
    amount: _Amount,
    *,
    to: Annotated[str, typer.Option(help="接收单位代码或全称 / the receiving unit.")],
    reason: Annotated[str, typer.Option(help="调拨原因 / why it is passed on.")],
    permit: Annotated[
        str, typer.Option(help="接收单位许可或备案编号 / the receiving unit's permit or filing.")
    ] = "",
    on: Annotated[str, typer.Option(help="日期，默认今天 / the day, today by default.")] = "",
    unit: Annotated[str, typer.Option(help="单位代码或全称 / the unit's code or name.")] = "",
) -> Answer:
    """调出；由本单位第二人签字 / send; a second person signs the line (bihuan stock sign)."""
    from cli.transfer_acts import send_some

    return send_some(desk, key, (to, amount, reason, permit, on), unit)


@command(
    app, "receive", who=True, when="at",
    examples=("bihuan transfer receive 3 HX3 100 --as owner",),
)  # fmt: skip
def receive(desk: Desk, number: _Id, key: _Key, amount: _Amount) -> Answer:
    """接收入账；短少即立案 / take in what was sent; what is short becomes a case."""
    from cli.transfer_acts import receive_one

    return receive_one(desk, number, key, amount)


@command(
    app, "decline", who=True, when="at",
    examples=("bihuan transfer decline 3 --reason 标签不符 --as owner",),
)  # fmt: skip
def decline(
    desk: Desk,
    number: _Id,
    *,
    reason: Annotated[str, typer.Option(help="拒收原因 / why it is declined.")],
) -> Answer:
    """拒收，即立案，由调出单位收回 / decline: a case, and the sender takes it back."""
    from cli.transfer_acts import decline_one

    return decline_one(desk, number, reason)
