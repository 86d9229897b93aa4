"""Enlarge: the same tickets, further on. What was drawn stays; a rejected stratum goes whole."""

from dataclasses import dataclass

from sqlalchemy import Connection, Row, bindparam, func, select, update

from casework.answers import receipt
from casework.errors import Invalid, NotFound, Refused
from casework.forms import clean
from casework.lookback.drawing import drawn_digest, frame_items
from casework.lookback.looks import Hand, Look, find_look, hold, write
from casework.lookback.visits import add_visits
from casework.office import Office
from models.tables import LOOKBACK_STRATA, LOOKBACK_VISITS, LOOKBACKS
from rules.lookback.acts import LookbackAct, LookbackState
from rules.lookback.draw import Drawn, draw
from rules.lookback.verdict import Decision
from rules.wording import Wording

RECHECK = "recheck"
ENLARGE = "enlarge"

_STRATUM = select(LOOKBACK_STRATA).where(
    LOOKBACK_STRATA.c.lookback_id == bindparam("look"), LOOKBACK_STRATA.c.key == bindparam("key")
)
_LAST_WAVE = select(func.max(LOOKBACK_VISITS.c.wave)).where(
    LOOKBACK_VISITS.c.lookback_id == bindparam("look")
)
_TO_RECHECK = (
    select(LOOKBACKS.c.number, LOOKBACK_STRATA.c.key)
    .join(LOOKBACKS, LOOKBACKS.c.id == LOOKBACK_STRATA.c.lookback_id)
    .where(
        LOOKBACKS.c.state == LookbackState.DRAWN,
        LOOKBACK_STRATA.c.decision == Decision.REJECTED,
        LOOKBACK_STRATA.c.drawn < LOOKBACK_STRATA.c.population,
    )
    .order_by(LOOKBACKS.c.id, LOOKBACK_STRATA.c.key)
)


@dataclass(frozen=True, slots=True)
class Enlarged:
    """How many were drawn besides, and how many of the stratum are drawn now."""

    number: str
    stratum: str
    added: int
    drawn: int
    receipt: str


def enlarge(
    office: Office, number: str, stratum: str, by: int, reason: str, hand: Hand
) -> Enlarged:
    """Draw ``by`` more of a stratum, the next smallest tickets of the frozen frame.

    Raise Invalid for a number or a missing reason, Refused when nothing is left to draw, NotFound.
    """
    said = clean(reason, where="reason")
    if by < 1 or not said:
        raise Invalid(
            Wording("须写明增加几件和理由", "say how many more, and why"),
            remedy=Wording("例如 --by 3 --reason 两件未能入校。",
                           "For example --by 3 --reason 'no access to two'."),
            where="by" if said else "reason",
        )  # fmt: skip
    return _draw_more(office, number, stratum, hand, by=by, reason=said, cause=ENLARGE)


def recheck_rejected(office: Office, hand: Hand) -> list[Enlarged]:
    """Draw all that is left of every rejected stratum, once, whoever asks and how often."""
    with office.reading() as connection:
        waiting = connection.execute(_TO_RECHECK).all()
    done = []
    for number, key in waiting:
        try:
            done.append(_draw_more(office, number, key, hand, by=None, reason="", cause=RECHECK))
        except Refused:  # somebody else did it meanwhile
            continue
    return done


def _draw_more(
    office: Office, number: str, key: str, hand: Hand, *, by: int | None, reason: str, cause: str
) -> Enlarged:
    """``by`` None means all that is left. The frame is read before anything is held."""
    with office.reading() as connection:
        row = find_look(connection, number)
        stratum = _stratum(connection, row.id, key)
    wanted = stratum.population if by is None else min(stratum.drawn + by, stratum.population)
    drawn = _beyond(office, row, key, stratum.drawn, wanted)
    with office.writing() as connection:
        look = hold(connection, number, LookbackAct.ENLARGE, hand)
        _require_unchanged(connection, look, key, stratum.drawn, len(drawn))
        body = {
            "stratum": key, "to": wanted, "added": len(drawn), "cause": cause,
            "drawn": drawn_digest({key: drawn}), **({"reason": reason} if reason else {}),
        }  # fmt: skip
        columns = {"drawn": look.row.drawn + len(drawn)}
        entry = write(connection, look, LookbackAct.ENLARGE, body, columns)
        connection.execute(
            update(LOOKBACK_STRATA)
            .where(LOOKBACK_STRATA.c.lookback_id == look.id, LOOKBACK_STRATA.c.key == key)
            .values(drawn=wanted)
        )
        last = connection.execute(_LAST_WAVE, {"look": look.id}).scalar() or 0
        add_visits(office, connection, look, {key: drawn}, wave=last + 1)
    return Enlarged(
        look.number, key, len(drawn), wanted, receipt(look.number, entry.seq, entry.hash)
    )


def _stratum(connection: Connection, look: int, key: str) -> Row[tuple[object, ...]]:
    row = connection.execute(_STRATUM, {"look": look, "key": key}).first()
    if row is None:
        raise NotFound(
            Wording(f"没有“{key}”这一层", f"there is no stratum {key!r}"),
            remedy=Wording(
                "可用 bihuan lookback show 查看。", "`bihuan lookback show` names them."
            ),
            where="stratum",
        )
    return row


def _beyond(
    office: Office, row: Row[tuple[object, ...]], key: str, drawn: int, wanted: int
) -> list[Drawn]:
    if wanted <= drawn:
        return []
    items = frame_items(office, row.frame_digest)
    return draw(items, row.seed, {key: wanted})[key][drawn:]


def _require_unchanged(connection: Connection, look: Look, key: str, drawn: int, more: int) -> None:
    if not more:
        raise Refused(
            Wording("该层已全部抽取", "the whole stratum is drawn"),
            remedy=Wording("没有可增加的案件。", "There is none left to add."),
            where="stratum",
        )
    if _stratum(connection, look.id, key).drawn != drawn:
        raise Refused(
            Wording("同时有人扩大了该层", "somebody enlarged it at the same time"),
            remedy=Wording("请重新查看后再办理。", "Look at it again before you act."),
            where="stratum",
        )
