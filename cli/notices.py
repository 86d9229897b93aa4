"""``bihuan deliver`` and ``bihuan notice``: send what is owed, look at it, acknowledge it."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import reading
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer, lines
from rules.wording import Wording

if TYPE_CHECKING:
    from models import NoticeState

app = noun("通知：查看、知悉、重发、措辞 / notices: look, acknowledge, re-send, wording.")

_Notice = Annotated[int, typer.Argument(metavar="NOTICE", help="通知编号 / a notice's number.")]
_Kind = Annotated[str, typer.Argument(metavar="KIND", help="通知种类 / kind of notice.")]


def register(main: typer.Typer) -> None:
    command(
        main,
        "deliver",
        when="as_of",
        examples=("bihuan deliver", "BIHUAN_MAILBOX=mailbox bihuan deliver --json"),
    )(deliver)


def deliver(desk: Desk) -> Answer:
    """发送到时的通知，按人合并；失败的稍后重试 / send what is owed, one message a person."""
    from cli.notice_pages import run_delivery

    return run_delivery(desk)


@command(
    app,
    "list",
    who=True,
    examples=(
        "bihuan notice list --as owner1",
        "bihuan notice list --state dead --as committee1 --json",
    ),
)
def list_(
    desk: Desk,
    *,
    state: Annotated[
        str, typer.Option(metavar="waiting|sent|dead|dropped", help="状态 / state.")
    ] = "",
    case: Annotated[str, typer.Option(metavar="NUMBER", help="案件编号 / a case's number.")] = "",
    person: Annotated[str, typer.Option(metavar="CODE", help="收件人 / whom it is for.")] = "",
    size: Annotated[int, typer.Option(min=1, max=1000, help="最多几条 / how many.")] = 50,
) -> Answer:
    """列出给您的通知；片区负责人见本片区的 / list notices; who leads or sweeps sees others'."""
    from casework.notice_list import list_notices
    from cli.notice_pages import print_list

    wanted = _state(state)
    with desk.office() as office:
        found = list_notices(office, by=desk.by, state=wanted, case=case, person=person, size=size)
    return Answer(found, lambda out: print_list(out, desk, found))


@command(app, "show", who=True, examples=("bihuan notice show 12 --as owner1",))
def show(desk: Desk, notice: _Notice) -> Answer:
    """查看一条通知和最近的回执 / one notice, and the latest receipts of its reader."""
    from casework.notice_list import open_notice
    from cli.notice_pages import print_notice

    with desk.office() as office:
        found = open_notice(office, notice, by=desk.by)
    return Answer(found, lambda out: print_notice(out, desk, found))


@command(
    app,
    "ack",
    who=True,
    when="at",
    examples=("bihuan notice ack 12 13 --as owner1", "bihuan notice ack --link TOKEN"),
)
def acknowledge(
    desk: Desk,
    notices: Annotated[
        list[int] | None, typer.Argument(metavar="NOTICE...", help="通知编号 / notices' numbers.")
    ] = None,
    *,
    link: Annotated[
        str, typer.Option(metavar="TOKEN", help="通知链接末段 / the end of a notice's link.")
    ] = "",
) -> Answer:
    """知悉：不再重复提醒，时限不停 / acknowledge: no more repeats, the clock runs on."""
    from cli.notice_pages import acknowledge_notices

    return acknowledge_notices(desk, notices or [], link)


@command(app, "resend", who=True, when="at", examples=("bihuan notice resend 12 --as committee1",))
def resend(desk: Desk, notice: _Notice) -> Answer:
    """重发一条通知，下次发送时发出 / let a notice leave again at the next delivery."""
    from casework.delivery import resend as again

    with desk.office() as office:
        again(office, notice, by=desk.by, at=desk.at)
    told = Wording(f"通知 {notice} 将重新发送", f"notice {notice} will be sent again")
    return Answer({"notice": notice}, lines(desk.say(told)))


_Subject = Annotated[str, typer.Option(metavar="TEXT", help="标题 / the subject.")]
_Text = Annotated[
    Path | None, typer.Option("--text", metavar="FILE", help="正文文件 / a file with the text.")
]


@command(
    app,
    "preview",
    examples=(
        "bihuan notice preview overdue",
        "bihuan notice preview overdue --subject '{{ number }} 逾期' --text 正文.txt",
    ),
)
def preview(desk: Desk, kind: _Kind, *, subject: _Subject = "", text: _Text = None) -> Answer:
    """预览通知措辞，也可试用新措辞 / see how a kind of notice reads, also in words of yours."""
    from cli.notice_pages import preview_wording

    return preview_wording(desk, kind, subject, _read(text))


@command(
    app,
    "adopt",
    who=True,
    when="at",
    examples=(
        "bihuan notice adopt overdue --subject '{{ number }} 逾期' --text 正文.txt --as admin",
        "bihuan notice adopt overdue --as admin",
    ),
)
def adopt(desk: Desk, kind: _Kind, *, subject: _Subject = "", text: _Text = None) -> Answer:
    """采用通知措辞（按 --lang），不给则恢复原样 / adopt a wording; none gives ours back."""
    from casework.templating import adopt_wording
    from notifications.wordings import Worded

    worded = Worded(subject, _read(text))
    with desk.office() as office:
        adopt_wording(office, kind, desk.locale, worded, by=desk.by, at=desk.at)
    told = Wording(f"已采用 {kind} 的措辞", f"adopted the wording of {kind}")
    return Answer({"kind": kind, "locale": desk.locale, **worded._asdict()}, lines(desk.say(told)))


def _state(text: str) -> "NoticeState | None":
    from models import NoticeState

    return reading.choice(NoticeState, "--state")(text) if text else None


def _read(file: Path | None) -> str:
    return reading.existing(file, "--text").read_text(encoding="utf-8") if file else ""
