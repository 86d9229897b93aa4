"""One filing as it is read: every number with what it means, where it comes from, and its cases."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.filings import store
from casework.filings.checking import findings_of
from casework.filings.places import (
    Which,
    find_named,
    may_fill,
    may_sign,
    no_filing,
    seen_by,
)
from casework.filings.signing import require_unaltered
from casework.filings.store import SUBJECT, Held
from casework.office import Office
from casework.people import find_actor, names_of
from casework.records import read_records
from models.tables import FILINGS
from rules.access import Actor
from rules.filings.acts import FilingAct, FilingState
from rules.filings.changes import changes
from rules.filings.checks import Finding, hindering
from rules.filings.sheets import Sheet, is_nil, rate_of, said
from rules.filings.templates import Figure, FigureType, query_of
from rules.wording import Wording
from rules.workdays import china_day


def show_filing(
    office: Office, which: Which, *, by: str, at: datetime, version: int = 0
) -> dict[str, Any]:
    """Return a filing (the last version for 0) with its rows, findings, versions and history.

    Raise NotFound where ``by`` may not look, Invalid for a frozen one that was altered.
    """
    with office.reading() as connection:
        actor = find_actor(connection, by)
        held = find_seen(connection, actor, which, version)
        policy = office.rulebooks.at(connection, at).policy
        if held.state is FilingState.FROZEN:
            require_unaltered(connection, held)
        before = store.frozen_before(connection, held.named)
        findings = findings_of(connection, policy, held, at)
        history = _history(connection, held)
        return {
            **head_of(held, china_day(at)),
            "rows": rows_of(held, before),
            "texts": _texts(held),
            "plan": list(held.sheet.plan),
            "progress": _progress(held),
            "reasons": dict(held.sheet.reasons),
            "plans": held.named.template.plans, "nils": bool(held.named.template.nil),
            "nil": held.sheet.nil, "nothing": is_nil(held.named.template, held.sheet),
            "findings": [finding_row(each) for each in findings],
            "ready": not hindering(findings),
            "before": before.number if before else "",
            "versions": _version_rows(connection, held),
            "changes": _changes(connection, held),
            "history": history, "returned": _returned(history),
            "signed_by": names_of(connection, [held.signed_by_id]).get(held.signed_by_id or 0, ""),
            "may_fill": may_fill(actor, held.named), "may_sign": may_sign(actor, held.named),
            "over": held.named.period.last <= china_day(at),
            "due_source": policy.filings.source_of(held.named.period),
        }  # fmt: skip


def rows_of(held: Held, before: Held | None) -> list[dict[str, Any]]:
    """Return a filing's figures in order, rates among them, with the period before beside each."""
    template, period, unit = held.named
    code = "" if held.named.level.sums_up else unit.code
    rows = []
    for nth, figure in enumerate(template.figures, start=1):
        cell = held.sheet.cells.get(figure.key)
        asks = figure.type is FigureType.CASES and bool(code)
        rows.append(
            {
                "nth": nth, "key": figure.key, "label": figure.label,
                "type": figure.type.value, "measure": figure.measure.value,
                "value": _value(figure, held.sheet),
                "value_before": _value(figure, before.sheet) if before else None,
                "computed": cell.computed if cell else None,
                "typed": cell.typed if cell else None,
                "said": said(figure, held.sheet),
                "before": said(figure, before.sheet) if before else Wording("", ""),
                "query": query_of(figure, period, unit=code) if asks else "",
                "source": figure.source,
            }
        )  # fmt: skip
    return rows


def _value(figure: Figure, sheet: Sheet) -> float | int | None:
    if figure.type is FigureType.RATE:
        rate = rate_of(figure, sheet)
        return None if rate is None else float(rate)
    return sheet.value(figure.key)


def find_seen(connection: Connection, actor: Actor, which: Which, version: int = 0) -> Held:
    """Return a version of a filing that ``actor`` may see; raise NotFound or Invalid."""
    named = find_named(connection, which)
    held = store.find(connection, named, version)
    sees = select(FILINGS.c.id).where(FILINGS.c.id == held.id, seen_by(connection, actor))
    if connection.execute(sees).first() is None:
        raise no_filing(named)
    return held


def head_of(held: Held, today: date) -> dict[str, Any]:
    """Return which filing it is and how it stands."""
    template, period, unit = held.named
    open_ = held.state is not FilingState.FROZEN
    return {
        "template": template.key, "label": template.label, "period": period.key,
        "period_label": period.label, "first": period.first, "last": period.last,
        "unit": unit.name, "unit_code": unit.code, "level": held.named.level.value,
        "version": held.version, "reason": held.reason, "state": held.state.value,
        "state_label": held.state.label, "number": held.number, "due_on": held.due_on,
        "late": open_ and held.version == 1 and held.due_on < today, "as_of": held.as_of,
        "frozen_at": held.frozen_at, "receipt": held.receipt, "source": template.source,
    }  # fmt: skip


def _texts(held: Held) -> list[dict[str, Any]]:
    return [
        {
            "key": each.key, "label": each.label, "required": each.required,
            "text": held.sheet.texts.get(each.key, ""),
        }
        for each in held.named.template.texts
    ]  # fmt: skip


def _progress(held: Held) -> list[dict[str, Any]]:
    return [
        {
            "nth": nth, "item": each.item, "why": each.why,
            "outcome": each.outcome.value if each.outcome else "",
            "outcome_label": each.outcome.label if each.outcome else Wording("", ""),
        }
        for nth, each in enumerate(held.sheet.progress, start=1)
    ]  # fmt: skip


def finding_row(finding: Finding) -> dict[str, Any]:
    """Return what is at fault, as every door tells it."""
    return {
        "fault": finding.fault.value, "fault_label": finding.fault.label, "row": finding.row,
        "problem": finding.problem, "remedy": finding.remedy, "reason": finding.reason,
        "hinders": finding.hinders,
    }  # fmt: skip


def _version_rows(connection: Connection, held: Held) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "version": row.version, "number": row.number or "", "reason": row.reason,
            "state": row.state.value, "frozen_at": row.frozen_at,
        }
        for row in store.all_versions(connection, held.named)
    ]  # fmt: skip


def _changes(connection: Connection, held: Held) -> list[dict[str, Any]]:
    """Return what a correction changed of the version before it."""
    if held.version == 1:
        return []
    old = store.find(connection, held.named, held.version - 1)
    return [each._asdict() for each in changes(held.named.template, old.sheet, held.sheet)]


def _returned(history: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return how a draft was given back, until it is checked again; None when it was not."""
    told = (FilingAct.RETURN.value, FilingAct.CHECK.value)
    last = next((each for each in reversed(history) if each["act"] in told), None)
    return last if last and last["act"] == FilingAct.RETURN.value else None


def _history(connection: Connection, held: Held) -> list[dict[str, Any]]:
    events = [sealed for sealed, _ in read_records(connection, SUBJECT, held.id)]
    names = names_of(connection, (each.actor for each in events))
    return [
        {
            "seq": each.seq, "at": each.at, "act": each.kind, "said": FilingAct(each.kind).label,
            "who": names.get(each.actor or 0, ""), "role": each.role, "door": each.door,
            "reason": json.loads(each.body).get("reason", ""),
        }
        for each in events
    ]  # fmt: skip
