"""漏报, 误报, 乱报: what a check finds, on both sides of each line."""

import pytest

from rules.filings.acts import Outcome
from rules.filings.checks import Fault, Known, check, hindering
from rules.filings.sheets import Cell, Progress, Sheet, carried_on, rate_of, shown
from rules.filings.templates import templates

MONTHLY = templates()["monthly"]
GOOD = {
    "units": 1, "ordinary_found": 5, "ordinary_rectified": 3, "major_found": 3, "major_closed": 1,
    "in_plan": 2, "assured": 2, "listed": 2, "provincial": 1, "funds": 30_000,
    "opening": 4, "found": 8, "closed": 5, "closing": 7, "days_checked": 20, "participants": 60,
    "inspections": 4,
}  # fmt: skip


def sheet(typed=None, **told):
    """A filing that is sound, but for what is told; ``typed`` overrides computed numbers."""
    cells = {key: Cell(value) for key, value in GOOD.items()}
    cells["provincial"] = Cell(None, GOOD["provincial"])
    cells |= {key: Cell(GOOD[key], value) for key, value in (typed or {}).items()}
    fields = {"texts": {"work": "检查"}, "plan": ["换灯"], **told}
    return Sheet(cells, **fields)


def computed(**changed):
    found = sheet()
    return found._replace(cells={**found.cells, **{k: Cell(v) for k, v in changed.items()}})


def found(filing, known=None):
    return [(each.fault, each.row) for each in check(MONTHLY, filing, known or Known())]


def test_a_sound_filing_has_no_faults():
    assert found(sheet()) == []


@pytest.mark.parametrize(
    ("changed", "row"),
    [
        ({"ordinary_rectified": 5}, None),
        ({"ordinary_rectified": 6}, "ordinary_rectified"),
        ({"major_closed": 3, "in_plan": 0, "assured": 0}, None),
        ({"major_closed": 4, "in_plan": 0, "assured": 0}, "major_closed"),
        ({"in_plan": 2}, None),
        ({"in_plan": 3}, "in_plan"),  # one of three is closed: two are left to be planned
        ({"assured": 3}, "assured"),
        ({"listed": 3}, None),
        ({"listed": 4}, "listed"),
        ({"provincial": 2}, None),
        ({"provincial": 3}, "provincial"),
        ({"provincial": -1}, "provincial"),
        ({"provincial": 0}, None),
        ({"funds": 0}, None),
        ({"funds": -1}, "funds"),
        ({"closing": 8}, "closing"),  # 4 + 8 - 5 is 7
        ({"closing": 6}, "closing"),
        ({"participants": None}, "participants"),
        ({"provincial": None}, None),
    ],
)
def test_impossible_numbers_are_careless(changed, row):
    expected = [(Fault.CARELESS, row)] if row else []

    assert found(computed(**changed)) == expected


def test_no_reason_excuses_a_careless_number():
    filing = computed(ordinary_rectified=6)._replace(reasons={"ordinary_rectified": "就是这样"})

    assert hindering(check(MONTHLY, filing, Known()))


@pytest.mark.parametrize(("reason", "hinders"), [("", True), ("台账在途", False)])
def test_a_number_typed_over_stands_with_its_reason_only(reason, hinders):
    filing = sheet({"participants": 61})._replace(reasons={"participants": reason})

    findings = check(MONTHLY, filing, Known())

    assert [(each.fault, each.row) for each in findings] == [(Fault.WRONG, "participants")]
    assert bool(hindering(findings)) is hinders


@pytest.mark.parametrize(("before", "wrong"), [(None, False), (4, False), (3, True), (5, True)])
def test_a_period_opens_with_what_the_one_before_closed_with(before, wrong):
    assert found(sheet(), Known(closing_before=before)) == [(Fault.WRONG, "opening")] * wrong


def test_an_opening_that_differs_stands_with_its_reason():
    filing = sheet(reasons={"opening": "上期一件重开"})

    assert not hindering(check(MONTHLY, filing, Known(closing_before=3)))


