"""A school fills its assessment in: deductions, texts, vetoes, the honour, evidence."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from casework.errors import Invalid, Refused
from casework.events import Door
from casework.evidence_store import Stored
from casework.forms import clean, read_yes
from casework.office import Office
from casework.people import find_actor
from casework.registers.store import Hand
from casework.scoring import store
from casework.scoring.places import Which, find_named, require_turn
from casework.scoring.store import Held
from rules.scoring.acts import FILLS, ScoringAct, ScoringStage
from rules.scoring.points import Evidence, Mark, deducted
from rules.scoring.sheets import HONOUR, Sheet
from rules.wording import Wording

LONGEST = 500
MOST_FILES = 20
_MOST_TIMES = 99
_TAKEN = re.compile(r"([a-z0-9_]{1,24})\.([a-z0-9_]{1,24})")
_TRUTHS = {"是": 1, "yes": 1, "1": 1, "on": 1, "否": 0, "no": 0, "0": 0, "": 0}


def fill_in(
    office: Office, which: Which, typed: Mapping[str, str], *, by: str, at: datetime, door: Door
) -> Held:
    """Write what was typed; fields left out stay.

    Fields are ``ITEM.STEP`` (how often a deduction applies), ``text:KEY``, and yes or no for
    ``honour`` and a veto's key. Raise Refused, NotFound, Invalid naming the field.
    """
    with office.writing() as connection:
        held, hand = acting(connection, which, by, at, door)
        marks, changed = dict(held.marks), {}
        for name, value in typed.items():
            key, mark = _read(held.named.sheet, marks, name, value)
            if mark != marks[key]:
                marks[key], changed[name] = mark, value
        if not changed:
            return held
        body = {"fields": changed}
        return store.change(
            connection, held._replace(marks=marks), hand, [(ScoringAct.FILL_IN, body)]
        )


def attach(
    office: Office, which: Which, key: str, files: Sequence[Stored], *, by: str, at: datetime,
    door: Door,
) -> Held:  # fmt: skip
    """Add stored photos or documents to an item, each once; raise Refused, NotFound, Invalid."""
    with office.writing() as connection:
        held, hand = acting(connection, which, by, at, door)
        if key not in held.marks:
            raise no_field(held.named.sheet, key)
        mark = held.marks[key]
        new = [Evidence(each.sha256, each.view_sha256 or "", each.media_type) for each in files]
        all_of = tuple(dict.fromkeys([*mark.evidence, *new]))
        if len(all_of) > MOST_FILES:
            raise Invalid(
                Wording(f"一项最多 {MOST_FILES} 个佐证", f"at most {MOST_FILES} files an item"),
                remedy=Wording("请挑选最能说明的。", "Choose those that show it best."),
                where=key,
            )
        marks = {**held.marks, key: mark._replace(evidence=all_of)}
        body = {"key": key, "sha256": [each.sha256 for each in files]}
        return store.change(
            connection, held._replace(marks=marks), hand, [(ScoringAct.ATTACH, body)]
        )


def acting(
    connection: Connection, which: Which, by: str, at: datetime, door: Door
) -> tuple[Held, Hand]:
    """Return the assessment while the school fills it in, locked, and who does."""
    actor = find_actor(connection, by)
    named = find_named(connection, actor, which)
    held = store.find(connection, named, lock=True)
    if held.stage is not ScoringStage.SCHOOL:
        raise _handed_on(held)
    role = require_turn(actor, named, held.stage, FILLS[held.stage])
    return held, Hand(actor.id, role, at, door)


def no_field(sheet: Sheet, name: str) -> Invalid:
    return Invalid(
        Wording(f"{sheet.zh}没有“{name[:60]}”", f"the sheet has no {name[:60]!r}"),
        remedy=Wording("可用 bihuan score sheets 查看。", "See `bihuan score sheets`."),
        where=name[:60],
    )


def read_count(name: str, value: str, most: int) -> int:
    """Return a whole number from 0 to ``most``; raise Invalid."""
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= most:
        return int(text)
    raise Invalid(
        Wording(f"“{value[:40]}”不是 0 至 {most} 的整数", f"{value[:40]!r}: not from 0 to {most}"),
        remedy=Wording("请改正。", "Correct it."),
        where=name,
    )


def _read(sheet: Sheet, marks: Mapping[str, Mark], name: str, value: str) -> tuple[str, Mark]:
    prefix, colon, key = name.partition(":")
    if colon and prefix == "text" and key in marks:
        text = clean(value, where=name, longest=LONGEST)
        return key, marks[key]._replace(text=text)
    vetoes = {each.key for each in sheet.vetoes if not each.query}
    if name == HONOUR or name in vetoes:
        return name, marks[name]._replace(school=read_yes(value, _TRUTHS, where=name))
    part = _TAKEN.fullmatch(name)
    item = sheet.by_key.get(part[1]) if part else None
    if part is None or item is None or part[2] not in {each.key for each in item.deductions}:
        raise no_field(sheet, name)
    times = read_count(name, value or "0", _MOST_TIMES)
    taken = {**marks[item.key].taken, part[2]: times}
    kept = {step: count for step, count in taken.items() if count}
    return item.key, marks[item.key]._replace(taken=kept, school=deducted(item, kept))


def _handed_on(held: Held) -> Refused:
    stage = held.stage.label
    return Refused(
        Wording(f"自评已签字，现为“{stage.zh}”", f"it was signed: now the {stage.en}"),
        remedy=Wording(
            "自评不能再改；复评人可以改分并写明原因。",
            "The school can change nothing; a reviewer may change points with a reason.",
        ),
        where="stage",
    )
