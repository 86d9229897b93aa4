"""Compiling, filling in, checking, signing and exporting filings from the command line."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from casework import clock
from casework.events import Door
from casework.filings.catching_up import compile_due
from casework.filings.checking import check_filing
from casework.filings.compiling import Compiled, compile_period, open_filing
from casework.filings.correcting import correct_filing
from casework.filings.filling import fill_in
from casework.filings.papers import draw_filing, form_of
from casework.filings.places import Which
from casework.filings.returning import return_filing
from casework.filings.signing import file_at_once, sign_filing
from casework.filings.store import Held
from cli.desk import Desk
from cli.printing import Answer, lines
from rules.filings.checks import Finding, hindering
from rules.wording import Wording

Written = tuple[str, str, str]


def compile_one(desk: Desk, template: str, period: str) -> Answer:
    with desk.office() as office:
        done = compile_period(office, template, period, by=desk.by, at=desk.at, door=Door.CLI)
    return Answer(_compiled(done), lines(desk.say(_said(done))))


def compile_missed(desk: Desk, template: str, *, dry_run: bool) -> Answer:
    now = clock.now()
    with desk.office() as office:
        done = compile_due(
            office, as_of=desk.at, ran_at=now, door=Door.CLI, only=template, dry_run=dry_run
        )
    data = {
        "as_of": done.as_of, "dry_run": dry_run, "planned": done.planned, "new": done.new,
        "compiled": [_compiled(each) for each in done.compiled],
    }  # fmt: skip
    said = [desk.say(_said(each)) for each in done.compiled] or done.planned
    nothing = desk.say(Wording("没有到期未编的报告", "nothing is due"))
    return Answer(data, lines(*(said or [nothing])))


def fill_one(desk: Desk, written: Written, typed: Mapping[str, str]) -> Answer:
    which = Which(*written)
    with desk.office() as office:
        open_filing(office, which, by=desk.by, at=desk.at, door=Door.CLI)
        held = fill_in(office, which, typed, by=desk.by, at=desk.at, door=Door.CLI)
    return _done(desk, held, Wording("已填写", "filled in"))


def check_one(desk: Desk, written: Written) -> Answer:
    which = Which(*written)
    with desk.office() as office:
        checked = check_filing(office, which, by=desk.by, at=desk.at, door=Door.CLI)
    good = Wording("核对通过，可以签发", "checked: it may be signed")
    bad = Wording("核对未通过", "something hinders it")
    answer = _done(desk, checked.held, good if checked.passed else bad, checked.findings)
    return Answer(answer.data, answer.show, exit_code=0 if checked.passed else 1)


def sign_one(desk: Desk, written: Written) -> Answer:
    with desk.office() as office:
        held = sign_filing(office, Which(*written), by=desk.by, at=desk.at, door=Door.CLI)
    return _done(desk, held, Wording("已签发", "signed"))


def return_one(desk: Desk, written: Written, reason: str) -> Answer:
    with desk.office() as office:
        held = return_filing(office, Which(*written), reason, by=desk.by, at=desk.at, door=Door.CLI)
    return _done(desk, held, Wording("已退回", "returned"))


def submit_one(desk: Desk, written: Written, typed: Mapping[str, str]) -> Answer:
    with desk.office() as office:
        held = file_at_once(office, Which(*written), typed, by=desk.by, at=desk.at, door=Door.CLI)
    return _done(desk, held, Wording("已签发", "signed"))


def correct_one(desk: Desk, written: Written, reason: str) -> Answer:
    with desk.office() as office:
        held = correct_filing(
            office, Which(*written), reason, by=desk.by, at=desk.at, door=Door.CLI
        )
    return _done(desk, held, Wording(f"更正第 {held.version} 版", f"version {held.version}"))


def export_one(desk: Desk, written: Written, file: Path, version: int) -> Answer:
    form = form_of(file.name)
    with desk.office() as office:
        made = draw_filing(
            office, Which(*written), form, by=desk.by, at=desk.at, door=Door.CLI, version=version
        )
    file.write_bytes(made.data)
    data = {"file": str(file), "sha256": made.sha256, "number": made.number}
    said = Wording(f"已写入 {file}", f"written to {file}")
    return Answer(data, lines(desk.say(said), f"SHA-256 {made.sha256}"))


def _done(desk: Desk, held: Held, what: Wording, findings: Sequence[Finding] = ()) -> Answer:
    name = held.number or held.subject.name
    data = {
        "template": held.named.template.key, "period": held.named.period.key,
        "unit": held.named.unit.code, "version": held.version, "state": held.state.value,
        "number": held.number, "receipt": held.receipt,
        "ready": not hindering(findings),
        "findings": [_finding(each) for each in findings],
    }  # fmt: skip
    told = Wording(f"{name}：{what.zh}", f"{name}: {what.en}")
    receipt = Wording(f"回执 {held.receipt}", f"receipt {held.receipt}")
    found = [desk.say(_told(each)) for each in findings]
    return Answer(data, lines(desk.say(told), *found, desk.say(receipt)))


def _finding(each: Finding) -> dict[str, object]:
    return {
        "fault": each.fault.value, "row": each.row, "problem": each.problem,
        "remedy": each.remedy, "reason": each.reason, "hinders": each.hinders,
    }  # fmt: skip


def _told(each: Finding) -> Wording:
    label, reason = each.fault.label, each.reason
    why = f"原因：{reason}" if reason else each.remedy.zh
    zh = f"{label.zh} {each.row}：{each.problem.zh}。{why}"
    en = f"{label.en} {each.row}: {each.problem.en}. {reason or each.remedy.en}"
    return Wording(zh, en)


def _compiled(done: Compiled) -> dict[str, object]:
    return {
        "template": done.template, "period": done.period, "new": done.new, "known": done.known,
        "by_level": done.by_level,
    }  # fmt: skip


def _said(done: Compiled) -> Wording:
    return Wording(
        f"{done.template} {done.period}：新编 {done.new} 份，已有 {done.known} 份",
        f"{done.template} {done.period}: {done.new} new, {done.known} there already",
    )
