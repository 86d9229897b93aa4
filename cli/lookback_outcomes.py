"""Assigning, recording, signing and enlarging from the command line."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from casework.attachments import Attachment
from casework.lookback.assigning import Dealt, assign_inspectors, seat_by_hand
from casework.lookback.enlarging import Enlarged, enlarge, recheck_rejected
from casework.lookback.looking import open_lookback
from casework.lookback.recording import Found, Recorded, record_finding, sign_finding
from casework.office import Office
from cli import reading
from cli.desk import Desk
from cli.lookback_planning import hand
from cli.printing import Answer, lines
from cli.troubles import Usage
from models import Shows
from rules.lookback.findings import Finding, InspectionMode
from rules.lookback.verdict import Decision
from rules.wording import Wording


def deal(desk: Desk, number: str) -> Answer:
    with desk.office() as office:
        dealt = assign_inspectors(office, number, hand(desk))
    return _dealt(desk, dealt)


def seat(
    desk: Desk, number: str, case: str, inspectors: str, day: date | None, reason: str
) -> Answer:
    """Give one visit the inspectors that a person chose."""
    people = [each.strip() for each in inspectors.replace("、", ",").split(",") if each.strip()]
    if not (case and people and day):
        raise Usage(
            Wording("人工指定须写全案件、人员和日期", "by hand it takes case, inspectors and day"),
            remedy=Wording(
                "请填 --case、--inspectors、--day 和 --reason。",
                "Give --case, --inspectors, --day and --reason.",
            ),
            where="--case",
        )
    with desk.office() as office:
        dealt = seat_by_hand(
            office, number, case, people=people, day=day, reason=reason, hand=hand(desk)
        )
    return _dealt(desk, dealt)


def draw_more(desk: Desk, number: str, stratum: str, by: int, reason: str) -> Answer:
    with desk.office() as office:
        done = enlarge(office, number, stratum, by, reason, hand(desk))
    return Answer(asdict(done), lines(desk.say(_enlarged(done))))


def recheck_all(desk: Desk) -> Answer:
    with desk.office() as office:
        done = recheck_rejected(office, hand(desk))
    told = [desk.say(_enlarged(each)) for each in done] or [desk.say(_NOTHING_REJECTED)]
    return Answer([asdict(each) for each in done], lines(*told))


def record_found(
    desk: Desk,
    number: str,
    case: str,
    finding: str,
    *,
    mode: str,
    note: str,
    photos: Sequence[Path],
) -> Answer:
    found = reading.choice(Finding, "--finding")(finding)
    made = reading.choice(InspectionMode, "--mode")(mode) if mode else None
    paths = [reading.existing(photo, "--photo") for photo in photos]
    with desk.office() as office:
        made = made or _planned_mode(office, number, desk.by)
        files = [Attachment(office.evidence.put(path, name=path.name), Shows.AFTER)
                 for path in paths]  # fmt: skip
        done = record_finding(office, number, case, Found(found, made, note, files), hand(desk))
    return _recorded(desk, done)


def sign_found(desk: Desk, number: str, case: str, finding: str) -> Answer:
    found = reading.choice(Finding, "--finding")(finding)
    with desk.office() as office:
        done = sign_finding(office, number, case, found, hand(desk))
    return _recorded(desk, done)


def _dealt(desk: Desk, dealt: Dealt) -> Answer:
    blocked = [
        {"case": each.case, "rule": each.rule, "why": each.wording, "nearest": each.nearest}
        for each in dealt.impossible
    ]
    data = {"number": dealt.number, "assigned": dealt.assigned, "impossible": blocked,
            "receipt": dealt.receipt}  # fmt: skip
    told = [Wording(f"已分派 {dealt.assigned} 件", f"{dealt.assigned} visits have inspectors")]
    told += [
        Wording(
            f"{each.case} 抽不出：{each.wording.zh}；最近的人选 {'、'.join(each.nearest) or '无'}",
            f"{each.case}: {each.wording.en}; nearest: {', '.join(each.nearest) or 'nobody'}",
        )
        for each in dealt.impossible
    ]
    told.append(Wording(f"回执 {dealt.receipt}", f"receipt {dealt.receipt}"))
    return Answer(data, lines(*(desk.say(each) for each in told)))


def _planned_mode(office: Office, number: str, by: str) -> InspectionMode:
    plan = json.loads(open_lookback(office, number, by=by).row["plan"])
    return InspectionMode(plan["mode"])


def _recorded(desk: Desk, done: Recorded) -> Answer:
    label = Finding(done.finding).label
    told = [Wording(f"{done.case}：{label.zh}", f"{done.case}: {label.en}")]
    if not done.final:
        told.append(Wording(f"还须 {done.unsigned} 人签字", f"{done.unsigned} have yet to sign"))
    if done.reopened:
        told.append(Wording("该案已复发重开，升一级处理", "the case is reopened, a rung higher"))
    if done.decision:
        decision = Decision(done.decision).label
        told.append(Wording(f"该层判定：{decision.zh}", f"its stratum is {decision.en}"))
    told.append(Wording(f"回执 {done.receipt}", f"receipt {done.receipt}"))
    return Answer(asdict(done), lines(*(desk.say(each) for each in told)))


def _enlarged(done: Enlarged) -> Wording:
    return Wording(
        f"{done.number} {done.stratum}："
        f"增抽 {done.added} 件，共 {done.drawn} 件，回执 {done.receipt}",
        f"{done.number} {done.stratum}: {done.added} more, {done.drawn} in all, "
        f"receipt {done.receipt}",
    )


_NOTHING_REJECTED = Wording("没有待全部复查的层", "no rejected stratum waits to be rechecked")
