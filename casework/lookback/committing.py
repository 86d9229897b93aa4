"""Commit to a look-back's seed while nobody knows its frame: what makes the draw nobody's choice.

The secret is kept sealed with a key that is not in the database; its commitment is written into
the history and shown to everybody at once. An outside value is announced instead: which one, and
when it will be known.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from secrets import token_hex
from typing import Any

from casework.answers import receipt
from casework.errors import Invalid
from casework.lookback.looks import Hand, Look, hold, write
from casework.office import Office
from notifications.sealing import Keys
from rules.lookback.acts import LookbackAct
from rules.lookback.seeds import SeedKind, announcement, commitment_of
from rules.wording import Wording
from rules.workdays import china_day

NEW_SECRET = partial(token_hex, 32)


@dataclass(frozen=True, slots=True)
class Committed:
    """What is published: the commitment (empty for an outside value alone), and what is awaited."""

    number: str
    commitment: str
    source: str
    expected_on: date | None
    receipt: str


def commit_seed(
    office: Office,
    number: str,
    hand: Hand,
    keys: Keys,
    *,
    source: str = "",
    expected_on: date | None = None,
    secret: Callable[[], str] = NEW_SECRET,
) -> Committed:
    """Commit to a secret seed, or announce the outside value that the plan asks for.

    A plan with a committed seed may announce an outside value besides: then neither alone
    decides. ``secret`` is for stories that are told twice alike; nobody else gives it. Raise
    Invalid for an announcement that is missing or names a value already out, Refused when it was
    committed before.
    """
    with office.writing() as connection:
        look = hold(connection, number, LookbackAct.COMMIT, hand)
        columns = _announced(look, source, expected_on) | _secret(look, keys, secret)
        body = {
            "seed": look.plan.seed.value,
            **({"commitment": columns["commitment"]} if columns["commitment"] else {}),
            **({"source": columns["outside_source"], "on": columns["outside_on"].isoformat()}
               if columns["outside_source"] else {}),
        }  # fmt: skip
        entry = write(
            connection, look, LookbackAct.COMMIT, body, {**columns, "committed_at": hand.at}
        )
    return Committed(
        look.number, columns["commitment"], columns["outside_source"], columns["outside_on"],
        receipt(look.number, entry.seq, entry.hash),
    )  # fmt: skip


def _secret(look: Look, keys: Keys, new: Callable[[], str]) -> dict[str, Any]:
    if look.plan.seed is SeedKind.OUTSIDE:
        return {"commitment": ""}
    secret = new()
    return {"commitment": commitment_of(secret, look.number), "sealed_secret": keys.seal(secret)}


def _announced(look: Look, source: str, expected_on: date | None) -> dict[str, Any]:
    if not source and look.plan.seed is SeedKind.COMMITTED:
        return {"outside_source": "", "outside_on": None}
    if expected_on is None:
        raise Invalid(
            Wording("没有写明外部值何时公布", "nobody said when the outside value will be out"),
            remedy=Wording("请填 --source 和 --on。", "Give --source and --on."),
            where="expected_on",
        )
    said = announcement(source, expected_on, today=china_day(look.hand.at))
    return {"outside_source": said.source, "outside_on": said.expected_on}
