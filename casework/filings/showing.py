"""One filing as it is read: every number with what it means, where it comes from, and its cases."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from casework.errors import NotFound
from casework.filings import store
from casework.filings.checking import findings_of
from casework.filings.counting import NEWEST, count_cases
from casework.filings.places import (
    Named,
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
from models.tables import FILING_FIGURES, FILINGS, ORGANISATIONS
from rules.access import Actor, Verb
from rules.filings.acts import FilingAct, FilingState
from rules.filings.checks import Finding, hindering
from rules.filings.levels import Level
from rules.filings.sheets import Sheet, is_nil, rate_of, shown
from rules.filings.templates import Figure, FigureType, query_of
from rules.policy import Policy
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
        held = _seen(connection, actor, which, version)
        policy = office.rulebooks.at(connection, at).policy
        if held.state is FilingState.FROZEN:
            require_unaltered(connection, held)
        before = store.frozen_before(connection, held.named)
        findings = findings_of(connection, policy, held, at)
        return {
            **_head(held, china_day(at)),
            "rows": rows_of(held, before),
            "texts": _texts(held),
            "plan": list(held.sheet.plan),
            "progress": _progress(held),
            "reasons": dict(held.sheet.reasons),
            "nil": held.sheet.nil, "nothing": is_nil(held.named.template, held.sheet),
            "findings": [_finding(each) for each in findings],
            "ready": not hindering(findings),
            "before": before.number if before else "",
            "versions": _version_rows(connection, held),
            "history": _history(connection, held),
            "signed_by": names_of(connection, [held.signed_by_id]).get(held.signed_by_id or 0, ""),
            "may_fill": may_fill(actor, held.named), "may_sign": may_sign(actor, held.named),
            "due_source": policy.filings.source_of(held.named.period),
        }  # fmt: skip


def show_parts(office: Office, which: Which, key: str, *, by: str, at: datetime) -> dict[str, Any]:
    """Return what a summed number is made of: the units' frozen numbers that ``by`` may see.

    ``total`` is the sum of all of them; ``cases`` what the cases of the whole place say now, where
    the figure counts cases and ``by`` may see them all (else None). Raise NotFound.
    """
    with office.reading() as connection:
        actor = find_actor(connection, by)
        held = _seen(connection, actor, which, 0)
        figure = held.named.template.by_key.get(key)
        if figure is None or figure.type is FigureType.RATE or not held.named.level.sums_up:
            raise _no_figure(held, key)
        policy = office.rulebooks.at(connection, at).policy
        return {
            **_head(held, china_day(at)),
            "figure": figure.label, "key": figure.key, "source": figure.source,
            "total": held.sheet.value(key),
            "parts": _parts(connection, actor, held.named, figure),
            **_by_cases(connection, policy, actor, held.named, figure, at),
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
                "computed": cell.computed if cell else None,
                "typed": cell.typed if cell else None,
                "said": said(figure, held.sheet),
                "before": said(figure, before.sheet) if before else Wording("", ""),
                "query": query_of(figure, period, unit=code) if asks else "",
                "source": figure.source,
            }
        )  # fmt: skip
    return rows


def said(figure: Figure, sheet: Sheet) -> Wording:
    """Return a figure as a reader sees it, rates in per cent; blank where there is none."""
    if figure.type is FigureType.RATE:
        rate = rate_of(figure, sheet)
        text = "" if rate is None else f"{rate}%"
        return Wording(text, text)
    value = sheet.value(figure.key)
    return Wording(shown(figure, value, "zh"), shown(figure, value, "en"))


def _value(figure: Figure, sheet: Sheet) -> float | int | None:
    if figure.type is FigureType.RATE:
        rate = rate_of(figure, sheet)
        return None if rate is None else float(rate)
    return sheet.value(figure.key)


def _seen(connection: Connection, actor: Actor, which: Which, version: int) -> Held:
    named = find_named(connection, which)
    held = store.find(connection, named, version)
    sees = select(FILINGS.c.id).where(FILINGS.c.id == held.id, seen_by(connection, actor))
    if connection.execute(sees).first() is None:
        raise no_filing(named)
    return held


def _head(held: Held, today: date) -> dict[str, Any]:
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


def _finding(finding: Finding) -> dict[str, Any]:
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


def _history(connection: Connection, held: Held) -> list[dict[str, Any]]:
    events = [sealed for sealed, _ in read_records(connection, SUBJECT, held.id)]
    names = names_of(connection, (each.actor for each in events))
    return [
        {
            "seq": each.seq, "at": each.at, "act": each.kind, "said": FilingAct(each.kind).label,
            "who": names.get(each.actor or 0, ""), "role": each.role, "door": each.door,
        }
        for each in events
    ]  # fmt: skip


def _parts(
    connection: Connection, actor: Actor, named: Named, figure: Figure
) -> list[dict[str, Any]]:
    reach = actor.reach(Verb.VIEW)
    places = ORGANISATIONS.c
    within = [] if named.level is Level.COMMITTEE else [FILINGS.c.cluster_id == named.unit.id]
    rows = connection.execute(
        select(places.code, places.name, FILINGS.c.number, FILING_FIGURES.c.value)
        .join_from(FILINGS, FILING_FIGURES, FILING_FIGURES.c.filing_id == FILINGS.c.id)
        .join(ORGANISATIONS, places.id == FILINGS.c.unit_id)
        .where(
            FILINGS.c.template == named.template.key, FILINGS.c.period == named.period.key,
            FILINGS.c.level == Level.UNIT, NEWEST, FILING_FIGURES.c.key == figure.key,
            or_(*(places.path.startswith(path, autoescape=True) for path in reach)), *within,
        )
        .order_by(places.path)
    )  # fmt: skip
    return [
        {
            "unit_code": code, "unit": name, "number": number, "value": value,
            "said": Wording(shown(figure, value, "zh"), shown(figure, value, "en")),
            "query": query_of(figure, named.period, unit=code) if figure.query else "",
        }
        for code, name, number, value in rows
    ]  # fmt: skip


def _by_cases(
    connection: Connection,
    policy: Policy,
    actor: Actor,
    named: Named,
    figure: Figure,
    at: datetime,
) -> dict[str, Any]:
    whole = actor.may(Verb.VIEW, named.unit.path)
    if figure.type is not FigureType.CASES or not whole:
        return {"cases": None, "query": ""}
    place = "" if named.level is Level.COMMITTEE else f'cluster:"{named.unit.code}" '
    return {
        "cases": count_cases(connection, policy, figure, named, at=at),
        "query": place + query_of(figure, named.period),
    }


def _no_figure(held: Held, key: str) -> NotFound:
    return NotFound(
        Wording(f"{held.subject.name} 没有汇总项“{key[:24]}”", f"no summed figure {key[:24]!r}"),
        remedy=Wording("请从报告中的数字进入。", "Come from a number of the filing."),
        where="figure",
    )
