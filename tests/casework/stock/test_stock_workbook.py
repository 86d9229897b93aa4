"""Stock ledgers out as a workbook, and paper ledgers in: by the same rules as a line typed."""

import openpyxl
import pytest
from sqlalchemy import select

from casework.errors import Invalid, Refused
from casework.stock.counting import count_stock
from casework.stock.exporting import export_stock
from casework.stock.importing import import_stock, write_template
from casework.stock.listing import each_ledger
from casework.stock.signing import cancel_stock, sign_stock
from models.tables import CASES, DUTIES
from tests.casework.stock.stocks import SALT, a_chemical, entered, signed, who
from tests.offices import MONDAY_9AM

HEAD = "药品编号,日期,出入库,数量,用途或原因,备案编号"
PAPER = (HEAD, "HX2,2026-01-05,期初,2000,,", "HX2,2026.1.12,领用,12.5,高一实验,",
         "HX2,2026-01-12,领用,12.5,高一实验,")  # fmt: skip


@pytest.fixture
def ledger(tmp_path):
    def write(*rows):
        path = tmp_path / "纸质台账.csv"
        path.write_text("\n".join(rows), encoding="utf-8-sig")
        return path

    return write


def brought(office, path, *, by="owner1", **how):
    return import_stock(office, path, by=by, at=MONDAY_9AM, **how)


def lines(office):
    return [
        (row["act"].value, f"{row['on_day']}", row["stand"].value, row["here"])
        for file in each_ledger(office, by="committee1")
        for row in file.lines
    ]


def counts(done):
    return done.rows, done.added, done.same, done.rejected, done.landed


def test_a_ledger_kept_on_paper_is_brought_in_once(sqlite_office, ledger):
    a_chemical(sqlite_office, **SALT)
    rehearsed = brought(sqlite_office, ledger(*PAPER), dry_run=True)
    before = lines(sqlite_office)
    done = brought(sqlite_office, ledger(*PAPER))
    again = brought(sqlite_office, ledger(*PAPER, "HX2,2026-01-20,退回,0.5,,"))

    assert (counts(rehearsed), before) == ((3, 3, 0, 0, False), [])
    assert (counts(done), counts(again)) == ((3, 3, 0, 0, True), (4, 1, 3, 0, True))
    assert lines(sqlite_office) == [
        ("opening", "2026-01-05", "stands", 2_000_000),
        ("issue", "2026-01-12", "stands", 1_987_500),
        ("issue", "2026-01-12", "stands", 1_975_000),
        ("return", "2026-01-20", "stands", 1_975_500),
    ]


def test_what_is_controlled_is_issued_once_the_opening_is_signed_for(office, ledger, tmp_path):
    a_chemical(office)
    paper = ledger(HEAD, "HX1,2026-01-05,期初结存,500,,", "HX1,2026-01-12,领用,20,实验,")

    first = brought(office, paper, partial=True, errors_to=tmp_path / "错误.xlsx")
    sign_stock(office, "HX1", 1, who("head1"))
    second = brought(office, paper)
    returned = brought(office, tmp_path / "错误.xlsx")

    assert counts(first) == (2, 1, 0, 1, True)
    assert first.problems[0].wording.zh == "账上只有 0 克，不够"
    assert (counts(second), counts(returned)) == ((2, 1, 1, 0, True), (1, 0, 1, 0, True))
    assert lines(office)[1] == ("issue", "2026-01-12", "waiting", 480_000)


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ("HX2,2026-01-05,搬运,1,,", "act", "没有这种出入库"),
        ("HX2,2026-01-05,领用,0,,", "amount", "数量须大于 0"),
        ("HX2,,期初,1,,", "on", "缺少日期"),
        ("HX2,2026-03-03,期初,1,,", "on", "在今天之后"),
        ("HX9,2026-01-05,期初,1,,", "key", "没有危险化学品“HX9”"),
        (",2026-01-05,期初,1,,", "key", "缺少药品编号"),
        ("HX2,2026-01-05,丢失,1,,", "reason", "须写明原因"),
        ("HX2,2026-01-05,领用,1,,", "amount", "账上只有 0"),
    ],
)
def test_with_a_bad_row_nothing_is_written_and_it_is_told_which(
    sqlite_office, ledger, tmp_path, row, field, said
):
    a_chemical(sqlite_office, **SALT)

    done = brought(sqlite_office, ledger(HEAD, row), errors_to=tmp_path / "错误.xlsx")

    assert (counts(done), lines(sqlite_office)) == ((1, 0, 0, 1, False), [])
    assert (done.problems[0].row, done.problems[0].field) == (2, field)
    assert said in done.problems[0].wording.zh
    assert (tmp_path / "错误.xlsx").exists()


def test_a_chemical_may_be_named_where_only_one_is_called_so(sqlite_office, ledger):
    a_chemical(sqlite_office, **SALT)
    a_chemical(sqlite_office, code="HX3", name="丙酮", danger="other")
    a_chemical(sqlite_office, code="HX4", name="丙酮", danger="other")
    head = "品名,日期,出入库,数量"

    done = brought(
        sqlite_office, ledger(head, "氯化钠,2026-01-05,入库,1", "丙酮,2026-01-05,入库,1"),
        partial=True,
    )  # fmt: skip

    assert counts(done) == (2, 1, 0, 1, True)
    assert done.problems[0].wording.zh == "台账中有 2 种“丙酮”"


