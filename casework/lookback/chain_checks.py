"""The history of a bundle: unbroken, in an allowed order, its seed bound before the frame."""

from collections.abc import Sequence

from casework.answers import receipt
from casework.lookback.bundle_reading import Bundle, Told
from casework.lookback.checks import absent, differs, event
from casework.lookback.looks import SUBJECT
from casework.records import called
from rules.access import Role
from rules.lookback.acts import ROWS, LookbackAct, LookbackState, state_after
from rules.lookback.seeds import (
    SeedKind,
    check_reveal,
    order_is_honest,
    outside_value,
    seed_from,
)
from rules.proof import first_break
from rules.workdays import china_day

_DRAWING = frozenset({LookbackAct.FREEZE, LookbackAct.REVEAL})


def check_chain(bundle: Bundle) -> None:
    about, events = bundle.parts.about, bundle.events
    broken = first_break((each.sealed(), each.hash) for each in events)
    if broken:
        differs("事件被改动、缺失或换位", "an event was changed, lost or moved", event(broken))
    name = called(SUBJECT, about.number)
    strange = next((each.seq for each in events if each.case != name), None)
    if strange:
        differs("事件属于另一次回头看", "an event of another look-back", event(strange))
    said = receipt(about.number, about.seq, about.head)
    last = (events[-1].seq, events[-1].hash) if events else (0, "")
    if last != (about.seq, about.head) or said != about.receipt:
        differs("历史的末尾与所述不同", "the history does not end where it says", "bundle.json")


def check_receipts(bundle: Bundle, receipts: Sequence[str]) -> None:
    """Whether the receipts that somebody holds are of this history."""
    if not receipts:
        absent("没有给出回执，请用 --receipt 核对", "no receipt was given: compare with --receipt")
    issued = {receipt(bundle.parts.about.number, each.seq, each.hash) for each in bundle.events}
    strange = next((each for each in receipts if each.strip() not in issued), None)
    if strange:
        differs("历史中没有这份回执", "the history has no such receipt", strange)


def check_life(bundle: Bundle) -> None:
    state: LookbackState | None = None
    for each in bundle.events:
        act = LookbackAct(each.kind)
        row = ROWS[act]
        if state not in row.sources or Role(each.role) not in row.roles:
            differs(f"此时不能“{act.label.zh}”", f"cannot {act.label.en} then", event(each.seq))
        if act not in _DRAWING:  # they are part of the draw that follows
            state = state_after(act, state) if state else row.target
    if state is not bundle.parts.about.state:
        differs("状态与历史不符", "the state is not where the history leads", "bundle.json")


def check_order(bundle: Bundle) -> None:
    kinds = [each.kind for each in bundle.events]
    if not {LookbackAct.FREEZE, LookbackAct.REVEAL, LookbackAct.DRAW} & set(kinds):
        absent("尚未抽取", "not drawn yet")
    if wrong := order_is_honest(kinds):
        differs(wrong.zh, wrong.en, "events.jsonl")


def check_plan(bundle: Bundle) -> None:
    first = bundle.events[0]
    if first.kind != LookbackAct.PLAN or first.said["plan"] != bundle.parts.plan:
        differs("计划与历史中的不同", "the plan is not the one in the history", "plan.json")
    if bundle.plan.plain() != bundle.parts.plan:
        differs("计划不是规范形式", "the plan is not in its one form", "plan.json")


def check_commitment(bundle: Bundle) -> None:
    commit = _only(bundle, LookbackAct.COMMIT)
    commitment = commit.said.get("commitment", "")
    if (bundle.plan.seed is SeedKind.COMMITTED) is not bool(commitment):
        differs("承诺与计划的种子方式不符", "the plan asks for another seed", event(commit.seq))
    if not commitment:
        absent("种子来自外部值，没有承诺", "the seed comes from outside: nothing is committed to")
    reveal = _only(bundle, LookbackAct.REVEAL)
    if not check_reveal(commitment, reveal.said["secret"], bundle.parts.about.number):
        differs("揭示的不是承诺的秘密值", "what was revealed is not the secret", event(reveal.seq))


def check_outside(bundle: Bundle) -> None:
    commit = _only(bundle, LookbackAct.COMMIT)
    source, on = commit.said.get("source", ""), commit.said.get("on", "")
    if not source and bundle.plan.seed is SeedKind.OUTSIDE:
        differs("没有公告外部值", "no outside value was announced", event(commit.seq))
    if on and on < china_day(commit.moment).isoformat():
        differs("公告时结果已知", "it was out when it was announced", event(commit.seq))
    revealed = bundle.of_kind(LookbackAct.REVEAL)
    given = revealed[0].said.get("outside", "") if revealed else ""
    if not source and not given:
        absent("未用外部值", "no outside value is used")
    reveal = _only(bundle, LookbackAct.REVEAL)
    if not source or not given or outside_value(given) != given:
        differs("外部值与公告不符", "the value is not as announced", event(reveal.seq))
    if china_day(reveal.moment).isoformat() < on:
        differs("外部值尚未公布", "the value was not out yet", event(reveal.seq))


def check_seed(bundle: Bundle) -> None:
    drawn = _only(bundle, LookbackAct.DRAW)
    reveal, frozen = _only(bundle, LookbackAct.REVEAL), _only(bundle, LookbackAct.FREEZE)
    secret, outside = reveal.said.get("secret", ""), reveal.said.get("outside")
    if seed_from(secret, outside, frozen.said["digest"]) != drawn.said["seed"]:
        differs("种子不是由秘密值、外部值和名单得出", "the seed does not follow", event(drawn.seq))


def _only(bundle: Bundle, act: LookbackAct) -> Told:
    """Return the one event of a kind; raise Absent without one, as long as nothing was drawn."""
    found = bundle.of_kind(act)
    if not found and not bundle.of_kind(LookbackAct.DRAW):
        absent("尚未进行到这一步", "not that far yet")
    if len(found) != 1:
        label = act.label
        differs(
            f"“{label.zh}”有 {len(found)} 次", f"{len(found)} times: {label.en}", "events.jsonl"
        )
    return found[0]
