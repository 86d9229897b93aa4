"""Ask every route for what is somebody else's, and read what comes back to the last byte."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import NamedTuple
from urllib.parse import quote

from tests.canaries import PAIRS, SOUGHT, Things, mark
from tests.offices import ORGANISATION

# What a parameter of an address is called, and which of a school's ids it takes.
NAMES: Mapping[str, str] = {
    "number": "case", "of": "case", "case": "closed", "address": "order", "order": "order",
    "evidence": "evidence", "paper": "paper", "lookback": "lookback", "key": "guard",
    "unit": "unit", "record": "chemical", "run": "run", "upload": "upload", "sha256": "photo",
    "text": "campaign", "campaign": "campaign", "plan": "plan",
    "transfer": "transfer", "batch": "batch",
}  # fmt: skip
# Parameters that name no thing of anybody's.
FIXED: Mapping[str, str] = {
    "check": "BC2026-03", "family": "filing_campaign",
    "form": "docx", "ending": "csv", "act": "publish", "action": "void", "kind": "guard",
    "token": "nobodys", "code": "nobodys", "written": "guard", "file": "1",
    "figure": "found", "template": "monthly", "period": "2026-02", "name": "nobodys",
    "checklist": "daily", "sheet": "safe_campus", "year": "2026", "day": "2026-03-01",
}  # fmt: skip
# A list is asked as it is, for a word, for a place, and for the very number.
LISTS = (
    "", "?text={sought}", "?place={unit}", "?query=编号:{case}",
)  # fmt: skip
OF_A_REGISTER = "?key={guard}&unit={unit}"
OF_A_GUARD = "?guard={guard}&unit={unit}"
OF_A_DUTY = "?kind=report&key=weekly/{unit}"
REFUSED = frozenset({400, 401, 403, 404, 405, 409, 415, 422})

_HELD = {
    "cases": "SELECT number, state, seq, head FROM cases WHERE unit_id = ?",
    "orders": "SELECT o.* FROM supervision_order o JOIN cases c ON c.id = o.case_id"
    " WHERE c.unit_id = ?",
    "notices": "SELECT n.id, n.state, n.acknowledged_at FROM notice n JOIN cases c"
    " ON c.id = n.case_id WHERE c.unit_id = ?",
    "papers": "SELECT d.id FROM document d JOIN cases c ON c.id = d.case_id WHERE c.unit_id = ?",
    "filings": "SELECT id, seq, head, state FROM filing WHERE unit_id = ?",
    "assessments": "SELECT id, seq, head, stage FROM assessment WHERE unit_id = ?",
    "registers": "SELECT id, seq, head, state FROM register_record WHERE unit_id = ?",
    "inspections": "SELECT id, seq, head, state FROM inspection_task WHERE unit_id = ?",
}


class Leak(NamedTuple):
    """Who asked for what of whose, and what was wrong with the answer."""

    code: str
    unit: str
    address: str
    why: str


def leaks(
    path: str,
    world: Mapping[str, Things],
    ask: Callable[[str, str], tuple[int, bytes]],
    *,
    may_answer: bool,
    most: int | None = None,
) -> Sequence[Leak]:
    """Ask ``path`` as every stranger to every school; return what came out that should not.

    ``ask`` takes a person's code and an address, and returns the status and the bytes.
    ``may_answer``: the route answers anybody for any id, with nothing of anybody's. ``most`` is how
    many of the addresses are asked: a form says in its fields what a list says in its query.
    """
    return [
        Leak(code, unit, address, why)
        for code, unit in PAIRS
        for address in addresses(path, world[unit])[:most]
        for why in _wrong(*ask(code, address), unit, owned=bool(names(path)) and not may_answer)
    ]


def names(path: str) -> Sequence[str]:
    """Return the parameters of a path that name somebody's thing."""
    return [each for each in re.findall(r"\{(\w+)(?::\w+)?\}", path) if each not in FIXED]


def addresses(path: str, things: Things) -> Sequence[str]:
    """Return a route's addresses for a school's things."""
    values = _values(path, things)
    address = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: quote(values[found[1]], safe=""), path)
    if names(path):
        return (address,)
    asked = {"sought": SOUGHT, "unit": things.unit, "case": things.case, "guard": things.guard}
    named = (OF_A_REGISTER,) if path.startswith("/registers/") else ()
    named = (OF_A_DUTY,) if path == "/duty" else named
    named = (OF_A_GUARD,) if path.endswith("/guard-reviews/guard") else named
    return tuple(address + each.format(**asked) for each in (*LISTS, *named))


def held(office, unit: str) -> Mapping[str, object]:
    """Return what a school has, to be compared with what it has later."""
    with office.reading() as connection:
        return {
            name: connection.exec_driver_sql(sql, (ORGANISATION[unit],)).fetchall()
            for name, sql in _HELD.items()
        }


def _values(path: str, things: Things) -> Mapping[str, str]:
    had = {name: str(value) for name, value in asdict(things).items()}
    values = {name: had[thing] for name, thing in NAMES.items()}
    if path.startswith(("/lookback/{number}", "/lookbacks/{number}")):
        values["number"] = had["lookback"]
    if path.startswith("/inspections/plans/{number}"):
        values["number"] = had["plan"]
    elif path.startswith("/inspections/{number}"):
        values["number"] = had["inspection"]
    return {**values, **FIXED}


def _wrong(status: int, body: bytes, unit: str, *, owned: bool) -> Iterator[str]:
    if status >= 500:
        yield f"status {status}"
    if owned and status not in REFUSED:
        yield f"status {status} for what is another's"
    if any(mark(unit).encode() in part for part in _parts(body)):
        yield "the mark is in the answer"


def _parts(body: bytes) -> Iterator[bytes]:
    """Yield the bytes, and those of every member when they are an archive or a workbook."""
    yield body
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
