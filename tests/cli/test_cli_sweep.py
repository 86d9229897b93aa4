"""``bihuan sweep``."""

import re

from sqlalchemy import text

from tests.offices import PERSON, rectifying, reported

DUE_SOON = "2026-03-05T08:00"
LATE = "2026-03-06T08:00"


def test_a_sweep_tells_whom_it_concerns(bihuan, office):
    number = reported(office)
    reported(office, unit="S3")

    told = bihuan("sweep", "--as-of", LATE)

    assert told.code == 0
    for word in ("2 件案件", "逾期催办", "第一片区", "第二片区", "责任人", number, "逾期 1 天"):
        assert word in told.out
    for person in ("OWNER1", "HEAD1", "OWNER3", "HEAD3"):
        assert person in told.out


def test_a_second_sweep_has_nothing_to_do(bihuan, office):
    reported(office)
    bihuan("sweep", "--as-of", LATE)

    told = bihuan("sweep", "--as-of", LATE, "--json").json

    assert (told["cases"], told["steps"], told["lines"]) == (0, 0, [])


def test_a_rehearsal_counts_and_writes_nothing(bihuan, office):
    reported(office)

    rehearsed = bihuan("sweep", "--as-of", DUE_SOON, "--dry-run", "--lang", "en")
    swept = bihuan("sweep", "--as-of", DUE_SOON, "--json").json

    assert "rehearsal, nothing written" in rehearsed.out
    assert swept["by_kind"] == {"remind": 1}
    assert swept["by_recipient"] == [{"person": f"OWNER1#{PERSON['owner1']}", "notices": 1}]
    assert swept["orders"] == 0
    assert swept["by_holder"] == [
        {"cluster": "第一片区", "holder": "owner", "kind": "remind", "steps": 1}
    ]


def test_a_sweep_writes_itself_into_the_history(bihuan, office):
    number = rectifying(office)
    bihuan("sweep", "--as-of", "2026-03-23T08:00")

    told = bihuan("case", "show", number, "--as", "owner1", "--as-of", "2026-03-23T08:00")

    assert "整改逾期 3 天，责任在责任人" in told.out


def test_a_case_that_cannot_be_reckoned_is_named(bihuan, office):
    number = reported(office)
    with office.writing() as connection:
        connection.execute(text("UPDATE clock SET next_step = 'no-such-step'"))

    told = bihuan("sweep", "--as-of", LATE)

    assert told.code == 1
    assert f"无法推算：{number}" in told.out
    assert "Traceback" not in told.err


def test_a_long_silence_asks_for_a_word_before_anybody_is_told(bihuan, office):
    number = reported(office)
    bihuan("sweep", "--as-of", "2026-03-02T10:00")

    asked = bihuan("sweep", "--as-of", "2026-04-20T08:00")
    agreed = bihuan("sweep", "--as-of", "2026-04-20T08:00", "--agree-jump")

    assert (asked.code, agreed.code) == (1, 0)
    assert "有 1 件到期" in asked.err
    assert "--agree-jump" in asked.err
    assert number in agreed.out
    assert re.search(r"挂牌 +1", agreed.out)


def test_a_jump_agreed_to_by_mistake_is_taken_back_with_a_reason(bihuan, office):
    reported(office)
    bihuan("sweep", "--as-of", "2027-03-02T08:00", "--agree-jump")

    told = bihuan("time-back", "时钟误设", "--as", "admin", "--at", DUE_SOON)
    again = bihuan("time-back", "时钟误设", "--as", "admin", "--at", DUE_SOON)
    swept = bihuan("sweep", "--as-of", LATE, "--json").json

    assert (told.code, "业务时间已从 2027-03-02 08:00 拨回 2026-03-05 08:00" in told.out) == (
        0,
        True,
    )
    assert (again.code, "没有超前" in again.err) == (1, True)
    assert (swept["as_of"][:10], swept["steps"]) == ("2026-03-06", 0)
