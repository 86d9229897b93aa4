"""``bihuan inspection``: checklists, plans, inspections to be made, records and signatures."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli import inspection_plans, reading
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer
from rules.inspections.acts import TaskState
from rules.inspections.kinds import InspectionKind
from rules.lookback.findings import InspectionMode

app = noun("检查：检查表、计划、双随机、检查记录与签字 / inspections: plans, draws, records.")
inspection_plans.register(app)

_Number = Annotated[
    str, typer.Argument(metavar="INSPECTION", help="检查编号，见 tasks / see tasks.")
]
_Kind = Annotated[
    InspectionKind | None,
    typer.Option(
        "--kind", parser=reading.choice(InspectionKind, "--kind"),
        metavar=reading.choices(InspectionKind), help="检查类型 / the kind of inspection.",
    ),
]  # fmt: skip
_Reason = Annotated[str, typer.Option(help="理由 / why.")]
_Items = list[str] | None
_PAIR = "ITEM=文字"


@command(
    app,
    "tasks",
    who=True,
    when="as_of",
    examples=(
        "bihuan inspection tasks --mine --as owner",
        "bihuan inspection tasks --late --place 第一片区 --as cluster",
    ),
)
def tasks(
    desk: Desk,
    *,
    mine: Annotated[bool, typer.Option("--mine", help="只看等我办的 / only those for me.")] = False,
    late: Annotated[bool, typer.Option("--late", help="只看逾期的 / only late ones.")] = False,
    place: Annotated[str, typer.Option("--place", help="片区或单位 / a cluster or unit.")] = "",
    kind: _Kind = None,
    size: Annotated[int, typer.Option(min=1, max=500, help="每页行数 / rows a page.")] = 50,
    after: Annotated[str, typer.Option(help="上一页给出的标记 / the key before.")] = "",
) -> Answer:
    """待检查、待签字的，最急的在前 / what is to be inspected or signed, the most urgent first."""
    from casework.inspections.listing import Wanted
    from cli.inspection_pages import show_tasks

    wanted = Wanted(kind=kind, place=place, mine=mine, late=late, size=size, after=after)
    return show_tasks(desk, wanted, (TaskState.OPEN, TaskState.AWAITING))


@command(
    app,
    "list",
    who=True,
    when="as_of",
    examples=("bihuan inspection list --as head", "bihuan inspection list --plan JH2026-0001"),
)
def list_(
    desk: Desk,
    *,
    place: Annotated[str, typer.Option("--place", help="片区或单位 / a cluster or unit.")] = "",
    kind: _Kind = None,
    plan: Annotated[str, typer.Option("--plan", help="计划编号 / of this plan.")] = "",
    size: Annotated[int, typer.Option(min=1, max=500, help="每页行数 / rows a page.")] = 50,
    after: Annotated[str, typer.Option(help="上一页给出的标记 / the key before.")] = "",
) -> Answer:
    """已完成的检查及结果 / inspections that were made, and what was found."""
    from casework.inspections.listing import Wanted
    from cli.inspection_pages import show_tasks

    wanted = Wanted(kind=kind, place=place, plan=plan, size=size, after=after, newest=True)
    return show_tasks(desk, wanted, (TaskState.RECORDED,))


@command(
    app,
    "export",
    who=True,
    when="at",
    examples=(
        "bihuan inspection export 检查.xlsx --as auditor",
        "bihuan inspection export 未查.csv --waiting --plan JH2026-0001 --as committee",
    ),
)
def export(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="写到 .xlsx 或 .csv / where to.")],
    *,
    place: Annotated[str, typer.Option("--place", help="片区或单位 / a cluster or unit.")] = "",
    kind: _Kind = None,
    plan: Annotated[str, typer.Option("--plan", help="计划编号 / of this plan.")] = "",
    waiting: Annotated[bool, typer.Option("--waiting", help="未查的 / to be made.")] = False,
    late: Annotated[bool, typer.Option("--late", help="逾期的 / only late ones.")] = False,
) -> Answer:
    """导出检查及每个检查项的结果 / inspections, and what was found at each item."""
    from casework.inspections.listing import Wanted
    from cli.inspection_sheets import export_all

    states = (TaskState.OPEN, TaskState.AWAITING) if waiting or late else (TaskState.RECORDED,)
    wanted = Wanted(states, kind, place=place, plan=plan, late=late, newest=not waiting)
    return export_all(desk, file, wanted)


@command(
    app,
    "show",
    who=True,
    when="as_of",
    examples=("bihuan inspection show JC2026-000001 --as head",),
)
def show(desk: Desk, number: _Number) -> Answer:
    """一次检查：检查项、结果、签字、案件、经过 / one inspection, with all that is known."""
    from cli.inspection_pages import show_one

    return show_one(desk, number)


@command(
    app,
    "begin",
    who=True,
    when="at",
    examples=("bihuan inspection begin S1 消防安全检查 --kind 抽查 --as inspector",),
)
def begin(
    desk: Desk,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="单位代码或全称 / where.")],
    checklist: Annotated[str, typer.Argument(metavar="CHECKLIST", help="检查表 / which one.")],
    *,
    kind: _Kind = None,
) -> Answer:
    """临时检查，不须计划 / begin an inspection that no plan asked for."""
    from cli.inspection_acts import begin_one

    return begin_one(desk, unit, checklist, kind or InspectionKind.SPOT)


@command(
    app,
    "assign",
    who=True,
    when="at",
    examples=(
        "bihuan inspection assign JC2026-000001 --inspectors li,wang --reason 生病 --as committee",
    ),
)
def assign(
    desk: Desk,
    number: _Number,
    *,
    inspectors: Annotated[str, typer.Option(help="人员代码，逗号分隔 / codes, commas between.")],
    reason: _Reason,
) -> Answer:
    """指定检查人员，代替原来的 / name who inspects, in place of whoever was named or drawn."""
    from cli.inspection_acts import assign_one

    return assign_one(desk, number, inspectors, reason)


@command(
    app,
    "record",
    who=True,
    when="at",
    examples=(
        "bihuan inspection record JC2026-000001 --all-normal --as owner",
        (
            "bihuan inspection record JC2026-000001 --all-normal --hazard gate=无人值守 "
            "--photo gate=校门.jpg --participants 3 --as owner"
        ),
        (
            "bihuan inspection record JC2026-000001 --all-normal --hazard wiring=插座破损 "
            "--no-photo wiring=已拆除 --reason 漏记一处 --as owner"
        ),
    ),
)
def record(
    desk: Desk,
    number: _Number,
    *,
    all_normal: Annotated[
        bool, typer.Option("--all-normal", help="未提到的都正常 / all others are in order.")
    ] = False,
    normal: Annotated[_Items, typer.Option(metavar="ITEM", help="正常的检查项 / in order.")] = None,
    not_applicable: Annotated[
        _Items, typer.Option("--not-applicable", metavar="ITEM", help="不适用 / does not apply.")
    ] = None,
    hazard: Annotated[
        _Items, typer.Option(metavar=_PAIR, help="隐患及情况，情况可空 / a hazard, in words.")
    ] = None,
    place: Annotated[_Items, typer.Option(metavar=_PAIR, help="隐患地点 / where it is.")] = None,
    photo: Annotated[
        _Items, typer.Option(metavar="ITEM=FILE", help="隐患照片，可多次 / a photo of it.")
    ] = None,
    no_photo: Annotated[
        _Items, typer.Option("--no-photo", metavar=_PAIR, help="为何没有照片 / why without.")
    ] = None,
    another: Annotated[
        _Items, typer.Option(metavar="ITEM", help="不是已立案的那一处 / not the known one.")
    ] = None,
    participants: Annotated[int, typer.Option(min=1, help="参与人数 / how many took part.")] = 1,
    mode: Annotated[
        InspectionMode,
        typer.Option(
            parser=reading.choice(InspectionMode, "--mode"),
            metavar=reading.choices(InspectionMode),
            help="检查方式 / how it was made.",
        ),
    ] = InspectionMode.OPEN,
    on: Annotated[
        date | None,
        typer.Option(parser=reading.day("--on"), metavar="DAY", help="检查日期 / made on."),
    ] = None,
    note: Annotated[str, typer.Option(help="总体情况 / remarks.")] = "",
    reason: Annotated[str, typer.Option(help="更正理由 / why it is corrected.")] = "",
    key: Annotated[str, typer.Option(help="幂等键 / makes repeating harmless.")] = "",
) -> Answer:
    """填写检查记录并签字；隐患立案 / record what was found and sign it; hazards become cases."""
    from cli.inspection_acts import Typed, record_one

    typed = Typed(
        normal or [], not_applicable or [], hazard or [], place or [], photo or [],
        no_photo or [], another or [], all_normal=all_normal,
    )  # fmt: skip
    return record_one(desk, number, typed, (participants, mode, on, note, reason), key)


@command(
    app,
    "sign",
    who=True,
    when="at",
    examples=(
        "bihuan inspection sign JC2026-000001 --version 1 --as inspector2",
        "bihuan inspection sign JC2026-000001 --head --as head",
        "bihuan inspection sign JC2026-000001 --signer 张校长 --drawn 签字.jpg --as inspector1",
        "bihuan inspection sign JC2026-000001 --refused 对结果有异议 --as inspector1",
    ),
)
def sign(
    desk: Desk,
    number: _Number,
    *,
    version: Annotated[int, typer.Option(min=1, help="看过的版本 / the version seen.")] = 1,
    head: Annotated[
        bool, typer.Option("--head", help="以学校主要负责人签字 / as the school's head.")
    ] = False,
    refused: Annotated[
        str, typer.Option(help="记录学校负责人拒签的理由 / record that the head refused.")
    ] = "",
    signer: Annotated[
        str, typer.Option(help="当面手签的学校负责人姓名 / the head, who signed by hand.")
    ] = "",
    drawn: Annotated[
        Path | None, typer.Option(metavar="FILE", help="手签的图片 / the picture of it.")
    ] = None,
) -> Answer:
    """检查人员签字、学校负责人签字或拒签 / sign as inspector or head, or record a refusal."""
    from cli.inspection_acts import sign_by_hand, sign_one

    if drawn:
        return sign_by_hand(desk, number, signer, drawn)
    return sign_one(desk, number, version, refused, head=head)
