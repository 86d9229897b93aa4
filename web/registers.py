"""What the pages of every register share: addresses, filters, and forms made from a kind's data."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from casework.registers.narrowing import Narrow
from casework.registers.places import find_kind, places_for, require_seer
from models import Place
from rules.registers.kinds import FieldKind, FieldType, Kind
from rules.registers.standing import RecordOrder, Stands
from rules.registers.values import Fault
from web.forms import Form, bad_choice
from web.visits import Visit

ICONS = {"school_bus": "bus-front", "security": "shield-lock"}
_MINE = "field-"  # before a field's name in a form, where others have names of their own
_INPUTS = {FieldType.DATE: "date", FieldType.CHOICE: "choice"}
_MODES = {FieldType.NUMBER: "decimal", FieldType.PHONE: "tel"}


class Input(NamedTuple):
    """A field of a form: what stands in it, what it holds now (masked), what is wrong with it."""

    field: FieldKind
    value: str
    held: str
    fault: Fault | None

    @property
    def type(self) -> str:
        return _INPUTS.get(self.field.type, "text")

    @property
    def mode(self) -> str:
        return _MODES.get(self.field.type, "")

    @property
    def needed(self) -> bool:
        """A personal value that is known may be left as it is."""
        return self.field.required and not (self.field.personal and self.held)


def kind_of(visit: Visit, written: str) -> Kind:
    """Return the kind, which the visitor may see; raise NotFound or Refused."""
    kind = find_kind(written)
    require_seer(visit.actor, kind)
    return kind


def read_narrow(query: Mapping[str, str]) -> tuple[Narrow, RecordOrder]:
    """Return what a list is asked for; raise Invalid for a choice that is none of ours."""
    stands, order = query.get("standing", ""), query.get("order") or RecordOrder.EXPIRY.value
    if stands and stands not in set(Stands):
        raise bad_choice("standing")
    if order not in set(RecordOrder):
        raise bad_choice("order")
    narrow = Narrow(
        query.get("place", "").strip(), query.get("text", "").strip(),
        query.get("retired", "") == "1", Stands(stands) if stands else None,
    )  # fmt: skip
    return narrow, RecordOrder(order)


def query_of(narrow: Narrow, order: RecordOrder = RecordOrder.EXPIRY) -> dict[str, str]:
    """Return the same as the query of an address, what is usual left out."""
    written = {
        "place": narrow.place, "text": narrow.text, "retired": "1" if narrow.retired else "",
        "standing": narrow.stands.value if narrow.stands else "",
        "order": "" if order is RecordOrder.EXPIRY else order.value,
    }  # fmt: skip
    return {name: value for name, value in written.items() if value}


def list_link(kind: str, **asked: str) -> str:
    """Return the address of a kind's list."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/registers/{kind}" + (f"?{query}" if query else "")


def record_link(kind: str, key: str, unit: str, page: str = "record", **more: str) -> str:
    """Return the address of a record's page: a key may hold any character, so it stands last."""
    return f"/registers/{kind}/{page}?{urlencode({'key': key, 'unit': unit, **more})}"


def row_link(row: Mapping[str, Any]) -> str:
    return record_link(row["kind"], row["key"], row["unit_code"])


def inputs_of(
    kind: Kind,
    typed: Mapping[str, str],
    held: Mapping[str, str] | None = None,
    faults: Sequence[Fault] = (),
) -> list[Input]:
    """Return the fields to fill in; one that names a record that is there is not among them.

    ``held`` are the values there are, masked: personal ones are not put into the form.
    """
    by_field = {each.field: each for each in reversed(faults)}
    return [
        Input(
            each,
            typed.get(f"{_MINE}{each.key}", _before(each, held)),
            held.get(each.key, "") if held else "",
            by_field.get(each.key),
        )
        for each in kind.fields
        if (held is None or each.key != kind.unique)
        and not each.counts
        and each.key != kind.reviewed
    ]


def read_inputs(kind: Kind, form: Form, *, known: bool) -> dict[str, str]:
    """Return what was typed. Of a ``known`` record a personal field left blank is left alone,
    unless it is to be cleared.
    """
    sent = {
        each.key: form.text(f"{_MINE}{each.key}")
        for each in kind.fields
        if f"{_MINE}{each.key}" in form.texts
    }
    if not known:
        return sent
    untouched = {
        name for name in kind.personal & sent.keys()
        if not sent[name].strip() and not form.text(f"clear-{name}")
    }  # fmt: skip
    return {name: value for name, value in sent.items() if name not in untouched | {kind.unique}}


def places_of(visit: Visit, kind: Kind) -> Sequence[Any]:
    """Return the clusters and units where the visitor sees records of the kind."""
    with visit.office.reading() as connection:
        return places_for(connection, visit.actor, kind.see)


def units_of(visit: Visit, kind: Kind) -> Sequence[Any]:
    """Return the units where the visitor edits records of the kind."""
    with visit.office.reading() as connection:
        places = places_for(connection, visit.actor, kind.edit)
    return [each for each in places if each.kind is Place.UNIT]


def may_edit(visit: Visit, kind: Kind) -> bool:
    return any(grant.role in kind.edit for grant in visit.actor.grants)


def may_reveal(visit: Visit, kind: Kind) -> bool:
    return any(grant.role in kind.reveal for grant in visit.actor.grants)


def said_value(kind: Kind, name: str, value: str) -> Any:  # noqa: ANN401 — a text, or a wording
    """Return a value as it is shown: a choice by its label."""
    return next((each.label for each in kind.by_key[name].choices if each.key == value), value)


def _before(field: FieldKind, held: Mapping[str, str] | None) -> str:
    return "" if held is None or field.personal else held.get(field.key, "")
