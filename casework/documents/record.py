"""回头看记录: a closed look-back as one document, with the visits in a table."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casework.documents.contents import Content, Section, chinese_day, headed, numbered
from casework.documents.writing import chinese_iso
from casework.lookback.judging import Judged
from casework.lookback.looking import LookbackFile
from rules.case import Level
from rules.documents import DocumentKind, document_number
from rules.lookback.frame import StratumBy, read_stratum
from rules.lookback.plan import read_plan

HEADINGS = ("案件编号", "单位", "复查结果", "复查日期", "检查人员")
_WHOLE = "全部"


def write_record(
    file: LookbackFile, committee: str, *, at: datetime, receipt: str, address: str
) -> Content:
    """Return what stands in the record of a look-back that is closed."""
    row = file.row
    return Content(
        kind=DocumentKind.LOOKBACK.value,
        number=document_number(DocumentKind.LOOKBACK, row["number"]),
        issuer=committee,
        title=f"{row['title']}记录",
        addressee="",
        opening=f"{row['number']}已于{chinese_day(row['closed_at'])}结束，记录如下。",
        sections=headed([_draw(row), _verdicts(file), Section("复查结果", ())]),
        table=(HEADINGS, *(_visit(each) for each in file.visits)),
        signers=(
            "检查人员（签名）：            年  月  日",
            "负责人（签名）：              年  月  日",
        ),
        issued_on=chinese_iso(at),
        copies="",
        receipt=receipt,
        address=address,
    )


def _draw(row: Mapping[str, Any]) -> Section:
    frame = read_plan(row["plan"]).frame
    first, last = chinese_day(frame.closed_from), chinese_day(frame.closed_until)
    return Section(
        "抽样",
        numbered([
            f"{first}至{last}销号的案件共{row['frame_size']}件，抽取{row['drawn']}件。",
            f"抽取日期：{chinese_day(row['drawn_at'])}。",
            f"种子：{row['seed']}",
            f"名单摘要：{row['frame_digest']}",
        ]),
    )  # fmt: skip


def _verdicts(file: LookbackFile) -> Section:
    return Section("判定", numbered([_verdict(each) for each in file.strata]))


def _verdict(judged: Judged) -> str:
    verdict = judged.verdict
    decision = judged.decided or verdict.decision
    return (
        f"{_stratum(judged.key)}：共{judged.size.population}件，已看{verdict.checked}件，"
        f"复发{verdict.relapsed}件，{decision.label.zh}。"
    )


def _stratum(key: str) -> str:
    said = [_part(by, value) for by, value in read_stratum(key).items()]
    return "、".join(said) or _WHOLE


def _part(by: StratumBy, value: str) -> str:
    shown = Level(value).label.zh if by is StratumBy.LEVEL and value in set(Level) else value
    return f"{by.label.zh}{shown or '未定'}"


def _visit(visit: Mapping[str, Any]) -> tuple[str, ...]:
    finding, found_at = visit["finding"], visit["found_at"]
    return (
        visit["number"], visit["unit"], finding.label.zh if finding else "未复查",
        chinese_iso(found_at) if found_at else "", "、".join(one["name"] for one in visit["team"]),
    )  # fmt: skip
