"""One case as an archive 一案一档: what is told of it, its events as hashed, its evidence.

``case.pdf`` is for paper, ``index.html`` for reading, the rest for proof.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from hashlib import file_digest, sha256
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from jinja2 import Environment, Template
from sqlalchemy import bindparam, select

from casework.auditing.access import record_access
from casework.auditing.timeline import open_timeline
from casework.case_file import CaseFile, open_case_file
from casework.documents.case_pdf import CasePaper, draw_case
from casework.errors import Invalid, NotFound, Unavailable
from casework.events import Door
from casework.evidence_store import display_name
from casework.exporting.export import last_checkpoint, unfinished
from casework.exporting.paper import paper_of
from casework.masking import mask_name, sees_names
from casework.office import Office
from casework.people import find_actor
from models.tables import EVENTS
from rules.looking import Look
from rules.workdays import CHINA

_EVENTS = select(EVENTS).where(EVENTS.c.case_id == bindparam("case")).order_by(EVENTS.c.seq)
_ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic",
    "application/pdf": ".pdf",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Packed:
    """What was packed. ``missing`` names evidence that is gone or no longer what was stored;
    ``no_pdf`` says why there is none: no Chinese font here, or none with a certain character.
    """

    file: str
    case: str
    receipt: str
    files: int
    missing: tuple[str, ...]
    sha256: str
    names_masked: bool
    access: str
    no_pdf: str = ""


def pack_case(
    office: Office, number: str, path: Path, *, by: str, as_of: datetime, door: Door = Door.CLI
) -> Packed:
    """Write the case's archive to ``path``, whole or not at all.

    Who may not see names gets them masked, and photos redrawn, without the place they were taken.
    Raise NotFound for a case outside the reader's reach, Unavailable when the disk refuses.
    """
    found = open_case_file(office, number, by=by, as_of=as_of)
    timeline = open_timeline(office, number, by=by, as_of=as_of)
    with office.auditing() as connection:
        policy = office.rulebooks.at(connection, as_of).policy
        masked = not sees_names(find_actor(connection, by))
        events = [dict(row) for row in connection.execute(_EVENTS, {"case": found.case["id"]})
                  .mappings()]  # fmt: skip
        head = last_checkpoint(connection)
    case = _masked(found.plain()) if masked else found.plain()
    with unfinished(path) as (_, draft):
        with ZipFile(draft, "w", ZIP_DEFLATED) as archive:
            packing = _Packing(archive, {})
            packing.add("case.json", _json(case))
            packing.add("events.jsonl", "".join(_json(each, indent=None) for each in events))
            packing.add("index.html", _page().render(file=case, as_of=as_of))
            missing = list(_add_evidence(office, packing, found, masked=masked))
            unprintable = packing.add_paper(
                paper_of(case, timeline, policy, office.evidence, as_of)
            )
            manifest = {
                "case": found.case["number"], "receipt": found.receipt, "as_of": as_of,
                "names_masked": masked, "missing": missing, "checkpoint": head,
                **({"no_pdf": unprintable} if unprintable else {}),
                "sha256": packing.digests,
            }  # fmt: skip
            packing.add("manifest.json", _json(manifest))
        with draft.open("rb") as written:
            digest = file_digest(written, "sha256").hexdigest()
        what = {"case": found.case["number"], "file": path.name, "sha256": digest}
        access = record_access(office, Look.EXPORT, by=by, at=as_of, door=door, what=what)
        draft.replace(path)
    return Packed(
        path.name, found.case["number"], found.receipt, len(packing.digests), tuple(missing),
        digest, masked, access, unprintable,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Packing:
    """An archive being filled, and the SHA-256 of what is in it by name."""

    archive: ZipFile
    digests: dict[str, str]

    def add(self, name: str, content: str | bytes, *, how: int = ZIP_DEFLATED) -> None:
        data = content.encode() if isinstance(content, str) else content
        self.digests[name] = sha256(data).hexdigest()
        self.archive.writestr(ZipInfo(name), data, how)

    def add_paper(self, paper: CasePaper) -> str:
        """Add the PDF; return why there is none, '' when there is: the rest is worth having."""
        try:
            self.add("case.pdf", draw_case(paper), how=ZIP_STORED)
        except (Invalid, Unavailable) as trouble:
            return trouble.problem.zh
        return ""


def _add_evidence(
    office: Office, packing: _Packing, found: CaseFile, *, masked: bool
) -> Iterator[str]:
    """Add every file; yield the names of those that are gone or altered."""
    for number, row in enumerate(found.evidence, start=1):
        name = f"evidence/{number:02d}-{row['shows'].value}-{_named(row, masked=masked)}"
        try:
            packing.add(name, _bytes(office, row, masked=masked), how=ZIP_STORED)
        except (Invalid, NotFound):
            yield name


def _bytes(office: Office, row: Mapping[str, Any], *, masked: bool) -> bytes:
    if masked and row["view_sha256"]:
        return office.evidence.view(row["view_sha256"]).read_bytes()
    return office.evidence.read(row["sha256"])


def _named(row: Mapping[str, Any], *, masked: bool) -> str:
    """Return a name with the ending of what is inside: a redrawn photo is a JPEG."""
    kind = "image/jpeg" if masked and row["view_sha256"] else row["media_type"]
    name, ending = display_name(row["name"] or row["sha256"][:12]), _ENDINGS.get(kind, ".bin")
    return name if name.lower().endswith(ending) else name + ending


def _masked(case: dict[str, Any]) -> dict[str, Any]:
    """Return the case with people's names masked wherever the file has a place for them."""
    case["case"] = {**case["case"], "owner": mask_name(case["case"]["owner"])}
    for event in case["history"]:
        if isinstance(event["body"].get("owner"), str):
            event["body"]["owner"] = mask_name(event["body"]["owner"])
    return case


def _json(value: object, *, indent: int | None = 2) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, default=_plain) + "\n"


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(CHINA).isoformat()
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case frozenset() | set():
            return sorted(value)
    message = f"{type(value).__name__} has no JSON form"
    raise TypeError(message)


@cache
def _page() -> Template:
    page = files("casework.exporting").joinpath("case.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True)
    environment.filters["moment"] = lambda at: (
        f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at else ""
    )
    environment.filters["label"] = lambda word: word.label.zh if word else ""
    return environment.from_string(page)
