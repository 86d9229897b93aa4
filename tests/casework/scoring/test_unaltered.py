"""Numbers changed behind our back after somebody signed for them are refused and flagged."""

import json

import pytest
from sqlalchemy import text

from casework.errors import Invalid
from casework.scoring.listing import cover, rank
from casework.scoring.reviewing import review
from casework.scoring.showing import show_assessment
from casework.scoring.signing import correct, sign
from rules.workdays import china_day
from tests.casework.scoring.assessed import NOVEMBER, acting, adopted, signed, which

_GUARDS = ("assessment_refuses_update", "record_event_refuses_update")


def unguarded(office, sql, *values):
    """Write as nobody may who goes through us."""
    with office.writing() as connection:
        for each in _GUARDS:
            connection.execute(text(f"DROP TRIGGER {each}"))
        connection.exec_driver_sql(sql, values)


def shown(office):
    return show_assessment(office, which(), by="committee1")


def marked(office, **changed):
    """The first assessment's marks with the fire item's values changed."""
    with office.reading() as connection:
        kept = (
            connection.execute(text("SELECT marks FROM assessment ORDER BY id")).scalars().first()
        )
    marks = json.loads(kept)
    return json.dumps({**marks, "fire": {**marks["fire"], **changed}})


@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_was_signed_and_then_changed_is_not_shown(sqlite_office, times):
    signed(sqlite_office, times=times, fire__exit="1")
    assert shown(sqlite_office)["points"] == 98

    unguarded(sqlite_office, "UPDATE assessment SET marks = ?", marked(sqlite_office, school=3))

    with pytest.raises(Invalid) as altered:
        shown(sqlite_office)
    assert altered.value.where == "创建2026-S1"


def test_whoever_comes_next_signs_and_reviews_nothing_that_was_changed(sqlite_office):
    signed(sqlite_office, times=1, fire__exit="1")
    unguarded(sqlite_office, "UPDATE assessment SET marks = ?", marked(sqlite_office, text="改"))

    with pytest.raises(Invalid):
        sign(sqlite_office, which(), **acting("cluster1"))
    with pytest.raises(Invalid):
        review(sqlite_office, which(), {"fire": "1"}, "原因", **acting("cluster1"))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE record_event SET body = replace(body, '98', '99')",
        "UPDATE record_event SET body = replace(body, 'content\":\"', 'content\":\"0')",
        "UPDATE assessment SET content = replace(content, '\"points\":98', '\"points\":99')",
        "UPDATE assessment SET year = 2025, number = '创建2025-S1'",
        "UPDATE assessment SET seq = seq - 1",
    ],
    ids=["signature", "digest", "content", "year", "end"],
)
def test_history_and_content_changed_after_freezing_are_found(sqlite_office, sql):
    held = signed(sqlite_office, fire__exit="1")
    year = 2025 if "2025" in sql else 2026

    unguarded(sqlite_office, sql)

    with pytest.raises(Invalid):
        show_assessment(sqlite_office, which(year=year), by="committee1")
    with pytest.raises(Invalid):
        correct(sqlite_office, which(year=year), "原因", **acting("committee1"))
    assert held.number == "创建2026-S1"


def test_what_was_changed_has_no_rank_and_is_flagged_in_the_list(sqlite_office):
    signed(sqlite_office, "S1", honour="是", fire__exit="1")
    signed(sqlite_office, "S2", honour="是", fire__exit="1", fire__kit="1")

    unguarded(
        sqlite_office, "UPDATE assessment SET marks = ?, points = 99 WHERE unit_id ="
        " (SELECT id FROM organisation WHERE code = 'S1')", marked(sqlite_office, school=3),
    )  # fmt: skip
    ranking = rank(sqlite_office, "safe_campus", 2026, by="committee1")
    covered = cover(sqlite_office, "safe_campus", 2026, by="committee1", today=china_day(NOVEMBER))

    assert [each["unit_code"] for each in ranking.rows] == ["S2"]
    assert ranking.altered == ["创建2026-S1"]
    assert [each["altered"] for each in covered.rows] == [True, False, False]


def test_a_sheet_changed_after_its_adoption_is_found(sqlite_office):
    adopted(sqlite_office)
    signed(sqlite_office, times=1)

    unguarded(sqlite_office, "UPDATE adopted_text SET text = replace(text, '堵塞', '通畅')")

    with pytest.raises(Invalid):
        shown(sqlite_office)


def test_a_school_called_otherwise_later_has_altered_nothing(sqlite_office):
    signed(sqlite_office)

    with sqlite_office.writing() as connection:
        connection.execute(text("UPDATE organisation SET name = '新名小学' WHERE code = 'S1'"))

    assert shown(sqlite_office)["unit"] == "新名小学"
