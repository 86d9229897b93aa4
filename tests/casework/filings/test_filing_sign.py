"""From draft to frozen: filled in, checked, signed, corrected; and what is refused on the way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy.exc import DBAPIError

from casework.errors import Invalid, NotFound, Refused
from casework.filings.checking import check_filing
from casework.filings.correcting import correct_filing
from casework.filings.filling import fill_in
from casework.filings.showing import show_filing
from casework.filings.signing import sign_filing
from rules.actions import Action
from tests.casework.filings.filed import (
    APRIL,
    MAY,
    acting,
    checked,
    compiled,
    daily,
    filled,
    signed,
    which,
)
from tests.offices import MONDAY_9AM, act, closed, reported
from tests.sealing import faults, sealed


@pytest.fixture
def begun(office):
    """A hazard of March, and everybody's draft of the month."""
    reported(office)
    compiled(office)
    return office


def state(office, by="head1", **of):
    return show_filing(office, which(**of), by=by, at=APRIL)["state"]


def refusal(call, *words, **named):
    with pytest.raises(Refused) as refused:
        call(*words, **named)
    return refused.value


def test_a_filing_is_filled_in_checked_signed_and_frozen(begun, tmp_path):
    filled(begun, provincial="0")
    passed = checked(begun).passed
    held = sign_filing(begun, which(), **acting("S1"))

    shown = show_filing(begun, which(), by="head1", at=APRIL)
    assert passed
    assert held.number == shown["number"] == "月报2026-03-S1"
    assert (shown["state"], shown["signed_by"]) == ("frozen", "HEAD1")
    assert [each["act"] for each in shown["history"]] == [
        "compile", "fill_in", "check", "sign", "freeze",
    ]  # fmt: skip
    sealed(begun, tmp_path, days=70)
    assert faults(begun, tmp_path) == []


@pytest.mark.parametrize("by", ["reporter1", "owner1", "cluster1", "committee1", "admin"])
def test_only_the_head_signs_a_schools_month(begun, by):
    filled(begun)
    checked(begun)

    refused = refusal(sign_filing, begun, which(), **acting("S1", by=by))

    assert "主要负责人" in refused.remedy.zh


@pytest.mark.parametrize("by", ["head2", "cluster2", "head3"])
def test_what_is_another_schools_is_not_there(begun, by):
    for call in (check_filing, sign_filing):
        with pytest.raises(NotFound):
            call(begun, which(), **acting("S1", by=by))
    with pytest.raises(NotFound):
        show_filing(begun, which(), by=by, at=APRIL)


def test_unchecked_or_changed_since_it_is_not_signed(begun):
    filled(begun)
    assert "核对" in refusal(sign_filing, begun, which(), **acting("S1")).problem.zh
    checked(begun)
    fill_in(begun, which(), {"work": "另有"}, **acting("S1"))

    assert state(begun) == "draft"
    refusal(sign_filing, begun, which(), **acting("S1"))


def test_a_case_that_moves_between_check_and_signature_stops_it(begun):
    filled(begun)
    checked(begun)
    late = reported(begun, description="补报", at=datetime.fromisoformat("2026-03-31T23:59+08:00"))

    refused = refusal(sign_filing, begun, which(), **acting("S1"))

    assert late
    assert (refused.where, "误报" in refused.problem.zh) == ("ordinary_found", True)
    assert checked(begun).passed
    assert sign_filing(begun, which(), **acting("S1")).sheet.value("found") == 2


def test_a_month_is_not_signed_before_its_last_day(begun):
    before = datetime.fromisoformat("2026-03-30T23:59+08:00")
    last = datetime.fromisoformat("2026-03-31T00:00+08:00")
    filled(begun, at=before)
    checked(begun, at=before)

    refusal(sign_filing, begun, which(), **acting("S1", before))
    assert sign_filing(begun, which(), **acting("S1", last)).number


def test_what_is_frozen_is_never_changed(begun):
    held = signed(begun)

    for call in (check_filing, sign_filing):
        assert held.number in refusal(call, begun, which(), **acting("S1")).problem.zh
    refusal(fill_in, begun, which(), {"work": "改"}, **acting("S1"))
    for statement in (
        "UPDATE filing SET content = 'x' WHERE state = 'frozen'",
        "DELETE FROM filing WHERE state = 'frozen'",
        "UPDATE filing_figure SET value = 9",
        "DELETE FROM filing_figure",
        "INSERT INTO filing_figure (filing_id, key) SELECT id, 'new' FROM filing",
    ):
        with pytest.raises(DBAPIError), begun.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_a_correction_is_a_new_version_with_its_reason(begun, tmp_path):
    old = signed(begun)
    reported(begun, description="漏计", at=datetime.fromisoformat("2026-03-31T10:00+08:00"))

    new = correct_filing(begun, which(), "漏计一件", **acting("S1", MAY))
    checked(begun, at=MAY)
    final = sign_filing(begun, which(), **acting("S1", MAY))

    first = show_filing(begun, which(), by="head1", at=MAY, version=1)
    assert (new.version, new.sheet.value("found"), final.number) == (2, 2, "月报2026-03-S1-更正1")
    assert (first["number"], first["rows"][13]["value"]) == (old.number, 1)
    assert [each["reason"] for each in first["versions"]] == ["", "漏计一件"]
    sealed(begun, tmp_path, days=70)
    assert faults(begun, tmp_path) == []


