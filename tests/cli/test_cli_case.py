"""``bihuan case``: lists, case files, what may be done, reports and moves."""

from datetime import date

import pytest
from rich.cells import cell_len

from rules.actions import Action
from rules.case import Level
from tests.offices import a_plan, act, claimed, closed, planned, rectifying, reported, verified

NOW = "2026-03-02T09:00"
LATER = "2026-04-20T09:00"


def test_an_empty_list_says_so(bihuan, home):
    told = bihuan("case", "list", "--as", "committee1")

    assert (told.code, told.out, told.err) == (0, "共 0 件，本页 0 件\n", "")


def test_a_list_shows_number_unit_hazard_state_and_what_time_is_left(bihuan, office):
    number = reported(office, location="二号楼三层")

    told = bihuan("case", "list", "--as", "committee1", "--as-of", NOW)

    for word in (
        number,
        "第一小学",
        "二号楼三层:灭火器压力不足",
        "消防",
        "已上报",
        "责任人",
        "剩 3 天",
    ):
        assert word in told.out
    assert "共 1 件，本页 1 件" in told.out


def test_a_list_in_english(bihuan, office):
    reported(office, level=Level.MAJOR)

    told = bihuan("case", "list", "--as", "committee1", "--as-of", LATER, "--lang", "en")

    for word in (
        "number",
        "reported",
        "fire safety",
        "46 days late",
        "【major】",
        "1 in all, 1 here",
    ):
        assert word in told.out


@pytest.mark.parametrize("columns", ["80", "120"])
def test_a_list_fits_the_screen(bihuan, office, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    reported(office, description="消防通道堆放杂物,安全出口上锁,应急照明不亮" * 4)

    told = bihuan("case", "list", "--as", "committee1", "--as-of", NOW)

    assert "YH2026-000001" in told.out
    assert max(cell_len(line) for line in told.out.splitlines()) <= int(columns)


def test_a_list_as_json_tells_total_rows_and_the_next_page(bihuan, office):
    first, second = reported(office), reported(office, unit="S2")
    asked = ("case", "list", "--as", "committee1", "--size", "1", "--as-of", NOW, "--json")

    page = bihuan(*asked).json
    following = bihuan(*asked, "--after", page["after"]).json

    assert (page["total"], [row["number"] for row in page["cases"]]) == (2, [second])
    assert ([row["number"] for row in following["cases"]], following["after"]) == ([first], "")
    assert page["cases"][0]["due_at"] == "2026-03-06T00:00:00+08:00"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["--place", "P1"], ["S1"]),
        (["--place", "第三幼儿园"], ["S3"]),
        (["--state", "整改中"], ["S3"]),
        (["--state", "rectifying"], ["S3"]),
        (["--stage", "plan"], ["S1"]),
        (["--level", "重大"], ["S1"]),
        (["--category", "消防"], ["S1", "S3"]),
        (["--category", "fire"], ["S1", "S3"]),
        (["--category", "无此品目"], []),
        (["--holder", "责任人"], ["S1", "S3"]),
        (["--holder", "committee"], []),
        (["--text", "配电箱"], ["S1"]),
        (["--found-from", "2026-03-02", "--found-to", "2026.3.2"], ["S3"]),
        (["--found-to", "2026/3/1"], ["S1"]),
        (["--listed"], []),
        (["--overdue"], []),
        (["--overdue", "--as-of", "2026-03-20T09:00"], ["S1"]),
        (["--order", "due"], ["S1", "S3"]),
    ],
)
def test_a_list_is_filtered(bihuan, office, asked, found):
    reported(office, level=Level.MAJOR, description="配电箱无门", found_on=date(2026, 2, 27))
    rectifying(office, unit="S3", deadline="2026-03-30")
    units = {"第一小学": "S1", "第三幼儿园": "S3"}

    told = bihuan("case", "list", "--as", "committee1", "--as-of", NOW, "--json", *asked).json

    assert sorted(units[row["unit"]] for row in told["cases"]) == found


def test_a_list_holds_only_what_one_may_see(bihuan, office):
    reported(office)

    assert bihuan("case", "list", "--as", "head3", "--json").json["total"] == 0


