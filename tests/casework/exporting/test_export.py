"""An export holds every case that is found, opens everywhere, and runs nowhere."""

import csv
import json
import sys
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pyarrow import parquet

from casework.asking.index import catch_up
from casework.auditing.access import list_access
from casework.errors import Invalid, Unavailable
from casework.exporting.columns import COLUMNS
from casework.exporting.delimited import defuse
from casework.exporting.export import Format, export
from casework.exporting.stream import BATCH, mask_name
from rules.case import Level
from rules.query import QueryTrouble
from tests.offices import MONDAY_9AM, closed, reported, verified

FORMULAS = Path("tests/casework/exporting/data/formulas.txt").read_text(encoding="utf-8")
KEYS = [column.key for column in COLUMNS]
LATER = MONDAY_9AM.replace(day=8)


def exported(office, folder, query="", *, by="committee1", ending="jsonl", **options):
    path = folder / f"out.{ending}"
    return export(office, query, path, by=by, as_of=LATER, **options), path


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def three(office):
    reported(office, unit="S1", owner="王小明", location="一楼", source="市局督查")
    closed(office, unit="S2", level=Level.ORDINARY)
    verified(office, unit="S3", description="消火栓,\n“箱门”损坏")
    return office


def test_json_lines_hold_codes_and_moments_with_their_zone(three, tmp_path):
    receipt, path = exported(three, tmp_path, "sort:oldest")

    first, second, third = lines_of(path)
    assert list(first) == KEYS
    assert first | {"receipt": ""} == {
        "number": "YH2026-000001", "cluster": "第一片区", "unit": "第一小学", "category": "fire",
        "level": "ordinary", "risk": None, "location": "一楼", "description": "灭火器压力不足",
        "measure": "", "department": "", "owner": "王小明", "source": "市局督查",
        "found_on": "2026-03-02", "reported_at": "2026-03-02T09:00:00+08:00", "state": "reported",
        "claimed": False, "listed": None, "stage": "plan", "holder": "owner",
        "due_at": "2026-03-06T00:00:00+08:00", "days_late": 3, "closed_at": None, "cycle": 1,
        "receipt": "",
    }  # fmt: skip
    assert first["receipt"].startswith("YH2026-000001/1/")
    assert (second["state"], second["closed_at"], second["days_late"]) == (
        "closed", "2026-03-02T09:00:00+08:00", 0,
    )  # fmt: skip
    assert third["description"] == "消火栓,\n“箱门”损坏"
    assert receipt.rows == 3


def test_csv_is_read_back_with_its_mark_and_labels(three, tmp_path):
    _, path = exported(three, tmp_path, "sort:oldest", ending="csv")

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, first, _, third = csv.reader(file)
    told = dict(zip(header, first, strict=True))
    assert (told["编号"], told["等级"], told["状态"], told["品目"]) == (
        "YH2026-000001", "一般", "已上报", "消防",
    )  # fmt: skip
    assert (told["时限"], told["已申请验收"], told["逾期天数"]) == (
        "2026-03-06 00:00:00",
        "否",
        "3",
    )
    assert "消火栓,\n“箱门”损坏" in third


def test_a_workbook_is_read_back_with_dates_and_numbers(three, tmp_path):
    _, path = exported(three, tmp_path, "sort:oldest", ending="xlsx", locale="en")

    header, first, *rest = load_workbook(path).active.iter_rows(values_only=True)
    told = dict(zip(header, first, strict=True))
    assert (told["level"], told["due at"], told["days late"]) == (
        "ordinary", datetime(2026, 3, 6), 3,  # noqa: DTZ001 — a workbook knows no zones
    )  # fmt: skip
    assert len(rest) == 2


def test_parquet_is_read_back_with_its_types(three, tmp_path):
    _, path = exported(three, tmp_path, "sort:oldest", ending="parquet")

    found = parquet.read_table(path)
    assert found.column_names == KEYS
    first = found.to_pylist()[0]
    assert (first["claimed"], first["days_late"], first["owner"]) == (False, 3, "王小明")
    assert first["due_at"].isoformat() == "2026-03-06T00:00:00+08:00"


