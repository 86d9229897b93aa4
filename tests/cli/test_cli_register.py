"""``bihuan register``: what it answers, and in which words it refuses."""

import pytest

from tests.casework.registers.buses import BUS, added

ADD = [word for name, value in BUS.items() for word in ("--set", f"{name}={value}")]


def test_a_record_is_added_changed_retired_and_shown(bihuan, home):
    done = bihuan("register", "add", "bus", "S1", "--as", "head1", "--at", "2026-03-02", *ADD)
    changed = bihuan(
        "register", "change", "校车", "苏E12345", "--as", "head1", "--set", "seats=40", "--json"
    )
    retired = bihuan(
        "register", "retire", "bus", "苏E12345", "--as", "head1", "--reason", "报废", "--json"
    )
    shown = bihuan("register", "show", "bus", "苏E12345", "--as", "head1")

    assert (done.code, done.err) == (0, "")
    assert "登记 苏E12345(第一小学)" in done.out
    assert (changed.json["seq"], retired.json["act"]) == (2, "retire")
    assert "138****5678" in shown.out
    assert "13812345678" not in shown.out


def test_personal_data_is_shown_only_with_a_reason(bihuan, office):
    added(office)
    words = ("register", "show", "bus", "苏E12345", "--as", "committee1", "--reveal")

    refused = bihuan(*words)
    shown = bihuan(*words, "--why", "核对", "--json")

    assert (refused.code, refused.out) == (1, "")
    assert "事由" in refused.err
    assert shown.json["values"]["contact_phone"] == "13812345678"
    assert shown.json["receipt"].startswith("audit:committee1/1/")


def test_the_board_and_the_check_agree(bihuan, office):
    added(office)

    listed = bihuan("register", "list", "bus", "--as", "head1", "--as-of", "2026-03-02")
    board = bihuan(
        "register", "expiring", "--as", "head1", "--as-of", "2026-07-10", "--days", "0", "--json"
    )
    rehearsed = bihuan("register", "check", "--as-of", "2026-07-10", "--dry-run")
    checked = bihuan("register", "check", "--as-of", "2026-07-10", "--json")
    again = bihuan("register", "check", "--as-of", "2026-07-10", "--json")

    assert "苏E12345" in listed.out
    assert [each["rule"] for each in board.json["rows"][0]["findings"]] == ["inspection", "permit"]
    assert "试运行，未写入：看了 1 条，立案 2 件" in rehearsed.out
    assert (len(checked.json["cases"]), again.json["looked_at"]) == (2, 0)


def test_the_kinds_tell_their_sources(bihuan, home):
    assert "校车安全管理条例" in bihuan("register", "kinds").out
    assert bihuan("register", "kinds", "bus", "--json").json[0]["unique"] == "plate"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("list", "plane", "--as", "head1"), 3, "没有“plane”这种台账"),
        (("show", "bus", "苏E00000", "--as", "head1"), 3, "没有校车“苏E00000”"),
        (("add", "bus", "S1", "--as", "head1"), 1, "缺少号牌号码"),
        (("add", "bus", "S1", "--as", "auditor", *ADD), 1, "您无权登记"),
        (("list", "bus", "--as", "head1", "--after", "x"), 1, "翻页标记无效"),
        (("expiring", "--as", "head1", "--after", "2026-01-01/x"), 1, "翻页标记无效"),
    ],
)
def test_what_cannot_be_done_is_refused_in_plain_words(bihuan, home, words, code, said):
    told = bihuan("register", *words)

    assert told.code == code
    assert said in told.err


def test_a_ledger_goes_out_masked_and_comes_back(bihuan, office, tmp_path):
    added(office)
    path = tmp_path / "校车.csv"

    out = bihuan("register", "export", "bus", path, "--as", "head1")
    back = bihuan("register", "import", "bus", path, "--as", "head1", "--json")

    assert out.out.startswith("已导出 1 条")
    assert "13812345678" not in path.read_text("utf-8")
    assert (back.code, back.json["same"], back.json["landed"]) == (0, 1, True)


def test_a_ledger_with_a_bad_row_is_given_back(bihuan, home, tmp_path):
    path = tmp_path / "保安.csv"
    path.write_text("单位,工号,姓名,出生日期\n第一小学,A01,,1980-01-01\n", encoding="utf-8")

    told = bihuan("register", "import", "guard", path, "--as", "head1")

    assert told.code == 1
    assert "未写入" in told.out
    assert "缺少姓名" in told.out
    assert (tmp_path / "保安.错误.xlsx").exists()
