"""The import of a ledger that lies where the worker can read it, with its progress shown."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import BaseModel, ConfigDict, Field

from casework import importing
from casework.arrivals import Duplicate
from casework.clock import now
from casework.home import find_home
from casework.importing import Imported
from casework.ledger.columns import BY_FIELD
from casework.ledger.entries import Problem
from casework.office import Office
from casework.uploads.running import run_upload
from flows.office import entered_office
from flows.progress import Told, in_thread
from flows.tables import table
from rules.wording import Trouble
from rules.workdays import CHINA


class ImportRequest(BaseModel):
    """请填写 / what the run form asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="导入台账")

    path: str = Field(
        min_length=1,
        max_length=1_000,
        title="文件",
        description="运行机上的台账文件（XLSX、XLS 或 CSV），请写完整路径。",
    )
    by: str = Field(
        min_length=1,
        max_length=40,
        title="导入人",
        description="人员代码；须为主要负责人、片区、专委会或管理员。",
    )
    dry_run: bool = Field(default=False, title="试运行", description="只检查，不写入。")
    partial: bool = Field(
        default=False,
        title="允许部分导入",
        description="有错误行时仍导入其余各行；否则有一行错误便全部不写入。",
    )
    unit: str = Field(
        default="",
        max_length=200,
        title="默认责任单位",
        description="台账没有单位一列时，全部记在此单位名下（代码或名称）。",
    )
    year: int | None = Field(
        default=None,
        ge=2000,
        le=2100,
        title="默认年份",
        description="补全“3月5日”这类没有年份的日期。",
    )
    upload: str = Field(
        default="",
        max_length=40,
        title="页面上传",
        description="由“导入台账”页填写：按那次上传办理，以上各项不看。请留空。",
    )


@flow(name="import-ledger", description="导入隐患台账：先检查全部各行，再一次写入。")
async def import_ledger(request: ImportRequest) -> State[Imported]:
    """Import the ledger; the state's result is what came of it.

    A refused file, person or row ends the run as Failed, with the reason as its message.
    """
    at = now()
    try:
        imported = await in_thread(lambda told: _import(request, at, told), key="import-progress")
    except Trouble as trouble:
        return Failed(message=trouble.say("zh"))
    if imported is None:
        return Completed(message="这次上传已由页面处理，请在“导入台账”页查看。")
    await _show(imported)
    if imported.landed or (imported.dry_run and not imported.rejected):
        return Completed(message=_headline(imported), data=imported)
    return Failed(message=_headline(imported))


def _import(request: ImportRequest, at: datetime, told: Told) -> Imported | None:
    path = Path(request.path)
    with entered_office() as office:
        if request.upload:
            return _import_upload(office, request.upload, told)
        imported = importing.import_ledger(
            office,
            path,
            by=request.by,
            at=at,
            dry_run=request.dry_run,
            partial=request.partial,
            default_unit=request.unit,
            default_year=request.year,
            errors_to=_returned(path, at),
            progress=_Teller(told),
        )
    told.tell("完成", 100)
    return imported


def _import_upload(office: Office, token: str, told: Told) -> Imported | None:
    """Run what was handed in on a page; None when the pages have seen to it themselves."""
    imported = run_upload(office, token, progress=_Teller(told))
    told.tell("完成", 100)
    return imported


class _Teller:
    """Says how far an import is: how many rows there are is known only once all are read."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.rows = 0

    def __call__(self, doing: str, done: int) -> None:
        if doing == "read":
            self.rows = done
            self.told.tell(f"已读取并检查 {done} 行", 0)
        elif self.rows:
            self.told.tell(f"已写入 {done} 行（共读取 {self.rows} 行）", 100 * done / self.rows)


def _returned(path: Path, at: datetime) -> Path:
    """Return where the refused rows go: the ledger's own folder may be closed to us."""
    folder = find_home(os.environ).folder / "returned"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{path.stem[:80]}-{at.astimezone(CHINA):%Y%m%dT%H%M%S}.xlsx"


async def _show(imported: Imported) -> None:
    await acreate_markdown_artifact(
        _summary(imported), key="import-summary", description="导入摘要"
    )
    if imported.problems:
        await acreate_table_artifact(
            [_problem(each) for each in imported.problems],
            key="import-problems",
            description=f"退回的行：{imported.rejected} 行，列出前 {len(imported.problems)} 处",
        )
    if imported.duplicates:
        await acreate_table_artifact(
            [_duplicate(each) for each in imported.duplicates],
            key="import-duplicates",
            description=f"已有的隐患：{imported.duplicate} 行，列出前若干行",
        )


def _headline(imported: Imported) -> str:
    told = f"读取 {imported.rows} 行，新立 {imported.cases} 件，退回 {imported.rejected} 行"
    if imported.landed:
        return told
    if imported.dry_run:
        return f"试运行，未写入：{told}"
    return f"{told}；有错误行，全部未写入。请改正后重新导入，或允许部分导入（partial）"


def _summary(imported: Imported) -> str:
    counts = {
        "读取": imported.rows, "新立案件": imported.cases, "正常": imported.normal,
        "已有（未重复立案）": imported.duplicate, "退回": imported.rejected,
    }  # fmt: skip
    lines = [
        f"# {imported.file}",
        _headline(imported),
        "",
        table("行", "数量", rows=counts.items()),
    ]
    if imported.error_workbook:
        lines += ["", f"错误行及原因：`{imported.error_workbook}`"]
    return "\n".join(lines)


def _problem(each: Problem) -> dict[str, Any]:
    column = BY_FIELD[each.field].zh if each.field in BY_FIELD else "整行"
    return {
        "工作表": each.sheet, "行": each.row, "列": column, "内容": each.value,
        "原因": each.wording.zh, "办法": each.remedy.zh,
    }  # fmt: skip


def _duplicate(each: Duplicate) -> dict[str, Any]:
    return {"工作表": each.sheet, "行": each.row, "已有": each.number}
