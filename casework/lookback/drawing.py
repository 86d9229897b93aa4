"""Draw: freeze the frame, reveal the seed, take the smallest tickets of each stratum; once.

The frame is read in one snapshot and kept as a file before anything is written, so that a draw
from a million cases holds no lock while it reads. Freezing, revealing, drawing and the visits are
then written together: a draw that was interrupted draws the same when it is done again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert

from casework.answers import receipt
from casework.errors import Invalid, Refused
from casework.lookback.frame_store import frame_lines, keep_frame
from casework.lookback.frames import frame_rows
from casework.lookback.looks import Hand, Look, acting, allowed, find_look, hold, write
from casework.lookback.planning import sizes_of
from casework.lookback.severities import severities_now
from casework.lookback.visits import add_visits
from casework.office import Office
from models.prepared import Prepared
from models.tables import LOOKBACK_STRATA
from notifications.sealing import Keys
from rules.lookback.acts import LookbackAct, Standing
from rules.lookback.draw import Drawn, draw
from rules.lookback.frame import FrameDigest, header, read_frame
from rules.lookback.plan import LookbackPlan, read_plan
from rules.lookback.seeds import outside_value, seed_from
from rules.lookback.sizes import StratumSize
from rules.wording import Wording
from rules.workdays import china_day

_ADD_STRATUM = Prepared(insert(LOOKBACK_STRATA))


@dataclass(frozen=True, slots=True)
class Draw:
    """What was drawn: the seed, the frame's hash and size, and how many of each stratum."""

    number: str
    seed: str
    frame_digest: str
    frame_size: int
    sizes: Mapping[str, StratumSize]
    drawn: int
    receipt: str


def draw_lookback(
    office: Office, number: str, hand: Hand, keys: Keys, *, outside: str = ""
) -> Draw:
    """Draw a look-back whose seed is committed to; ``outside`` is the announced value, as typed.

    Raise Refused when it was drawn already or is not committed to, Invalid for an outside value
    that is missing or not yet out, Unopened when no key opens the secret, NotFound.
    """
    with office.reading() as connection:
        row = find_look(connection, number)
        allowed(LookbackAct.DRAW, Standing(row.state), acting(connection, hand), where=row.number)
        value = _outside(row, outside, hand)
        secret = keys.unseal(row.sealed_secret) if row.sealed_secret else ""
        plan = read_plan(row.plan)
        frame = _freeze(office, connection, plan)
        sizes = sizes_of(plan, frame.counts, severities_now(connection, row.template))
    seed = seed_from(secret, value or None, frame.hexdigest())
    drawn = draw(frame_items(office, frame.hexdigest()), seed, _wanted(sizes))
    with office.writing() as connection:
        look = hold(connection, number, LookbackAct.DRAW, hand)
        _write_freeze_and_reveal(connection, look, frame, secret, value)
        count = sum(map(len, drawn.values()))
        entry = write(
            connection, look, LookbackAct.DRAW,
            {"seed": seed, "drawn": drawn_digest(drawn), "count": count,
             "strata": {key: _said(size) for key, size in sizes.items()}},
            {"seed": seed, "secret": secret, "outside_value": value, "drawn": count,
             "frame_digest": frame.hexdigest(), "frame_size": sum(frame.counts.values()),
             "drawn_at": hand.at, "sealed_secret": ""},
        )  # fmt: skip
        _ADD_STRATUM.run_all(connection, [_stratum(look.id, *each) for each in sizes.items()])
        add_visits(office, connection, look, drawn, wave=0)
    return Draw(
        number, seed, frame.hexdigest(), sum(frame.counts.values()), sizes, count,
        receipt(look.number, entry.seq, entry.hash),
    )  # fmt: skip


def frame_items(office: Office, digest: str) -> Iterator[tuple[str, str]]:
    """Yield (case number, stratum) of a frozen frame; raise Invalid when it was altered."""
    for row in read_frame(frame_lines(office.evidence, digest)):
        yield row.number, row.stratum


def drawn_digest(drawn: Mapping[str, Sequence[Drawn]]) -> str:
    """Return one hash of who was drawn, in what order, of which stratum."""
    lines = (f"{key}\t{each.id}\n" for key in sorted(drawn) for each in drawn[key])
    return sha256("".join(lines).encode()).hexdigest()


def _freeze(office: Office, connection: Connection, plan: LookbackPlan) -> FrameDigest:
    frame = FrameDigest(plan.frame)

    def lines() -> Iterator[bytes]:
        yield header(plan.frame)
        for row in frame_rows(connection, plan.frame, plan.strata):
            yield frame.add(row)

    keep_frame(office.evidence, lines(), frame.hexdigest)
    return frame


def _write_freeze_and_reveal(
    connection: Connection, look: Look, frame: FrameDigest, secret: str, value: str
) -> None:
    """Write into the history first what was frozen, then what the seed is made of."""
    frozen = {
        "digest": frame.hexdigest(), "size": sum(frame.counts.values()),
        "strata": dict(sorted(frame.counts.items())),
    }  # fmt: skip
    write(connection, look, LookbackAct.FREEZE, frozen)
    revealed = ({"secret": secret} if secret else {}) | ({"outside": value} if value else {})
    write(connection, look, LookbackAct.REVEAL, revealed)


def _outside(row: Any, typed: str, hand: Hand) -> str:  # noqa: ANN401 — a row's columns are not typed
    """Return the announced value in its one form; '' where none was announced."""
    if not row.outside_source:
        if typed:
            raise Invalid(
                Wording("没有事先公告外部值", "no outside value was announced before"),
                remedy=Wording("请去掉外部值。", "Leave it out: it would be a chosen one."),
                where="outside",
            )
        return ""
    if china_day(hand.at) < row.outside_on:
        raise Refused(
            Wording(
                f"外部值 {row.outside_on} 才公布", f"the outside value is out on {row.outside_on}"
            ),
            remedy=Wording("请到期后再抽取。", "Draw on that day or later."),
            where="outside",
        )
    return outside_value(typed)


def _wanted(sizes: Mapping[str, StratumSize]) -> dict[str, int]:
    return {key: size.n for key, size in sizes.items()}


def _said(size: StratumSize) -> dict[str, Any]:
    return size._asdict() | {"severity": size.severity.value}


def _stratum(look: int, key: str, size: StratumSize) -> dict[str, Any]:
    return {
        "lookback_id": look, "key": key, **size._asdict(), "drawn": size.n, "decision": None,
    }  # fmt: skip
