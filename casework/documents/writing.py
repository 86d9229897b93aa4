"""The words of a case's documents. They are Chinese: an official document has one language."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from casework.case_file import CaseFile
from casework.documents.bases import Basis
from casework.documents.contents import Content, Section, chinese_day, headed, numbered
from rules.access import Role
from rules.actions import Action
from rules.case import Level
from rules.deadlines import Stage
from rules.documents import DocumentKind
from rules.ladder import OrderLevel
from rules.lookback.findings import Finding
from rules.words import moment
from rules.workdays import close_of, day_due


class Letterhead(NamedTuple):
    """Who writes, to be printed above and below, and who gets a copy ('' for nobody)."""

    issuer: str
    copies: str


class Told(NamedTuple):
    """All that a document is written from."""

    file: CaseFile
    basis: Basis
    category: str


def letterhead(committee: str, cluster: str, role: Role, level: OrderLevel | None) -> Letterhead:
    """Return who issues: the level that supervises, else the level of whoever signs."""
    by_cluster = role in (Role.CLUSTER, Role.VERIFIER) if level is None else (
        level is OrderLevel.CLUSTER
    )  # fmt: skip
    if by_cluster and cluster:
        return Letterhead(cluster, committee)
    return Letterhead(committee, cluster)


def write_content(
    told: Told, head: Letterhead, *, at: datetime, receipt: str, address: str
) -> Content:
    """Return what stands in a case's document when it is issued at ``at``."""
    kind, case = told.basis.kind, told.file.case
    return Content(
        kind=kind.value,
        number=told.basis.number,
        issuer=head.issuer,
        title=_title(told),
        addressee=case["unit"],
        opening=_OPENINGS[kind],
        sections=headed(_SECTIONS[kind](told)),
        table=(),
        signers=_SIGNERS[kind],
        issued_on=chinese_iso(at),
        copies=head.copies,
        receipt=receipt,
        address=address,
    )


def chinese_iso(at: datetime) -> str:
    """Return China's day at a moment, as it is kept."""
    return moment(at)[:10]


def _title(told: Told) -> str:
    if told.basis.kind is DocumentKind.SUPERVISION:
        return f"{told.basis.order['kind'].label.zh}通知书"
    prefix = "安全隐患" if told.basis.kind is not DocumentKind.RELEASE else ""
    return prefix + told.basis.kind.label.zh


def _hazard(told: Told) -> Section:
    case = told.file.case
    place = f"；地点：{case['location']}" if case["location"] else ""
    head = (
        f"案件编号：{case['number']}；类别：{told.category}；等级：{Level(case['level']).label.zh}"
        f"{place}；发现日期：{chinese_day(case['found_on'])}。"
    )
    return Section("隐患情况", (head, *_lines(case["description"])))


def _rectification(told: Told) -> list[Section]:
    case = told.file.case
    demands = [
        *_lines(case["measure"]),
        "落实整改责任、措施、资金、时限和应急预案，制定并报送整改方案。",
        "整改完成前采取临时管控措施，确保安全。",
        "整改完成后提交整改后佐证，并申请验收。",
    ]
    return [
        _hazard(told),
        Section("整改要求", numbered(demands)),
        Section("期限", (_term(case),)),
    ]


def _term(case: Mapping[str, Any]) -> str:
    stage, due = case["stage"], case["due_at"]
    now = f"请于{_last_day(due)}前完成{Stage(stage).label.zh}。"
    if stage is Stage.RECTIFICATION:
        return now + _LATE
    if case["plan_deadline"]:
        return f"{now}整改须于{chinese_day(case['plan_deadline'])}前完成。{_LATE}"
    return f"{now}整改期限以批准的整改方案为准。{_LATE}"


def _supervision(told: Told) -> list[Section]:
    order = told.basis.order
    return [
        _hazard(told),
        Section("挂牌原因", (f"{order['cause'].label.zh}。", *_lines(order["reason"]))),
        Section("督办要求", numbered([*_lines(order["demands"])])),
        Section("期限", (f"请于{_last_day(order['due_at'])}前完成整改。{_LATE}",)),
    ]


def _reinspection(told: Told) -> list[Section]:
    event = told.basis.event
    given = event["body"].get("given", {})
    by = f"{Role(event['role']).label.zh}{event['who']}"
    seen = f"{chinese_day(event['at'])}，{by}到现场复查。"
    return [
        _hazard(told),
        Section("复查情况", (seen, *_lines(given.get("finding", "")))),
        Section("复查意见", (_opinion(event),)),
    ]


def _opinion(event: Mapping[str, Any]) -> str:
    match event["kind"], event["body"].get("finding"):
        case Action.PASS, _:
            return "经复查，隐患已整改，验收通过。"
        case Action.FAIL, _:
            due = event["body"].get("clock", {}).get("due")
            until = f"请于{_last_day(datetime.fromisoformat(due))}前完成整改。" if due else ""
            return f"经复查，整改未达到要求，验收不通过。{until}{_LATE}"
        case _, Finding.HOLDS:
            return "回头看：隐患未复发。"
        case _:
            return "回头看：隐患复发，请立即重新整改。"


def _release(told: Told) -> list[Section]:
    order = told.basis.order
    listed = (
        f"{chinese_day(order['issued_at'])}以{order['number']}对上述隐患"
        f"{order['kind'].label.zh}，期限{_last_day(order['due_at'])}。"
    )
    opinion = f"自{chinese_day(order['released_at'])}起摘牌，解除{order['kind'].label.zh}。"
    return [
        _hazard(told),
        Section("挂牌情况", (listed,)),
        Section("摘牌意见", (*_lines(order["release_reason"]), opinion)),
    ]


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _last_day(due_at: datetime) -> str:
    """Return the last day on time; for a limit in hours, with its hour."""
    last = day_due(due_at)
    hour = "" if close_of(last) == due_at else moment(due_at)[10:]
    return chinese_day(last) + hour


_LATE = "逾期未完成的，按规定督办。"
_OPENINGS = {
    DocumentKind.RECTIFICATION: "经查，你单位存在以下安全隐患，现通知整改。",
    DocumentKind.SUPERVISION: "你单位以下安全隐患现予挂牌，请按要求整改并签收本通知书。",
    DocumentKind.REINSPECTION: "你单位以下安全隐患已经复查，现将意见告知如下。",
    DocumentKind.RELEASE: "你单位以下安全隐患已具备摘牌条件，现予摘牌。",
}
_SECTIONS: dict[DocumentKind, Callable[[Told], list[Section]]] = {
    DocumentKind.RECTIFICATION: _rectification,
    DocumentKind.SUPERVISION: _supervision,
    DocumentKind.REINSPECTION: _reinspection,
    DocumentKind.RELEASE: _release,
}
_RECEIVED = ("送达人（签名）：              年  月  日", "签收人（签名）：              年  月  日")
_SIGNERS = {
    DocumentKind.RECTIFICATION: _RECEIVED,
    DocumentKind.SUPERVISION: _RECEIVED,
    DocumentKind.REINSPECTION: (
        "复查人员（签名）：            年  月  日",
        "被复查单位负责人（签名）：    年  月  日",
    ),
    DocumentKind.RELEASE: _RECEIVED,
}
