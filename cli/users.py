"""``bihuan user``: who can sign in to the pages."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import words
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer, Column, lines, plain_text, table
from cli.troubles import Usage
from rules.wording import Wording

if TYPE_CHECKING:
    from rich.console import Console

    from casework.accounts.register import Key

app = noun("账号：开通、重设密码、停用 / accounts: open, reset, disable.")

_Code = Annotated[str, typer.Argument(metavar="CODE", help="人员代码 / a person's code.")]
_Password = Annotated[
    str,
    typer.Option(
        "--password",
        metavar="-",
        help="- 从标准输入读；省略则询问 / - reads stdin; asked for when left out.",
    ),
]


@command(
    app,
    "create",
    when="at",
    examples=("bihuan user create admin", "bihuan user create zr-XX0101 --password - < 密码.txt"),
)
def create(desk: Desk, code: _Code, *, password: _Password = "") -> Answer:
    """给已有人员开通账号 / open an account for a person who is in the organisation."""
    from casework.accounts.register import open_accounts
    from casework.events import Door

    key = _key(desk, code, password)
    with desk.office() as office:
        open_accounts(office, [key], by=None, at=desk.at, door=Door.CLI)
    return _done(desk, code, Wording("已开通账号", "account opened"))


@command(app, "reset", when="at", examples=("bihuan user reset zr-XX0101",))
def reset(desk: Desk, code: _Code, *, password: _Password = "") -> Answer:
    """重设密码、解除停用，并结束其登录 / set a password, enable again, end the sessions."""
    from casework.accounts.register import reset_password
    from casework.events import Door

    key = _key(desk, code, password)
    with desk.office() as office:
        reset_password(office, key, by=None, at=desk.at, door=Door.CLI)
    return _done(desk, code, Wording("已重设密码", "password set"))


@command(app, "disable", when="at", examples=("bihuan user disable zr-XX0101",))
def disable(desk: Desk, code: _Code) -> Answer:
    """停用账号，并结束其登录和令牌 / let nobody sign in with it; end sessions and tokens."""
    from casework.accounts.register import disable_account
    from casework.events import Door

    with desk.office() as office:
        disable_account(office, code, by=None, at=desk.at, door=Door.CLI)
    return _done(desk, code, Wording("已停用账号", "account disabled"))


@command(app, "link", when="at", examples=("bihuan user link zr-XX0101 8f2c-…",))
def link(
    desk: Desk,
    code: _Code,
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="统一身份的标识（sub） / the provider's sub.")
    ],
) -> Answer:
    """绑定统一身份，由其登录 / let an identity of the provider sign in as the person."""
    from casework.accounts.linking import link_account
    from casework.events import Door

    issuer = _issuer(desk)
    with desk.office() as office:
        link_account(office, code, issuer, subject, by=None, at=desk.at, door=Door.CLI)
    return _done(desk, code, Wording("已绑定统一身份", "identity linked"))


@command(app, "unlink", when="at", examples=("bihuan user unlink zr-XX0101",))
def unlink(desk: Desk, code: _Code) -> Answer:
    """解除统一身份的绑定 / let no identity sign in as the person any more."""
    from casework.accounts.linking import unlink_account
    from casework.events import Door

    issuer = _issuer(desk)
    with desk.office() as office:
        unlink_account(office, code, issuer, by=None, at=desk.at, door=Door.CLI)
    return _done(desk, code, Wording("已解除绑定", "identity unlinked"))


@command(app, "list", examples=("bihuan user list", "bihuan user list --json"))
def list_(desk: Desk) -> Answer:
    """列出账号 / list the accounts."""
    from casework.accounts.register import list_accounts

    with desk.office() as office, office.reading() as connection:
        rows = list_accounts(connection)
    return Answer(rows, lambda out: _print(out, desk, rows))


def _key(desk: Desk, code: str, given: str) -> "Key":
    """Read the password from standard input: an argument would stay in the shell's history."""
    from casework.accounts.register import Key

    if given not in ("", "-"):
        raise Usage(
            Wording("密码不能写在命令里", "a password is not written on the command line"),
            remedy=Wording("用 --password - 从标准输入读。", "Read it with --password -."),
            where="--password",
        )
    if given or not sys.stdin.isatty():
        return Key(code, sys.stdin.readline().rstrip("\n"))
    asked = desk.say(Wording("新密码", "New password"))
    return Key(code, typer.prompt(asked, hide_input=True, confirmation_prompt=True))


def _issuer(desk: Desk) -> str:
    """Return the issuer that the environment names; raise Usage without one."""
    issuer = desk.environ.get("BIHUAN_OIDC_ISSUER", "").strip()
    if not issuer:
        raise Usage(
            Wording("没有设置统一身份认证", "no identity provider is set up"),
            remedy=Wording("请设置 BIHUAN_OIDC_ISSUER。", "Set BIHUAN_OIDC_ISSUER."),
            where="BIHUAN_OIDC_ISSUER",
        )
    return issuer


def _done(desk: Desk, code: str, what: Wording) -> Answer:
    told = Wording(f"{code} {what.zh}", f"{code}: {what.en}")
    return Answer({"code": code, "done": what.en}, lines(desk.say(told)))


def _print(out: "Console", desk: Desk, rows: Sequence[Mapping[str, Any]]) -> None:
    made = table(
        [
            Column(Wording("代码", "code")),
            Column(Wording("姓名", "name")),
            Column(Wording("两步验证", "second factor")),
            Column(Wording("最近在线", "last seen"), keep=True),
            Column(Wording("停用", "disabled"), keep=True),
        ],
        desk.locale,
    )
    for row in rows:
        made.add_row(
            plain_text(row["code"]), plain_text(row["name"]),
            words.yes_no(row["totp_at"], desk.locale), words.moment(row["seen_at"]),
            words.moment(row["disabled_at"]),
        )  # fmt: skip
    out.print(made)
