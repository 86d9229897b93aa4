"""The move of many: one transaction a case, through the one writer; asking again does nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update

from casework.bulk.choosing import Chosen, Pick, choose, require_together
from casework.bulk.foreseeing import find_visible
from casework.case_list import Filter
from casework.errors import Invalid, NotFound, Refused, Unavailable
from casework.events import Door
from casework.forms import clean, read_form
from casework.idempotency import LONGEST_KEY, request_digest
from casework.moves import move
from casework.office import Office
from casework.people import find_actor
from models.tables import BULK_RUNS
from rules.access import Actor
from rules.actions import Action, Given
from rules.case import State
from rules.decisions import Filled
from rules.moves import TABLE
from rules.wording import NOTHING, Trouble, Wording
from rules.words import standing

_RUNS = BULK_RUNS.c
_ENTER = text(
    "INSERT INTO bulk_run (by_id, token, request, action, picks, outcomes, at) "
    "VALUES (:by_id, :token, :request, :action, :picks, :outcomes, :at) "
    "ON CONFLICT (by_id, token) DO NOTHING"
).bindparams(*(bindparam(name, type_=_RUNS[name].type) for name in ("picks", "outcomes", "at")))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case. ``repeated``: it had been done under this token before."""

    number: str
    done: bool
    state: str = ""
    receipt: str = ""
    repeated: bool = False
    problem: Wording = NOTHING
    remedy: Wording = NOTHING
    where: str = ""
    claimed: bool = False

    @property
    def now(self) -> Wording:
        """Return the state it is in, in the words of every list."""
        return standing(State(self.state), claimed=self.claimed) if self.state else NOTHING

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> "Outcome":
        said = {name: Wording(**row[name]) for name in ("problem", "remedy")}
        return cls(**{**row, **said})


@dataclass(frozen=True, slots=True)
class Run:
    """A move of many cases, and what came of each."""

    token: str
    action: Action
    at: datetime
    outcomes: Sequence[Outcome]

    @property
    def done(self) -> int:
        return sum(each.done for each in self.outcomes)

    @property
    def refused(self) -> int:
        return len(self.outcomes) - self.done


def move_all(
    office: Office,
    action: Action,
    typed: Mapping[str, str],
    chosen: Chosen,
    *,
    by: str,
    at: datetime,
    door: Door,
    token: str,
) -> Run:
    """Do ``action`` to each case, in its own transaction; what is refused stays as it was.

    The same request under the same token changes nothing and answers the same; one that was cut
    short is taken up where it stopped. Raise Refused for an action done one by one, too many cases
    or a token of another request, Invalid for a field or no case.
    """
    require_together(action)
    _require_fields(action, read_form(action, typed))
    token = _token(token)
    request = _request(action, typed, chosen)
    picks = choose(office, chosen, by=by, as_of=at) if not _known(office, token, by) else []
    with office.writing() as connection:
        actor = find_actor(connection, by)
        run = _begin(connection, (token, request, action, at), actor, picks)
    if run.ended_at is None:
        picks = [Pick(*each) for each in run.picks]
        outcomes = [_move_one(office, action, typed, pick, (by, at, door, token)) for pick in picks]
        _end(office, run.id, outcomes, at)
    return find_run(office, token, by=by)


def find_run(office: Office, token: str, *, by: str) -> Run:
    """Return what came of a move of many that the person with the code ``by`` asked for."""
    with office.reading() as connection:
        row = _find(connection, token, find_actor(connection, by))
    if row is None:
        raise NotFound(
            Wording("没有这次批量办理", "there is no such bulk action of yours"),
            remedy=Wording("请回到案件列表。", "Go back to the list of cases."),
            where="token",
        )
    outcomes = [Outcome.read(each) for each in row.outcomes]
    return Run(row.token, Action(row.action), row.at, outcomes)


def _require_fields(action: Action, given: Filled) -> None:
    for field in TABLE[action].needs:
        if field is not Given.EVIDENCE and given.get(field) in (None, ""):
            raise Refused(
                Wording(f"缺少“{field.label.zh}”", f"{field.label.en} is missing"),
                remedy=Wording("请填写后再提交。", "Fill it in and try again."),
                where=field.value,
            )


def _token(token: str) -> str:
    called = clean(token, where="key", longest=LONGEST_KEY)
    if not called:
        raise Invalid(
            Wording("缺少幂等键", "the idempotency key is missing"),
            remedy=Wording("请给出一个新的键。", "Give a new key."),
            where="key",
        )
    return called


def _request(action: Action, typed: Mapping[str, str], chosen: Chosen) -> str:
    meant = asdict(chosen) if isinstance(chosen, Filter) else [each.number for each in chosen]
    plain = {"action": action.value, "typed": dict(typed), "chosen": repr(meant)}
    return request_digest(plain)


def _known(office: Office, token: str, by: str) -> bool:
    with office.reading() as connection:
        return _find(connection, token, find_actor(connection, by)) is not None


def _begin(
    connection: Connection,
    asked: tuple[str, str, Action, datetime],
    actor: Actor,
    picks: Sequence[Pick],
) -> Any:  # noqa: ANN401 — a row
    token, request, action, at = asked
    row = {
        "by_id": actor.id, "token": token, "request": request, "action": action.value,
        "picks": [list(each) for each in picks], "outcomes": [], "at": at,
    }  # fmt: skip
    connection.execute(_ENTER, row)
    found = _find(connection, token, actor)
    if found.request != request:
        raise Refused(
            Wording("该幂等键已用于另一请求", "this idempotency key belongs to another request"),
            remedy=Wording("请换一个新的键。", "Use a new key."),
            where="key",
        )
    return found


def _find(connection: Connection, token: str, actor: Actor) -> Any:  # noqa: ANN401 — a row
    mine = select(BULK_RUNS).where(_RUNS.by_id == actor.id, _RUNS.token == token)
    return connection.execute(mine).first()


def _move_one(
    office: Office,
    action: Action,
    typed: Mapping[str, str],
    pick: Pick,
    errand: tuple[str, datetime, Door, str],
) -> Outcome:
    by, at, door, token = errand
    try:
        with office.reading() as connection:
            find_visible(connection, pick.number, find_actor(connection, by))
        moved = move(
            office, pick.number, action, typed, by=by, at=at, door=door,
            key=_key(token, by, pick.number), seen=pick.seen,
        )  # fmt: skip
    except Unavailable:
        raise
    except Trouble as trouble:
        return Outcome(
            pick.number, done=False, problem=trouble.problem, remedy=trouble.remedy,
            where=trouble.where,
        )  # fmt: skip
    return Outcome(
        pick.number, done=True, state=moved.state, receipt=moved.receipt, repeated=moved.repeated,
        claimed=moved.claimed,
    )  # fmt: skip


def _key(token: str, by: str, number: str) -> str:
    """Return a key of the case's own; keys are shared by everybody, so it holds who asks."""
    return "bulk/" + sha256(f"{by}/{token}/{number}".encode()).hexdigest()


def _end(office: Office, run: int, outcomes: Sequence[Outcome], at: datetime) -> None:
    row = {"outcomes": [each.plain() for each in outcomes], "ended_at": at}
    with office.writing() as connection:
        mine = update(BULK_RUNS).where(_RUNS.id == run, _RUNS.ended_at.is_(None))
        connection.execute(mine.values(row))
