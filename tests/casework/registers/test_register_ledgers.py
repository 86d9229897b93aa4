"""What leaves as a ledger comes back as the same records; no export tells what is masked."""

import csv
from datetime import date
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from casework.auditing.access import list_access
from casework.errors import Invalid, Refused
from casework.events import Door
from casework.registers.acts import add_record
from casework.registers.exporting import export_register
from casework.registers.importing import import_register
from casework.registers.listing import list_records
from models.tables import REGISTER_RECORDS
from tests.casework.registers.buses import DRIVER, GUARD, added
from tests.offices import MONDAY_9AM

TODAY = date(2026, 3, 2)
HEADER = "单位,工号,姓名,出生日期,保安员证编号,资质证编号,年审日期"
GOOD = f"""{HEADER}
第一小学,A01,李大力,1985-01-01,苏保123,园教45,2026-01-01
第二中学,A01,赵四,1970年2月3日,苏保124,园教46,2026/1/5
"""
BAD = GOOD + "第一小学,A02,,1985-02-30,,,\n第九小学,A03,钱五,1990-01-01,,,\n"


def export(office, path, kind="driver", by="committee1", **asked):
    return export_register(office, kind, path, by=by, at=MONDAY_9AM, door=Door.CLI, **asked)


def bring(office, path, kind="guard", by="committee1", **asked):
    return import_register(office, path, kind, by=by, at=MONDAY_9AM, **asked)


def stored(office):
    with office.reading() as connection:
        rows = connection.execute(REGISTER_RECORDS.select().order_by(REGISTER_RECORDS.c.key)).all()
    return [(row.unit_id, row.key, {**row.facts, **row.personal}) for row in rows]


def test_a_ledger_becomes_records_once(office, tmp_path):
    path = tmp_path / "保安.csv"
    path.write_text(GOOD, encoding="utf-8")

    first = bring(office, path)
    again = bring(office, path)

    assert (first.landed, first.added, first.rows) == (True, 2, 2)
    assert (again.added, again.changed, again.same) == (0, 0, 2)
    assert stored(office)[1][2]["born_on"] == "1970-02-03"


def test_a_day_that_a_spreadsheet_counts_is_that_day(sqlite_office, tmp_path):
    path = tmp_path / "保安.csv"
    path.write_text(GOOD.replace("2026-01-01", "46023"), encoding="utf-8")

    assert bring(sqlite_office, path).landed
    assert stored(sqlite_office)[0][2]["reviewed_on"] == "2026-01-01"


def test_a_bad_row_holds_all_back_and_returns_with_its_reason(office, tmp_path):
    path, errors = tmp_path / "保安.csv", tmp_path / "错误.xlsx"
    path.write_text(BAD, encoding="utf-8")

    held_back = bring(office, path, errors_to=errors)

    assert (held_back.landed, held_back.rejected, stored(office)) == (False, 2, [])
    # The row without a unit of ours is met first: units are known before values are read.
    assert [(each.row, each.field) for each in held_back.problems] == [
        (5, "unit"), (4, "name"), (4, "born_on"),
    ]  # fmt: skip
    assert ZipFile(errors).testzip() is None
    assert bring(office, path, partial=True).added == 2


def test_a_rehearsal_writes_nothing(sqlite_office, tmp_path):
    path = tmp_path / "保安.csv"
    path.write_text(GOOD, encoding="utf-8")

    rehearsed = bring(sqlite_office, path, dry_run=True)

    assert (rehearsed.added, rehearsed.landed, stored(sqlite_office)) == (2, False, [])


@pytest.mark.parametrize(("by", "rejected"), [("head1", 1), ("cluster1", 0)])
def test_everybody_imports_for_their_own(sqlite_office, tmp_path, by, rejected):
    path = tmp_path / "保安.csv"
    path.write_text(GOOD, encoding="utf-8")

    assert bring(sqlite_office, path, by=by, dry_run=True).rejected == rejected


def test_who_edits_nowhere_may_not_import(sqlite_office, tmp_path):
    with pytest.raises(Refused):
        bring(sqlite_office, tmp_path / "none.csv", by="auditor")


def test_a_ledger_of_something_else_is_refused(sqlite_office, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")

    with pytest.raises(Invalid) as refused:
        bring(sqlite_office, path)

    assert "表头" in refused.value.problem.zh


def test_a_masked_ledger_comes_back_and_changes_nothing_else(office, tmp_path):
    added(office, "driver")
    path = tmp_path / "驾驶人.csv"
    export(office, path)
    path.write_text(path.read_text("utf-8-sig").replace("2026-02-01", "2026-03-01"), "utf-8")

    done = bring(office, path, "driver")

    assert (done.landed, done.changed) == (True, 1)
    assert stored(office)[0][2] == {**DRIVER, "reviewed_on": "2026-03-01"}


@pytest.mark.parametrize("name", ["驾驶人.csv", "驾驶人.xlsx"])
def test_no_export_holds_what_is_masked(office, tmp_path, name):
    added(office, "driver")

    done = export(office, tmp_path / name)

    assert (done.rows, done.revealed) == (1, False)
    data = _bytes(tmp_path / name)
    secret = [DRIVER[field].encode() for field in ("name", "id_card", "born_on", "phone")]
    assert [each for each in secret if each in data] == []
    assert DRIVER["file_no"].encode() in data


def test_a_revealed_export_is_recorded_with_its_reason(office, tmp_path):
    added(office, "driver")

    done = export(office, tmp_path / "x.csv", reveal=True, why="换证核对")

    assert DRIVER["id_card"] in (tmp_path / "x.csv").read_text("utf-8")
    looked, *_ = list_access(office, by="auditor")
    assert (looked["receipt"], looked["why"]) == (done.receipt, "换证核对")
    assert looked["what"]["revealed"] is True


def test_nothing_is_revealed_where_one_may_not(sqlite_office, tmp_path):
    added(sqlite_office, "driver")

    done = export(sqlite_office, tmp_path / "x.csv", by="head1", reveal=True, why="想看看")

    assert done.rows == 0
    with pytest.raises(Invalid):
        export(sqlite_office, tmp_path / "x.csv", reveal=True)
    with pytest.raises(Invalid):
        export(sqlite_office, tmp_path / "x.pdf")


# What the reader leaves of a cell: no controls, no white space around it.
_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=20)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(company=_TEXT, name=st.text(st.characters(codec="ascii", categories=("L",)), min_size=1,
       max_size=20), suffix=st.sampled_from([".csv", ".xlsx"]))  # fmt: skip
def test_whatever_was_typed_comes_back_the_same(sqlite_office, tmp_path, company, name, suffix):
    _forget(sqlite_office)
    typed = {**GUARD, "company": company, "name": name}
    add_record(sqlite_office, "guard", "S1", typed, by="head1", at=MONDAY_9AM, door=Door.CLI)
    before = stored(sqlite_office)
    path = tmp_path / f"x{suffix}"
    export(sqlite_office, path, "guard", reveal=True, why="往返")
    _forget(sqlite_office)

    bring(sqlite_office, path)

    assert stored(sqlite_office) == before
    assert len(list_records(sqlite_office, "guard", by="head1", today=TODAY).rows) == 1


def _forget(office):
    with office.writing() as connection:
        connection.execute(delete(REGISTER_RECORDS))


def _bytes(path):
    if path.suffix == ".csv":
        assert next(csv.reader([path.read_text("utf-8-sig").splitlines()[0]]))[0] == "单位"
        return path.read_bytes()
    with ZipFile(path) as book:
        return b"".join(book.read(name) for name in book.namelist())
