"""A batch of waste says what it came from, no more than is left of it, and loops to its end."""

import pytest

from casework.errors import Invalid, NotFound, Refused
from casework.registers.acts import change_record, retire_record
from casework.stock.batches import list_wastable, open_batch
from casework.stock.listing import find_ledger
from casework.stock.signing import cancel_stock
from casework.stock.wasting import Source, name_source
from tests.casework.registers.buses import added
from tests.casework.stock.stocks import SALT, a_chemical, entered, signed, who
from tests.casework.stock.test_stock_retiring import PAPERS


@pytest.fixture
def school(sqlite_office):
    """Ten of salt, four of it issued, one returned; and a batch of waste."""
    a_chemical(sqlite_office, **SALT)
    entered(sqlite_office, "HX2", "purchase", "10")
    entered(sqlite_office, "HX2", "issue", "4")
    entered(sqlite_office, "HX2", "return", "1")
    added(sqlite_office, "waste")
    return sqlite_office


def name(office, amount, *, key="HX2", no=2, batch="F1", by="owner1"):
    return name_source(office, batch, Source(key, no, amount), who(by))


def batch(office):
    file = find_ledger(office, "HX2", by="owner1")
    (found,) = {each["id"] for row in file.lines for each in row["batches"]}
    return open_batch(office, found, by="owner1")


def test_a_batch_and_its_line_name_each_other(office):
    a_chemical(office, **SALT)
    entered(office, "HX2", "purchase", "10")
    entered(office, "HX2", "issue", "4")
    added(office, "waste")

    name(office, "2.5")

    (source,) = batch(office).sources
    line = find_ledger(office, "HX2", by="owner1").lines[1]
    assert (source.key, source.no, source.amount, source.by) == ("HX2", 2, 2_500, "OWNER1")
    assert [(each["key"], each["amount"]) for each in line["batches"]] == [("F1", 2_500)]


def test_no_more_is_waste_than_is_out(school):
    with pytest.raises(Refused, match="only 3 g"):
        name(school, "3.001")

    assert name(school, "3").amount == 3_000


def test_what_is_said_again_takes_the_place_of_what_was_said(school):
    name(school, "3")
    name(school, "2")
    left = list_wastable(school, batch(school).held.unit.id)
    name(school, "0")

    assert [(each.key, each.no, each.amount) for each in left] == [("HX2", 2, 1_000)]
    with pytest.raises(ValueError, match="unpack"):
        batch(school)


def test_one_batch_may_come_of_several_chemicals(school):
    a_chemical(school, **{**SALT, "code": "HX3", "name": "硫酸", "measure": "millilitre"})
    entered(school, "HX3", "opening", "5")
    entered(school, "HX3", "dispose", "5", reason="过期")

    name(school, "3")
    name(school, "5", key="HX3")

    assert [(each.name, each.amount) for each in batch(school).sources] == [
        ("氯化钠", 3_000), ("硫酸", 5_000),
    ]  # fmt: skip


def test_what_went_to_waste_does_not_come_back_and_is_not_cancelled(school):
    name(school, "2")

    with pytest.raises(Refused, match="only 1 g is out"):
        entered(school, "HX2", "return", "1.001")
    with pytest.raises(Refused, match="wasted"):
        cancel_stock(school, "HX2", 2, "记错", who("head1"))
    assert entered(school, "HX2", "return", "1").no == 4


def test_an_issue_is_waste_once_it_is_signed(sqlite_office):
    a_chemical(sqlite_office)
    added(sqlite_office, "waste")
    signed(sqlite_office, "HX1", "purchase", "10")
    entered(sqlite_office, "HX1", "issue", "4")

    with pytest.raises(Refused, match="only 0 g"):
        name(sqlite_office, "1", key="HX1")


@pytest.mark.parametrize(("differs", "fault"), [
    ({"amount": "x"}, Invalid), ({"no": 9}, NotFound), ({"no": 1}, Refused),
    ({"key": "HX9"}, NotFound), ({"batch": "F9"}, NotFound), ({"by": "owner2"}, NotFound),
    ({"by": "auditor"}, Refused),
])  # fmt: skip
def test_what_cannot_be_a_source_is_refused(school, differs, fault):
    with pytest.raises(fault):
        name(school, **{"amount": "1", **differs})


def test_a_batch_of_another_school_takes_none_of_it(school):
    added(school, "waste", unit="S2", by="head2", batch="F2")

    with pytest.raises(NotFound):
        name(school, "1", batch="F2", by="cluster1")


def test_the_loop_is_told_stage_by_stage_and_closes_with_its_papers(school):
    name(school, "3")
    seen = [[each.stands for each in batch(school).stages]]
    for values in ({"stored_in": "危废暂存柜"}, {**PAPERS, "disposed_on": ""}, PAPERS):
        change_record(school, "waste", "F1", values, **who("head1")._asdict())
        seen.append([each.stands for each in batch(school).stages])

    assert seen == [
        ["done", "now", "ahead", "ahead"], ["done", "done", "now", "ahead"],
        ["done", "done", "done", "now"], ["done", "done", "done", "done"],
    ]  # fmt: skip
    assert [each["en"] for each in batch(school).story] == [
        "produced · 化学实验室", "from 氯化钠: 3 g · HX2 #2 · OWNER1",
        "handed over · 苏州环保公司 · JS0500OOD001 · 2026320500001", "disposed of",
    ]  # fmt: skip
    with pytest.raises(Refused, match="handed over"):
        name(school, "1")


def test_a_batch_is_not_retired_before_it_is_disposed_of_or_takes_its_sources_back(school):
    name(school, "3")

    with pytest.raises(Refused, match="not disposed of"):
        retire_record(school, "waste", "F1", "记错", **who()._asdict())
    name(school, "0")

    assert retire_record(school, "waste", "F1", "记错", **who()._asdict()).act == "retire"
