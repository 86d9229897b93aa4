"""Commit to a seed, then freeze the frame, reveal the seed and draw: once a period.

The frame is every active guard, by cluster; a guard stands in it by the record's id and the last
event of its history, so that nobody is named and nothing changes under it unseen.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from secrets import token_hex
from typing import NamedTuple

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from casework.errors import Invalid, Refused
from casework.events import Happening
from casework.guardchecks.assigning import assign_teams
from casework.guardchecks.checks import (
    SUBJECT,
    Check,
    Hand,
    find_check,
    hold,
    holder_role,
    receipt,
    require_state,
    write,
)
from casework.lookback.drawing import drawn_digest
from casework.lookback.frame_store import frame_lines, keep_frame
from casework.numbering import take_ids
from casework.office import Office
from casework.records import START, Subject, write_record
from models import RecordState
from models.tables import GUARD_CHECKS, GUARD_VISITS, ORGANISATIONS, REGISTER_RECORDS
from notifications.sealing import Keys
from rules.guardchecks.acts import CheckAct, CheckState, is_period, sample_size
from rules.lookback.draw import Drawn, draw
from rules.lookback.frame import WHOLE, FrameDigest, FrameRow, StratumBy, read_rows, stratum_key
from rules.lookback.seeds import commitment_of, seed_from
from rules.proof import canonical
from rules.wording import Wording

NEW_SECRET = partial(token_hex, 32)
_VERSION = "bihuan-guard-frame-1"
_HEADER_LINES = 2
_CLUSTERS = ORGANISATIONS.alias()
_RECORDS = REGISTER_RECORDS.c
_GUARDS = (
    select(_RECORDS.id, _RECORDS.seq, _RECORDS.head, _CLUSTERS.c.code.label("cluster"))
    .outerjoin(_CLUSTERS, _CLUSTERS.c.id == _RECORDS.cluster_id)
    .where(_RECORDS.kind == "guard", _RECORDS.state == RecordState.ACTIVE)
    .order_by(_RECORDS.id)
)


class Committed(NamedTuple):
    """What is published before anything is drawn."""

    number: str
    period: str
    share: int
    commitment: str
    receipt: str


class DrawnCheck(NamedTuple):
    """What was drawn: of how many, by which seed, and how many of each stratum.

    ``impossible`` names the schools that no inspectors could be drawn for, each with why.
    """

    number: str
    seed: str
    frame_digest: str
    frame_size: int
    drawn: int
    strata: Mapping[str, int]
    impossible: Sequence[str]
    receipt: str


def commit_check(
    office: Office,
    period: str,
    share: int,
    hand: Hand,
    keys: Keys,
    *,
    secret: Callable[[], str] = NEW_SECRET,
) -> Committed:
    """Begin the check of a month (2026-03) that draws ``share`` percent, committing to its seed.

    Raise Invalid for the period or share, Refused when the month has its check already.
    """
    _require(period, share)
    number, hidden = f"BC{period}", secret()
    commitment = commitment_of(hidden, number)
    body = {"period": period, "share": share, "commitment": commitment}
    try:
        with office.writing() as connection:
            actor, role = holder_role(connection, hand)
            (check_id,) = take_ids(connection, SUBJECT, 1)
            happening = Happening(
                CheckAct.COMMIT.value, actor.id, role.value, hand.door, hand.at, body
            )
            entry = write_record(connection, Subject(SUBJECT, check_id, number), happening, START)
            connection.execute(insert(GUARD_CHECKS), {
                "id": check_id, "number": number, **body, "state": CheckState.COMMITTED,
                "sealed_secret": keys.seal(hidden), "committed_at": hand.at,
                "seq": entry.seq, "head": entry.hash,
            })  # fmt: skip
    except IntegrityError as fault:
        raise _has_one(period) from fault
    said = f"{SUBJECT}:{number}/{entry.seq}/{entry.hash[:8]}"
    return Committed(number, period, share, commitment, said)


def draw_check(office: Office, number: str, hand: Hand, keys: Keys) -> DrawnCheck:
    """Draw a check that is committed to. Raise Refused, NotFound, or Unopened for the secret."""
    with office.reading() as connection:
        holder_role(connection, hand)
        row = find_check(connection, number)
        require_state(row, CheckState.COMMITTED)
        secret = keys.unseal(row.sealed_secret)
        frame = _freeze(office, connection, row.number)
    seed = seed_from(secret, None, frame.hexdigest())
    drawn = draw_from(office, frame.hexdigest(), seed, row.share)
    with office.writing() as connection:
        check = hold(connection, number, CheckState.COMMITTED, hand)
        _write(connection, check, frame, (secret, seed), drawn)
        calendar = office.rulebooks.at(connection, hand.at).calendar
        impossible = assign_teams(connection, check, calendar, keys, seed) if drawn else ()
    count = sum(map(len, drawn.values()))
    return DrawnCheck(
        check.number, seed, frame.hexdigest(), sum(frame.counts.values()), count,
        {key: len(each) for key, each in drawn.items()}, impossible, receipt(check),
    )  # fmt: skip


def draw_from(office: Office, digest: str, seed: str, share: int) -> dict[str, list[Drawn]]:
    """Return who is drawn from a frozen frame; raise Invalid when it was altered."""
    rows = list(_frame_rows(office, digest))
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.stratum] = counts.get(row.stratum, 0) + 1
    sizes = {key: sample_size(count, share) for key, count in counts.items()}
    return draw(((row.number, row.stratum) for row in rows), seed, sizes)


def record_of(called: str) -> int:
    """Return the id of the record that a frame calls ``G0000000012``."""
    return int(called[1:])


def _write(
    connection: Connection,
    check: Check,
    frame: FrameDigest,
    revealed: tuple[str, str],
    drawn: Mapping[str, list[Drawn]],
) -> None:
    secret, seed = revealed
    size, count = sum(frame.counts.values()), sum(map(len, drawn.values()))
    strata = dict(sorted(frame.counts.items()))
    write(connection, check, CheckAct.FREEZE, {
        "digest": frame.hexdigest(), "size": size, "strata": strata,
    })  # fmt: skip
    write(connection, check, CheckAct.REVEAL, {"secret": secret})
    write(
        connection, check, CheckAct.DRAW,
        {"seed": seed, "drawn": drawn_digest(drawn), "count": count},
        {"state": CheckState.DRAWN if count else CheckState.DONE, "seed": seed, "secret": secret,
         "sealed_secret": "", "frame_digest": frame.hexdigest(), "frame_size": size,
         "drawn": count, "drawn_at": check.hand.at},
    )  # fmt: skip
    rows = [
        {
            "check_id": check.id, "record_id": record_of(each.id), "stratum": key, "no": each.rank,
            "ticket": each.ticket, "violations": [],
        }
        for key, several in drawn.items() for each in several
    ]  # fmt: skip
    if rows:
        connection.execute(insert(GUARD_VISITS), rows)


def _freeze(office: Office, connection: Connection, number: str) -> FrameDigest:
    begins = f"{_VERSION}\n{canonical({'check': number, 'register': 'guard'})}\n".encode()
    frame = FrameDigest(begins)

    def lines() -> Iterator[bytes]:
        yield begins
        for row in connection.execution_options(yield_per=1_000).execute(_GUARDS):
            stratum = stratum_key({StratumBy.CLUSTER: row.cluster}) if row.cluster else WHOLE
            yield frame.add(FrameRow(f"G{row.id:010d}", stratum, row.seq, row.head))

    keep_frame(office.evidence, lines(), frame.hexdigest)
    return frame


def _frame_rows(office: Office, digest: str) -> Iterator[FrameRow]:
    lines = frame_lines(office.evidence, digest)
    for _ in range(_HEADER_LINES):
        next(lines, b"")
    yield from read_rows(lines)


def _require(period: str, share: int) -> None:
    if not is_period(period):
        raise Invalid(
            Wording(f"“{period}”不是月份", f"{period!r} is not a month"),
            remedy=Wording("请按 2026-03 填写。", "Write it as 2026-03."),
            where="period",
        )
    if not 1 <= share <= 100:
        raise Invalid(
            Wording(f"抽查比例 {share}% 不在 1 至 100 之间", f"{share} % is not from 1 to 100"),
            remedy=Wording("请核对比例。", "Check the share."),
            where="share",
        )


def _has_one(period: str) -> Refused:
    return Refused(
        Wording(f"{period} 已有保安抽查", f"{period} has its check of guards already"),
        remedy=Wording("一月一次，不重抽。", "There is one a month; nothing is redrawn."),
        where="period",
    )
