"""Sign a filing off: checked once more, numbered, frozen and remembered, all in one transaction."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from casework.errors import Invalid, Refused
from casework.events import Door
from casework.filings import store
from casework.filings.checking import check_anew, findings_of
from casework.filings.compiling import open_filing
from casework.filings.contents import digest, written
from casework.filings.filling import frozen, write_typed
from casework.filings.owing import settle, tell_clusters
from casework.filings.places import Named, Which, find_named, require_filler, require_signer
from casework.filings.store import SUBJECT, Held
from casework.office import Office
from casework.people import find_actor
from casework.records import read_records
from casework.registers.store import Hand
from rules.filings.acts import FilingAct, FilingState
from rules.filings.checks import Finding, hindering
from rules.filings.tiers import Tier
from rules.wording import Wording
from rules.workdays import china_day


def sign_filing(office: Office, which: Which, *, by: str, at: datetime, door: Door) -> Held:
    """Sign and freeze a checked filing; raise Refused for who may not, or what hinders it."""
    with office.writing() as connection:
        held, hand = taken_by_signer(connection, which, by, at, door)
        _require_over(held.named, at)
        require_checked(held)
        policy = office.rulebooks.at(connection, at).policy
        _require_sound(findings_of(connection, policy, held, at))
        return _freeze(connection, held, hand)


def file_at_once(
    office: Office, which: Which, typed: Mapping[str, str], *, by: str, at: datetime, door: Door
) -> Held:
    """Fill in, check and sign in one go, as the daily self-check 每日自查 is by phone.

    Raise Refused with the first thing that hinders it, Invalid naming the field.
    """
    held = open_filing(office, which, by=by, at=at, door=door)
    with office.writing() as connection:
        held, hand = taken_by_signer(connection, which, by, at, door)
        _require_over(held.named, at)
        require_filler(find_actor(connection, by), held.named)
        policy = office.rulebooks.at(connection, at).policy
        filled = write_typed(connection, held, hand, typed)
        checked = check_anew(connection, policy, filled, hand)
        _require_sound(checked.findings)
        return _freeze(connection, checked.held, hand)


def require_unaltered(connection: Connection, held: Held) -> None:
    """Raise Invalid for a frozen filing that is not what was signed."""
    said = [
        json.loads(sealed.body).get("content")
        for sealed, _ in read_records(connection, SUBJECT, held.id)
        if sealed.kind == FilingAct.FREEZE.value
    ]
    if said != [digest(held.content)] or written(held) != held.content:
        raise Invalid(
            Wording("报告与签发时不同", "the filing is not what was signed"),
            remedy=Wording("请从备份恢复，并查明原因。", "Restore a backup and find out why."),
            where=held.number,
        )


def taken_by_signer(
    connection: Connection, which: Which, by: str, at: datetime, door: Door
) -> tuple[Held, Hand]:
    """Return a filing not signed yet, locked, and who may sign it; raise Refused, NotFound."""
    actor = find_actor(connection, by)
    named = find_named(connection, which)
    role = require_signer(actor, named)
    held = store.find(connection, named, lock=True)
    if held.state is FilingState.FROZEN:
        raise frozen(held)
    return held, Hand(actor.id, role, at, door)


def require_checked(held: Held) -> None:
    """Raise Refused for a filing that was not checked, or changed since."""
    if held.state is not FilingState.CHECKED:
        raise Refused(
            Wording(f"{held.subject.name} 尚未核对通过", f"{held.subject.name} is not checked"),
            remedy=Wording(
                "请先核对（bihuan filing check）。", "Check it first: bihuan filing check."
            ),
            where="period",
        )


def _require_over(named: Named, at: datetime) -> None:
    if named.period.last > china_day(at):
        raise Refused(
            Wording(f"{named.period.label.zh}尚未结束", f"{named.period.key} is not over yet"),
            remedy=Wording(
                f"请在 {named.period.last} 起签发。", f"Sign it from {named.period.last}."
            ),
            where="period",
        )


def _freeze(connection: Connection, held: Held, hand: Hand) -> Held:
    template, period, unit = held.named
    number = template.number(period, unit.code, held.version)
    content = written(held)
    whole = held._replace(
        state=FilingState.FROZEN, number=number, signed_by_id=hand.by, frozen_at=hand.at,
        content=content,
    )  # fmt: skip
    figures = {key: cell.value for key, cell in held.sheet.cells.items()}
    sealed = {"number": number, "content": digest(content), "figures": figures}
    kept = store.change(
        connection, whole, hand,
        [(FilingAct.SIGN, {"number": number}), (FilingAct.FREEZE, sealed)],
    )  # fmt: skip
    settle(connection, held.named, hand.at, hand.by, hand.door)
    if held.named.level is Tier.COMMITTEE:
        tell_clusters(connection, held.named, kept.receipt, hand.at)
    return kept


def _require_sound(findings: Sequence[Finding]) -> None:
    found = hindering(findings)
    if found:
        first = found[0]
        more = f"（另有 {len(found) - 1} 处）" if found[1:] else ""
        also = f" ({len(found) - 1} more)" if found[1:] else ""
        raise Refused(
            Wording(
                f"{first.fault.label.zh}：{first.problem.zh}{more}",
                f"{first.fault.label.en}: {first.problem.en}{also}",
            ),
            remedy=first.remedy,
            where=first.row,
        )