def test_parquet_without_its_extra_says_what_to_install(sqlite_office, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(Unavailable, match="pyarrow") as refused:
        exported(sqlite_office, tmp_path, ending="parquet")

    assert "bihuan[parquet]" in refused.value.remedy.zh


@pytest.mark.parametrize("payload", [*FORMULAS.splitlines(), "＝1+1", " =1+1", "\t=1", "-1", "@a"])
def test_what_a_spreadsheet_would_reckon_stays_text(sqlite_office, tmp_path, payload):
    reported(sqlite_office, description=f"{payload}。", location=payload)

    exported(sqlite_office, tmp_path, ending="csv")
    exported(sqlite_office, tmp_path, ending="xlsx")

    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        _, row = csv.reader(file)
    assert not any(cell.lstrip(" ")[:1] in tuple("=+-@\t＝＋－＠") for cell in row if cell)
    cells = [cell for cells in load_workbook(tmp_path / "out.xlsx").active for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}


@pytest.mark.parametrize(
    ("text", "defused"),
    [("a=1", "a=1"), ("", ""), ("=1", "'=1"), ("  +1", "'  +1"), ("1-2", "1-2"), ("\n=1", "'\n=1")],
)
def test_only_what_begins_like_a_formula_is_changed(text, defused):
    assert defuse(text) == defused


@pytest.mark.parametrize(
    ("by", "owner"), [("committee1", "王小明"), ("head1", "王小明"), ("auditor", "王**"),
                      ("inspector1", "王**"), ("reporter1", "王**"), ("verifier1a", "王**")],
)  # fmt: skip
def test_names_are_masked_for_who_need_not_see_them(three, tmp_path, by, owner):
    receipt, path = exported(three, tmp_path, "unit:S1", by=by)

    assert [row["owner"] for row in lines_of(path)] == [owner]
    assert receipt.names_masked == (owner == "王**")


@pytest.mark.parametrize(
    ("name", "masked"), [("", ""), ("王", "*"), ("王明", "王*"), ("ABC", "A**")]
)
def test_a_mask_leaves_the_first_character(name, masked):
    assert mask_name(name) == masked


def test_nobody_exports_what_is_not_theirs(three, tmp_path):
    _, path = exported(three, tmp_path, "", by="head3")

    assert {row["unit"] for row in lines_of(path)} == {"第三幼儿园"}


def test_the_receipt_tells_what_the_file_is_and_that_it_was_taken(three, tmp_path):
    receipt, path = exported(three, tmp_path, "状态:已上报", by="auditor")

    beside = json.loads((tmp_path / "out.jsonl.receipt.json").read_text(encoding="utf-8"))
    assert beside["sha256"] == sha256(path.read_bytes()).hexdigest() == receipt.sha256
    assert (beside["query"], beside["rows"], beside["bytes"]) == (
        "state:reported", 1, path.stat().st_size,
    )  # fmt: skip
    assert beside["as_of"] == LATER.isoformat()
    [look] = list_access(three, by="auditor")
    assert look["look"] == "export"
    assert receipt.access.startswith("audit:auditor/1/")


def test_more_rows_than_a_batch_are_all_written_in_order(sqlite_office, tmp_path):
    for n in range(12):
        reported(sqlite_office, description=f"灯坏{n}")
    catch_up(sqlite_office)

    receipt, path = exported(sqlite_office, tmp_path, "灯坏")

    assert receipt.rows == 12
    assert [row["number"][-2:] for row in lines_of(path)] == [f"{n:02d}" for n in range(12, 0, -1)]
    assert BATCH >= 12


def test_a_file_that_cannot_be_finished_is_not_there(three, tmp_path):
    with pytest.raises(QueryTrouble):
        exported(three, tmp_path, "level:x")
    with pytest.raises(Unavailable) as refused:
        exported(three, tmp_path / "nowhere")

    assert [*tmp_path.glob("out*"), *tmp_path.glob(".export*")] == []
    assert refused.value.remedy.zh


def test_an_ending_that_is_no_format_is_refused(sqlite_office, tmp_path):
    with pytest.raises(Invalid, match="no known format") as refused:
        exported(sqlite_office, tmp_path, ending="pdf")
    given, _ = exported(sqlite_office, tmp_path, ending="txt", format_=Format.CSV)

    assert refused.value.where == "format"
    assert given.format == "csv"
