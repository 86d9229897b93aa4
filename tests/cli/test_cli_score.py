"""``bihuan score``: from the year's call to the ranking, and in which words it refuses."""

from tests.offices import a_photo

ON = ("--at", "2026-11-24T09:00")
S1 = ("S1", "2026")
HEAD, CLUSTER, COMMITTEE = (("--as", by) for by in ("head1", "cluster1", "committee1"))


def test_a_year_is_called_filled_in_reviewed_signed_and_ranked(bihuan, home, tmp_path):
    (tmp_path / "走廊.jpg").write_bytes(a_photo())

    called = bihuan("score", "call", "2026", *COMMITTEE, *ON)
    bihuan("score", "open", *S1, *HEAD, *ON)
    bihuan("score", "fill", *S1, *HEAD, *ON, "--set", "fire.exit=1", "--set", "honour=是")
    bihuan("score", "attach", *S1, "fire", str(tmp_path / "走廊.jpg"), *HEAD, *ON)
    bihuan("score", "sign", *S1, *HEAD, *ON)
    bihuan("score", "review", *S1, *CLUSTER, *ON, "--set", "food=1", "--reason", "证照不全")
    bihuan("score", "sign", *S1, *CLUSTER, *ON)
    frozen = bihuan("score", "sign", *S1, *COMMITTEE, *ON)
    shown = bihuan("score", "show", *S1, *HEAD)
    ranked = bihuan("score", "rank", "2026", *COMMITTEE, "--json")
    listed = bihuan("score", "list", "2026", *COMMITTEE)

    assert called.out == "2026 年自评：3 校，新布置 3 校\n"
    assert frozen.out.startswith("创建2026-S1：96/100 分，达标；已定稿\n")
    assert "一处堵塞" in shown.out
    assert "片区 1：证照不全" in shown.out
    assert "佐证 1 件" in shown.out
    assert [(each["unit_code"], each["chosen"]) for each in ranked.json["rows"]] == [("S1", True)]
    assert "已自评 1/3" in listed.out


def test_a_correction_has_a_reason(bihuan, home):
    bihuan("score", "open", *S1, *HEAD, *ON)

    refused = bihuan("score", "correct", *S1, *COMMITTEE, *ON, "--reason", "错")

    assert refused.code == 1
    assert "尚未定稿" in refused.err


def test_the_sheets_say_what_each_item_is_worth(bihuan, home):
    zh, en = bihuan("score", "sheets"), bihuan("score", "sheets", "--lang", "en")

    assert "共 100 分，80 分达标" in zh.out
    assert "vetoes: death" in en.out
    assert bihuan("score", "list", "1999", *COMMITTEE).code != 0


def test_a_sheet_is_printed_changed_tried_and_adopted(bihuan, home, tmp_path):
    text = bihuan("score", "sheets", "safe_campus", "--toml").out
    file = tmp_path / "评分表.toml"
    file.write_text(
        text.replace("version = 1", "version = 2").replace("points = 8\n", "points = 4\n")
    )

    tried = bihuan("score", "adopt", str(file), "--dry-run", "--as", "admin", *ON)
    adopted = bihuan("score", "adopt", str(file), "--reason", "新标准", "--as", "admin", *ON)
    refused = bihuan("score", "adopt", str(file), "--reason", "试", "--as", "head1", *ON)
    listed = bihuan("score", "sheets", "--as-of", "2026-11-24")
    compared = bihuan("score", "sheets", "safe_campus", "--version", "2", "--against", "1")

    assert "可以采用：平安校园标准化评分" in tried.out
    assert "+ points = 4" in tried.out
    assert adopted.out.startswith("已采用评分表《平安校园标准化评分》")
    assert refused.code == 1
    assert "第 2 版  共 96 分" in listed.out
    assert "随产品提供" in listed.out
    assert "8 分" in compared.out


def test_an_assessment_and_the_ranking_are_written_as_workbooks(bihuan, home, tmp_path):
    bihuan("score", "open", *S1, *HEAD, *ON)
    one, whole = tmp_path / "S1.xlsx", tmp_path / "排名.xlsx"

    first = bihuan("score", "export", "2026", str(one), "--unit", "S1", *HEAD)
    second = bihuan("score", "export", "2026", str(whole), *COMMITTEE)
    refused = bihuan("score", "export", "2026", str(tmp_path / "a.csv"), *COMMITTEE)

    assert (one.read_bytes()[:2], whole.read_bytes()[:2]) == (b"PK", b"PK")
    assert "回执 audit:head1/" in first.out
    assert second.out.startswith("已写")
    assert refused.code != 0
