"""Score sheets of assessments: read in all their versions, tried and adopted."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import Field

from casework.accounts.tokens import Scope
from casework.scoring.sheets import SHEETS, SheetVersion, find_version, find_versions, list_sheets
from rules.access import Verb
from rules.scoring.changes import changes
from rules.scoring.sheets import AutoType, read_sheet
from rules.workdays import china_day
from web.api.asked import Asking, DigestTag
from web.api.calls import Asked
from web.api.routing import Operations
from web.api.shapes import Told, Words
from web.api.text_shapes import NewText, TextAdopted, TextVersion
from web.api.texts import adopt

operations = Operations("assessments")

SheetName = Annotated[str, Path(max_length=120, description="a sheet's key: safe_campus")]


class SheetAsked(Asking):
    version: int = Field(default=0, ge=0, description="0: the one in force this year")


class SheetDeduction(Told):
    key: str
    label: Words
    points: int


class SheetAuto(Told):
    type: AutoType
    query: str
    good: str
    step: int
    kinds: list[str]


class SheetItem(Told):
    """An item is deducted step by step, or reckoned (``auto``)."""

    key: str
    label: Words
    points: int
    deductions: list[SheetDeduction]
    auto: SheetAuto | None


class SheetLevel(Told):
    key: str
    label: Words
    items: list[SheetItem]


class SheetVeto(Told):
    key: str
    label: Words
    query: str


class SheetEdition(TextVersion):
    version: int
    since: int


class ScoreSheet(Told):
    key: str
    label: Words
    version: int
    since: int
    total: int
    passes: int
    due: str
    percent: int
    honour: str
    source: str
    levels: list[SheetLevel]
    vetoes: list[SheetVeto]
    versions: list[SheetEdition]
    text: str = Field(description="TOML; another version of it is adopted with adoptScoreSheet")


class NewScoreSheet(NewText):
    """As any text; ``dry_run`` tells also what it would change of points and items."""


class SheetChange(Told):
    key: str
    name: Words
    before: Words
    after: Words


class SheetAdopted(TextAdopted):
    version: int
    since: int
    changes: list[SheetChange]


@operations.get("/score-sheets", permission=Verb.VIEW, scope=Scope.READ)
def list_score_sheets(call: Asked) -> list[ScoreSheet]:
    """List the score sheets as they are in force this year, each with its versions."""
    today = china_day(call.at)
    known = list_sheets(call.office).values()
    return [_sheet(find_version(each, 0, today), each) for each in known]


@operations.get("/score-sheets/{sheet}", permission=Verb.VIEW, scope=Scope.READ)
def open_score_sheet(
    call: Asked, sheet: SheetName, wanted: Annotated[SheetAsked, Query()]
) -> ScoreSheet:
    """Open a version of a score sheet."""
    with call.office.reading() as connection:
        known = find_versions(connection, sheet)
    return _sheet(find_version(known, wanted.version, china_day(call.at)), known)


@operations.post(
    "/score-sheets", permission=Verb.ADMINISTER, scope=(Scope.MOVE, Scope.ADMINISTER)
)  # fmt: skip
def adopt_score_sheet(call: Asked, told: NewScoreSheet, if_match: DigestTag = "") -> SheetAdopted:
    """Adopt a version, or try one; assessments keep the version they began with."""
    done = adopt(call, SHEETS, told, if_match)
    found = changes(read_sheet(done.before) if done.before else None, done.part)
    return SheetAdopted.model_validate({
        **done.told, "version": done.part.version, "since": done.part.since,
        "changes": [each._asdict() for each in found],
    })  # fmt: skip


def _sheet(shown: SheetVersion, known: Sequence[SheetVersion]) -> ScoreSheet:
    sheet = shown.part
    own = {name: getattr(sheet, name) for name in _OWN}
    return ScoreSheet.model_validate({
        **own, "percent": sheet.quota.percent, "versions": [_edition(each) for each in known],
        "text": shown.text,
    })  # fmt: skip


def _edition(each: SheetVersion) -> dict[str, Any]:
    own = {name: getattr(each, name) for name in TextVersion.model_fields}
    return {**own, "version": each.part.version, "since": each.part.since}


_OWN = (
    "key", "label", "version", "since", "total", "passes", "due", "honour", "source", "levels",
    "vetoes",
)  # fmt: skip
