"""Seeds nobody chose after seeing the frame: a secret committed before, or a value from outside.

The commitment (or the announcement of the outside value) is published before the frame is frozen.
The seed then binds what was committed or announced to the frozen frame's hash, so that neither
one alone decides the draw. Every text that is hashed begins with its purpose.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from rules.wording import Trouble, Wording

COMMIT, FREEZE, REVEAL, DRAW = STEPS = ("commit", "freeze", "reveal", "draw")
"""The steps of an honest draw. An outside value is announced by ``commit``, given by ``reveal``."""

LONGEST_OUTSIDE = 500
SHORTEST_SOURCE = 3


class SeedKind(StrEnum):
    COMMITTED = "committed"
    OUTSIDE = "outside"

    @property
    def label(self) -> Wording:
        if self is SeedKind.COMMITTED:
            return Wording("承诺揭示", "committed and revealed")
        return Wording("外部随机值", "outside random value")


class OutsideAnnouncement(NamedTuple):
    """Which value will be taken: who publishes it, of which issue or round, and on which day.

    Such as 双色球第2026135期 or round 5312345 of drand quicknet.
    """

    source: str
    expected_on: date


def commitment_of(secret_hex: str, number: str) -> str:
    """Return what is published now of a secret revealed later, 64 hexadecimal digits.

    ``number`` is the look-back's: its commitment fits no other. Raise Trouble for a secret that
    is not 64 lower-case hexadecimal digits; a shorter one could be guessed from its hash.
    """
    if not _SECRET.fullmatch(secret_hex):
        raise Trouble(
            Wording("承诺的秘密值应为 64 位小写十六进制数", "a secret is 64 lower-case hex digits"),
            remedy=Wording("请由系统生成。", "Let the system make it."),
            where="secret",
        )
    return _hash("bihuan-lookback-seed-1", _one_line(number, "number"), secret_hex)


def check_reveal(commitment: str, secret: str, number: str) -> bool:
    """Whether ``secret`` is the one committed for this look-back."""
    return bool(_SECRET.fullmatch(secret)) and commitment_of(secret, number) == commitment


def seed_from(secret: str, outside: str | None, frame_digest: str) -> str:
    """Return the draw's seed, 64 hexadecimal digits, from the secret, an outside value or both.

    ``secret`` is empty when the value comes from outside alone. Raise Trouble when there is
    neither, or when one of them is malformed.
    """
    if not secret and outside is None:
        raise Trouble(
            Wording(
                "没有种子：既无秘密值也无外部值", "no seed: neither a secret nor an outside value"
            ),
            remedy=Wording(
                "请先揭示秘密值或录入外部值。", "Reveal the secret or type in the value."
            ),
            where="seed",
        )
    if secret and not _SECRET.fullmatch(secret):
        raise _malformed("secret")
    if not _SECRET.fullmatch(frame_digest):
        raise _malformed("frame")
    value = "" if outside is None else outside_value(outside)
    return _hash("bihuan-lookback-draw-1", secret, value, frame_digest)


def outside_value(typed: str) -> str:
    """Return an outside value in the one form that is hashed: NFKC, single spaces, no ends.

    So that "０３ 　12" and "03 12" are the same lottery result. Raise Trouble when nothing is left
    or it is longer than LONGEST_OUTSIDE characters.
    """
    value = _one_form(typed, "outside")
    if not value:
        raise Trouble(
            Wording("外部值不能为空", "the outside value is empty"),
            remedy=Wording("请照公布的结果录入。", "Type it as it was published."),
            where="outside",
        )
    if len(value) > LONGEST_OUTSIDE:
        raise Trouble(
            Wording(
                f"外部值有 {len(value)} 个字，至多 {LONGEST_OUTSIDE} 个",
                f"the outside value has {len(value)} characters, {LONGEST_OUTSIDE} at most",
            ),
            remedy=Wording("请只录入结果本身。", "Type the result alone."),
            where="outside",
        )
    return value


def announcement(source: str, expected_on: date, *, today: date) -> OutsideAnnouncement:
    """Return what is announced before the frame is frozen.

    Raise Trouble for a source too short to name publisher and issue, or for a value that is
    already out: a known value is a chosen one.
    """
    said = _one_form(source, "source")
    if not SHORTEST_SOURCE <= len(said) <= LONGEST_OUTSIDE:
        raise Trouble(
            Wording("外部值的出处不清", "the outside value's source is not clear"),
            remedy=Wording(
                f"请写明由谁公布、第几期，如双色球第2026135期（{SHORTEST_SOURCE}–"
                f"{LONGEST_OUTSIDE} 字）。",
                f"Name who publishes it and which issue or round ({SHORTEST_SOURCE} to "
                f"{LONGEST_OUTSIDE} characters).",
            ),
            where="source",
        )
    if expected_on < today:
        raise Trouble(
            Wording(f"{expected_on} 已过，结果已知", f"{expected_on} is past: the value is known"),
            remedy=Wording("请选尚未公布的一期。", "Choose one not yet published."),
            where="expected_on",
        )
    return OutsideAnnouncement(said, expected_on)


def order_is_honest(events: Sequence[str]) -> Wording | None:
    """Return what is wrong with the order of a look-back's events; None when nothing is.

    ``events`` are kinds in the order of the history; those that are no STEPS are passed over.
    """
    taken = [each for each in events if each in _STEP_LABELS]
    for step in STEPS:
        if taken.count(step) != 1:
            return _not_once(step, taken.count(step))
    for wanted, found in zip(STEPS, taken, strict=True):
        if wanted != found:
            early, late = _STEP_LABELS[found], _STEP_LABELS[wanted]
            return Wording(f"{early.zh}早于{late.zh}", f"{early.en} before {late.en}")
    return None


_STEP_LABELS = {
    COMMIT: Wording("种子承诺", "the seed's commitment"),
    FREEZE: Wording("冻结抽样框", "freezing the frame"),
    REVEAL: Wording("种子揭示", "revealing the seed"),
    DRAW: Wording("抽样", "the draw"),
}
_SECRET = re.compile(r"[0-9a-f]{64}")


def _hash(*lines: str) -> str:
    return sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _one_line(text: str, where: str) -> str:
    if not text or text != _one_form(text, where):
        raise _malformed(where)
    return text


def _one_form(text: str, where: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _malformed(where) from None
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _malformed(where: str) -> Trouble:
    return Trouble(
        Wording("格式不对，不能用来计算种子", "malformed: no seed can be made of it"),
        remedy=Wording("请照系统给出的原样填写。", "Give it exactly as the system showed it."),
        where=where,
    )


def _not_once(step: str, times: int) -> Wording:
    label = _STEP_LABELS[step]
    if times == 0:
        return Wording(f"缺少{label.zh}", f"{label.en} is missing")
    return Wording(f"{label.zh}有 {times} 次", f"{label.en} {times} times")
