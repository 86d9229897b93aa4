"""A query is read, prints back as what was read, and points at the word that is at fault."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.case import Level, State
from rules.query import (
    Clause,
    Listed,
    Period,
    Phrase,
    Query,
    QueryTrouble,
    Sort,
    Span,
    Value,
    parse,
)
from rules.query.fields import BY_NAME, FIELDS
from rules.query.grammar import LONGEST, MOST_PARTS


def clause(name, *meant, negated=False):
    return Query((Clause(name, tuple(map(Value, meant)), negated),))


def refusal(text):
    with pytest.raises(QueryTrouble) as refused:
        parse(text)
    return refused.value


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Query()),
        ("  \t\n　", Query()),
        ("level:major", clause("level", Level.MAJOR)),
        ("LEVEL:Major", clause("level", Level.MAJOR)),
        ("等级:重大", clause("level", Level.MAJOR)),
        ("等级：重大隐患", clause("level", Level.MAJOR)),
        ("level:major,ordinary", clause("level", Level.MAJOR, Level.ORDINARY)),
        ("级别:重大、一般", clause("level", Level.MAJOR, Level.ORDINARY)),
        ("-state:closed", clause("state", State.CLOSED, negated=True)),
        ("－状态：已销号", clause("state", State.CLOSED, negated=True)),
        ("cluster:唯亭", clause("cluster", "唯亭")),
        ('unit:"第一 小学",S2', clause("unit", "第一 小学", "S2")),
        ("unit:“第一 小学”", clause("unit", "第一 小学")),
        ('unit:"a ""b"" c"', clause("unit", 'a "b" c')),
        ("overdue:yes", clause("overdue", True)),
        ("逾期:否", clause("overdue", False)),
        ("overdue:>10d", clause("overdue", Span(11, None, "d"))),
        ("逾期：＞10天", clause("overdue", Span(11, None, "d"))),
        ("overdue:≥10日", clause("overdue", Span(10, None, "d"))),
        ("overdue:<10", clause("overdue", Span(None, 9, "d"))),
        ("overdue:3..10天", clause("overdue", Span(3, 10, "d"))),
        ("overdue:3~10", clause("overdue", Span(3, 10, "d"))),
        ("late:0d", clause("late", Span(0, 0, "d"))),
        ("relapsed:2", clause("relapsed", Span(2, 2))),
        ("listed:ever", clause("listed", Listed.EVER)),
        ("挂牌:督办", clause("listed", Listed.SUPERVISION)),
        ("found:2026-03-05", clause("found", Period(date(2026, 3, 5), date(2026, 3, 5)))),
        ("found:2026/3/5", clause("found", Period(date(2026, 3, 5), date(2026, 3, 5)))),
        ("发现:2026年3月5日", clause("found", Period(date(2026, 3, 5), date(2026, 3, 5)))),
        ("closed:2026-02", clause("closed", Period(date(2026, 2, 1), date(2026, 2, 28)))),
        ("closed:2026年12月", clause("closed", Period(date(2026, 12, 1), date(2026, 12, 31)))),
        ("closed:2026Q1", clause("closed", Period(date(2026, 1, 1), date(2026, 3, 31)))),
        ("closed:2026年四季度", clause("closed", Period(date(2026, 10, 1), date(2026, 12, 31)))),
        ("due:2026", clause("due", Period(date(2026, 1, 1), date(2026, 12, 31)))),
        ("due:2026-03..2026-05", clause("due", Period(date(2026, 3, 1), date(2026, 5, 31)))),
        ("due:2026-03至2026-05", clause("due", Period(date(2026, 3, 1), date(2026, 5, 31)))),
        ("due:..2026-05", clause("due", Period(None, date(2026, 5, 31)))),
        ("due:2026-05..", clause("due", Period(date(2026, 5, 1), None))),
        ("due:>2026-05", clause("due", Period(date(2026, 6, 1), None))),
        ("due:<2026-05", clause("due", Period(None, date(2026, 4, 30)))),
        ("due:<=2026-05", clause("due", Period(None, date(2026, 5, 31)))),
        ("灭火器", Query(phrases=(Phrase("灭火器"),))),
        ("-灭火器", Query(phrases=(Phrase("灭火器", negated=True),))),
        ('"a b"', Query(phrases=(Phrase("a b"),))),
        ('"level:major"', Query(phrases=(Phrase("level:major"),))),
        ('"-a"', Query(phrases=(Phrase("-a"),))),
        ("a-b", Query(phrases=(Phrase("a-b"),))),
        ("--a", Query(phrases=(Phrase("-a", negated=True),))),
        ("10:30", Query(phrases=(Phrase("10:30"),))),
        (":", Query(phrases=(Phrase(":"),))),
        ("灭火器,过期", Query(phrases=(Phrase("灭火器,过期"),))),
        ("sort:due", Query(sort=Sort.DUE)),
        ("排序：时限", Query(sort=Sort.DUE)),
    ],
)
def test_a_query_means(text, meant):
    assert parse(text) == meant


@pytest.mark.parametrize(
    ("text", "column", "word", "remedy"),
    [
        ("levle:major", 1, "levle", "是否想用“level”？"),
        ("灭火器 片:唯亭", 5, "片", "是否想用“片区”？"),
        ("-levle:major", 2, "levle", "是否想用“level”？"),
        ("  state:clsoed", 9, "clsoed", "是否想用“closed”？"),
        ("等级:重达", 4, "重达", "是否想用“重大”？"),
        ("level:major,minor", 13, "minor", "可填：一般、重大。"),
        ("found:2026-13", 7, "2026-13", "请写 2026-03-05"),
        ("found:2026-02-30", 7, "2026-02-30", "请写 2026-03-05"),
        ("found:2026-05..2026-03", 7, "2026-05..2026-03", "请写"),
        ("found:1899", 7, "1899", "请写"),
        ("found:3000", 7, "3000", "请写"),
        ("found:..", 7, "..", "请写"),
        ("overdue:<0", 9, "<0", ">10天"),
        ("overdue:10..3", 9, "10..3", ">10天"),
        ("overdue:100000", 9, "100000", ">10天"),
        ("overdue:..", 9, "..", ">10天"),
        ("overdue:-3", 9, "-3", ">10天"),
        ("relapsed:2d", 10, "2d", ">1"),
        ("voided:maybe", 8, "maybe", "请写 是 或 否。"),
        ("unit:", 1, "unit:", "请写代码或名称。"),
        ("unit:a,", 1, "unit:a,", "请写代码或名称。"),
        ("a -", 3, "-", "-字段:值"),
        ("- a", 1, "-", "-字段:值"),
        ('a "b', 3, '"b', "后引号"),
        ('a "" b', 3, '""', "请写要查找的词"),
        ('unit:"  "', 6, '"  "', "请写要查找的词"),
        ('unit:"a"b', 1, 'unit:"a"', "空格"),
        ("sort:due sort:found", 10, "sort:found", "sort:due"),
        ("sort:upwards", 6, "upwards", "newest"),
        ("-sort:due", 1, "-sort:due", "sort:due"),
        ("sort:due,found", 1, "sort:due,found", "sort:due"),
        ("http://x", 1, "http", "请加引号"),
        ("a\x00b", 2, "\\x00", "删去"),
        ("a\ud800", 2, "\\ud800", "删去"),
    ],
    ids=repr,
)
def test_what_cannot_be_read_points_at_the_word(text, column, word, remedy):
    trouble = refusal(text)

    assert (trouble.column, trouble.word, trouble.where) == (column, word, word)
    assert f"第 {column} 字处" in trouble.problem.zh
    assert f"column {column}:" in trouble.problem.en
    assert remedy in trouble.remedy.zh + trouble.remedy.en
    assert trouble.remedy.en


@pytest.mark.parametrize(("length", "is_read"), [(LONGEST, True), (LONGEST + 1, False)])
def test_a_query_has_a_longest_length(length, is_read):
    assert is_read == (_column_of_fault("a" * length) is None)
    assert is_read or _column_of_fault("a" * length) == LONGEST + 1


@pytest.mark.parametrize(("parts", "is_read"), [(MOST_PARTS, True), (MOST_PARTS + 1, False)])
def test_a_query_has_a_most_of_parts(parts, is_read):
    assert is_read == (_column_of_fault("a " * parts) is None)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_name_of_a_field_is_read(name):
    assert BY_NAME[name].key in FIELDS or BY_NAME[name].key == "sort"
    assert refusal(f"{name}:").where == f"{name}:"


def test_no_two_fields_share_a_name():
    names = [name for each in (*FIELDS.values(), BY_NAME["sort"]) for name in each.names]

    assert len(names) == len(set(names)) == len(BY_NAME)


SIGNS = st.sampled_from([*':"-,.<>=~至≥≤：＞－“”、 \u3000', "..", "sort:", "\x00"])
WORDS = st.sampled_from(
    [*BY_NAME, "major", "重大", "yes", "10d", "3..10", "2026-03", "2026Q1", ">2026", "灭火器", "a"]
)
TYPED = st.lists(st.one_of(SIGNS, WORDS, st.characters()), max_size=12).map("".join)


@given(TYPED)
def test_whatever_is_typed_is_a_query_or_a_trouble_and_a_query_prints_back(text):
    column = _column_of_fault(text)

    assert column is None or 1 <= column <= len(text) + 1
    assert column or parse(str(parse(text))) == parse(text)


DAYS = st.dates(date(1900, 1, 1), date(2999, 12, 31))
PERIODS = st.one_of(
    st.builds(lambda a, b: Period(min(a, b), max(a, b)), DAYS, DAYS),
    st.builds(lambda a: Period(a, None), DAYS),
    st.builds(lambda a: Period(None, a), DAYS),
)
NUMBERS = st.integers(0, 99_999)
SPANS = st.one_of(
    st.builds(lambda a, b: Span(min(a, b), max(a, b), "d"), NUMBERS, NUMBERS),
    st.builds(lambda a: Span(a, None, "d"), NUMBERS),
    st.builds(lambda a: Span(None, a, "d"), NUMBERS),
)


@given(PERIODS)
def test_every_period_prints_back(period):
    assert parse(f"found:{period}") == clause("found", period)


@given(SPANS)
def test_every_span_of_days_prints_back(span):
    assert parse(f"overdue:{span}") == clause("overdue", span)


def _column_of_fault(text):
    try:
        parse(text)
    except QueryTrouble as trouble:
        return trouble.column
    return None
