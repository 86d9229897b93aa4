"""What a person types is read, or refused naming the field, with a remedy in both languages."""

from datetime import date

import pytest

from casework.errors import Invalid, NotFound, Refused
from casework.forms import clean, read_day, read_form
from rules.actions import Action, Given
from rules.case import Level, Listing, Obstacle
from rules.moves import TABLE
from tests.offices import a_plan, act, claimed, planned, rectifying, reported, verified


@pytest.mark.parametrize(
    "written",
    ["2026-03-05", "2026/3/5", "2026.3.5", "2026-3-05", "２０２６－０３－０５", "2026／3／5"],
)
def test_a_day_is_read_however_it_is_written(written):
    assert read_day(written, where="deadline") == date(2026, 3, 5)


@pytest.mark.parametrize(
    "written",
    [
        "", "tomorrow", "2026-02-29", "2026-13-01", "2026-00-10", "2026-3", "26-3-5", "2026-3-5-1",
        "2026-1_0-05", "+2026-3-5", "2026 -3-5", "20260305", "0000-01-01", "12026-03-05",
        "2026-03-05T09:00", "2026-٣-٥", "9" * 5_000,
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(written):
    with pytest.raises(Invalid, match="is not a date") as refused:
        read_day(written, where="deadline")

    assert refused.value.where == "deadline"
    assert "2026-03-05" in refused.value.say("zh")


@pytest.mark.parametrize(
    ("typed", "level"),
    [("major", Level.MAJOR), ("重大", Level.MAJOR), (" 一般 ", Level.ORDINARY)],
)
def test_a_word_is_read_by_its_key_or_either_label(typed, level):
    assert read_form(Action.GRADE, {"level": typed}) == {Given.LEVEL: level}


def test_every_kind_of_field_is_read():
    asked = {"reason": "待招标", "obstacle": "待资金", "new_due": "2026/4/1", "plan": "分两期"}

    assert read_form(Action.ASK_EXTENSION, asked) == {
        Given.REASON: "待招标",
        Given.OBSTACLE: Obstacle.FUNDS,
        Given.NEW_DUE: date(2026, 4, 1),
        Given.PLAN: "分两期",
    }
    assert read_form(Action.LIST, {"kind": "挂牌督导"}) == {Given.KIND: Listing.GUIDANCE}


@pytest.mark.parametrize("blank", ["", "  ", "\n\t", "\u3000"])
def test_a_blank_field_is_as_if_not_given(blank):
    assert read_form(Action.GRADE, {"level": blank, "reason": blank}) == {}


@pytest.mark.parametrize("text", ["两行\n文字", "表\t格", "䶮𬭚𠮷㛃", "👩‍🏫", "a" * 5_000])
def test_ordinary_text_is_kept_as_it_is(text):
    assert clean(text, where="text") == text


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "\ud800", "好\udfff", "a" * 5_001]
)
def test_text_that_cannot_be_kept_is_refused(text):
    with pytest.raises(Invalid) as refused:
        clean(text, where="text")

    assert refused.value.where == "text"
    assert refused.value.remedy.zh
    assert refused.value.remedy.en


FIELDS = [
    (row.action, field)
    for row in TABLE.values()
    for field in (*row.needs, *row.may)
    if field is not Given.EVIDENCE
]


@pytest.mark.parametrize(("action", "field"), FIELDS)
@pytest.mark.parametrize("bad", ["\x00", "\ud800", "好" * 5_001])
def test_no_field_of_any_action_takes_what_cannot_be_kept(action, field, bad):
    with pytest.raises(Invalid) as refused:
        read_form(action, {field.value: f"a{bad}a"})

    assert refused.value.where == field.value
    assert refused.value.remedy.zh
    assert refused.value.remedy.en


@pytest.mark.parametrize(
    ("action", "field", "bad", "remedy_zh", "remedy_en"),
    [
        (Action.GRADE, "level", "severe", "一般、重大", "ordinary, major"),
        (Action.ASK_EXTENSION, "obstacle", "rain", "待资金、待立项", "funds, project"),
        (Action.LIST, "kind", "board", "挂牌督办、挂牌督导", "supervision, guidance"),
        (Action.SUBMIT_PLAN, "deadline", "soon", "2026-03-05", "2026-03-05"),
        (Action.FAIL, "new_due", "2026-02-30", "2026-03-05", "2026-03-05"),
        (Action.CLOSE, "finding", "fine", "reason(理由)", "It takes: reason"),
        (Action.CLAIM, "evidence", "1", "text(进展情况)", "It takes: text"),
        (Action.ASSIGN, "owner", "张" * 201, "缩短", "Shorten"),
        (Action.ASSIGN, "department", "处" * 201, "缩短", "Shorten"),
        (Action.LIST, "order", "5号", "cause(挂牌原因)", "It takes: cause"),
        (Action.LIST, "cause", "whim", "逾期、情况严重", "ladder, serious"),
        (Action.LIST, "supervisor", "mayor", "片区级、专委会级", "cluster, committee"),
        (Action.VOID, "duplicate_of", "Y" * 201, "缩短", "Shorten"),
    ],
)
def test_a_bad_field_is_named_with_its_remedy(action, field, bad, remedy_zh, remedy_en):
    with pytest.raises(Invalid) as refused:
        read_form(action, {field: bad})

    assert refused.value.where == field
    assert remedy_zh in refused.value.say("zh")
    assert remedy_en in refused.value.say("en")


