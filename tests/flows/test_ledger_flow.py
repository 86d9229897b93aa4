"""The import as a flow: rows become cases once, and what is refused is said where it is seen."""

import asyncio
import json

import pytest
from prefect.exceptions import ParameterTypeError

from casework.summary import has_cases
from flows.ledger import ImportRequest, import_ledger

GOOD = """检查日期,责任单位,检查项目,隐患描述
2026-03-02,第一小学,消防,灭火器压力不足
2026-03-02,第二中学,用电,插座破损
"""
ONE_BAD = GOOD + "2026-13-02,第一小学,消防,疏散指示灯不亮\n"


@pytest.fixture
def ledger(tmp_path):
    return tmp_path / "台账.csv"


def test_a_ledger_becomes_cases_once(run, home, ledger):
    ledger.write_text(GOOD, encoding="utf-8")
    request = ImportRequest(path=str(ledger), by="committee1")

    first, shown = run(import_ledger, request)
    second, again = run(import_ledger, request)

    assert first.is_completed()
    assert first.message == "读取 2 行，新立 2 件，退回 0 行"
    assert set(shown) == {"import-summary", "import-progress"}
    assert "| 新立案件 | 2 |" in shown["import-summary"].data
    assert shown["import-progress"].data == 100
    assert second.message == "读取 2 行，新立 0 件，退回 0 行"
    assert [row["行"] for row in json.loads(again["import-duplicates"].data)] == [2, 3]


def test_a_bad_row_keeps_all_out_and_is_shown_with_its_remedy(run, home, ledger, sqlite_office):
    ledger.write_text(ONE_BAD, encoding="utf-8")

    state, shown = run(import_ledger, ImportRequest(path=str(ledger), by="committee1"))

    assert state.is_failed()
    assert "全部未写入" in state.message
    assert not has_cases(sqlite_office)
    (problem,) = json.loads(shown["import-problems"].data)
    assert (problem["行"], problem["列"], problem["内容"]) == (4, "检查日期", "2026-13-02")
    (returned,) = (home / "returned").iterdir()
    assert str(returned) in shown["import-summary"].data


def test_the_good_rows_of_a_ledger_land_when_that_is_chosen(run, home, ledger, sqlite_office):
    ledger.write_text(ONE_BAD, encoding="utf-8")
    request = ImportRequest(path=str(ledger), by="committee1", partial=True)

    state, _ = run(import_ledger, request)

    assert state.is_completed()
    assert state.message == "读取 3 行，新立 2 件，退回 1 行"


def test_a_rehearsal_writes_nothing(run, home, ledger, sqlite_office):
    ledger.write_text(GOOD, encoding="utf-8")
    request = ImportRequest(path=str(ledger), by="committee1", dry_run=True)

    state, _ = run(import_ledger, request)

    assert state.is_completed()
    assert state.message == "试运行，未写入：读取 2 行，新立 2 件，退回 0 行"
    assert not has_cases(sqlite_office)


@pytest.mark.parametrize(
    ("file", "by", "said"),
    [("台账.csv", "reporter1", "您无权导入台账"), ("无此文件.csv", "committee1", "无此文件.csv")],
)
def test_a_refusal_is_the_message_of_the_run(run, home, ledger, file, by, said):
    ledger.write_text(GOOD, encoding="utf-8")

    state, _ = run(import_ledger, ImportRequest(path=str(ledger.with_name(file)), by=by))

    assert state.is_failed()
    assert said in state.message


@pytest.mark.parametrize(
    "bad",
    [
        {"path": "台账.csv"},
        {"path": "", "by": "committee1"},
        {"path": "台账.csv", "by": "committee1", "year": 1999},
    ],
)
def test_a_bad_parameter_is_refused_before_anything_is_done(prefect_server, home, bad):
    with pytest.raises(ParameterTypeError):
        asyncio.run(import_ledger(bad))
