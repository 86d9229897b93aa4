import json
from datetime import date

import pytest

from casework.ledger.columns import WORDS, find_columns
from casework.ledger.dates import read_date
from casework.ledger.entries import read_entry
from casework.ledger.findings import LONGEST_WORD
from casework.ledger.reader import Row, Sheet

NORMAL = [*WORDS["finding"]["normal"], "正常。", " 无 ", "ＯＫ"]


@pytest.mark.parametrize("word", NORMAL)
@pytest.mark.parametrize("field", ["description", "result"])
def test_normal_makes_no_case(field, word, entry_of):
    entry = entry_of(**{"description": "", field: word})

    assert entry.is_normal
    assert entry.description == ""


@pytest.mark.parametrize(
    ("cells", "description"),
    [
        ({"description": "灯不亮"}, "灯不亮"),
        ({"description": "灯不亮", "result": "不合格"}, "灯不亮"),
        ({"description": "", "result": "两具过期"}, "两具过期"),
        (
            {"description": "", "item": "灭火器有效期", "result": "两具过期"},
            "灭火器有效期：两具过期",
        ),
        ({"description": "", "item": "灭火器有效期", "result": "×"}, "灭火器有效期：×"),
        ({"description": "", "name": "实验室药品混放"}, "实验室药品混放"),
        ({"description": "无障碍坡道破损"}, "无障碍坡道破损"),
        ({"description": "  第一行\r\n第二行\x07\u3000"}, "第一行\r\n第二行"),
    ],
)
def test_what_the_hazard_is(cells, description, entry_of):
    assert entry_of(**cells).description == description


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"description": ""}, "not described"),
        ({"description": "/"}, "not described"),
        ({"description": "", "result": "不合格"}, "yes or no"),
        ({"description": "", "item": "门", "result": "否"}, "yes or no"),
        ({"description": "有"}, "yes or no"),
        ({"description": "灯不亮", "result": "正常"}, "contradict"),
        ({"description": "无", "result": "不合格"}, "contradict"),
        ({"description": "0"}, "never calculated"),
        ({"description": "#REF!"}, "formula's error"),
    ],
)
def test_what_cannot_be_a_hazard(cells, reason, problems_of):
    [(field, said)] = problems_of(**cells)

    assert field == "description"
    assert reason in said


@pytest.mark.parametrize(
    ("field", "word", "code"),
    [
        ("level", "", "ordinary"),
        ("level", "一般", "ordinary"),
        ("level", "重大事故隐患", "major"),
        ("risk", "", ""),
        ("risk", "红", "red"),
        ("risk", "较大风险", "orange"),
        ("risk", "黄色", "yellow"),
        ("risk", "低", "blue"),
        ("inspection_kind", "自检", "self"),
        ("inspection_kind", "专查", "special"),
        ("inspection_kind", "抽查", "spot"),
        ("inspection_kind", "互查", "mutual"),
        ("inspection_kind", "督查", "supervisory"),
        ("inspection_kind", "联检", "joint"),
        ("inspection_kind", "外检", "external"),
        ("inspection_kind", "/", ""),
    ],
)
def test_the_words_of_levels_colours_and_inspections(field, word, code, entry_of):
    assert getattr(entry_of(**{field: word}), field) == code


@pytest.mark.parametrize("field", ["level", "risk", "inspection_kind"])
def test_an_unknown_word_is_not_guessed(field, problems_of):
    assert problems_of(**{field: "三类"}) == [(field, "This word is not known here.")]


@pytest.mark.parametrize(
    ("text", "count"),
    [("", None), ("0", 0), ("12", 12), ("3人", 3), ("１２", 12), ("/", None), ("100000", 100_000)],
)
def test_participants_are_counted(text, count, entry_of):
    assert entry_of(participants=text).participants == count


@pytest.mark.parametrize("text", ["-1", "1.5", "若干", "100001", "²", "9" * 100])
def test_participants_that_are_no_count(text, problems_of):
    assert problems_of(participants=text) == [("participants", "This is not a number of people.")]


@pytest.mark.parametrize(
    "text",
    [
        "2020.3.5",
        "2020/3/5",
        "2020-03-05",
        "2020年3月5日",
        "2020年03月05号",
        " 2020 年 3 月 5 日 ",
        "２０２０年３月５日",
        "2020-03-05 14:30:00",
        "2020年3月5日(星期四)",
        "20200305",
        "43895",
        "43895.604",
    ],
)
def test_the_ways_to_write_a_day(text):
    assert read_date(text) == date(2020, 3, 5)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("3月5日", "The date has no year."),
        ("2021-02-29", "There is no such day."),
        ("2020.13.1", "There is no such day."),
        ("1999-12-31", "The date is not between 2000 and 2099."),
        ("2100-01-01", "The date is not between 2000 and 2099."),
        ("10000", "The date is not between 2000 and 2099."),
        ("20.3.5", "This is not a date we can read."),
        ("3.5", "This is not a date we can read."),
        ("2020.3.1-2020.3.5", "This is not a date we can read."),
        ("尽快", "This is not a date we can read."),
        ("2020" + " " * 5000 + "年3月5日", "This is not a date we can read."),
    ],
)
def test_what_is_no_day(text, reason):
    assert read_date(text).en == reason


def test_a_day_without_a_year_takes_the_one_given(entry_of, problems_of):
    assert entry_of(found_on="3月5日", default_year=2026).found_on == date(2026, 3, 5)
    assert problems_of(found_on="3月5日") == [("found_on", "The date has no year.")]


