"""A look-back leaves the house, and is checked outside it: export and verify."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import RenderableType

from casework.lookback.bundle import export_bundle
from casework.lookback.checks import Outcome
from casework.lookback.verifying import Verified, verify_bundle
from cli.desk import Desk
from cli.printing import Answer, Column, lines, plain_text, styled, table
from cli.troubles import REFUSED
from rules.wording import Wording

_STYLES = {Outcome.PASSED: "green", Outcome.FAILED: "bold red", Outcome.ABSENT: "dim"}


def export(desk: Desk, number: str, file: Path, *, with_roster: bool) -> Answer:
    with desk.office() as office:
        done = export_bundle(office, number, file, by=desk.by, with_roster=with_roster)
    told = [
        Wording(
            f"已写入 {done.file}（{done.size} 字节）", f"wrote {done.file} ({done.size} bytes)"
        ),
        Wording(f"SHA-256 {done.sha256}", f"SHA-256 {done.sha256}"),
        Wording(f"回执 {done.receipt}", f"receipt {done.receipt}"),
        Wording(
            f"核验：bihuan lookback verify {done.file}",
            f"check it: bihuan lookback verify {done.file}",
        ),
    ]
    return Answer(asdict(done), lines(*(desk.say(each) for each in told)))


def check(desk: Desk, file: Path, receipts: Sequence[str], keys: Sequence[str]) -> Answer:
    verified = verify_bundle(file, receipts=receipts, keys=keys)
    data = {
        "number": verified.number, "ok": verified.ok, "receipt": verified.receipt,
        "checks": [
            {"check": each.proof, "what": each.proof.label, "outcome": each.outcome,
             "why": each.why, "where": each.where}
            for each in verified.checks
        ],
    }  # fmt: skip
    shown = lines(_checks(desk, verified), styled(desk.say(_summary(verified)), "bold"))
    return Answer(data, shown, 0 if verified.ok else REFUSED)


def _checks(desk: Desk, verified: Verified) -> RenderableType:
    made = table(
        [
            Column(Wording("核验", "check"), ratio=2),
            Column(Wording("结论", "outcome"), keep=True),
            Column(Wording("说明", "why"), ratio=3),
            Column(Wording("位置", "where"), ratio=2),
        ],
        desk.locale,
    )
    for each in verified.checks:
        made.add_row(
            desk.say(each.proof.label),
            styled(desk.say(each.outcome.label), _STYLES[each.outcome]),
            plain_text(desk.say(each.why)),
            plain_text(each.where),
        )
    return made


def _summary(verified: Verified) -> Wording:
    counts = Counter(each.outcome for each in verified.checks)
    passed, failed = counts[Outcome.PASSED], counts[Outcome.FAILED]
    unchecked = counts[Outcome.ABSENT]
    return Wording(
        f"{verified.number}：{passed} 项通过，{failed} 项不通过，{unchecked} 项未核验；"
        f"末尾回执 {verified.receipt}",
        f"{verified.number}: {passed} passed, {failed} failed, {unchecked} not checked; "
        f"the last receipt is {verified.receipt}",
    )
