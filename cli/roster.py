"""The organisation and its people as CSV files; every fault names file and line."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Generic, TypeVar

from casework.errors import Invalid
from casework.forms import clean
from casework.organisations import PersonEntry, PlaceEntry
from models import Place
from rules.access import Role
from rules.wording import Trouble, Wording

_PLACE_COLUMNS = ("kind", "code", "name", "parent", "unit_type")
_PERSON_COLUMNS = ("code", "name", "role", "place")
# As models.organisation stores them.
_LONGEST = {"code": 40, "parent": 40, "place": 40, "unit_type": 40}
_LONGEST_NAME = 80
# The largest organisation we were told of has some 400 schools: a larger file is another file.
_MOST_BYTES = 16 * 1024 * 1024

_KINDS = {
    "专委会": Place.COMMITTEE, "片区": Place.CLUSTER, "责任单位": Place.UNIT, "单位": Place.UNIT,
    "责任处室": Place.DEPARTMENT, "处室": Place.DEPARTMENT,
    **{kind.value: kind for kind in Place},
}  # fmt: skip
_ROLES = {
    name: role for role in Role if role is not Role.LADDER for name in (role.value, role.label.zh)
}

Entry = TypeVar("Entry", PlaceEntry, PersonEntry)


@dataclass(frozen=True, slots=True)
class Listed(Generic[Entry]):
    """An entry and the file and line it came from."""

    entry: Entry
    where: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Places and people as listed in the files."""

    places: Sequence[Listed[PlaceEntry]]
    people: Sequence[Listed[PersonEntry]]

    def where_is(self, code: str) -> str:
        """Return file and line of what is called ``code``."""
        found = {each.entry.code: each.where for each in self.people}
        found |= {each.entry.code: each.where for each in self.places}
        return f"{found[code]} {code}" if code in found else code


def read_places(path: Path) -> list[Listed[PlaceEntry]]:
    """Read places, each after its parent. Raise Invalid naming file and line."""
    found: dict[str, Listed[PlaceEntry]] = {}
    for where, row in _rows(path, _PLACE_COLUMNS):
        _require(row, ("kind", "code", "name"), where)
        if row["code"] in found:
            raise _twice(row["code"], where)
        kind = _word(_KINDS, row["kind"], "kind", where)
        entry = PlaceEntry(kind, row["code"], row["name"], row["parent"], row["unit_type"])
        found[entry.code] = Listed(entry, where)
    return list(found.values())


def read_people(path: Path) -> list[Listed[PersonEntry]]:
    """Read people; several rows of one code are several roles. Raise Invalid."""
    found: dict[str, Listed[PersonEntry]] = {}
    for where, row in _rows(path, _PERSON_COLUMNS):
        _require(row, _PERSON_COLUMNS, where)
        code, role = row["code"], _word(_ROLES, row["role"], "role", where)
        known = found.setdefault(code, Listed(PersonEntry(code, row["name"]), where))
        if known.entry.name != row["name"]:
            raise _twice(code, where)
        roles = (*known.entry.roles, (role, row["place"]))
        found[code] = Listed(PersonEntry(code, row["name"], roles), known.where)
    return list(found.values())


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    reader = csv.DictReader(StringIO(_text_of(path)), strict=True)
    try:
        missing = [name for name in columns[:4] if name not in (reader.fieldnames or ())]
        if missing:
            raise _no_columns(path, missing, columns)
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            cells = {name: _cell(row, name, where) for name in columns}
            if any(cells.values()):
                yield where, cells
    except csv.Error as fault:
        raise Invalid(
            Wording(f"CSV 格式有误：{fault}", f"malformed CSV: {fault}"),
            remedy=Wording("请用 Excel 或 WPS 另存为 CSV。", "Save it as CSV again."),
            where=f"{path.name}:{reader.reader.line_num}",
        ) from fault


def _text_of(path: Path) -> str:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            if len(data) <= _MOST_BYTES and b"\x00" not in data:
                return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(
        Wording("不是 UTF-8 或 GBK 的 CSV 文本", "it is not CSV text in UTF-8 or GBK"),
        remedy=Wording("请用 Excel 或 WPS 另存为 CSV UTF-8。", "Save it as CSV UTF-8."),
        where=path.name,
    )


def _cell(row: Mapping[str, str | None], name: str, where: str) -> str:
    longest = _LONGEST.get(name, _LONGEST_NAME)
    try:
        return clean(row.get(name) or "", where=name, longest=longest)
    except Trouble as trouble:
        raise Invalid(trouble.problem, remedy=trouble.remedy, where=f"{where} {name}") from trouble


def _require(row: Mapping[str, str], names: Sequence[str], where: str) -> None:
    for name in names:
        if not row[name]:
            raise Invalid(
                Wording(f"缺少 {name}", f"{name} is missing"),
                remedy=Wording("请填写后重试。", "Fill it in and try again."),
                where=f"{where} {name}",
            )


_Word = TypeVar("_Word", Place, Role)


def _word(words: Mapping[str, _Word], text: str, name: str, where: str) -> _Word:
    if text in words:
        return words[text]
    raise Invalid(
        Wording(f"“{text}”不在可选范围", f"{text!r} is not a choice"),
        remedy=Wording(
            "可填：" + "、".join(words) + "。", "Choose from: " + ", ".join(_english(words)) + "."
        ),
        where=f"{where} {name}",
    )


def _english(words: Mapping[str, _Word]) -> list[str]:
    return [name for name in words if name.isascii()]


def _twice(code: str, where: str) -> Invalid:
    return Invalid(
        Wording(f"代码 {code} 已用于前面另一行", f"the code {code} belongs to an earlier row"),
        remedy=Wording("请改用不同的代码。", "Use another code."),
        where=f"{where} code",
    )


def _no_columns(path: Path, missing: Sequence[str], columns: Sequence[str]) -> Invalid:
    names = ",".join(columns)
    return Invalid(
        Wording(f"缺少列 {'、'.join(missing)}", f"columns are missing: {', '.join(missing)}"),
        remedy=Wording(f"首行应为 {names}。", f"The first row should be {names}."),
        where=f"{path.name}:1",
    )
