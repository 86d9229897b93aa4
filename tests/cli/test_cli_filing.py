"""``bihuan filing``: from compiling to the signed file, and in which words it refuses."""

from zipfile import ZipFile

from tests.casework.filings.filed import compiled, filled
from tests.offices import reported

MONTH = ("monthly", "2026-03", "S1")
ON = ("--at", "2026-04-01T09:00")
HEAD = ("--as", "head1")


def test_a_month_is_compiled_filled_checked_signed_and_shown(bihuan, office):
    reported(office)

    made = bihuan("filing", "compile", "每月上报", "2026-03", "--as", "committee1", *ON)
    fields = ("--set", "work=检查", "--set", "plan=换灯")
    bihuan("filing", "fill", *MONTH, *HEAD, *ON, *fields)
    checked = bihuan("filing", "check", *MONTH, *HEAD, *ON)
    signed = bihuan("filing", "sign", *MONTH, *HEAD, *ON, "--json")
    shown = bihuan("filing", "show", *MONTH, *HEAD)

    assert made.out == "monthly 2026-03：新编 6 份，已有 0 份\n"
    assert (checked.code, "核对通过" in checked.out) == (0, True)
    assert signed.json["number"] == "月报2026-03-S1"
    assert "排查一般隐患" in shown.out


def test_a_check_that_finds_something_names_row_and_remedy_and_fails(bihuan, office):
    compiled(office)

    zh = bihuan("filing", "check", *MONTH, *HEAD, *ON)
    en = bihuan("filing", "check", *MONTH, *HEAD, *ON, "--lang", "en")

    assert zh.code == 1
    assert "乱报 work" in zh.out
    assert "careless nil" in en.out
    assert "Confirm the nil return." in en.out


def test_a_sum_says_what_it_is_made_of(bihuan, office):
    compiled(office)
    filled(office)

    found = bihuan("filing", "parts", "monthly", "2026-03", "P1", "found", "--as", "cluster1",
                   "--json")  # fmt: skip

    assert (found.json["total"], found.json["parts"], found.json["cases"]) == (0, [], 0)


def test_who_has_not_reported_stands_on_the_board(bihuan, office):
    compiled(office)

    board = bihuan("filing", "board", "monthly", "2026-03", "--as", "cluster1", "--as-of",
                   "2026-04-06", "--json")  # fmt: skip

    assert board.json["counts"]["late"] == 2


def test_the_daily_check_takes_one_line(bihuan, home):
    done = bihuan(
        "filing", "submit", "daily", "2026-03-02", "S1", "--as", "reporter1",
        "--at", "2026-03-02T16:00", "--set", "participants=3", "--set", "checked=是",
        "--set", "nil=是",
    )  # fmt: skip

    assert (done.code, done.err) == (0, "")
    assert "日报2026-03-02-S1：已签发" in done.out


def test_a_filing_is_exported_as_workbook_and_as_document(bihuan, office, tmp_path):
    compiled(office)
    filled(office, work="=cmd|' /C calc'!A0")

    book = bihuan("filing", "export", *MONTH, str(tmp_path / "月报.xlsx"), *HEAD, *ON)
    paper = bihuan("filing", "export", *MONTH, str(tmp_path / "月报.docx"), *HEAD, *ON)
    other = bihuan("filing", "export", *MONTH, str(tmp_path / "月报.csv"), *HEAD, *ON)

    assert (book.code, paper.code, other.code) == (0, 0, 1)
    made = ZipFile(tmp_path / "月报.xlsx")
    assert "<f>" not in made.read("xl/worksheets/sheet1.xml").decode()
    assert "期初未销号" in made.read("xl/charts/chart1.xml").decode()
    assert "草稿" in ZipFile(tmp_path / "月报.docx").read("word/document.xml").decode()


def test_the_templates_name_their_sources(bihuan, home):
    found = bihuan("filing", "templates", "monthly")

    assert "安全生产事故隐患排查治理情况统计表" in found.out.replace("\n", "").replace(" ", "")
    assert bihuan("filing", "templates", "nonsense").code == 3


def test_what_was_missed_is_caught_up(bihuan, home):
    on = ("--as-of", "2026-03-30T09:00")
    planned = bihuan("filing", "catch-up", "--template", "weekly", "--dry-run", "--json", *on)

    assert planned.json["planned"] == ["weekly 2026-W13"]
    assert planned.json["new"] == 0
