"""Adopting, planning, recording and signing from the command line."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from casework import clock
from casework.attachments import Attachment
from casework.events import Door
from casework.inspections.drafts import Found, Told
from casework.inspections.giving_out import Given, give_out
from casework.inspections.heads import record_refusal, sign_as_head, sign_on_the_spot
from casework.inspections.naming import begin_inspection, name_inspectors
from casework.inspections.people import split_names
from casework.inspections.plans import make, settle_plan
from casework.inspections.publishing import publish_draw
from casework.inspections.recording import record_inspection, sign_inspection
from casework.inspections.showing import open_inspection
from casework.inspections.standing import Recorded
from casework.inspections.withdrawing import withdraw_plan
from casework.lookback.looks import Hand, acting
from casework.office import Office
from cli import reading
from cli.desk import Desk
from cli.printing import Answer, lines
from models import Shows
from notifications.sealing import read_keys
from rules.inspections.answers import Result
from rules.inspections.kinds import InspectionKind
from rules.inspections.plan import parse_plan
from rules.lookback.findings import InspectionMode
from rules.wording import Wording
from rules.workdays import china_day


class Typed(NamedTuple):
    """Items as they were typed: keys alone, or ``item=words``."""

    normal: Sequence[str]
    not_applicable: Sequence[str]
    hazards: Sequence[str]
    places: Sequence[str]
    photos: Sequence[str]
    no_photos: Sequence[str]
    another: Sequence[str]
    all_normal: bool


def plan_one(desk: Desk, path: Path, *, dry_run: bool) -> Answer:
    plan = parse_plan(path.read_text(encoding="utf-8"), where=path.name)
    if dry_run:
        with desk.office() as office, office.reading() as connection:
            settle_plan(connection, plan, acting(connection, _hand(desk)))
        said = Wording(f"可用：{plan.title}", f"usable: {plan.title}")
        return Answer(plan.plain(), lines(desk.say(said)))
    with desk.office() as office:
        planned = make(office, plan, _hand(desk))
    return Answer(planned._asdict(), lines(f"{planned.number} {planned.title}", planned.receipt))


def withdraw_one(desk: Desk, number: str, reason: str) -> Answer:
    with desk.office() as office:
        receipt = withdraw_plan(office, number, reason, _hand(desk))
    return _done(desk, receipt, Wording(f"已撤回 {number}", f"withdrawn: {number}"))


def give_out_all(desk: Desk, only: str, *, dry_run: bool) -> Answer:
    with desk.office() as office:
        given = give_out(
            office, read_keys(desk.environ, desk.home.folder), as_of=desk.at, ran_at=clock.now(),
            door=Door.CLI, dry_run=dry_run, only=only,
        )  # fmt: skip
    data = {name: getattr(given, name) for name in Given.__slots__}
    told = lines(desk.say(_given(given)), *given.impossible, *given.failed)
    return Answer(data, told, 1 if given.failed else 0)


def publish_one(desk: Desk, number: str) -> Answer:
    with desk.office() as office:
        receipt = publish_draw(office, number, _hand(desk))
    return _done(desk, receipt, Wording(f"已公开 {number}", f"published: {number}"))


def begin_one(desk: Desk, unit: str, checklist: str, kind: InspectionKind) -> Answer:
    with desk.office() as office:
        begun = begin_inspection(office, unit, checklist, kind, _hand(desk))
    return Answer(begun._asdict(), lines(f"{begun.number} {begun.unit}", begun.receipt))


def assign_one(desk: Desk, number: str, inspectors: str, reason: str) -> Answer:
    codes = split_names(inspectors)
    with desk.office() as office:
        receipt = name_inspectors(office, number, codes, reason, _hand(desk))
    return _done(desk, receipt, Wording(f"已指定 {number} 的检查人员", f"named for {number}"))


def record_one(
    desk: Desk,
    number: str,
    typed: Typed,
    how: tuple[int, InspectionMode, date | None, str, str],
    key: str,
) -> Answer:
    participants, mode, on, note, reason = how
    with desk.office() as office:
        found = _found(desk, office, number, typed)
        told = Told(found, participants, on, mode, note, reason)
        recorded = record_inspection(office, number, told, _hand(desk), key=key or None)
    return _recorded(desk, recorded)


def sign_one(desk: Desk, number: str, version: int, refused: str, *, head: bool) -> Answer:
    with desk.office() as office:
        if refused:
            receipt = record_refusal(office, number, refused, _hand(desk))
            return _done(desk, receipt, Wording("已记录拒签", "the refusal is recorded"))
        if head:
            receipt = sign_as_head(office, number, _hand(desk))
            return _done(desk, receipt, Wording("学校负责人已签字", "signed by the head"))
        return _recorded(desk, sign_inspection(office, number, version, _hand(desk)))


def sign_by_hand(desk: Desk, number: str, signer: str, drawn: Path) -> Answer:
    path = reading.existing(drawn, "--drawn")
    with desk.office() as office:
        stored = office.evidence.put(path, name=path.name)
        receipt = sign_on_the_spot(office, number, signer, stored, _hand(desk))
    return _done(desk, receipt, Wording("学校负责人已手签", "signed by the head, by hand"))


def _found(desk: Desk, office: Office, number: str, typed: Typed) -> dict[str, Found]:
    file = open_inspection(office, number, by=desk.by, today=china_day(desk.at))
    found = {
        each.key: Found(Result.NORMAL) for each in file.checklist.items if typed.all_normal
    } | {item: Found(Result.NORMAL) for item in typed.normal}
    found |= {item: Found(Result.NOT_APPLICABLE) for item in typed.not_applicable}
    places = reading.pairs(typed.places, "--place")
    why = reading.pairs(typed.no_photos, "--no-photo")
    photos = _photos(office, typed.photos)
    for item, note in reading.pairs(typed.hazards, "--hazard").items():
        found[item] = Found(
            Result.HAZARD, note, places.get(item, ""), why.get(item, ""), item in typed.another,
            photos.get(item, []),
        )  # fmt: skip
    return found


def _photos(office: Office, typed: Sequence[str]) -> dict[str, list[Attachment]]:
    kept: dict[str, list[Attachment]] = {}
    for each in typed:
        item, _, name = each.partition("=")
        path = reading.existing(Path(name), "--photo")
        stored = office.evidence.put(path, name=path.name)
        kept.setdefault(item.strip(), []).append(Attachment(stored, Shows.BEFORE))
    return kept


def _recorded(desk: Desk, recorded: Recorded) -> Answer:
    zh = f"{recorded.number} 第 {recorded.version} 版，隐患 {recorded.hazards} 处"
    en = f"{recorded.number} version {recorded.version}, {recorded.hazards} hazard(s)"
    if recorded.unsigned:
        zh, en = f"{zh}，还差 {recorded.unsigned} 人签字", f"{en}, {recorded.unsigned} to sign"
    cases = [
        desk.say(
            Wording(
                f"{each.item}：{each.number}{'(已有案件)' if each.linked else ''}",
                f"{each.item}: {each.number}{' (open before)' if each.linked else ''}",
            )
        )
        for each in recorded.cases
    ]
    data = {
        "number": recorded.number, "version": recorded.version, "state": recorded.state,
        "unsigned": recorded.unsigned, "hazards": recorded.hazards,
        "cases": [each._asdict() for each in recorded.cases], "receipt": recorded.receipt,
        "repeated": recorded.repeated,
    }  # fmt: skip
    return Answer(data, lines(desk.say(Wording(zh, en)), *cases, recorded.receipt))


def _given(given: Given) -> Wording:
    zh = (
        f"下达 {given.tasks} 项，承诺 {len(given.committed)} 次，抽取 {len(given.drawn)} 次，"
        f"过期未下达 {given.missed} 天"
    )
    en = (
        f"{given.tasks} given out, {len(given.committed)} committed to, {len(given.drawn)} drawn, "
        f"{given.missed} days missed"
    )
    return Wording(f"试运行，未写入：{zh}", f"dry run: {en}") if given.dry_run else Wording(zh, en)


def _done(desk: Desk, receipt: str, said: Wording) -> Answer:
    return Answer({"receipt": receipt}, lines(desk.say(said), receipt))


def _hand(desk: Desk) -> Hand:
    return Hand(desk.by, desk.at, Door.CLI)