def test_a_sum_takes_the_corrected_number_once_it_is_frozen(begun):
    signed(begun)
    fix = correct_filing(begun, which(), "核实", **acting("S1"))
    fill_in(begun, which(), {"participants": "7", "reason:participants": "补记"}, **acting("S1"))
    before = checked(begun, "P1").held.sheet.value("participants")
    checked(begun)
    sign_filing(begun, which(), **acting("S1"))

    after = checked(begun, "P1").held.sheet.value("participants")
    assert fix.version == 2
    assert (before, after) == (0, 7)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_correction_without_a_reason_is_refused(begun, reason):
    signed(begun)
    with pytest.raises(Invalid):
        correct_filing(begun, which(), reason, **acting("S1"))


def test_what_is_not_frozen_needs_no_correction(begun):
    refusal(correct_filing, begun, which(), "改", **acting("S1"))


def test_two_signatures_at_once_freeze_it_once(begun):
    filled(begun)
    checked(begun)

    def sign(_):
        try:
            return sign_filing(begun, which(), **acting("S1")).number
        except Refused:
            return ""

    with ThreadPoolExecutor(4) as pool:
        numbers = sorted(pool.map(sign, range(4)))

    assert numbers == ["", "", "", "月报2026-03-S1"]


def test_the_next_month_opens_with_what_this_one_closed_with_or_says_why(begun):
    signed(begun)
    number = closed(begun, at=MONDAY_9AM, description="二件")  # the frozen closing did not know it
    compiled(begun, "monthly", "2026-04", at=MAY)
    april = which(period="2026-04")
    answers = {"outcome:1": "done", "outcome:2": "late", "why:2": "缺件", "nil": "是"}
    filled(begun, at=MAY, of=april, **answers)
    assert checked(begun, at=MAY, of=april).passed

    act(begun, number, Action.REOPEN, "committee1", at=MAY, finding="复发")
    wrong = checked(begun, at=MAY, of=april).findings
    fill_in(begun, april, {"reason:opening": "一件重开"}, **acting("S1", MAY))

    assert [(each.fault.value, each.row) for each in wrong] == [("wrong", "opening")]
    assert checked(begun, at=MAY, of=april).passed


def test_a_draft_that_is_older_than_the_last_signature_asks_for_its_plan_all_the_same(begun):
    april = which(period="2026-04")
    early = datetime.fromisoformat("2026-04-02T09:00+08:00")
    compiled(begun, "monthly", "2026-04", at=early)
    signed(begun, at=early)

    before = fill_in(begun, april, {"nil": "是", "work": "x"}, **acting("S1", MAY)).sheet.progress
    asked = checked(begun, at=MAY, of=april).findings
    fill_in(begun, april, {"outcome:1": "done", "outcome:2": "done"}, **acting("S1", MAY))

    assert before == []
    assert [each.row for each in asked] == ["item 1", "item 2"]
    assert checked(begun, at=MAY, of=april).passed


def test_the_daily_check_is_sent_in_one_go_by_whoever_made_the_round(office):
    held = daily(office, by="reporter1")

    assert (held.number, held.sheet.nil) == ("日报2026-03-02-S1", True)
    with pytest.raises(Refused):
        daily(office, by="owner1")


def test_a_daily_check_that_does_not_add_up_leaves_nothing_signed(office):
    reported(office)

    refused = refusal(daily, office)

    assert (refused.where, "零报告" in refused.problem.zh) == ("nil", True)
    assert daily(office, nil="否").sheet.value("found") == 1


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"participants": "三"}, "participants"), ({"funds": "很多"}, "funds"),
        ({"nil": "maybe"}, "nil"), ({"outcome:1": "done"}, "outcome:1"),
        ({"nonsense": "1"}, "nonsense"), ({"work": "a\x00b"}, "work"),
        ({"participants": "9" * 14}, "participants"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_names_its_field(begun, typed, where):
    with pytest.raises(Invalid) as refused:
        fill_in(begun, which(), typed, **acting("S1"))

    assert refused.value.where == where
    assert refused.value.remedy.zh


@pytest.mark.parametrize(
    ("typed", "value"), [("3.5", 35_000), ("0", 0), ("1,200", 12_000_000), ("0.0001", 1), ("", 0)]
)
def test_money_is_typed_in_ten_thousands(begun, typed, value):
    held = fill_in(begun, which(), {"funds": typed}, **acting("S1"))

    assert held.sheet.value("funds") == value
