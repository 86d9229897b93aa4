"""The checks of a bundle: each passed, failed with the first bad place, or had nothing to check."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from casework.errors import Invalid
from casework.lookback.bundle_reading import Bundle
from rules.wording import NOTHING, Trouble, Wording


class Proof(StrEnum):
    """What a bundle proves, in the order in which it is checked."""

    CHAIN = "chain"
    RECEIPT = "receipt"
    LIFE = "life"
    ORDER = "order"
    PLAN = "plan"
    COMMITMENT = "commitment"
    OUTSIDE = "outside"
    FRAME = "frame"
    SEED = "seed"
    SIZES = "sizes"
    DRAW = "draw"
    ENLARGEMENTS = "enlargements"
    LIST = "list"
    TEAMS = "teams"
    FINDINGS = "findings"
    VERDICTS = "verdicts"
    PUBLISHED = "published"
    CHECKPOINT = "checkpoint"

    @property
    def label(self) -> Wording:
        return _PROOFS[self]


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"

    @property
    def label(self) -> Wording:
        return _OUTCOMES[self]


@dataclass(frozen=True, slots=True)
class Check:
    """``where`` is the first bad place of what failed; ``why`` says what is wrong or absent."""

    proof: Proof
    outcome: Outcome
    why: Wording = NOTHING
    where: str = ""


class Mismatch(Trouble):
    """Something in the bundle is not what it should be."""


class Absent(Trouble):
    """There is nothing to check, or not yet."""


def differs(zh: str, en: str, where: str) -> NoReturn:
    """Raise Mismatch: the named part is not as it was reckoned anew."""
    raise Mismatch(Wording(zh, en), where=where)


def absent(zh: str, en: str) -> NoReturn:
    """Raise Absent."""
    raise Absent(Wording(zh, en))


def event(seq: int) -> str:
    """Return where an event is."""
    return f"events.jsonl: {seq}"


Checker = Callable[[Bundle], None]


def run(checkers: Sequence[tuple[Proof, Checker]], bundle: Bundle) -> list[Check]:
    """Return every check's outcome; one that fails keeps none of the others from being made."""
    return [_run(proof, checker, bundle) for proof, checker in checkers]


_SENSELESS = (
    LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip


def _run(proof: Proof, checker: Checker, bundle: Bundle) -> Check:
    try:
        checker(bundle)
    except Absent as nothing:
        return Check(proof, Outcome.ABSENT, nothing.problem)
    except Trouble as trouble:
        return Check(proof, Outcome.FAILED, trouble.problem, _place(trouble))
    # A forged part may lack or garble anything that a check takes for granted.
    except _SENSELESS as fault:
        said = f"{type(fault).__name__}: {str(fault)[:80]}"
        return Check(
            proof, Outcome.FAILED, Wording(f"内容格式不对（{said}）", f"malformed ({said})")
        )
    return Check(proof, Outcome.PASSED)


def _place(trouble: Trouble) -> str:
    if isinstance(trouble, Mismatch | Invalid):
        return trouble.where
    return f"frame.txt: {trouble.where}" if trouble.where.startswith("line ") else trouble.where


_PROOFS = {
    Proof.CHAIN: Wording("历史未被改动", "the history is whole"),
    Proof.RECEIPT: Wording("与回执一致", "it agrees with the receipts"),
    Proof.LIFE: Wording("每一步都合规则", "every act was allowed"),
    Proof.ORDER: Wording("先承诺，后冻结、揭示、抽取", "committed before frozen, revealed, drawn"),
    Proof.PLAN: Wording("计划未变", "the plan is the one planned"),
    Proof.COMMITMENT: Wording("种子与承诺一致", "the secret is the one committed to"),
    Proof.OUTSIDE: Wording("外部值事先公告", "the outside value was announced"),
    Proof.FRAME: Wording("名单与冻结时一致", "the frame is the one frozen"),
    Proof.SEED: Wording("种子可复算", "the seed follows"),
    Proof.SIZES: Wording("样本量可复算", "the sizes follow from the plan"),
    Proof.DRAW: Wording("抽取可重复", "the draw can be repeated"),
    Proof.ENLARGEMENTS: Wording("扩大抽样不动已抽", "enlarging kept what was drawn"),
    Proof.LIST: Wording("抽中名单可复算", "the list is what was drawn"),
    Proof.TEAMS: Wording("检查人员抽取可重复", "the teams can be drawn again"),
    Proof.FINDINGS: Wording("复查结果经两人签字", "the findings were signed"),
    Proof.VERDICTS: Wording("判定可复算", "the verdicts follow"),
    Proof.PUBLISHED: Wording("公开内容一致", "what was published agrees"),
    Proof.CHECKPOINT: Wording("在全局封存之内", "it lies in a sealed checkpoint"),
}
_OUTCOMES = {
    Outcome.PASSED: Wording("通过", "passed"),
    Outcome.FAILED: Wording("不通过", "FAILED"),
    Outcome.ABSENT: Wording("未核验", "not checked"),
}