def test_numbers_that_the_cases_do_not_bear_out_any_more_are_wrong_whatever_the_reason():
    filing = sheet(reasons={"found": "就是这样"})

    findings = check(MONTHLY, filing, Known(now={"found": 9}))

    assert [each.row for each in hindering(findings)] == ["found"]
    assert findings[0].fault is Fault.WRONG


@pytest.mark.parametrize(("reason", "hinders"), [("", True), ("学校停电", False)])
def test_units_that_are_missing_are_named(reason, hinders):
    filing = sheet(reasons={"units": reason})

    findings = check(MONTHLY, filing, Known(missing=["第一小学", "第二中学"]))

    assert findings[0].fault is Fault.MISSING
    assert "第一小学" in findings[0].problem.zh
    assert bool(hindering(findings)) is hinders


def test_of_many_missing_units_a_few_are_named_and_the_rest_counted():
    (finding,) = check(MONTHLY, sheet(), Known(missing=[f"第{n}小学" for n in range(1, 9)]))

    assert finding.problem.en.endswith("and 3 more")


NOTHING = {"ordinary_found": 0, "ordinary_rectified": 0, "major_found": 0, "major_closed": 0,
           "in_plan": 0, "assured": 0, "listed": 0, "provincial": 0}  # fmt: skip


def test_nothing_found_must_be_said_as_a_nil_return():
    assert found(computed(**NOTHING)) == [(Fault.CARELESS, "nil")]
    assert found(computed(**NOTHING)._replace(nil=True)) == []


def test_a_nil_return_with_something_to_tell_is_careless():
    assert found(sheet(nil=True)) == [(Fault.CARELESS, "nil")]


def test_a_nil_return_needs_neither_text_nor_plan():
    filing = computed(**NOTHING)._replace(nil=True, texts={}, plan=[])

    assert found(filing) == []


@pytest.mark.parametrize(
    ("told", "row"),
    [({"texts": {}}, "work"), ({"texts": {"work": ""}}, "work"), ({"plan": []}, "plan")],
)
def test_what_must_be_written_is_missed(told, row):
    assert found(sheet(**told)) == [(Fault.CARELESS, row)]


@pytest.mark.parametrize(
    ("outcome", "why", "faults"),
    [
        (None, "", 1), (None, "忙", 1), (Outcome.DONE, "", 0), (Outcome.LATE, "", 1),
        (Outcome.LATE, "缺件", 0), (Outcome.DROPPED, "", 1), (Outcome.DROPPED, "已拆除", 0),
    ],
)  # fmt: skip
def test_every_item_of_the_last_plan_is_answered_for(outcome, why, faults):
    filing = sheet(progress=[Progress("换灯", outcome, why)])

    assert len(check(MONTHLY, filing, Known())) == faults


def test_what_was_late_stays_to_be_answered_for():
    before = Sheet(
        {}, plan=["修门", "换灯"],
        progress=[Progress("换灯", Outcome.LATE, "缺件"), Progress("补漆", Outcome.DONE)],
    )  # fmt: skip

    assert [each.item for each in carried_on(before)] == ["换灯", "修门"]


@pytest.mark.parametrize(
    ("rectified", "of", "rate"),
    [
        (0, 0, None),
        (0, 3, "0.0"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 2000, "0.1"),
        (3, 3, "100.0"),
    ],
)
def test_a_rate_is_blank_where_the_denominator_is_0(rectified, of, rate):
    filing = computed(ordinary_found=of, ordinary_rectified=rectified)
    found_rate = rate_of(MONTHLY.by_key["ordinary_rate"], filing)

    assert (None if found_rate is None else str(found_rate)) == rate


@pytest.mark.parametrize(
    ("yuan", "said"), [(0, "0"), (500, "0.05"), (30_000, "3"), (1_234_567, "123.4567"), (None, "")]
)
def test_money_is_shown_in_ten_thousands(yuan, said):
    assert shown(MONTHLY.by_key["funds"], yuan, "zh") == said
