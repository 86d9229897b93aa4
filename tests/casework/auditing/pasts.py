"""What every case is now, and three ways to say what it was at a moment: all must agree.

``present`` reads the table of cases. ``folded`` folds events, ``listed`` asks the database in one
statement, ``replayed`` is the slow reference: it plays each event's action through the rules again
and never reads what the event says was changed.
"""

import json
from collections import defaultdict
from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy import select

from casework.auditing.past import cases_at
from casework.sweep import sweep
from models.tables import CASES, EVENTS, ORGANISATIONS
from rules.access import Role
from rules.actions import Action, Given
from rules.case import Facts, Level, State
from rules.consequences import evolve
from rules.decisions import Move
from rules.folding import Told, fold
from rules.moves import TABLE
from tests.offices import MONDAY_9AM, a_plan, act, after_photo, reported

DAY = timedelta(days=1)
SHARED = (
    "unit_id", "level", "listed", "state", "claimed", "cycle", "stage", "holder", "due_at",
    "closed_at",
)  # fmt: skip
"""What each of the three ways can tell."""


def present(office):
    """Every case's number with what it is now."""
    with office.reading() as connection:
        rows = connection.execute(select(CASES)).mappings()
        return {row["number"]: {name: row[name] for name in SHARED} for row in rows}


def listed(office, moment):
    with office.auditing() as connection:
        rows = connection.execute(select(cases_at(connection, moment))).mappings()
        return {row["number"]: {name: row[name] for name in SHARED} for row in rows}


def folded(office, moment=None):
    units = _units(office)
    was = {number: fold(events, moment) for number, events in _events(office).items()}
    return {
        number: {
            "unit_id": units[each.unit] if each.unit_id is None else each.unit_id,
            "due_at": each.due_at, "closed_at": each.closed_at,
            "stage": each.facts.stage, "holder": each.facts.holder,
            **{name: asdict(each.facts)[name] for name in _FACTS},
        }
        for number, each in was.items()
        if each
    }  # fmt: skip


def replayed(office, moment=None):
    units = _units(office)
    lives = {number: _replay(events, units, moment) for number, events in _events(office).items()}
    return {number: life for number, life in lives.items() if life}


def facts_now(office):
    """Every case's facts as the fold leaves them, and as the table of cases holds them."""
    with office.reading() as connection:
        rows = connection.execute(select(CASES)).mappings().all()
    stored = {
        row["number"]: Facts(
            row["state"], claimed=row["claimed"], level=row["level"], listed=row["listed"],
            cycle=row["cycle"], hands=frozenset(row["hands"]), plan_author=row["plan_author_id"],
            plan_by_head=row["plan_by_head"], plan_deadline=row["plan_deadline"],
            verified_by=row["verified_by_id"], extension_asked_by=row["extension_asked_by_id"],
            extensions=row["extensions"], after_evidence=row["after_evidence"],
            voided=row["voided"],
        )
        for row in rows
    }  # fmt: skip
    told = {number: fold(events).facts for number, events in _events(office).items()}
    return told, stored


_FACTS = ("level", "listed", "state", "claimed", "cycle")


def _events(office):
    statement = (
        select(CASES.c.number, EVENTS)
        .join(EVENTS, EVENTS.c.case_id == CASES.c.id)
        .order_by(EVENTS.c.case_id, EVENTS.c.seq)
    )
    found = defaultdict(list)
    with office.reading() as connection:
        for row in connection.execute(statement):
            found[row.number].append(_Event(row))
    return found


class _Event(Told):
    """An event that the reference can play again: it also knows who acted."""

    def __new__(cls, _row):
        return super().__new__(cls)

    def __init__(self, row):
        super().__init__(row.seq, row.at, row.kind, json.loads(row.body))
        object.__setattr__(self, "row", row)


