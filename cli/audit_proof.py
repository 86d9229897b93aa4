"""``bihuan audit``: seal the histories, verify them, prove one of them to somebody outside."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import Annotated

import typer

from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer

app = noun("审计：封存、核对、证明 / audit: seal, verify, prove.")

_Reason = Annotated[str, typer.Option("--reason", help="理由，记入历史 / why; it is kept.")]


@command(app, "seal", when="at", examples=("bihuan audit seal", "bihuan audit seal --json"))
def seal(desk: Desk) -> Answer:
    """封存：新的经过编入哈希树，签署检查点并抄送库外 / sign the tree over all that is new."""
    from cli.proof_pages import run_seal

    return run_seal(desk)


@command(
    app,
    "verify",
    examples=(
        "bihuan audit verify",
        "bihuan audit verify --heads auditor-share --json",
        "bihuan audit verify --seen '96 ZeJayysrLYwv8rDeOSCZfjoIomt4DR9OgDYb5WmLAG8='",
        "bihuan audit verify --since 120000",
    ),
)
def verify(
    desk: Desk,
    *,
    heads: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="您另存的检查点，文件或文件夹 / heads you kept."),
    ] = None,
    seen: Annotated[
        list[str] | None,
        typer.Option(metavar="HEAD", help="通知末尾的检查点，条数和根 / as a digest carried it."),
    ] = None,
    since: Annotated[
        int,
        typer.Option(min=0, metavar="SIZE", help="只核对此检查点之后的 / only what is newer."),
    ] = 0,
    processes: Annotated[
        int,
        typer.Option(min=0, max=64, help="进程数，0 为自动 / how many; 0: as many as cores."),
    ] = 0,
) -> Answer:
    """逐条核对经过、链、树和检查点；不符则指出首处，退出码 1 / check everything again."""
    from cli.proof_pages import run_verify

    return run_verify(desk, heads or [], seen or [], since, processes)


@command(
    app,
    "prove",
    who=True,
    when="at",
    examples=(
        "bihuan audit prove YH2026-000001 --as auditor",
        "bihuan audit prove YH2026-000001 --head mine.txt --to proof.zip --as auditor",
        "bihuan audit prove YH2026-000001 --reveal 信访核实 --as auditor",
        "bihuan audit prove 'lookback:校安回〔2026〕1号' --as auditor",
        "bihuan audit prove account:li --as auditor",
    ),
)
def prove(
    desk: Desk,
    case: Annotated[
        str,
        typer.Argument(metavar="CASE", help="案件编号，或“种类：名称” / a case, or kind:name."),
    ],
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="写到哪里 / where to write it.")
    ] = None,
    head: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="对方所持的检查点 / heads that the reader holds."),
    ] = None,
    reveal: Annotated[
        str,
        typer.Option(metavar="REASON", help="附上个人信息，理由记入历史 / with personal data."),
    ] = "",
) -> Answer:
    """出具一案或一项记录的证明包，对方离线核对 / write a bundle that is checked without us.

    用包内的 bihuan_verify.py 或 bihuan-verify 核对 / check it with `bihuan-verify`.
    """
    from cli.proof_pages import write_bundle

    return write_bundle(desk, case, to, head or [], reveal)


@command(
    app,
    "key",
    who=True,
    when="at",
    examples=("bihuan audit key", "bihuan audit key --rotate --reason 例行更换 --as admin"),
)
def key(
    desk: Desk,
    *,
    rotate: Annotated[bool, typer.Option("--rotate", help="换新密钥 / change the key.")] = False,
    reason: _Reason = "",
) -> Answer:
    """公钥，交给核对的人；--rotate 换新 / the public key, for whoever checks."""
    from cli.proof_pages import run_rotation, show_keys

    return run_rotation(desk, reason) if rotate else show_keys(desk)


@command(app, "heads", examples=("bihuan audit heads", "bihuan audit heads --most 3 --json"))
def heads(
    desk: Desk,
    *,
    most: Annotated[int, typer.Option(min=1, max=1_000, help="最多几个 / how many.")] = 20,
) -> Answer:
    """最近的检查点 / the newest heads."""
    from cli.proof_pages import show_heads

    return show_heads(desk, most)


@command(
    app,
    "restart",
    who=True,
    when="at",
    examples=("bihuan audit restart --reason 磁盘损坏，恢复3月5日备份 --as admin",),
)
def restart(desk: Desk, *, reason: _Reason) -> Answer:
    """恢复旧备份后继续封存，放弃其后的检查点 / go on after an old backup was restored."""
    from cli.proof_pages import run_restart

    return run_restart(desk, reason)