def test_another_schools_chemical_and_one_who_may_not_write(sqlite_office, ledger):
    a_chemical(sqlite_office, **SALT)
    row = "HX2,2026-01-05,期初,1,,,S1"

    done = brought(sqlite_office, ledger(f"{HEAD},单位", row), by="owner2")

    assert done.problems[0].wording.zh == "您无权为此单位登记"
    with pytest.raises(Refused, match="anywhere"):
        brought(sqlite_office, ledger(*PAPER), by="auditor")


def test_a_purchase_that_is_filed_already_owes_nothing(sqlite_office, ledger):
    a_chemical(sqlite_office)
    brought(sqlite_office, ledger(
        HEAD, "HX1,2026-01-05,购入,500,,苏公备 7", "HX1,2026-02-27,购入,100,,",
    ))  # fmt: skip

    with sqlite_office.reading() as connection:
        wanted = select(DUTIES.c.due_on).where(DUTIES.c.kind == "stock_filing")
        owed = [f"{each}" for each in connection.execute(wanted).scalars()]

    assert owed == ["2026-03-04"]


def test_a_rehearsal_of_a_loss_raises_no_case(sqlite_office, ledger):
    a_chemical(sqlite_office, **SALT)
    brought(
        sqlite_office, ledger(*PAPER, "HX2,2026-02-01,丢失,1,柜锁损坏,"), dry_run=True
    )  # fmt: skip

    with sqlite_office.reading() as connection:
        assert connection.execute(select(CASES.c.id)).all() == []


def test_the_workbook_holds_balances_lines_with_both_names_and_counts(sqlite_office, tmp_path):
    a_chemical(sqlite_office, name="=1+1")
    signed(sqlite_office, "HX1", "purchase", "10")
    entered(sqlite_office, "HX1", "issue", "2.5", reason="实验")
    count_stock(sqlite_office, "HX1", "9", who())
    path = tmp_path / "库存.xlsx"

    done = export_stock(sqlite_office, path, by="head1", at=MONDAY_9AM, door=who().door)
    book = openpyxl.load_workbook(path)
    rows = {sheet.title: [[c.value for c in row] for row in sheet.rows] for sheet in book}

    assert (done.chemicals, done.rows, done.receipt != "") == (1, 2, True)
    assert rows["结存"][1][1:10] == ["HX1", "=1+1", "易制爆", "甲柜", "克", 7.5, 0, 2.5, 10]
    assert [row[6:8] + row[10:11] + row[12:13] + row[14:15] for row in rows["出入库"][1:]] == [
        ["购入", 10, "OWNER1", "HEAD1", "已入账"],
        ["领用", 2.5, "OWNER1", None, "待第二人签字"],
    ]
    assert rows["盘点"][1][3:7] == [MONDAY_9AM.replace(hour=0, tzinfo=None), 9, 10, -1]
    assert book["结存"]["C2"].data_type == "s"


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_left_comes_back_as_it_was(sqlite_office, tmp_path, ending):
    a_chemical(
        sqlite_office,
        **SALT,
    )
    for act, amount in (("purchase", "10"), ("purchase", "3"), ("issue", "2.5")):
        entered(sqlite_office, "HX2", act, amount)
    cancel_stock(sqlite_office, "HX2", 2, "记错", who("head1"))
    path = tmp_path / f"库存.{ending}"

    export_stock(sqlite_office, path, by="owner1", at=MONDAY_9AM, door=who().door)

    assert counts(brought(sqlite_office, path)) == (3, 0, 3, 0, True)


def test_an_export_is_of_what_one_sees(sqlite_office, tmp_path):
    a_chemical(sqlite_office)
    path = tmp_path / "库存.csv"

    export_stock(sqlite_office, path, by="owner2", at=MONDAY_9AM, door=who().door)

    assert len(path.read_text(encoding="utf-8-sig").splitlines()) == 1
    with pytest.raises(Invalid, match="not written as"):
        export_stock(
            sqlite_office, path.with_suffix(".pdf"), by="owner1", at=MONDAY_9AM, door=who().door
        )


def test_the_template_has_what_is_read(sqlite_office, tmp_path):
    path = tmp_path / "空表.xlsx"
    write_template(path)

    (head,) = openpyxl.load_workbook(path).active.iter_rows(values_only=True)

    assert head == ("单位", "药品编号", "品名", "日期", "出入库", "数量", "用途或原因", "备案编号")


def test_many_lines_are_signed_at_once_but_nobody_signs_their_own(sqlite_office):
    a_chemical(sqlite_office)
    for by in ("owner1", "head1", "owner1"):
        entered(sqlite_office, "HX1", "purchase", "1", by=by)

    done = sign_stock(sqlite_office, "HX1", 1, who("head1"), to=3)

    assert (done.here, [each[2] for each in lines(sqlite_office)]) == (
        2_000, ["stands", "waiting", "stands"],
    )  # fmt: skip
    with pytest.raises(Refused, match="another person"):
        sign_stock(sqlite_office, "HX1", 2, who("head1"), to=2)
