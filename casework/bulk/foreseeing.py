"""What would become of each case, before anything is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from casework.attachments import Attachment
from casework.bulk.choosing import Chosen, Pick, choose, require_together
from casework.cases import Stored, find_case, no_such_case
from casework.errors import Refused
from casework.events import Door
from casework.forms import read_form
from casework.moves import foresee, overtaken
from casework.office import Office
from casework.people import find_actor
from casework.telling import Errand
from models.tables import CASES, ORGANISATIONS
from rules.access import Actor, Verb
from rules.actions import Action
from rules.case import Facts, State
from rules.decisions import Filled
from rules.guards import CLAIMED
from rules.moves import TABLE
from rules.wording import NOTHING, Trouble, Wording
from rules.words import standing


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A case as it stands, and where it would stand; with a problem it would stay as it is.

    ``seq`` is what a pick says it has seen; ``lacks`` the field still to be filled in, if any.
    ``now`` and ``then`` are its state before and after in the words of every list.
    """

    number: str
    unit: str = ""
    description: str = ""
    state: State | None = None
    becomes: State | None = None
    seq: int | None = None
    lacks: str = ""
    problem: Wording = NOTHING
    remedy: Wording = NOTHING
    now: Wording = NOTHING
    then: Wording = NOTHING

    @property
    def may(self) -> bool:
        return self.becomes is not None

    def pick(self) -> Pick:
        return Pick(self.number, self.seq)


@dataclass(frozen=True, slots=True)
class _Asked:
    action: Action
    given: Filled
    actor: Actor
    at: datetime


_NO_FILES: Sequence[Attachment] = ()


def foresee_all(
    office: Office,
    action: Action,
    typed: Mapping[str, str],
    chosen: Chosen,
    *,
    by: str,
    as_of: datetime,
) -> list[Foreseen]:
    """Return what ``move_all`` would do to each case if it were asked now; nothing is written.

    Raise Refused for an action done one by one or too many cases, Invalid for a field or no case.
    """
    require_together(action)
    given = read_form(action, typed)
    picks = choose(office, chosen, by=by, as_of=as_of)
    with office.reading() as connection:
        asked = _Asked(action, given, find_actor(connection, by), as_of)
        return [_foreseen(office, connection, pick, asked) for pick in picks]


def find_visible(
    connection: Connection, number: str, actor: Actor, *, to_move: bool = False
) -> Stored:
    """Return a case that ``actor`` may see; raise NotFound for any other."""
    stored = find_case(connection, number, to_move=to_move)
    if not actor.may(Verb.VIEW, stored.unit_path):
        raise no_such_case(number)
    return stored


def _foreseen(office: Office, connection: Connection, pick: Pick, asked: _Asked) -> Foreseen:
    try:
        stored = find_visible(connection, pick.number, asked.actor)
    except Trouble as trouble:
        return Foreseen(pick.number, problem=trouble.problem, remedy=trouble.remedy)
    told = _shown(connection, stored)
    try:
        if pick.seen is not None and pick.seen != stored.seq:
            raise overtaken(connection, stored, pick.seen)
        return Foreseen(**told, **_outcome(office, connection, stored, asked))
    except Trouble as trouble:
        return Foreseen(**told, problem=trouble.problem, remedy=trouble.remedy)


def _shown(connection: Connection, stored: Stored) -> dict[str, Any]:
    row = connection.execute(
        CASES.select()
        .with_only_columns(CASES.c.description, ORGANISATIONS.c.name)
        .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
        .where(CASES.c.id == stored.id)
    ).one()
    return {
        "number": stored.number, "unit": row.name, "description": row.description,
        "state": stored.facts.state, "seq": stored.seq, "now": _said(stored.facts),
    }  # fmt: skip


def _outcome(
    office: Office, connection: Connection, stored: Stored, asked: _Asked
) -> dict[str, Any]:
    book = office.rulebooks.at(connection, asked.at, stored.stamps)
    errand = Errand(asked.actor, asked.at, Door.PAGE, _NO_FILES)
    try:
        facts = foresee(connection, stored, asked.action, asked.given, errand, book)
    except Refused as refused:
        row = TABLE[asked.action]
        lacks = [each for each in row.needs if each == refused.where and each not in asked.given]
        if not lacks:
            raise
        claimed = stored.facts.claimed and CLAIMED not in row.guards
        facts = replace(stored.facts, state=row.target or stored.facts.state, claimed=claimed)
        return {"becomes": facts.state, "then": _said(facts), "lacks": lacks[0].value}
    return {"becomes": facts.state, "then": _said(facts)}


def _said(facts: Facts) -> Wording:
    if facts.state is None:
        return NOTHING
    return standing(facts.state, claimed=facts.claimed, voided=facts.voided)
