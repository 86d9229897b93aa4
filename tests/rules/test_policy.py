import re
import tomllib
from datetime import date

import pytest

from rules.case import Level
from rules.deadlines import Limit, Stage, Unit
from rules.policy import PolicyTrouble, default_text, digest, read_policy

DEFAULT = default_text()
CHINESE = re.compile("[\u4e00-\u9fff]")
NUMBER = "YH{year}-{n:06d}"


def refusal(old, new):
    """Return how the default policy is refused with ``old`` replaced by ``new``."""
    assert old in DEFAULT
    return refusal_of(DEFAULT.replace(old, new, 1))


def refusal_of(text):
    with pytest.raises(PolicyTrouble) as caught:
        read_policy(text, where="school.toml")
    return caught.value


def test_the_policy_that_ships_can_be_adopted():
    policy = read_policy(DEFAULT)

    assert policy.name == "school"
    assert policy.limit(Level.ORDINARY, Stage.PLAN) == Limit(3, Unit.WORKDAYS)
    assert policy.limit(Level.MAJOR, Stage.RECTIFICATION) == Limit(90, Unit.DAYS)
    assert policy.longest_plan(Level.ORDINARY) == Limit(90, Unit.DAYS)
    assert policy.longest_plan(Level.MAJOR) == Limit(365, Unit.DAYS)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("level", Level)
def test_every_stage_has_a_limit_at_every_level(level, stage):
    assert read_policy(DEFAULT).limit(level, stage).amount > 0


def test_every_number_of_the_policy_that_ships_has_a_source():
    sourced = [part for part in tables_of(tomllib.loads(DEFAULT)) if numbers_in(part)]

    assert len(sourced) == 44
    assert [part for part in sourced if len(part.get("source", "")) < 3] == []


def tables_of(value):
    match value:
        case dict():
            return [value, *(table for each in value.values() for table in tables_of(each))]
        case list():
            return [table for each in value for table in tables_of(each)]
        case _:
            return []


def numbers_in(table):
    return table.keys() & {"limit", "count", "offset"}


@pytest.mark.parametrize(
    ("old", "new", "key", "zh", "en"),
    [
        ("schema = 1", "schema = 2", "schema", "应为 1，不是 2", "must be 1, not 2"),
        ("schema = 1", "", "schema", "缺少此键", "is missing"),
        ("schema = 1", "schema = 1\nname2 = 3", "name2", "没有这个键", "no such key"),
        ('name = "school"', 'name = "Our School"', "name", "不符合格式", "does not match"),
        ('name = "school"', "name = 5", "name", "应为文字，不是 5", "must be text, not 5"),
        ("2020-01-01", "20200101", "effective_from", "应为不带引号的日期", "must be a date"),
        ("2020-01-01", '"2020-01-01"', "effective_from", "不带引号", "without quotes"),
        ("2020-01-01", "2020-01-01T00:00:00", "effective_from", "日期", "must be a date"),
        ('"校园安全隐患整改默认规则"', '""', "title", "至少 1 个字", "at least 1"),
        ('"校园安全隐患整改默认规则"', f'"{"长" * 81}"', "title", "至多 80 个字", "at most 80"),
        ("count = 2,", "count = -1,", "extension.most.count", "不得小于 0", "at least 0"),
        ("count = 2,", "count = 1001,", "extension.most.count", "不得大于 1000", "at most 1000"),
        ("count = 2,", "count = true,", "extension.most.count", "应为整数，不是 true", "not true"),
        ("count = 2,", "count = 2.0,", "extension.most.count", "应为整数", "whole number"),
        ("count = 2,", 'count = "two",', "extension.most.count", "应为整数", "whole number"),
        ('limit = "2wd"', 'limit = "soon"', "limits.ordinary.approval.limit", "无法识别", "'soon'"),
        ('limit = "2wd"', 'limit = "0wd"', "limits.ordinary.approval.limit", "0wd", "'0wd'"),
        ('limit = "2wd"', "limit = 2", "limits.ordinary.approval.limit", "“2”", "'2'"),
        ('", source = "our choice" }', '" }', "limits.ordinary.plan.source", "缺少", "missing"),
        ("approval = {", "aproval = {", "limits.ordinary.approval", "缺少此键", "is missing"),
        ('= "our choice" }', '= "?" }', "limits.ordinary.plan.source", "至少 3 个字", "at least 3"),
        (NUMBER, "YH{year}", "numbering", "“YH{year}”不可用", "cannot number"),
        (NUMBER, "YH{n}", "numbering", "不可用", "cannot number"),
        (NUMBER, "{year}{n}{n}", "numbering", "不可用", "cannot number"),
        (NUMBER, "{year.__class__}{n}", "numbering", "不可用", "cannot number"),
        (NUMBER, "{year}{n:0999999999d}", "numbering", "不可用", "cannot number"),
        (NUMBER, "{year}/{n}", "numbering", "不可用", "cannot number"),
        (NUMBER, "{year} {n}", "numbering", "不可用", "cannot number"),
        (NUMBER, "{year}-{n}" + "x" * 30, "numbering.case", "至多 30", "at most 30"),
        ('offset = "-3wd"', 'offset = "-3"', "ladders.1.rungs.0.offset", "“-3”", "'-3' is not an"),
        (
            'offset = "3wd"',
            'offset = "-3wd"',
            "ladders.0.rungs.3",
            "不能重复",
            "neither repeat nor",
        ),
        (
            'offset = "0wd"',
            'offset = "-2wd"',
            "ladders.0.rungs.2",
            "不能重复",
            "neither repeat nor",
        ),
        (
            'key = "remind-1"',
            'key = "remind-5"',
            "ladders.0",
            "中的 key 重复",
            "a key occurs twice",
        ),
        (
            'tell = ["holder"]',
            'tell = ["mayor"]',
            "ladders.0.rungs.0.tell.0",
            "'holder'",
            "'mayor'",
        ),
        ('tell = ["holder"]', "tell = []", "ladders.0.rungs.0.tell", "至少要有 1 项", "at least 1"),
        ('key = "food"', 'key = "fire"', "(file)", "“fire”重复", "'fire' twice"),
        ('key = "fire"', 'key = "消防"', "categories.0.key", "不符合格式", "does not match"),
        ('aliases = ["制度",', 'aliases = [3, "制度",', "categories.10.aliases.0", "文字", "text"),
        ('aliases = ["食堂",', 'aliases = "食堂" #', "categories.3.aliases", "列表", "list"),
        ("[plan]", "[[plan]]", "plan", "应为一个表", "must be a table"),
    ],
)
def test_a_bad_file_is_refused_with_its_key_and_a_remedy_in_both_languages(old, new, key, zh, en):
    trouble = refusal(old, new)

    assert trouble.where == f"school.toml: {key}"
    assert zh in trouble.problem.zh
    assert en in trouble.problem.en
    assert not CHINESE.search(re.sub("“[^”]*”|'[^']*'", "", trouble.say("en")))
    assert trouble.remedy.zh.endswith("完整示例见 bihuan policy show。")
    assert trouble.remedy.en.endswith("`bihuan policy show` prints a complete example.")


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("schema =", "文件末尾不是有效的 TOML", "(at end of document)"),
        ("schema = 1\nname = school", "第 2 行第 8 列", "(at line 2, column 8)"),
        ("schema = 1\nschema = 1", "不是有效的 TOML", "not valid TOML"),
        ("day = 2026-13-01", "第 1 行", "not valid TOML"),
        ('name = "open', "文件末尾", "(at end of document)"),
        ("n = " + "9" * 5_000, "文件不是有效的 TOML", "not valid TOML"),
        ("n = " + "[" * 5_000, "文件不是有效的 TOML", "not valid TOML"),
        ("\x00", "第 1 行第 1 列", "not valid TOML"),
    ],
)
def test_what_is_not_toml_is_refused_where_it_stops_being_toml(text, zh, en):
    trouble = refusal_of(text)

    assert trouble.where == "school.toml"
    assert zh in trouble.problem.zh
    assert en in trouble.problem.en
    assert trouble.remedy.zh
    assert trouble.remedy.en


