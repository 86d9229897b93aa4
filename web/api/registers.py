"""Registers 台账 of every kind: listed, opened masked, added, changed, retired; what runs out."""

from typing import Annotated, Any

from fastapi import Query, Response

from casework.accounts.tokens import Scope
from casework.events import Door
from casework.people import find_actor
from casework.registers.acts import Kept, add_record, change_record, retire_record
from casework.registers.counting import count_kinds
from casework.registers.listing import list_expiring, list_records
from casework.registers.narrowing import Narrow
from casework.registers.places import find_kind, require_seer
from casework.registers.showing import show_record
from rules.access import Verb
from rules.registers.kinds import Kind
from rules.workdays import china_day
from web.api import register_shapes as shapes
from web.api.calls import Asked
from web.api.cases import next_page
from web.api.routing import Operations

operations = Operations("registers")


@operations.get("/registers", permission=Verb.VIEW, scope=Scope.READ)
def list_registers(call: Asked) -> list[shapes.Register]:
    """List the kinds of register that you may see, with their fields, rules and counts."""
    counted = count_kinds(call.office, by=call.by, today=china_day(call.at))
    return [
        shapes.Register(
            kind=each.kind.key, zh=each.kind.zh, en=each.kind.en, named_by=each.kind.unique,
            active=each.all, lapsed=each.lapsed, soon=each.soon,
            fields=[shapes.RegisterField.model_validate(field) for field in each.kind.fields],
            rules=[shapes.RegisterRule.model_validate(rule) for rule in each.kind.rules],
        )
        for each in counted
    ]  # fmt: skip


@operations.get("/registers/expiring", permission=Verb.VIEW, scope=Scope.READ)
def list_expiring_records(
    call: Asked, wanted: Annotated[shapes.Expiring, Query()], response: Response
) -> shapes.RegisterPage:
    """List what ran out or runs out within so many days, the earliest first."""
    page = list_expiring(
        call.office, by=call.by, today=china_day(call.at), days=wanted.days, written=wanted.kind,
        place=wanted.place, size=wanted.size, after=wanted.after,
    )  # fmt: skip
    following = next_page(call, page.after, response)
    return shapes.RegisterPage.model_validate({"items": page.rows, "next": following})


@operations.get("/registers/{kind}", permission=Verb.VIEW, scope=Scope.READ)
def list_register(
    call: Asked, kind: shapes.KindName, wanted: Annotated[shapes.RegisterList, Query()],
    response: Response,
) -> shapes.RegisterPage:  # fmt: skip
    """List the records of a kind that you may see; personal data is masked."""
    narrow = Narrow(wanted.place, wanted.text, wanted.retired, wanted.standing)
    page = list_records(
        call.office, seen_kind(call, kind).key, narrow, by=call.by, today=china_day(call.at),
        order=wanted.order, size=wanted.size, after=wanted.after,
    )  # fmt: skip
    following = next_page(call, page.after, response)
    return shapes.RegisterPage.model_validate({"items": page.rows, "next": following})


@operations.get("/registers/{kind}/record", permission=Verb.VIEW, scope=Scope.READ)
def open_record(
    call: Asked, kind: shapes.KindName, which: Annotated[shapes.Which, Query()], response: Response
) -> shapes.RegisterFile:
    """Open a record: values masked, what its rules say, its cases, files and history."""
    shown = show_record(
        call.office, seen_kind(call, kind).key, which.key, by=call.by, today=china_day(call.at),
        unit=which.unit,
    )  # fmt: skip
    response.headers["ETag"] = f'"{shown["seq"]}"'
    return record_file(shown)


@operations.post("/registers/{kind}", permission=Verb.VIEW, scope=Scope.MOVE, status_code=201)
def add_to_register(
    call: Asked, kind: shapes.KindName, told: shapes.NewRecord
) -> shapes.RecordKept:
    """Add a record; the fields of its kind are told by the list of registers."""
    done = add_record(
        call.office, kind, told.unit, told.fields, by=call.by, at=call.at, door=Door.API
    )
    return kept(done)


@operations.post("/registers/{kind}/change", permission=Verb.VIEW, scope=Scope.MOVE)
def change_record_(
    call: Asked, kind: shapes.KindName, told: shapes.NewRecordChange
) -> shapes.RecordKept:
    """Change fields of a record, a blank one to nothing; fields left out stay."""
    done = change_record(
        call.office, kind, told.key, told.fields, by=call.by, at=call.at, door=Door.API,
        unit=told.unit, seen=told.seen,
    )  # fmt: skip
    return kept(done)


@operations.post("/registers/{kind}/retire", permission=Verb.VIEW, scope=Scope.MOVE)
def retire_record_(
    call: Asked, kind: shapes.KindName, told: shapes.NewRetirement
) -> shapes.RecordKept:
    """Retire a record, with the reason; it stays to be read."""
    done = retire_record(
        call.office, kind, told.key, told.reason, by=call.by, at=call.at, door=Door.API,
        unit=told.unit,
    )  # fmt: skip
    return kept(done)


def seen_kind(call: Asked, written: str) -> Kind:
    """Return a kind of which ``call`` may see records; raise NotFound or Refused."""
    kind = find_kind(written)
    with call.office.reading() as connection:
        require_seer(find_actor(connection, call.by), kind)
    return kind


def record_file(shown: dict[str, Any]) -> shapes.RegisterFile:
    """Return a record as it is told in full."""
    cases = [{**each, "state": each["state"].value} for each in shown["cases"]]
    history = [{**each, "said": each["said"].zh} for each in shown["history"]]
    return shapes.RegisterFile.model_validate({**shown, "cases": cases, "history": history})


def kept(done: Kept) -> shapes.RecordKept:
    """Return what became of a record as it is told."""
    told: dict[str, Any] = done._asdict()
    return shapes.RecordKept.model_validate(told)
