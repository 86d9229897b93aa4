"""What a case's paper says: the same facts as its archive, in words, with what was told to whom."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from casework.auditing.timeline import Timeline
from casework.documents.case_pdf import CasePaper, Part, Photo
from casework.errors import NotFound
from casework.evidence_store import EvidenceStore, display_name
from casework.images import thumbnail
from models import Shows
from rules.policy import Policy
from rules.words import deadline, moment

_SHOWS = {Shows.BEFORE: "整改前", Shows.AFTER: "整改后"}
File = Mapping[str, Any]


def paper_of(
    file: File, timeline: Timeline, policy: Policy, store: EvidenceStore, as_of: datetime
) -> CasePaper:
    """Return the paper of a case file, plain and masked already. Photos are redrawn thumbnails."""
    case = file["case"]
    broken = file["broken_at"]
    parts = (
        _history(timeline), _stays(timeline), _orders(file), _plans(file), _notices(timeline),
    )  # fmt: skip
    return CasePaper(
        "一案一档", case["number"],
        [f"第 {broken} 条经过与此前不符"] if broken else [],
        _facts(case, policy),
        [("隐患", case["description"]), ("措施", case["measure"])],
        [each for each in parts if each.rows],
        "照片", [_photo(each, store) for each in file["evidence"] if each["view_sha256"]],
        f"截至 {moment(as_of)} 凭据 {file['receipt']}",
    )  # fmt: skip


def _facts(case: Mapping[str, Any], policy: Policy) -> list[tuple[str, str, str, str]]:
    category = policy.category(case["category"])
    state = case["state"].label.zh + ("（已撤销）" if case["voided"] else "")
    late = f"{case['days_late']} 天" if case["days_late"] else ""
    listed = case["listed"].label.zh if case["listed"] else ""
    return [
        ("单位", case["unit"], "片区", case["cluster"] or ""),
        ("品目", category.zh if category else case["category"], "等级", case["level"].label.zh),
        ("部位", case["location"], "责任人", case["owner"]),
        ("发现", str(case["found_on"]), "上报", moment(case["reported_at"])),
        ("状态", state, "在等", case["holder"].label.zh if case["holder"] else ""),
        ("时限", deadline(case["due_at"]), "逾期", late),
        ("挂牌", listed, "销号", moment(case["closed_at"])),
    ]  # fmt: skip


def _history(timeline: Timeline) -> Part:
    rows = [
        (str(each["seq"]), moment(each["at"]), "\n".join(_lines(each)), each["hash"][:8])
        for each in timeline.entries
    ]
    return Part("经过", ("auto", "auto", "rest", "auto"), ("序", "时间", "经过", "哈希"), rows)


def _lines(entry: Mapping[str, Any]) -> Iterator[str]:
    yield entry["said"].zh
    yield from (each["said"].zh for each in entry["differences"])
    if entry["due"]:
        yield entry["due"]["why"].zh


def _stays(timeline: Timeline) -> Part:
    rows = [
        (
            each["stage"].label.zh, moment(each["entered_at"]), deadline(each["original_due"]),
            deadline(each["due_at"]) if each["moved"] else "",
            moment(each["left_at"]) if each["left_at"] else "仍在走",
            f"逾期 {each['days_late']} 天" if each["late"] else "未逾期",
        )
        for each in timeline.stays
    ]  # fmt: skip
    head = ("环节", "起", "原定", "改为", "止", "结果")
    return Part("时限", ("rest", "auto", "auto", "auto", "auto", "auto"), head, rows)


def _orders(file: File) -> Part:
    rows = [
        (
            each["number"], each["kind"].label.zh, moment(each["issued_at"]),
            deadline(each["due_at"]), each["reason"], moment(each["released_at"]),
        )
        for each in file["orders"]
    ]  # fmt: skip
    head = ("文号", "种类", "印发", "时限", "事由", "解除")
    return Part("督办", ("auto", "auto", "auto", "auto", "rest", "auto"), head, rows)


def _plans(file: File) -> Part:
    names = ("duty", "measures", "funds", "deadline", "contingency")
    rows = [(str(each["no"]), *(str(each[name] or "") for name in names)) for each in file["plans"]]
    head = ("版", "责任", "措施", "资金", "时限", "预案")
    return Part("方案", ("auto", "rest", "rest", "rest", "auto", "rest"), head, rows)


def _notices(timeline: Timeline) -> Part:
    told = [(entry, each) for entry in timeline.entries for each in entry["notices"]]
    rows = [
        (
            str(entry["seq"]), each["name"], moment(each["owed_at"]),
            moment(each["sent_at"]), moment(each["acknowledged_at"]),
        )
        for entry, each in told
    ]  # fmt: skip
    head = ("因第几条", "告知何人", "应告", "发出", "知悉")
    return Part("告知", ("auto", "rest", "auto", "auto", "auto"), head, rows)


def _photo(row: Mapping[str, Any], store: EvidenceStore) -> Photo:
    name = display_name(row["name"] or row["sha256"][:12])
    said = f"{_SHOWS[row['shows']]} {name} {row['sha256'][:12]}"
    try:
        return Photo(thumbnail(store.view(row["view_sha256"]).read_bytes()), said)
    except (NotFound, OSError):
        return Photo(b"", f"{said}（已缺失）")
