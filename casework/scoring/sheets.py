"""Score sheets: those that ship with the product, and the versions that were adopted over them.

A year is assessed by the version in force for it; an assessment keeps the one it began with.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, func, select

from casework import adopting
from casework.adopting import Family, Version, find_text, texts_in_force
from casework.errors import Conflict, Invalid, NotFound
from casework.office import Office
from models.tables import ASSESSMENTS, RECORD_EVENTS
from rules.reading import digest
from rules.scoring.sheets import Sheet, read_sheet, shipped, shipped_texts
from rules.wording import Wording

SheetVersion = Version[Sheet]


def _vet(connection: Connection, sheet: Sheet, known: Mapping[str, SheetVersion]) -> None:
    """Versions are numbered one after the other, and no two sheets number alike."""
    versions = [each.part for each in versions_of(connection, sheet.key)]
    if versions[:1] == [sheet]:
        return
    last = versions[0].version if versions else 0
    if sheet.version != last + 1:
        raise Conflict(
            Wording(f"{sheet.key} 已有到第 {last} 版", f"{sheet.key} has versions up to {last}"),
            remedy=Wording(f"请改为 version = {last + 1}。", f"Make it version = {last + 1}."),
            where="version",
        )
    for key, each in known.items():
        if key != sheet.key and sheet.mark == each.part.mark:
            raise Invalid(
                Wording(
                    f"编号前缀“{sheet.mark}”已用于 {key}", f"{key} has the mark {sheet.mark!r}"
                ),
                remedy=Wording("请另选 mark。", "Choose another mark."),
                where="mark",
            )


SHEETS = Family(
    "score_sheet", Wording("评分表", "score sheet"), read_sheet, shipped, _vet,
    all_shipped=shipped_texts,
)  # fmt: skip


def versions_of(connection: Connection, key: str) -> Sequence[SheetVersion]:
    """Return all versions of a sheet by their numbers, the newest first."""
    kept = adopting.versions_of(connection, SHEETS, key)
    found = {each.part.version: each for each in reversed(kept)}
    return [found[number] for number in sorted(found, reverse=True)]


def find_versions(connection: Connection, written: str) -> Sequence[SheetVersion]:
    """Return the versions of the sheet with this key, or called so in its last; raise NotFound."""
    return versions_of(connection, find_text(connection, SHEETS, written).part.key)


def list_sheets(office: Office) -> Mapping[str, Sequence[SheetVersion]]:
    """Return the versions of every sheet by key, the newest first, for anybody to read."""
    with office.reading() as connection:
        return {
            key: versions_of(connection, key) for key in texts_in_force(connection, SHEETS)
        }  # fmt: skip


def in_force(versions: Sequence[SheetVersion], year: int) -> SheetVersion | None:
    """Return the version for a year: of those that apply by then the one that begins last.

    Of two that begin in the same year it is the newer one; None when all begin later.
    """
    applying = [each for each in versions if each.part.since <= year]
    return max(applying, key=lambda each: (each.part.since, each.part.version), default=None)


def sheet_for(connection: Connection, written: str, year: int) -> Sheet:
    """Return the sheet with this key or label as it is in force for a year; raise NotFound."""
    versions = find_versions(connection, written)
    found = in_force(versions, year)
    if found is None:
        first = min(each.part.since for each in versions)
        raise NotFound(
            Wording(f"这张评分表自 {first} 年起适用", f"the sheet applies from {first} on"),
            remedy=Wording("请核对年度。", "Check the year."),
            where="year",
        )
    return found.part


def find_version(versions: Sequence[SheetVersion], number: int, today: date) -> SheetVersion:
    """Return a version by its number, for 0 the one in force this year; raise NotFound."""
    if not number:
        return in_force(versions, today.year) or versions[-1]
    for each in versions:
        if each.part.version == number:
            return each
    raise NotFound(
        Wording(f"没有第 {number} 版", f"there is no version {number}"),
        remedy=Wording("请从历史版本中选择。", "Choose one of the versions."),
        where="version",
    )


def sheets_by_number(connection: Connection, key: str) -> Mapping[int, Sheet]:
    """Return the versions of a sheet that assessments began with, by their numbers."""
    return {each.part.version: each.part for each in versions_of(connection, key)}


def is_as_adopted(connection: Connection, sheet: Sheet) -> bool:
    """Whether the history of sheets knows the text of this version; it ships, or was adopted."""
    text = next(
        each.text for each in versions_of(connection, sheet.key)
        if each.part.version == sheet.version
    )  # fmt: skip
    if text in shipped_texts():
        return True
    events = RECORD_EVENTS.c
    known = select(events.seq).where(
        events.subject == SHEETS.subject, events.name == f"{sheet.key}/{digest(text)}"
    )
    return connection.execute(known).first() is not None


def count_users(office: Office, key: str) -> Mapping[int, int]:
    """Return how many assessments began with each version of a sheet."""
    rows = ASSESSMENTS.c
    counted = (
        select(rows.sheet_version, func.count())
        .where(rows.sheet == key, rows.version == 1)
        .group_by(rows.sheet_version)
    )
    with office.reading() as connection:
        return {row.sheet_version: row[1] for row in connection.execute(counted)}
