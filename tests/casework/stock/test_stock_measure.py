"""A chemical with a ledger keeps the unit of measure that its amounts are in, at every door."""

import pytest

from casework.errors import Invalid
from casework.registers.acts import change_record
from casework.registers.importing import import_register
from casework.stock.counting import count_stock
from tests.casework.stock.stocks import SALT, a_chemical, entered, who
from tests.offices import MONDAY_9AM


def change(office, **values):
    return change_record(office, "chemical", "HX2", values, **who()._asdict())


def brought(office, tmp_path, *rows):
    path = tmp_path / "危化品.csv"
    path.write_text("\n".join(("编号,计量单位,存放柜", *rows)), encoding="utf-8-sig")
    return import_register(office, path, "chemical", by="owner1", at=MONDAY_9AM)


def keeps_lines(office):
    entered(office, "HX2", "purchase", "1")


def keeps_counts(office):
    count_stock(office, "HX2", "0", who())


@pytest.mark.parametrize("keep", [keeps_lines, keeps_counts])
def test_the_measure_of_a_ledger_that_was_begun_is_not_changed(sqlite_office, keep):
    a_chemical(sqlite_office, **SALT)
    keep(sqlite_office)

    with pytest.raises(Invalid, match="unit of measure") as fault:
        change(sqlite_office, measure="kilogram")

    assert (fault.value.where, "注销后另编号" in fault.value.remedy.zh) == ("measure", True)
    assert change(sqlite_office, measure="gram", cabinet="乙柜").seq == 3


def test_the_measure_of_an_empty_ledger_is_changed(sqlite_office):
    a_chemical(sqlite_office, **SALT)

    assert change(sqlite_office, measure="kilogram").seq == 2


def test_a_ledger_of_the_register_does_not_change_it_either(sqlite_office, tmp_path):
    a_chemical(sqlite_office, **SALT)
    keeps_lines(sqlite_office)

    done = brought(sqlite_office, tmp_path, "HX2,千克,乙柜")
    same = brought(sqlite_office, tmp_path, "HX2,克,乙柜")

    assert (done.rejected, done.problems[0].row, done.problems[0].field) == (1, 2, "measure")
    assert (same.changed, same.landed) == (1, True)