def test_who_acts_may_come_from_the_environment(bihuan, office, monkeypatch):
    monkeypatch.setenv("BIHUAN_AS", "head1")
    reported(office)

    assert bihuan("case", "list", "--json").json["total"] == 1


def test_a_file_tells_facts_clocks_plan_evidence_history_and_what_is_next(bihuan, office):
    number = claimed(office, location="食堂", owner="王某", measure="更换")

    told = bihuan("case", "show", number, "--as", "verifier1a", "--as-of", NOW)

    assert told.code == 0
    for word in (
        f"{number}  待验收", "第一片区 / 第一小学", "王某", "食堂", "验收人验收，时限 2026-03-12",
        "时限", "方案 第 1 版", "专人看守", "已批准", "佐证", "整改后", "green.jpg", "经过",
        "责任人OWNER1申请验收", "您现在可以", "验收通过", "finding 验收意见", "链完整",
        f"{number}/4/",
    ):  # fmt: skip
        assert word in told.out


def test_a_file_in_english(bihuan, office):
    number = planned(office)

    told = bihuan("case", "show", number, "--as", "head1", "--as-of", NOW, "--lang", "en")

    for word in (
        "plan awaiting approval", "Clocks", "undecided", "History", "owner OWNER1: submit plan",
        "You may now", "approve_plan", "chain intact",
    ):  # fmt: skip
        assert word in told.out


def test_a_file_as_json_holds_all_its_parts(bihuan, office):
    told = bihuan("case", "show", closed(office), "--as", "auditor", "--json").json

    assert told.keys() >= {"case", "history", "clocks", "plans", "evidence", "offers", "receipt"}
    assert (told["case"]["state"], told["broken_at"], len(told["history"])) == ("closed", None, 6)


def test_brackets_in_what_people_wrote_are_shown_as_they_are(bihuan, office):
    number = reported(office, description="[red]门[/red] 坏了 [x]")

    told = bihuan("case", "show", number, "--as", "head1")

    assert "[red]门[/red] 坏了 [x]" in told.out


def test_what_i_may_do_with_the_fields_it_takes(bihuan, office):
    number = rectifying(office)

    told = bihuan("case", "actions", number, "--as", "owner1", "--as-of", NOW)
    plain = bihuan("case", "actions", number, "--as", "owner1", "--as-of", NOW, "--json").json

    assert "申请验收" in told.out
    assert "--photo 整改后佐证" in told.out
    assert [each["action"] for each in plain] == ["progress", "ask_extension", "claim"]
    assert plain[2]["needs"] == [{"field": "evidence", "label": "整改后佐证"}]


def test_nothing_to_do_is_said(bihuan, office):
    told = bihuan("case", "actions", closed(office), "--as", "auditor")

    assert told.out == "现在没有您可以办的。\n"


def test_a_report_becomes_a_case(bihuan, home, photo):
    told = bihuan(
        "case", "report", "--as", "reporter1", "--unit", "第一小学", "--category", "消防",
        "--description", "灭火器压力不足", "--photo", photo("red"), "--at", NOW,
    )  # fmt: skip

    assert told.code == 0
    assert told.out.splitlines()[:3] == [
        "YH2026-000001 已上报",
        "现在：已上报",
        "接下来：责任人报方案，时限 2026-03-05（剩 3 天）",
    ]


def test_every_field_of_a_report_arrives(bihuan, home):
    number = bihuan(
        "case", "report", "--as", "head1", "--unit", "S1", "--category", "fire",
        "--description", "漏电", "--location", "食堂", "--level", "重大", "--risk", "红",
        "--found-on", "2026-03-01", "--measure", "断电", "--owner", "王某",
        "--department", "总务处", "--deadline", "2026-03-03", "--source", "周查", "--at", NOW,
        "--json",
    ).json["number"]  # fmt: skip

    case = bihuan("case", "show", number, "--as", "head1", "--json").json["case"]

    assert {
        "description": "漏电", "location": "食堂", "level": "major", "risk": "red",
        "found_on": "2026-03-01", "measure": "断电", "owner": "王某", "department": "总务处",
        "deadline_asked": "2026-03-03", "source": "周查", "category": "fire",
    }.items() <= case.items()  # fmt: skip


