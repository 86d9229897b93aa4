"""``bihuan contact``: how people are reached; addresses are kept sealed and shown masked."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import reading, words
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer, Column, lines, plain_text, table
from rules.wording import Wording

if TYPE_CHECKING:
    from rich.console import Console

app = noun("联系方式：邮箱、机器人、手机 / contacts: e-mail, robots, phones.")

_Person = Annotated[str, typer.Argument(metavar="PERSON", help="人员代码 / a person's code.")]
_KINDS = "email|wecom|dingtalk|feishu|webhook|sms"


@command(
    app,
    "add",
    who=True,
    when="at",
    examples=(
        "bihuan contact add owner1 email zhang@example.cn --as owner1",
        "bihuan contact add owner1 wecom - --as owner1 < key.txt",
    ),
)
def add(
    desk: Desk,
    person: _Person,
    kind: Annotated[str, typer.Argument(metavar=_KINDS, help="种类 / kind.")],
    address: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", help="地址或密钥，- 从标准输入读 / - reads stdin."),
    ],
) -> Answer:
    """登记联系方式，按登记先后使用；地址加密保存 / add a contact; its address is kept sealed."""
    from casework.contacts import add_contact
    from models import ContactKind
    from notifications.sealing import read_keys

    chosen = reading.choice(ContactKind, "KIND")(kind)
    typed = sys.stdin.readline() if address == "-" else address
    with desk.office() as office:
        keys = read_keys(desk.environ, desk.home.folder)
        added = add_contact(office, keys, person, chosen, typed, by=desk.by, at=desk.at)
    told = Wording(
        f"已登记第 {added['position']} 联系方式：{added['shown']}",
        f"added contact {added['id']}, number {added['position']}: {added['shown']}",
    )
    return Answer(added, lines(desk.say(told)))


@command(app, "list", who=True, examples=("bihuan contact list owner1 --as owner1",))
def list_(desk: Desk, person: _Person) -> Answer:
    """列出联系方式，地址不全显示 / list contacts, masked, in the order they are tried."""
    from casework.contacts import list_contacts

    with desk.office() as office:
        found = list_contacts(office, person, by=desk.by)
    return Answer(found, lambda out: _print(out, desk, found))


@command(app, "remove", who=True, examples=("bihuan contact remove owner1 3 --as owner1",))
def remove(
    desk: Desk,
    person: _Person,
    contact: Annotated[int, typer.Argument(metavar="ID", help="联系方式编号 / a contact's id.")],
) -> Answer:
    """删除联系方式，其地址不再保存 / forget a contact and its address."""
    from casework.contacts import remove_contact

    with desk.office() as office:
        remove_contact(office, person, contact, by=desk.by)
    told = Wording(f"已删除联系方式 {contact}", f"removed contact {contact}")
    return Answer({"id": contact}, lines(desk.say(told)))


def _print(out: "Console", desk: Desk, found: Sequence[Mapping[str, Any]]) -> None:
    made = table(
        [
            Column(Wording("编号", "id"), right=True),
            Column(Wording("种类", "kind"), keep=True),
            Column(Wording("地址", "address")),
            Column(Wording("登记", "added"), keep=True),
        ],
        desk.locale,
    )
    for each in found:
        made.add_row(
            str(each["id"]), each["kind"].value, plain_text(each["shown"]),
            words.moment(each["added_at"]),
        )  # fmt: skip
    out.print(made)
