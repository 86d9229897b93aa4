"""Inspections out as a workbook: what was asked for, who made it, and every item that was answered.

Rows come in chunks, so that a year of daily checks is written in little memory.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, select

from casework.exporting.sheet import (
    Cell,
    Sheet,
    SheetForm,
    Taking,
    Written,
    record_taking,
    sheet_form,
    write_book,
    write_sheet,
)
from casework.inspections.checklists import checklist_of
from casework.inspections.listing import Wanted, in_order, narrowed, shown
from casework.inspections.tasks import TASKS
from casework.office import Office
from casework.people import find_actor
from models.tables import (
    CASES,
    INSPECTION_CASES,
    INSPECTION_RECORDS,
    INSPECTION_SIGNATURES,
    INSPECTION_TASKS,
    PEOPLE,
)
from rules.inspections.acts import Part, TaskState, Word
from rules.inspections.answers import Result
from rules.inspections.kinds import InspectionKind
from rules.lookback.findings import InspectionMode
from rules.wording import Wording
from rules.workdays import china_day

_TOGETHER = 500
_INSPECTIONS = (
    Wording("编号", "number"), Wording("检查", "inspection"), Wording("单位", "unit"),
    Wording("类型", "kind"), Wording("计划", "plan"), Wording("周期", "period"),
    Wording("期限", "due"), Wording("状态", "state"), Wording("逾期天数", "days late"),
    Wording("检查日期", "made on"), Wording("方式", "mode"), Wording("参与人数", "participants"),
    Wording("正常", "in order"), Wording("隐患", "hazards"), Wording("不适用", "not applicable"),
    Wording("检查人员", "inspectors"), Wording("学校负责人", "head"),
    Wording("总体情况", "remarks"),    Wording("案件", "cases"),
)  # fmt: skip
_ITEMS = (
    Wording("编号", "number"), Wording("单位", "unit"), Wording("检查日期", "made on"),
    Wording("检查表", "checklist"), Wording("检查项", "item"), Wording("结果", "result"),
    Wording("情况", "what was found"), Wording("地点", "where"), Wording("照片", "photos"),
    Wording("无照片原因", "why no photo"), Wording("案件", "case"), Wording("依据", "source"),
)  # fmt: skip
_IDS: BindParameter[Any] = bindparam("tasks", expanding=True)
_RECORDS = (
    select(INSPECTION_RECORDS)
    .join(INSPECTION_TASKS, (INSPECTION_RECORDS.c.task_id == TASKS.id)
          & (INSPECTION_RECORDS.c.version == TASKS.version))
    .where(TASKS.id.in_(_IDS))
)  # fmt: skip
_SIGNED = (
    select(INSPECTION_SIGNATURES, PEOPLE.c.name)
    .join(PEOPLE, PEOPLE.c.id == INSPECTION_SIGNATURES.c.person_id)
    .join(INSPECTION_TASKS, (INSPECTION_SIGNATURES.c.task_id == TASKS.id)
          & (INSPECTION_SIGNATURES.c.version == TASKS.version))
    .where(TASKS.id.in_(_IDS))
    .order_by(INSPECTION_SIGNATURES.c.task_id, INSPECTION_SIGNATURES.c.position)
)  # fmt: skip
_CASES = (
    select(INSPECTION_CASES.c.task_id, INSPECTION_CASES.c.item, CASES.c.number)
    .join(CASES, CASES.c.id == INSPECTION_CASES.c.case_id)
    .where(INSPECTION_CASES.c.task_id.in_(_IDS))
    .order_by(INSPECTION_CASES.c.task_id, CASES.c.number)
)


def export_inspections(office: Office, path: Path, wanted: Wanted, taking: Taking) -> Written:
    """Write the inspections ``taking.by`` may see: a .xlsx with their items, or a .csv without.

    Raise Invalid for the file's name or what cannot be written, NotFound for person and place.
    """
    form = sheet_form(path)
    what = {"inspections": wanted.plan or "all", "place": wanted.place, "file": path.name[:100]}
    receipt = record_taking(office, what, taking)
    with office.reading() as connection:
        leaving = _Leaving(connection, wanted, taking)
        if form is SheetForm.CSV:
            count = write_sheet(path, leaving.said(_INSPECTIONS), leaving.inspections())
        else:
            count = write_book(path, leaving.sheets())
    return Written(path.name, count, receipt)


class _Made(NamedTuple):
    """An inspection with the record it has, who signed that, and its cases by item."""

    row: Row[Any]
    record: Row[Any] | None
    signed: Sequence[Row[Any]]
    cases: Mapping[str, str]


class _Leaving:
    """Reads what leaves, as often as there are sheets."""

    def __init__(self, connection: Connection, wanted: Wanted, taking: Taking) -> None:
        self._connection, self._locale = connection, taking.locale
        self._today = china_day(taking.at)
        actor = find_actor(connection, taking.by)
        self._asked = in_order(narrowed(connection, actor, wanted, self._today), wanted)

    def sheets(self) -> list[Sheet]:
        return [
            Sheet(Wording("检查", "inspections").say(self._locale), self.said(_INSPECTIONS),
                  self.inspections(), {1: 24, 2: 24, 17: 30}),
            Sheet(Wording("检查项", "items").say(self._locale), self.said(_ITEMS),
                  self.items(), {1: 24, 4: 40, 6: 40, 11: 40}),
        ]  # fmt: skip

    def said(self, headings: Sequence[Wording]) -> list[str]:
        return [each.say(self._locale) for each in headings]

    def inspections(self) -> Iterator[tuple[Cell, ...]]:
        for made in self._each():
            row, record = shown(made.row, self._today), made.record
            results = [each["result"] for each in record.answers.values()] if record else []
            yield (
                row["number"], row["title"], row["unit"], self._say(row["kind"]), row["plan"],
                row["period"], row["due_on"], self._say(row["state"]), row["days_late"],
                *((record.held_on, self._say(record.mode), record.participants)
                  if record else (None, "", None)),
                *(results.count(each) if record else None for each in Result),
                self._signers(made, Part.INSPECTOR), self._signers(made, Part.HEAD),
                record.note if record else "", "、".join(sorted(set(made.cases.values()))),
            )  # fmt: skip

    def items(self) -> Iterator[tuple[Cell, ...]]:
        for made in self._each():
            row, record = made.row, made.record
            if record is None:
                continue
            checklist = checklist_of(self._connection, row.checklist, record.checklist)
            for item in checklist.items:
                answer = record.answers[item.key]
                yield (
                    row.number, row.unit, record.held_on, checklist.label.say(self._locale),
                    item.label.say(self._locale), self._say(Result(answer["result"])),
                    answer["note"], answer["place"], len(answer["photos"]), answer["no_photo"],
                    made.cases.get(item.key, ""), item.source,
                )  # fmt: skip

    def _each(self) -> Iterator[_Made]:
        found = self._connection.execution_options(yield_per=_TOGETHER).execute(self._asked)
        for rows in found.partitions(_TOGETHER):
            asked = {"tasks": [row.id for row in rows]}
            records = {row.task_id: row for row in self._connection.execute(_RECORDS, asked)}
            signed, cases = self._by_task(_SIGNED, asked), self._by_task(_CASES, asked)
            for row in rows:
                of_items = {each.item: each.number for each in cases.get(row.id, ())}
                yield _Made(row, records.get(row.id), signed.get(row.id, ()), of_items)

    def _by_task(
        self, wanted: Select[Any], asked: Mapping[str, Any]
    ) -> Mapping[int, Sequence[Row[Any]]]:
        found: dict[int, list[Row[Any]]] = {}
        for row in self._connection.execute(wanted, asked):
            found.setdefault(row.task_id, []).append(row)
        return found

    def _signers(self, made: _Made, part: Part) -> str:
        named = [
            (each.reason or each.name) if part is Part.HEAD else each.name
            for each in made.signed
            if each.part is part
        ]
        word = made.row.head_word
        if part is Part.HEAD and word is Word.REFUSED:
            return self._say(word)
        return "、".join(named)

    def _say(self, each: InspectionKind | TaskState | InspectionMode | Result | Word) -> str:
        return each.label.say(self._locale)
