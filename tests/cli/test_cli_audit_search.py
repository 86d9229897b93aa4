"""``bihuan audit search`` and ``saved``, and the same grammar behind ``case list --query``."""

import pytest

from casework.documents.fonts import system_fonts
from tests.offices import claimed, reported


@pytest.fixture
def scene(office):
    reported(office, unit="S1", location="一楼")
    reported(office, unit="S3", description="消火栓箱门损坏")
    claimed(office, unit="S2")
    return office


AS_OF = ("--as-of", "2026-03-02T10:00", "--as", "auditor")


def test_search_prints_what_it_found_and_how_it_spreads(scene, bihuan):
    told = bihuan("audit", "search", "状态：整改中,已上报 灭火器", "--facets", *AS_OF)

    assert (told.code, told.err) == (0, "")
    assert "YH2026-000001" in told.out
    assert "YH2026-000002" not in told.out
    assert "共 2 件，本页 2 件" in told.out
    assert "第一片区" in told.out


def test_search_as_json_gives_rows_key_and_facets(scene, bihuan):
    words = ("audit", "search", "sort:oldest", "--size", "2", *AS_OF, "--json")
    told = bihuan(*words, "--facets").json

    assert (told["query"], told["total"], told["more"]) == ("sort:oldest", 3, False)
    assert [row["number"][-1] for row in told["cases"]] == ["1", "2"]
    assert {each["value"]: each["count"] for each in told["facets"]["unit"]} == {
        "S1": 1, "S2": 1, "S3": 1,
    }  # fmt: skip
    rest = bihuan(*words, "--after", told["after"]).json
    assert ([row["number"][-1] for row in rest["cases"]], rest["after"]) == (["3"], "")


def test_case_list_takes_the_same_query_and_nothing_beside_it(scene, bihuan):
    told = bihuan("case", "list", "--query", "消火栓", *AS_OF, "--json").json
    refused = bihuan("case", "list", "--query", "消火栓", "--listed", *AS_OF, "--json")

    assert [row["number"] for row in told["cases"]] == ["YH2026-000002"]
    assert (refused.code, refused.error["where"]) == (2, "--query")


def test_a_query_that_cannot_be_read_points_at_the_word(scene, bihuan):
    told = bihuan("audit", "search", "灭火器 等级:重达", *AS_OF, "--json")

    assert told.code == 1
    assert told.error == {
        "where": "重达",
        "problem": "第 8 字处“level”没有取值“重达”",
        "remedy": "是否想用“重大”？可填：一般、重大。",
    }


def test_a_saved_query_is_run_listed_and_removed(scene, bihuan):
    auditor = ("--as", "auditor")
    saved = bihuan("audit", "saved", "add", "消火栓", "消火栓", "--shared", *auditor)
    listed = bihuan("audit", "saved", "list", "--as", "head3", "--json").json
    run = bihuan("audit", "saved", "run", "消火栓", "--as", "head3", "--json").json
    removed = bihuan("audit", "saved", "remove", "消火栓", *auditor)

    assert [saved.code, removed.code] == [0, 0]
    assert [each["query"] for each in listed["saved"]] == ["消火栓"]
    assert [row["number"] for row in run["cases"]] == ["YH2026-000002"]
    assert "还没有保存的查询" in bihuan("audit", "saved", "list", *auditor).out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_grammar_names_every_field(bihuan, bare_home, lang):
    told = bihuan("audit", "grammar", "--lang", lang)

    assert told.code == 0
    assert {"cluster", "overdue", "sort"} <= set(told.out.split())


def test_indexing_says_how_many(scene, bihuan):
    assert bihuan("audit", "index").out == "已编入 3 件，0 次销号或重开已计入统计\n"
    assert bihuan("audit", "index", "--json").json == {"indexed": 0, "added": 0}


def test_an_export_prints_its_receipt_and_leaves_it_beside(scene, bihuan, tmp_path):
    told = bihuan("audit", "export", "灭火器", "--to", tmp_path / "a.csv", *AS_OF)
    again = bihuan("audit", "export", "", "--to", tmp_path / "b", "--format", "jsonl", *AS_OF,
                   "--json").json  # fmt: skip

    assert (told.code, told.err) == (0, "")
    assert "已导出 2 件" in told.out
    assert "姓名已隐去" in told.out
    assert (again["rows"], again["names_masked"]) == (3, True)
    assert (tmp_path / "a.csv.receipt.json").exists()


def test_a_case_is_packed_with_its_evidence(scene, bihuan, tmp_path):
    words = ("audit", "file", "YH2026-000003", "--to", tmp_path / "c.zip", *AS_OF)
    told = bihuan(*words, "--json").json

    files = 5 + bool(system_fonts().faces)  # without a font there is no PDF, and it says so
    assert (told["case"], told["files"], told["missing"]) == ("YH2026-000003", files, [])
    assert f"{files} 个文件" in bihuan(*words).out


def test_a_format_that_is_not_known_is_a_usage_error(scene, bihuan, tmp_path):
    words = ("audit", "export", "", "--to", tmp_path / "a", *AS_OF, "--json")

    assert bihuan(*words).error["where"] == "format"
    assert bihuan(*words, "--format", "pdf").code == 2
