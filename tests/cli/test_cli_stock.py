"""``bihuan stock``: two people, one ledger, and what it says of itself."""

import pytest

from tests.casework.registers.buses import added
from tests.casework.stock.stocks import SALT, a_chemical, signed


@pytest.fixture
def chemical(office):
    return a_chemical(office)


def test_a_gram_goes_in_and_out_with_two_names(bihuan, chemical):
    bought = bihuan("stock", "enter", chemical, "purchase", "500", "--as", "owner1", "--json")
    signed = bihuan("stock", "sign", chemical, "1", "--as", "head1")
    bihuan("stock", "enter", chemical, "issue", "2.5", "--as", "owner1", "--reason", "实验")
    shown = bihuan("stock", "show", chemical, "--as", "owner1")
    listed = bihuan("stock", "list", "--as", "head1", "--waiting", "--json")

    assert (bought.json["stand"], bought.json["here"]) == ("waiting", "0")
    assert "第 1 笔已入账，账面 500" in signed.out
    assert "2  " in shown.out
    assert "领用 -2.5  OWNER1  待第二人签字  实验" in shown.out
    assert listed.json["rows"][0]["balance"] == {"here": "497.5", "coming": "0", "leaving": "2.5"}


def test_a_count_that_differs_names_its_case(bihuan, chemical):
    told = bihuan("stock", "count", chemical, "3", "--as", "owner1")
    shown = bihuan("case", "show", "YH2026-000001", "--as", "head1").out

    assert "已立案 YH2026-000001" in told.out
    assert "易制爆化学品“高锰酸钾”账物不符" in shown


@pytest.mark.parametrize(("words", "said"), [
    (("enter", "HX1", "issue", "1"), "账上只有 0"),
    (("enter", "HX1", "steal", "1"), "没有这种出入库"),
    (("enter", "HX9", "issue", "1"), "没有危险化学品“HX9”"),
    (("sign", "HX1", "7"), "没有第 7 笔"),
    (("count", "HX1", "-1"), "盘点数量须是 0 或正数"),
])  # fmt: skip
def test_what_cannot_be_is_said_in_chinese(bihuan, chemical, words, said):
    told = bihuan("stock", words[0], "--as", "owner1", "--", *words[1:])

    assert (told.code != 0, said in told.err) == (True, True), told.err


def test_a_ledger_goes_out_and_comes_in(bihuan, chemical, tmp_path):
    paper, out = tmp_path / "纸.csv", tmp_path / "库存.xlsx"
    paper.write_text(
        "编号,日期,出入库,数量\nHX1,2026-01-05,期初,5\nHX1,,领用,1\n", encoding="utf-8"
    )
    how = ("--as", "owner1", "--errors", str(tmp_path / "错.xlsx"))

    checked = bihuan("stock", "import", str(paper), "--dry-run", *how)
    landed = bihuan("stock", "import", str(paper), "--partial", *how, "--json")
    signed = bihuan("stock", "sign", chemical, "1", "--to", "9", "--as", "head1")
    left = bihuan("stock", "export", str(out), "--as", "head1")

    assert "未写入" in checked.out
    assert "缺少日期" in checked.out
    assert (landed.json["added"], landed.json["rejected"]) == (1, 1)
    assert "账面 5" in signed.out
    assert "已导出 1 种药品、1 笔" in left.out
    assert out.exists()


def test_a_transfer_goes_from_one_school_to_the_other(bihuan, chemical, office):
    a_chemical(office, unit="S2", by="owner2", code="B1")
    signed(office, chemical, "purchase", "10")
    how = ("--to", "S2", "--reason", "撤并", "--permit", "购证 7", "--as", "owner1")

    sent = bihuan("transfer", "send", chemical, "4", *how)
    bihuan("stock", "sign", chemical, "2", "--as", "head1")
    came = bihuan("transfer", "receive", "1", "B1", "3", "--as", "owner2", "--json")
    again = bihuan("transfer", "decline", "1", "--reason", "不要", "--as", "owner2")
    listed = bihuan("transfer", "list", "--as", "head2")
    shown = bihuan("transfer", "show", "1", "--as", "owner1", "--json")

    assert "第 2 笔待第二人签字，账面 6\n调拨 1\n" in sent.out
    assert (came.json["stand"], came.json["cases"]) == ("waiting", ["YH2026-000001"])
    assert "不能接收" in again.err
    assert "高锰酸钾 4 克  第一小学 → 第二中学  待接收方签字" in listed.out
    assert (shown.json["received"], shown.json["state"]) == ("3", "arriving")


def test_what_is_declined_names_its_case(bihuan, chemical, office):
    signed(office, chemical, "purchase", "10")
    how = ("--to", "S2", "--reason", "撤并", "--permit", "购证 7", "--as", "owner1")
    bihuan("transfer", "send", chemical, "4", *how)
    bihuan("stock", "sign", chemical, "2", "--as", "head1")

    told = bihuan("transfer", "decline", "1", "--reason", "标签不符", "--as", "owner2")

    assert "已拒收\n已立案 YH2026-000001\n" in told.out


def test_waste_is_named_after_what_it_came_from(bihuan, office):
    key = a_chemical(office, **SALT)
    added(office, "waste")
    bihuan("stock", "enter", key, "opening", "10", "--as", "owner1")
    bihuan("stock", "enter", key, "issue", "4", "--as", "owner1")

    told = bihuan("stock", "source", "F1", key, "2", "1.5", "--as", "owner1")

    assert "批次 F1：来自 HX2 第 2 笔 1.5" in told.out
