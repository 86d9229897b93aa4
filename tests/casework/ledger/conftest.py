from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from casework.ledger.entries import Entry, read_entry
from casework.ledger.reader import Row, Sheet, open_ledger

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 3, 10)


@pytest.fixture
def data():
    return DATA


@pytest.fixture
def read():
    """Read a ledger to its end: every row as (number, fields)."""

    def read_all(path, **options):
        with open_ledger(path, **options) as rows:
            return [(row.number, row.fields) for row in rows]

    return read_all


@pytest.fixture
def write_xlsx(tmp_path):
    """Write a workbook of one sheet from rows of cells; None leaves a cell empty."""

    def write(*rows, merges=(), date_1904=False, sheet="台账"):
        path = tmp_path / "ledger.xlsx"
        with xlsxwriter.Workbook(str(path), {"date_1904": date_1904}) as book:
            page = book.add_worksheet(sheet)
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
            for first, column, last, value in merges:
                page.merge_range(first, column, last, column, value, day)
        return path

    return write


@pytest.fixture
def write_bytes(tmp_path):
    def write(content, name="ledger.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


@pytest.fixture
def make_row():
    """A row that says only what matters here; the description is there unless given."""

    def make(**fields):
        fields = {"description": "灭火器压力不足", **fields}
        columns = {name: at for at, name in enumerate(fields)}
        sheet = Sheet("台账", tuple(fields), columns)
        return Row(sheet, 7, tuple(fields.values()), {k: v for k, v in fields.items() if v})

    return make


@pytest.fixture
def entry_of(make_row):
    """The entry of a row that has no problems."""

    def entry(*, default_year=None, **fields):
        answer = read_entry(make_row(**fields), today=TODAY, default_year=default_year)
        assert isinstance(answer, Entry), answer
        return answer

    return entry


@pytest.fixture
def problems_of(make_row):
    """(field, English reason) of each problem of a row."""

    def problems(*, default_year=None, **fields):
        answer = read_entry(make_row(**fields), today=TODAY, default_year=default_year)
        assert isinstance(answer, list), answer
        return [(problem.field, problem.wording.en) for problem in answer]

    return problems