def test_the_same_hazard_is_reported_again_only_when_asked(bihuan, home):
    words = ("case", "report", "--as", "reporter1", "--unit", "S1", "--category", "消防",
             "--description", "灭火器压力不足")  # fmt: skip

    codes = [bihuan(*words).code, bihuan(*words).code, bihuan(*words, "--again").code]

    assert codes == [0, 1, 0]


def test_a_key_makes_a_repeat_harmless(bihuan, office):
    number = rectifying(office)
    words = ("case", "move", number, "progress", "--as", "owner1", "--set", "text=已订货",
             "--key", "k-1", "--at", NOW)  # fmt: skip

    first, second = bihuan(*words), bihuan(*words)

    assert first.code == second.code == 0
    assert "此前已办过" not in first.out
    assert "此前已办过" in second.out
    assert bihuan("case", "show", number, "--as", "owner1", "--json").json["case"]["seq"] == 4


def test_a_move_takes_fields_photos_and_chinese_names(bihuan, office, photo):
    number = rectifying(office)

    told = bihuan(
        "case", "move", number, "申请验收", "--as", "owner1", "--photo", photo(),
        "--set", "text=已更换", "--at", NOW,
    )  # fmt: skip

    assert told.out.splitlines()[:2] == [f"{number} 已申请验收", "现在：待验收"]


def test_a_dash_in_an_action_is_as_good_as_its_underscore(bihuan, office):
    number = planned(office)

    told = bihuan("case", "move", number, "approve-plan", "--as", "cluster1", "--at", NOW, "--json")

    assert told.json["state"] == "rectifying"


def test_a_closed_case_waits_for_nobody(bihuan, office):
    number = verified(office)

    told = bihuan(
        "case", "move", number, "close", "--as", "committee1", "--at", NOW, "--lang", "en"
    )

    assert told.out.splitlines()[:2] == [f"{number}: close out, done", "now: closed"]
    assert "next:" not in told.out


def test_whoever_was_overtaken_is_told_what_happened(bihuan, office):
    number = planned(office)
    act(office, number, Action.APPROVE_PLAN, "cluster1")

    told = bihuan("case", "move", number, "return_plan", "--as", "cluster1", "--seen", "2",
                  "--set", "reason=不全", "--at", NOW)  # fmt: skip

    assert told.code == 1
    assert "您查看之后案件已变动" in told.err
    assert "批准方案" in told.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["approve_plan", "--as", "owner1"], 1, "您无权"),
        (["submit_plan", "--as", "owner1", "--set", "duty=x"], 1, "缺少“措施”"),
        (["submit_plan", "--as", "owner1", "--set", "colour=red"], 1, "没有这一项"),
        (["claim", "--as", "nobody"], 3, "没有代码为“nobody”的人员"),
        (["claim", "--as", "owner1", "--photo", "none.jpg"], 3, "没有文件 none.jpg"),
        (["dance", "--as", "owner1"], 2, "“dance”不在可选范围"),
        (["claim", "--as", "owner1", "--set", "text"], 2, "应为 字段=值"),
        (["claim", "--as", "owner1", "--set", "text=a", "--set", "text=b"], 2, "应为 字段=值"),
        (["claim", "--as", "owner1", "--at", "soon"], 2, "“soon”不是时刻"),
        (["claim"], 2, "没有说明您是谁"),
    ],
)
def test_a_move_that_cannot_be(bihuan, office, words, code, said):
    number = reported(office)

    told = bihuan("case", "move", number, *words)

    assert told.code == code
    assert told.out == ""
    assert said in told.err


def test_a_plan_needs_all_five_assurances(bihuan, office):
    number = reported(office)
    fields = [f"--set={name}={value}" for name, value in a_plan().items() if name != "funds"]

    told = bihuan("case", "move", number, "submit_plan", "--as", "owner1", "--at", NOW, *fields)

    assert (told.code, told.err) == (1, "错误：funds：缺少“资金”。请填写后再提交。\n")


@pytest.mark.parametrize("verb", ["show", "actions"])
def test_a_case_out_of_reach_is_not_found(bihuan, office, verb):
    number = reported(office)

    told = bihuan("case", verb, number, "--as", "head3")

    assert (told.code, told.out) == (3, "")
    assert "没有编号为" in told.err
