"""Fill a filing in: numbers typed, texts, the next plan, how far the last one got, reasons."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from casework.errors import Invalid, Refused
from casework.events import Door
from casework.filings import store
from casework.filings.places import Which, find_named, require_filler, require_sight
from casework.filings.store import Held
from casework.forms import clean, read_yes
from casework.office import Office
from casework.people import find_actor
from casework.registers.store import Hand
from rules.filings.acts import FilingAct, FilingState, Outcome
from rules.filings.sheets import Cell, Progress, Sheet
from rules.filings.templates import Figure, Measure, Template
from rules.wording import Wording

LONGEST_REASON = 500
_LONGEST_ITEM = 200
_MOST_ITEMS = 50
_NUMBER = re.compile(r"-?[0-9]{1,13}")
_MONEY = re.compile(r"(-?[0-9]{1,9})(?:\.([0-9]{1,4}))?")
_PART = re.compile(r"(reason|outcome|why):([a-z0-9_]{1,24})")
_YES = {"是": 1, "yes": 1, "1": 1, "on": 1, "true": 1, "否": 0, "no": 0, "0": 0, "false": 0}


def fill_in(
    office: Office, which: Which, typed: Mapping[str, str], *, by: str, at: datetime, door: Door
) -> Held:
    """Write what was typed; fields left out stay. A checked filing becomes a draft again.

    Fields are keys of figures ('' takes the computed number again) and texts, ``plan`` (an item a
    line), ``outcome:1`` and ``why:1`` of the last plan's items, ``reason:KEY``, ``nil`` (是/否).
    Raise Refused, NotFound, Invalid naming the field.
    """
    with office.writing() as connection:
        held, hand = editing(connection, which, by, at, door)
        return write_typed(connection, held, hand, typed)


def fields_of(office: Office, which: Which, *, by: str) -> frozenset[str]:
    """Return the names of the fields of a filing, all but those of parts; raise NotFound."""
    with office.reading() as connection:
        named = find_named(connection, which)
        require_sight(find_actor(connection, by), named)
        template = store.find(connection, named).named.template
    return frozenset({each.key for each in (*template.numbers, *template.texts)} | {"plan", "nil"})


def editing(
    connection: Connection, which: Which, by: str, at: datetime, door: Door
) -> tuple[Held, Hand]:
    """Return a filing that may be changed, locked, and who changes it; raise Refused, NotFound."""
    actor = find_actor(connection, by)
    named = find_named(connection, which)
    role = require_filler(actor, named)
    held = store.find(connection, named, lock=True)
    if held.state is FilingState.FROZEN:
        raise frozen(held)
    return held, Hand(actor.id, role, at, door)


def write_typed(connection: Connection, held: Held, hand: Hand, typed: Mapping[str, str]) -> Held:
    """Do what ``fill_in`` does within a transaction that is open."""
    sheet = read_typed(held.named.template, held.sheet, typed)
    if sheet == held.sheet:
        return held
    changed = held._replace(sheet=sheet, state=FilingState.DRAFT)
    return store.change(connection, changed, hand, [(FilingAct.FILL_IN, {"fields": sorted(typed)})])


def read_typed(template: Template, sheet: Sheet, typed: Mapping[str, str]) -> Sheet:
    """Return the sheet with what was typed in it; raise Invalid naming the field."""
    for name, value in typed.items():
        sheet = _read_one(template, sheet, name, value)
    return sheet


def frozen(held: Held) -> Refused:
    return Refused(
        Wording(f"{held.number} 已签发，不能更改", f"{held.number} is frozen and never changed"),
        remedy=Wording(
            "请用“更正”另出一版，并写明原因（bihuan filing correct）。",
            "Correct it by a new version, with a reason (bihuan filing correct).",
        ),
        where="period",
    )


def _read_one(template: Template, sheet: Sheet, name: str, value: str) -> Sheet:
    texts = {each.key for each in template.texts}
    if figure := template.by_key.get(name):
        return sheet._replace(cells={**sheet.cells, name: _cell(figure, sheet, value)})
    if name in texts:
        return sheet._replace(texts={**sheet.texts, name: clean(value, where=name)})
    if name == "plan":
        return sheet._replace(plan=_items(value))
    if name == "nil":
        return sheet._replace(nil=bool(read_yes(value or "否", _YES, where=name)))
    if part := _PART.fullmatch(name):
        return _PARTS[part[1]](sheet, part[2], value)
    raise _no_field(template, name)


def _cell(figure: Figure, sheet: Sheet, value: str) -> Cell:
    cell = sheet.cells.get(figure.key, Cell())
    text = value.strip().replace(",", "").replace("，", "")
    if not text:
        return cell._replace(typed=None)
    number = _number(figure, text)
    # What is typed as it was computed is no change of it.
    return cell._replace(typed=None if number == cell.computed else number)


def _number(figure: Figure, text: str) -> int:
    if figure.measure is Measure.YES:
        return read_yes(text, _YES, where=figure.key)
    if figure.measure is Measure.YUAN and (money := _MONEY.fullmatch(text)):
        sign = -1 if text.startswith("-") else 1
        return int(money[1]) * 10_000 + sign * int((money[2] or "").ljust(4, "0"))
    if figure.measure is Measure.COUNT and _NUMBER.fullmatch(text):
        return int(text)
    example = Wording("如 3.5（万元）", "such as 3.5 (万元)")
    whole = Wording("整数", "a whole number")
    wanted = example if figure.measure is Measure.YUAN else whole
    raise Invalid(
        Wording(f"“{text[:40]}”不是{figure.zh}的数", f"{text[:40]!r} is no number"),
        remedy=Wording(f"请填{wanted.zh}。", f"Give {wanted.en}."),
        where=figure.key,
    )


def _items(value: str) -> list[str]:
    lines = [clean(each, where="plan", longest=_LONGEST_ITEM) for each in value.splitlines()]
    items = list(dict.fromkeys(each for each in lines if each))
    if len(items) > _MOST_ITEMS:
        raise Invalid(
            Wording(f"计划超过 {_MOST_ITEMS} 项", f"more than {_MOST_ITEMS} items"),
            remedy=Wording("请合并。", "Put some together."),
            where="plan",
        )
    return items


def _reason(sheet: Sheet, key: str, value: str) -> Sheet:
    reason = clean(value, where=f"reason:{key}", longest=LONGEST_REASON)
    kept = {name: each for name, each in sheet.reasons.items() if name != key}
    return sheet._replace(reasons={**kept, key: reason} if reason else kept)


def _outcome(sheet: Sheet, key: str, value: str) -> Sheet:
    text = value.strip()
    for outcome in Outcome:
        if text in {outcome.value, outcome.label.zh}:
            return _answer(sheet, f"outcome:{key}", partial(_with_outcome, outcome))
    if not text:
        return _answer(sheet, f"outcome:{key}", partial(_with_outcome, None))
    raise Invalid(
        Wording(f"“{text[:40]}”不在可选范围", f"{text[:40]!r} is not a choice"),
        remedy=Wording(
            "可填：" + "、".join(each.label.zh for each in Outcome) + "。",
            "Choose from: " + ", ".join(each.value for each in Outcome) + ".",
        ),
        where=f"outcome:{key}",
    )


def _with_outcome(outcome: Outcome | None, progress: Progress) -> Progress:
    return progress._replace(outcome=outcome)


def _why(sheet: Sheet, key: str, value: str) -> Sheet:
    why = clean(value, where=f"why:{key}", longest=LONGEST_REASON)
    return _answer(sheet, f"why:{key}", lambda each: each._replace(why=why))


def _answer(sheet: Sheet, where: str, change: Callable[[Progress], Progress]) -> Sheet:
    nth = where.partition(":")[2]
    if not nth.isdigit() or not 1 <= int(nth) <= len(sheet.progress):
        raise Invalid(
            Wording(f"上期计划没有第 {nth} 项", f"the last plan has no item {nth}"),
            remedy=Wording(f"共 {len(sheet.progress)} 项。", f"There are {len(sheet.progress)}."),
            where=where,
        )
    answered = list(sheet.progress)
    answered[int(nth) - 1] = change(answered[int(nth) - 1])
    return sheet._replace(progress=answered)


def _no_field(template: Template, name: str) -> Invalid:
    listed = [*(each for each in template.numbers), *template.texts]
    return Invalid(
        Wording(f"{template.zh}没有“{name[:40]}”这一项", f"there is no field {name[:40]!r}"),
        remedy=Wording(
            "可填：" + "、".join(f"{each.key}({each.zh})" for each in listed) + "、plan、nil。",
            "It takes: " + ", ".join(each.key for each in listed) + ", plan, nil.",
        ),
        where=name[:40],
    )


_PARTS: dict[str, Callable[[Sheet, str, str], Sheet]] = {
    "reason": _reason,
    "outcome": _outcome,
    "why": _why,
}