def test_an_empty_file_says_what_is_missing_and_how_much_more():
    trouble = refusal_of("")

    assert trouble.where == "school.toml: schema"
    assert "另有 12 处" in trouble.remedy.zh
    assert "12 more to mend" in trouble.remedy.en


def test_a_limit_that_cannot_be_read_keeps_its_own_remedy():
    trouble = refusal('limit = "2wd"', 'limit = "soon"')

    assert "3个工作日" in trouble.remedy.zh
    assert "working days" in trouble.remedy.en


@pytest.mark.parametrize("case", ["{year}{n}", "〔{year}〕{n}号", "AQ-{n:03d}-{year}"])
def test_a_number_may_be_written_in_the_committees_own_way(case):
    assert read_policy(DEFAULT.replace(NUMBER, case)).numbering.case == case


def test_a_file_with_a_byte_order_mark_is_read():
    assert read_policy("\ufeff" + DEFAULT) == read_policy(DEFAULT)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("fire", "fire"),
        ("消防", "fire"),
        (" 食堂 ", "food"),
        ("危险化学品", "laboratory"),
        ("其他", "management"),
        ("electricity", "electricity"),
    ],
)
def test_a_category_is_known_by_key_label_and_alias(written, key):
    assert read_policy(DEFAULT).category(written).key == key


@pytest.mark.parametrize("written", ["", "火星", "FIRE"])
def test_a_category_nobody_listed_is_not_guessed(written):
    assert read_policy(DEFAULT).category(written) is None


def test_a_policy_is_named_by_its_text():
    assert re.fullmatch("[0-9a-f]{12}", digest(DEFAULT))
    assert digest(DEFAULT) != digest(DEFAULT + "\n")


def test_a_policy_in_force_cannot_be_changed():
    policy = read_policy(DEFAULT)
    with pytest.raises(ValueError, match="frozen"):
        policy.effective_from = date(2026, 1, 1)


def test_a_text_from_before_an_orders_own_term_was_policy_still_reads():
    keys = ("term_ordinary", "term_major", "demands = ")
    old = "\n".join(line for line in DEFAULT.splitlines() if not line.startswith(keys))

    policy = read_policy(old)

    terms = [str(policy.order_term(level)) for level in (Level.ORDINARY, Level.MAJOR)]
    assert "term_" not in old
    assert terms == ["30d", "90d"]
    assert policy.orders.demands == read_policy(DEFAULT).orders.demands


@pytest.mark.parametrize("told", ["owner", "head", "cluster"])
def test_a_policy_cannot_warn_a_school_of_a_visit(told):
    text = DEFAULT.replace('tell = ["holder", "committee"]', f'tell = ["holder", "{told}"]')

    trouble = refusal_of(text)

    assert "复查前不得告知学校和片区" in trouble.say("zh")
    assert "lookback" in trouble.where