def _units(office):
    with office.reading() as connection:
        rows = connection.execute(select(ORGANISATIONS.c.code, ORGANISATIONS.c.id))
        return dict(rows.tuples().all())


def _replay(events, units, moment):
    """Play a life again with the rules, action by action."""
    counted = [each for each in events if moment is None or each.at <= moment]
    if not counted:
        return None
    first = counted[0].body
    facts, unit = Facts(State.REPORTED, level=Level(first["level"])), units[first["unit"]]
    due, closed_at = datetime.fromisoformat(first["clock"]["due"]), None
    for each in counted[1:]:
        if each.kind in set(Action):
            facts = evolve(facts, _move(each, facts))
        if each.kind == Action.TRANSFER:
            unit = each.body["changed"]["unit_id"][1]
        if "clock" in each.body:
            due = datetime.fromisoformat(each.body["clock"]["due"])
        closed_at = (closed_at or each.at) if facts.state is State.CLOSED else None
    return {
        "unit_id": unit, "level": facts.level, "listed": facts.listed, "state": facts.state,
        "claimed": facts.claimed, "cycle": facts.cycle, "stage": facts.stage,
        "holder": facts.holder, "due_at": due if facts.stage else None, "closed_at": closed_at,
    }  # fmt: skip


def _move(event, facts):
    row, said = TABLE[Action(event.kind)], event.body.get("given", {})
    given = {Given(name): value for name, value in said.items()}
    if Given.DEADLINE in given:
        given[Given.DEADLINE] = date.fromisoformat(given[Given.DEADLINE])
    given[Given.EVIDENCE] = len(event.body.get("evidence", ()))
    return Move(
        row.action, row.target or facts.state, event.row.actor_id, Role(event.row.role), given,
        row.clock, None,
    )  # fmt: skip


def live(office):
    """Let each kind of event happen, a day apart; yield the moment after each."""
    days = (MONDAY_9AM + step * DAY for step in range(1, 99))

    def a_day_later(number, action, by, **typed):
        now = next(days)
        act(office, number, action, by, at=now, **typed)
        return now

    first, second = reported(office), reported(office, unit="S3", description="围墙开裂")
    third = reported(office, unit="S2", description="门禁失灵")
    yield MONDAY_9AM
    yield a_day_later(first, Action.GRADE, "committee1", level="major", reason="面积大")
    yield a_day_later(second, Action.TRANSFER, "committee1", unit="S1", reason="校舍归第一小学")
    yield a_day_later(first, Action.SUBMIT_PLAN, "head1", **a_plan("2026-05-20"))
    yield a_day_later(third, Action.VOID, "cluster1", reason="误报")
    yield a_day_later(second, Action.SUBMIT_PLAN, "head1", **a_plan("2026-03-30"))
    yield a_day_later(first, Action.APPROVE_PLAN, "cluster1")
    yield a_day_later(first, Action.LIST, "committee1", kind="supervision", reason="严重")
    yield a_day_later(second, Action.APPROVE_PLAN, "cluster1")
    yield a_day_later(first, Action.GRADE, "committee1", level="ordinary", reason="已降险")
    yield a_day_later(second, Action.CLAIM, "owner1", files=[after_photo(office, "blue")])
    yield a_day_later(second, Action.FAIL, "verifier1a", finding="未固定", new_due="2026-04-20")
    yield a_day_later(first, Action.CLAIM, "owner1", files=[after_photo(office)])
    yield a_day_later(first, Action.PASS, "verifier1b", finding="合格")
    yield a_day_later(first, Action.RELEASE, "committee1", reason="已验收")
    yield a_day_later(first, Action.CLOSE, "committee2")
    yield a_day_later(third, Action.REOPEN, "inspector1", finding="确有其事")
    yield a_day_later(first, Action.REOPEN, "inspector1", finding="复发")
    now = MONDAY_9AM + 60 * DAY
    sweep(office, as_of=now, ran_at=now, jump_agreed=True)
    yield now
