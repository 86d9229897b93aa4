"""A chemical in stock is not retired; a batch of waste is disposed of with its papers or not."""

from datetime import datetime

import pytest

from casework.errors import Refused
from casework.registers.acts import Misfilled, change_record, retire_record
from casework.registers.checking import check_registers
from casework.stock.signing import refuse_stock
from tests.casework.registers.buses import added
from tests.casework.stock.stocks import SALT, a_chemical, entered, who

PAPERS = {
    "destination": "licensed", "contractor": "苏州环保公司", "licence_no": "JS0500OOD001",
    "licence_until": "2026-12-31", "manifest_no": "2026320500001", "handed_on": "2026-03-01",
    "disposed_on": "2026-03-02",
}  # fmt: skip


def retire(office, key):
    return retire_record(office, "chemical", key, "不再使用", **who()._asdict())


def test_what_is_in_stock_is_not_retired_until_it_is_used_up(sqlite_office):
    key = a_chemical(sqlite_office, **SALT)
    entered(sqlite_office, key, "purchase", "2.5")

    with pytest.raises(Refused, match=r"still has 2\.5") as refusal:
        retire(sqlite_office, key)
    entered(sqlite_office, key, "dispose", "2.5", reason="废弃物 F1")

    assert "转为废弃物" in refusal.value.remedy.zh
    assert retire(sqlite_office, key).act == "retire"


def test_what_waits_for_a_signature_is_not_retired(sqlite_office):
    key = a_chemical(sqlite_office)
    line = entered(sqlite_office, key, "purchase", "1")

    with pytest.raises(Refused, match="wait for a signature"):
        retire(sqlite_office, key)
    refuse_stock(sqlite_office, key, line.no, "未到货", who("head1"))

    assert retire(sqlite_office, key).act == "retire"


@pytest.mark.parametrize("lacking", ["contractor", "licence_no", "licence_until", "manifest_no"])
def test_a_batch_without_one_of_its_papers_is_not_disposed_of(sqlite_office, lacking):
    added(sqlite_office, "waste")

    with pytest.raises(Misfilled) as fault:
        change_record(
            sqlite_office, "waste", "F1", {**PAPERS, lacking: ""}, **who("head1")._asdict()
        )

    assert [each.field for each in fault.value.faults] == [lacking]


@pytest.mark.parametrize(
    ("differs", "field"),
    [
        ({"destination": "pending"}, "destination"),
        ({"licence_until": "2026-02-28"}, "licence_until"),  # the day before it was taken
    ],
)
def test_a_batch_goes_to_a_company_whose_licence_is_valid_that_day(sqlite_office, differs, field):
    with pytest.raises(Misfilled) as fault:
        added(sqlite_office, "waste", **{**PAPERS, **differs})

    assert fault.value.where == field


def test_a_batch_with_its_papers_is_disposed_of(sqlite_office):
    assert added(sqlite_office, "waste", **{**PAPERS, "licence_until": "2026-03-01"}).seq == 1


@pytest.mark.parametrize(
    ("day", "differs", "raised"),
    [
        ("2027-01-31", {}, []),
        ("2027-02-01", {}, ["waste.kept_long"]),  # a year after 1 February
        ("2027-02-02", {}, ["waste.kept_long"]),
        ("2027-02-02", {"kept_until": "2027-06-30"}, []),
        ("2027-06-30", {"kept_until": "2027-06-30"}, ["waste.extension"]),
        ("2027-06-30", PAPERS, []),
    ],
)
def test_a_disposal_that_is_overdue_is_a_hazard(sqlite_office, day, differs, raised):
    added(sqlite_office, "waste", **differs)
    at = datetime.fromisoformat(f"{day}T06:00+08:00")

    done = check_registers(sqlite_office, as_of=at, ran_at=at, door=who().door)

    assert [*done.by_rule] == raised
