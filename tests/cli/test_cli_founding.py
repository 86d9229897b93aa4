"""``bihuan init``, ``people`` and ``units``."""

import pytest

PLACES = """kind,code,name,parent,unit_type
专委会,ZWH,学校安全专委会,,
cluster,P1,第一片区,ZWH,
责任单位,S1,第一小学,P1,小学
department,S1-ZW,总务处,S1,
"""
PEOPLE = """code,name,role,place
admin,张某,admin,ZWH
wang,王某,责任人,S1
wang,王某,reporter,S1
"""


@pytest.fixture
def lists(tmp_path):
    """Write both files; return the options that name them."""

    def write(places=PLACES, people=PEOPLE, encoding="utf-8-sig"):
        (tmp_path / "单位.csv").write_text(places, encoding=encoding)
        (tmp_path / "人员.csv").write_text(people, encoding=encoding)
        return ("--organisation", "单位.csv", "--people", "人员.csv")

    return write


def test_a_committee_with_its_admin_is_enough_to_begin(bihuan, bare_home):
    told = bihuan("init", "--admin", "zhang", "--admin-name", "张某")

    assert told.code == 0
    assert f"已就绪：{bare_home}" in told.out
    assert bihuan("people", "--json").json == [
        {
            "code": "zhang",
            "name": "张某",
            "role": "admin",
            "place": "ZWH",
            "place_name": "学校安全专委会",
        }
    ]
    assert bihuan("policy", "list", "--json").json[0]["in_force"] is True


def test_founding_twice_changes_nothing(bihuan, bare_home):
    first = bihuan("init", "--json").json
    second = bihuan("init", "--admin", "other", "--json").json

    assert (first["places_added"], first["people_added"]) == (1, 1)
    assert (second["places_added"], second["people_added"], second["people"]) == (0, 0, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_an_organisation_comes_from_files(bihuan, bare_home, lists, encoding):
    told = bihuan("init", *lists(encoding=encoding), "--json")

    assert (told.code, told.json["places"], told.json["people"]) == (0, 4, 2)


def test_people_and_units_are_listed(bihuan, bare_home, lists):
    bihuan("init", *lists())

    people, units = bihuan("people"), bihuan("units")

    for word in ("wang", "王某", "责任人", "上报人", "第一小学"):
        assert word in people.out
    for word in (
        "学校安全专委会",
        "  第一片区",
        "    第一小学",
        "      总务处",
        "责任单位",
        "小学",
    ):
        assert word in units.out


def test_units_as_json_and_in_english(bihuan, bare_home, lists):
    bihuan("init", *lists())

    assert bihuan("units", "--json").json[2] == {
        "kind": "unit", "code": "S1", "name": "第一小学", "unit_type": "小学", "parent": "P1",
        "depth": 2,
    }  # fmt: skip
    assert "committee" in bihuan("units", "--lang", "en").out
    assert "owner" in bihuan("people", "--lang", "en").out


@pytest.mark.parametrize(
    ("places", "where"),
    [
        (PLACES.replace("cluster,P1", "region,P1"), "单位.csv:3 kind"),
        (PLACES.replace("S1,第一小学", ",第一小学"), "单位.csv:4 code"),
        (PLACES.replace("第一小学", ""), "单位.csv:4 name"),
        (PLACES.replace("第一小学", "长" * 81), "单位.csv:4 name"),
        (PLACES.replace("S1-ZW", "S1"), "单位.csv:5 code"),
        (PLACES.replace("第一小学,P1", "第一小学,P9"), "单位.csv:4 S1"),
        (PLACES.replace("kind,", "类别,"), "单位.csv:1"),
        (PLACES.replace("第一片区", '"第一片区'), "单位.csv:5"),
        ("\x00", "单位.csv"),
    ],
)
def test_a_bad_list_of_places_names_file_and_line(bihuan, bare_home, lists, places, where):
    told = bihuan("init", *lists(places), "--json")

    assert (told.code, told.out, told.error["where"]) == (1, "", where)
    assert told.error["remedy"]


@pytest.mark.parametrize(
    ("people", "where"),
    [
        (PEOPLE.replace("责任人", "ladder"), "人员.csv:3 role"),
        (PEOPLE.replace("责任人", ""), "人员.csv:3 role"),
        (PEOPLE.replace("wang,王某,reporter", "wang,汪某,reporter"), "人员.csv:4 code"),
        (PEOPLE.replace("admin,ZWH", "admin,ZZZ"), "人员.csv:2 admin"),
        (PEOPLE.replace("admin,张某", "adm\tin,张\x07某"), "人员.csv:2 name"),
    ],
)
def test_a_bad_list_of_people_names_file_and_line(bihuan, bare_home, lists, people, where):
    told = bihuan("init", *lists(people=people), "--json")

    assert (told.code, told.out, told.error["where"]) == (1, "", where)


def test_a_bad_file_leaves_nothing_behind(bihuan, bare_home, lists):
    bihuan("init", *lists(PLACES.replace("cluster,P1", "region,P1")))

    assert not bare_home.exists()


def test_what_cannot_be_founded(bihuan, bare_home, lists):
    _, _, *people = lists()

    assert bihuan("init", *people).code == 2
    assert bihuan("init", "--organisation", "none.csv").code == 3
    assert bihuan("init", "--admin", " ").code == 2


def test_nothing_is_listed_before_it_is_founded(bihuan, bare_home):
    told = bihuan("people", "--json")

    assert (told.code, told.out) == (4, "")
    assert told.error["where"] == "BIHUAN_HOME"


def test_the_sample_is_loaded_once(bihuan, bare_home):
    first = bihuan("init", "--sample", "--json").json
    second = bihuan("init", "--sample", "--json").json

    assert first["places"] > 16
    assert (second["places_added"], second["people_added"]) == (0, 0)
