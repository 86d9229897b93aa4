"""Score sheets of assessments: read in all their versions, tried and adopted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from casework.accounts.tokens import Scope
from casework.adopting import adopt_text, try_text
from casework.events import Door
from casework.lookback.looks import Hand
from casework.scoring.sheets import SHEETS, SheetVersion, find_version, find_versions, list_sheets
from rules.access import Verb
from rules.reading import digest
from rules.scoring.changes import changes
from rules.scoring.sheets import AutoType, read_sheet
from rules.workdays import china_day
from web.api.asked import Asking
from web.api.calls import Asked
from web.api.routing import Operations
from web.api.sent import Given
from web.api.shapes import Told, Words

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


class SheetEdition(Told):
    """``adopted_at`` is null for one that ships with the product."""

    version: int
    since: int
    digest: str
    adopted_at: datetime | None
    adopted_by: str
    reason: str


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


class NewScoreSheet(Given):
    """``dry_run`` checks, and tells what it would change of what is in force."""

    text: str = Field(max_length=65_536)
    reason: str = Field(default="", max_length=500)
    dry_run: bool = False


class SheetChange(Told):
    key: str
    name: Words
    before: Words
    after: Words


class SheetAdopted(Told):
    key: str
    version: int
    since: int
    digest: str
    receipt: str
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


@operations.post("/score-sheets", permission=Verb.ADMINISTER, scope=Scope.MOVE)
def adopt_score_sheet(call: Asked, told: NewScoreSheet) -> SheetAdopted:
    """Adopt a version, or try one; assessments keep the version they began with."""
    sheet, before = try_text(call.office, SHEETS, told.text)
    found = changes(read_sheet(before) if before else None, sheet)
    receipt = ""
    if not told.dry_run:
        hand = Hand(call.by, call.at, Door.API)
        receipt = adopt_text(call.office, SHEETS, told.text, told.reason, hand).receipt
    return SheetAdopted.model_validate({
        "key": sheet.key, "version": sheet.version, "since": sheet.since,
        "digest": digest(told.text), "receipt": receipt,
        "changes": [each._asdict() for each in found],
    })  # fmt: skip


def _sheet(shown: SheetVersion, known: Sequence[SheetVersion]) -> ScoreSheet:
    sheet = shown.part
    own = {name: getattr(sheet, name) for name in _OWN}
    versions = [
        {
            "version": each.part.version, "since": each.part.since, "digest": each.digest,
            "adopted_at": each.adopted_at, "adopted_by": each.adopted_by, "reason": each.reason,
        }
        for each in known
    ]  # fmt: skip
    return ScoreSheet.model_validate({
        **own, "percent": sheet.quota.percent, "versions": versions, "text": shown.text
    })  # fmt: skip


_OWN = (
    "key", "label", "version", "since", "total", "passes", "due", "honour", "source", "levels",
    "vetoes",
)  # fmt: skip