NEEDED = [(row.action, field) for row in TABLE.values() for field in row.needs]
READY = {
    Action.GRADE: (reported, "cluster1"),
    Action.ASSIGN: (reported, "cluster1"),
    Action.TRANSFER: (reported, "cluster1"),
    Action.VOID: (reported, "cluster1"),
    Action.SUBMIT_PLAN: (reported, "owner1"),
    Action.RETURN_PLAN: (planned, "head1"),
    Action.PROGRESS: (rectifying, "owner1"),
    Action.ASK_EXTENSION: (rectifying, "owner1"),
    Action.PASS: (claimed, "verifier1a"),
    Action.FAIL: (claimed, "verifier1a"),
    Action.NO_ACCESS: (claimed, "verifier1a"),
    Action.REOPEN: (verified, "committee1"),
    Action.LIST: (reported, "committee1"),
}
GOOD = {
    **a_plan(), "reason": "理由", "text": "进展", "finding": "意见", "level": "major",
    "unit": "S2", "owner": "张三", "new_due": "2026-03-25", "obstacle": "funds", "plan": "方案",
    "interim": "围挡", "kind": "guidance",
}  # fmt: skip


@pytest.mark.parametrize(("action", "missing"), [each for each in NEEDED if each[0] in READY])
def test_a_missing_field_is_named_with_its_remedy(sqlite_office, action, missing):
    walk, by = READY[action]
    number = walk(sqlite_office)
    typed = {field.value: GOOD[field] for field in TABLE[action].needs if field is not missing}

    with pytest.raises(Refused) as refused:
        act(sqlite_office, number, action, by, **typed)

    assert refused.value.where == missing.value
    assert missing.label.zh in refused.value.say("zh")
    assert f"{missing.label.en} is missing" in refused.value.say("en")


@pytest.mark.parametrize(
    ("step", "field", "bad", "says"),
    [
        ((reported, Action.SUBMIT_PLAN, "owner1"), "deadline", "2026-03-01", "lies in the past"),
        ((reported, Action.SUBMIT_PLAN, "owner1"), "deadline", "2026-06-02", "2026-06-01"),
        ((claimed, Action.FAIL, "verifier1a"), "new_due", "2026-03-01", "lies in the past"),
        ((claimed, Action.FAIL, "verifier1a"), "new_due", "2026-06-02", "2026-06-01"),
        ((rectifying, Action.ASK_EXTENSION, "owner1"), "new_due", "2026-03-20", "later than"),
        ((rectifying, Action.ASK_EXTENSION, "owner1"), "new_due", "2026-05-20", "2026-05-19"),
        ((verified, Action.REOPEN, "committee1"), "new_due", "2026-03-01", "lies in the past"),
        ((reported, Action.GRADE, "cluster1"), "level", "ordinary", "already ordinary"),
        ((reported, Action.TRANSFER, "cluster1"), "unit", "P1", "not a responsible unit"),
        ((reported, Action.TRANSFER, "cluster1"), "unit", "ZWH", "not a responsible unit"),
        ((reported, Action.TRANSFER, "cluster1"), "unit", "S1", "already"),
    ],
)
def test_a_field_the_rules_refuse_is_named(sqlite_office, step, field, bad, says):
    walk, action, by = step
    number = walk(sqlite_office)
    typed = {each.value: GOOD[each] for each in TABLE[action].needs} | {field: bad}

    with pytest.raises(Refused, match=says) as refused:
        act(sqlite_office, number, action, by, **typed)

    assert refused.value.where == field


@pytest.mark.parametrize(
    ("action", "by", "field", "ends_on"),
    [
        # 90 days from 2 March is Sunday 31 May, so Monday 1 June (民法典 Art. 203).
        (Action.SUBMIT_PLAN, "owner1", "deadline", "2026-06-01"),
    ],
)
def test_the_latest_day_itself_is_allowed(sqlite_office, action, by, field, ends_on):
    number = reported(sqlite_office)
    typed = {each.value: GOOD[each] for each in TABLE[action].needs} | {field: ends_on}

    assert act(sqlite_office, number, action, by, **typed).state == "plan"


@pytest.mark.parametrize("unit", ["S9", "第九小学", "p1", "S1' OR '1'='1"])
def test_a_transfer_to_an_unknown_unit_is_not_found(office, unit):
    number = reported(office)

    with pytest.raises(NotFound) as missing:
        act(office, number, Action.TRANSFER, "cluster1", unit=unit, reason="划转")

    assert missing.value.where == "unit"
    assert unit in missing.value.say("zh")
    assert "bihuan units" in missing.value.say("en")


@pytest.mark.parametrize("bad", ["\x00", "\ud800", "S" * 201])
def test_names_that_no_database_takes_are_refused_everywhere(office, bad):
    number = reported(office)

    with pytest.raises(Invalid, match="characters"):
        act(office, number, Action.TRANSFER, "cluster1", unit=f"S{bad}1", reason="划转")
    with pytest.raises(Invalid, match="characters"):
        act(office, f"Y{bad}H", Action.CLAIM, "owner1")
    with pytest.raises(Invalid, match="characters"):
        act(office, number, Action.CLAIM, f"o{bad}1")
