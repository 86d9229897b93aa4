"""The acts of ``bihuan lookback`` on what was drawn: who goes, what was found, drawing more."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli import reading
from cli.command import command
from cli.desk import Desk
from cli.lookback_arguments import Case, Finding, Number, Reason
from cli.printing import Answer

_NUMBER = "'校安回[2026]1号'"


def register(app: typer.Typer) -> None:
    """Add the commands to ``bihuan lookback``."""
    command(app, "assign", who=True, when="at", examples=(
        f"bihuan lookback assign {_NUMBER} --as committee",
        (f"bihuan lookback assign {_NUMBER} --case YH2026-000001 --inspectors insp-01,insp-02 "
        "--day 2026-03-10 --reason 片区回避后人数不足 --as committee"),
    ))(assign)  # fmt: skip
    command(app, "enlarge", who=True, when="at", examples=(
        (f"bihuan lookback enlarge {_NUMBER} --stratum cluster=C01 --by 3 --reason 两件未能入校 "
        "--as committee"),
    ))(enlarge)  # fmt: skip
    command(app, "recheck", who=True, when="at", examples=(
        "bihuan lookback recheck --as committee",
    ))(recheck)  # fmt: skip
    command(app, "record", who=True, when="at", examples=(
        (f"bihuan lookback record {_NUMBER} YH2026-000001 --finding holds --photo 现场.jpg "
        "--as insp-01"),
        (f"bihuan lookback record {_NUMBER} YH2026-000002 --finding 复发 --mode 暗访 "
        "--note 灭火器又失压 --photo 一.jpg --photo 二.jpg --as insp-01"),
    ))(record)  # fmt: skip
    command(app, "sign", who=True, when="at", examples=(
        f"bihuan lookback sign {_NUMBER} YH2026-000001 --finding holds --as insp-02",
    ))(sign)  # fmt: skip


def assign(
    desk: Desk,
    number: Number,
    *,
    case: Annotated[
        str, typer.Option(metavar="CASE", help="人工指定：此案 / by hand: this case.")
    ] = "",
    inspectors: Annotated[
        str, typer.Option(metavar="CODES", help="人工指定：人员代码，逗号分隔 / by hand: who.")
    ] = "",
    day: Annotated[
        date | None,
        typer.Option(parser=reading.day("--day"), metavar="DAY", help="人工指定：日期 / by hand."),
    ] = None,
    reason: Reason = "",
) -> Answer:
    """随机抽取检查人员和日期；抽不出的说明原因 / draw inspectors and days, or say what blocks."""
    from cli.lookback_outcomes import deal, seat

    if case or inspectors or day:
        return seat(desk, number, case, inspectors, day, reason)
    return deal(desk, number)


def enlarge(
    desk: Desk,
    number: Number,
    *,
    stratum: Annotated[str, typer.Option(metavar="KEY", help="哪一层 / the stratum's key.")],
    by: Annotated[int, typer.Option("--by", help="增加几件 / how many more.")],
    reason: Reason,
) -> Answer:
    """扩大一层的抽样，已抽的不变 / draw more of a stratum; what was drawn stays."""
    from cli.lookback_outcomes import draw_more

    return draw_more(desk, number, stratum, by, reason)


def recheck(desk: Desk) -> Answer:
    """不合格的层，其余案件全部复查 / draw all that is left of every rejected stratum."""
    from cli.lookback_outcomes import recheck_all

    return recheck_all(desk)


def record(
    desk: Desk,
    number: Number,
    case: Case,
    *,
    finding: Finding,
    mode: Annotated[
        str,
        typer.Option(
            metavar="surprise|open|covert",
            help="突击、明察、暗访，默认按计划 / how the visit was made, by default as planned.",
        ),
    ] = "",
    note: Annotated[str, typer.Option(help="情况，未复发时可不写 / what was seen.")] = "",
    photos: Annotated[
        list[Path] | None,
        typer.Option("--photo", metavar="FILE", help="现场照片，可重复 / photos."),
    ] = None,
) -> Answer:
    """填写复查结果，即为签字 / record what was found; that is a signature too."""
    from cli.lookback_outcomes import record_found

    return record_found(desk, number, case, finding, mode=mode, note=note, photos=photos or [])


def sign(desk: Desk, number: Number, case: Case, *, finding: Finding) -> Answer:
    """签字确认同一结果 / sign what another inspector recorded, saying what you found."""
    from cli.lookback_outcomes import sign_found

    return sign_found(desk, number, case, finding)
