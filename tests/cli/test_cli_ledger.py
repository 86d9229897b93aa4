"""``bihuan import`` and ``bihuan template``."""

from openpyxl import load_workbook

from casework.ledger.reader import open_ledger
from cli.main import main

AT = "2026-03-02T09:00"
HEADER = "责任单位,品目,隐患描述,地点,发现日期\n"
GOOD = "第一小学,消防,灭火器压力不足,二楼,2026-03-01\n"
NORMAL = "第二中学,消防,正常,,2026-03-01\n"
BAD = "没有的学校,消防,门坏,一楼,2026-13-01\n"


def write(folder, *rows, name="台账.csv"):
    path = folder / name
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def test_a_good_ledger_lands(bihuan, home, tmp_path):
    told = bihuan("import", write(tmp_path, GOOD, NORMAL), "--as", "committee1", "--at", AT)

    assert told.code == 0
    assert told.out.startswith("台账.csv 已导入\n")
    assert [line.split() for line in told.out.splitlines()[1:6]] == [
        ["行", "2"], ["立案", "1"], ["正常项", "1"], ["重复", "0"], ["错行", "0"],
    ]  # fmt: skip


def test_a_rehearsal_writes_nothing(bihuan, home, tmp_path):
    ledger = write(tmp_path, GOOD)

    told = bihuan("import", ledger, "--as", "committee1", "--at", AT, "--dry-run", "--json")

    assert (told.code, told.json["dry_run"], told.json["landed"]) == (0, True, False)
    assert bihuan("case", "list", "--as", "committee1", "--json").json["total"] == 0


def test_one_bad_row_holds_the_ledger_back_and_is_handed_back(bihuan, home, tmp_path):
    told = bihuan("import", write(tmp_path, GOOD, BAD), "--as", "committee1", "--at", AT)

    assert told.code == 1
    assert told.out.startswith("台账.csv 有错行，什么也没有写入\n")
    assert "CSV 3" in told.out
    assert "台账.错误.xlsx" in told.out
    assert bihuan("case", "list", "--as", "committee1", "--json").json["total"] == 0
    assert load_workbook(tmp_path / "台账.错误.xlsx").active["A2"].value == "没有的学校"


def test_a_bad_row_in_english_and_json(bihuan, home, tmp_path):
    told = bihuan("import", write(tmp_path, BAD), "--as", "committee1", "--at", AT, "--json",
                  "--lang", "en", "--errors", tmp_path / "back.xlsx")  # fmt: skip

    problem = told.json["problems"][0]
    assert (told.code, problem["sheet"], problem["row"]) == (1, "CSV", 2)
    assert problem["problem"].isascii()
    assert problem["remedy"]
    assert told.json["error_workbook"] == str(tmp_path / "back.xlsx")


def test_good_rows_land_when_asked_for_in_part(bihuan, home, tmp_path):
    ledger = write(tmp_path, GOOD, BAD)

    told = bihuan("import", ledger, "--as", "committee1", "--at", AT, "--partial", "--json")

    assert (told.code, told.json["landed"], told.json["cases"], told.json["rejected"]) == (
        0, True, 1, 1,
    )  # fmt: skip


def test_a_second_import_doubles_nothing(bihuan, home, tmp_path):
    ledger = write(tmp_path, GOOD, GOOD)
    bihuan("import", ledger, "--as", "committee1", "--at", AT)

    told = bihuan("import", ledger, "--as", "committee1", "--at", AT)

    assert told.code == 0
    assert "YH2026-000001" in told.out


def test_a_row_told_twice_in_one_ledger_names_its_first_row(bihuan, home, tmp_path):
    told = bihuan("import", write(tmp_path, GOOD, GOOD), "--as", "committee1", "--at", AT)

    assert "本台账第 2 行" in told.out


def test_a_ledger_without_units_and_years_is_told_both(bihuan, home, tmp_path):
    ledger = tmp_path / "a.csv"
    ledger.write_text("品目,隐患描述,发现日期\n消防,门坏,3月1日\n", encoding="gbk")

    told = bihuan("import", ledger, "--as", "committee1", "--at", AT, "--unit", "第一小学",
                  "--year", "2026", "--json")  # fmt: skip

    assert (told.code, told.json["cases"]) == (0, 1)


def test_ledgers_that_cannot_be_imported(bihuan, home, tmp_path):
    ledger = write(tmp_path, GOOD)
    (tmp_path / "b.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")

    assert bihuan("import", "none.xlsx", "--as", "committee1").code == 3
    assert bihuan("import", tmp_path / "b.csv", "--as", "committee1").code == 1
    assert bihuan("import", ledger, "--as", "nobody").code == 3
    assert bihuan("import", ledger, "--as", "owner1").code == 1
    assert bihuan("import", ledger).code == 2
    assert bihuan("import", ledger, "--as", "committee1", "--errors", "a.txt").code == 2


def test_somebody_at_a_terminal_sees_a_bar(home, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")

    main(["import", str(write(tmp_path, GOOD)), "--as", "committee1", "--at", AT, "--json"])

    assert "读取并检查" in capsys.readouterr().err


def test_nobody_at_a_terminal_sees_no_bar(bihuan, home, tmp_path):
    assert bihuan("import", write(tmp_path, GOOD), "--as", "committee1", "--at", AT).err == ""


def test_a_template_offers_the_units_and_reads_as_no_rows(bihuan, home, tmp_path):
    told = bihuan("template", tmp_path / "a.xlsx", "--json").json

    assert told["units"] == ["第一小学", "第二中学", "第三幼儿园"]
    assert "消防" in told["categories"]
    with open_ledger(tmp_path / "a.xlsx") as rows:
        assert list(rows) == []


def test_a_template_for_somebody_offers_only_their_units(bihuan, home, tmp_path):
    told = bihuan("template", tmp_path / "a.xlsx", "--as", "cluster2")

    assert told.out.startswith("已写入")
    assert "单位 1 个" in told.out


def test_a_template_needs_no_installation(bihuan, bare_home, tmp_path):
    told = bihuan("template", tmp_path / "a.xlsx", "--lang", "en")

    assert told.code == 0
    assert "0 units" in told.out
    assert not bare_home.exists()


def test_templates_that_cannot_be_written(bihuan, home, tmp_path):
    (tmp_path / "there.xlsx").touch()

    assert bihuan("template", tmp_path / "there.xlsx").code == 1
    assert bihuan("template", tmp_path / "a.csv").code == 2
    assert bihuan("template", tmp_path / "none" / "a.xlsx").code == 3
    assert bihuan("template", tmp_path / "a.xlsx", "--as", "nobody").code == 3