def test_found_today_is_not_the_future_and_tomorrow_is(entry_of, problems_of):
    assert entry_of(found_on="2026-03-10").found_on == date(2026, 3, 10)
    assert problems_of(found_on="2026-03-11") == [("found_on", "The date lies in the future.")]


def test_due_on_the_day_found_stands_and_the_day_before_does_not(entry_of, problems_of):
    assert entry_of(found_on="2026-03-05", due="2026-03-05").due == date(2026, 3, 5)
    assert problems_of(found_on="2026-03-05", due="2026-03-04") == [
        ("due", "The deadline is before the day the hazard was found.")
    ]


@pytest.mark.parametrize("word", ["立即", "立行立改", "当场整改"])
def test_at_once_is_the_day_it_was_found(word, entry_of, problems_of):
    assert entry_of(found_on="2026-03-05", due=word).due == date(2026, 3, 5)
    assert problems_of(due=word) == [("due", "“At once” needs a usable date of inspection.")]


@pytest.mark.parametrize("text", ["2026年3月15日前", "2026.3.15之前", "2026-03-15以前"])
def test_before_a_day_still_allows_that_day(text, entry_of):
    assert entry_of(due=text).due == date(2026, 3, 15)


@pytest.mark.parametrize(
    ("field", "longest"), [("description", 2000), ("measure", 2000), ("unit", 200), ("owner", 200)]
)
def test_lengths(field, longest, entry_of, problems_of):
    assert getattr(entry_of(**{field: "长" * longest}), field) == "长" * longest
    assert problems_of(**{field: "长" * (longest + 1)}) == [
        (field, f"It has {longest + 1} characters; at most {longest} are kept.")
    ]


@pytest.mark.parametrize("bad", ["\x00", chr(0xD800), chr(0xDFFF), chr(0xFFFD)])
@pytest.mark.parametrize("field", ["description", "unit", "remark"])
def test_damaged_text_is_refused(field, bad, problems_of):
    [(where, reason)] = problems_of(**{field: f"甲{bad}乙"})

    assert where == field
    assert "damaged character" in reason


def test_every_problem_of_a_row_is_told_at_once(problems_of):
    found = problems_of(description="", found_on="2027-01-01", level="三类", participants="x")

    assert [field for field, _ in found] == ["description", "found_on", "level", "participants"]


def test_a_problem_names_its_place_its_value_and_a_remedy_in_both_languages(make_row):
    [problem] = read_entry(make_row(found_on="尽快"), today=date(2026, 3, 10))

    assert (problem.sheet, problem.row, problem.value) == ("台账", 7, "尽快")
    assert problem.wording.zh
    assert problem.remedy.zh
    assert problem.remedy.en


def test_a_row_wider_than_its_header_has_an_unquoted_comma():
    sheet = Sheet("CSV", ("单位", "隐患描述"), {"unit": 0, "description": 1})
    row = Row(sheet, 2, ("甲校", "门", "窗破"), {"unit": "甲校", "description": "门"})

    [problem] = read_entry(row, today=date(2026, 3, 10))

    assert problem.wording.en == "The row has 3 cells under a header of 2."


def test_naughty_strings_are_kept_or_refused_in_every_text_field(data, make_row):
    naughty = json.loads((data / "strings" / "blns.json").read_text(encoding="utf-8"))
    fields = ["unit", "cluster", "category", "location", "measure", "owner", "department",
              "inspectors", "status", "source", "remark", "number", "name"]  # fmt: skip

    kept = [read_entry(make_row(**dict.fromkeys(fields, text)), today=date(2026, 3, 10))
            for text in naughty]  # fmt: skip

    refused = [text for text, entry in zip(naughty, kept, strict=True) if isinstance(entry, list)]
    changed = [text for text, entry in zip(naughty, kept, strict=True)
               if not isinstance(entry, list) and entry.remark != text]  # fmt: skip
    assert len(naughty) == 515
    assert [text for text in refused if len(text) <= 200 and "\ufffd" not in text] == []
    assert [text for text in changed if text.isprintable() and text == text.strip()] == []


def test_no_word_is_longer_than_what_is_looked_up():
    words = [word for codes in WORDS.values() for row in codes.values() for word in row]

    assert max(map(len, words)) <= LONGEST_WORD


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        # 田二小
        (
            ["序号", "检查项目", "检查内容", "检查结果", "整改措施"],
            ["number", "category", "item", "result", "measure"],
        ),
        (
            ["序号", "具体内容", "自查情况", "需整改隐患", "整改措施", "检查人签名"],
            ["number", "item", "result", "description", "measure", "inspectors"],
        ),
        (
            ["序号", "具体内容", "整改完成时限", "责任处室"],
            ["number", "description", "due", "department"],
        ),
        (
            ["风险名称", "风险表述", "化解措施", "风险等级", "责任部门", "责任人"],
            ["name", "description", "measure", "risk", "department", "owner"],
        ),
        (
            ["*学校\n名称", "隐患 内容(必填)", "整改期限(年/月/日)", "参与的人数:", "（备注）"],
            ["unit", "description", "due", "participants", None],
        ),
        (["Unit", "Description", "found_on", "DUE"], ["unit", "description", "found_on", "due"]),
        (["隐患", "隐患描述"], [None, "description"]),
    ],
)
def test_headers_seen_in_the_wild(header, columns):
    found = find_columns(header)

    assert found == {field: at for at, field in enumerate(columns) if field}
