"""A guard is reviewed every year by somebody above the school, never by whoever asked for it."""

import json

import pytest
from sqlalchemy import select

from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.registers.acts import Misfilled, add_record, change_record, retire_record
from casework.registers.importing import import_register
from casework.reviews.listing import list_reviews
from casework.reviews.store import Named
from models.tables import CASES, RECORD_EVENTS
from rules.registers.outcomes import ReviewOutcome
from rules.registers.reviews import Verdict
from tests.casework.registers.buses import GUARD, added
from tests.casework.reviews.reviewing import (
    A01,
    PASSED,
    TODAY,
    TUESDAY,
    ask,
    conditional,
    failed,
    guard,
    listed,
    on,
    opened,
    pass_all,
    review,
    reviewed_on,
)
from tests.offices import MONDAY_9AM
from tests.sealing import faults, sealed

BY = {"by": "head1", "at": TUESDAY, "door": Door.CLI}


def events(office):
    with office.reading() as connection:
        of_records = RECORD_EVENTS.c.subject == "register"
        rows = connection.execute(select(RECORD_EVENTS).where(of_records))
        return [(row.kind, json.loads(row.body)) for row in rows]


def test_what_was_asked_for_is_passed_and_sets_the_day(office, tmp_path):
    guard(office)

    (asked,) = ask(office)
    done = review(office)

    assert (asked.year, done.outcome, done.case) == (2026, "passed", "")
    assert (reviewed_on(office), opened(office)["status"]) == ("2026-03-03", "passed")
    assert [kind for kind, _ in events(office)] == ["add", "ask_review", "review"]
    assert events(office)[-1][1]["fields"] == {"reviewed_on": "2026-03-03"}
    sealed(office, tmp_path)
    assert faults(office, tmp_path) == []


def test_its_timeline_tells_who_asked_who_decided_and_what_was_found(sqlite_office):
    guard(sqlite_office)
    ask(sqlite_office)
    review(sqlite_office, conditional(on("2026-04-01").date(), note="四月补训"))

    (one,) = opened(sqlite_office)["reviews"]

    assert (one["asked_by"], one["by"], one["note"]) == ("HEAD1", "CLUSTER1", "四月补训")
    assert [each.key for each in one["reasons"]] == ["training"]


@pytest.mark.parametrize("by", ["head1", "owner1", "reporter1", "verifier1a", "inspector1",
                                "auditor", "admin"])  # fmt: skip
def test_only_the_cluster_or_the_committee_reviews(sqlite_office, by):
    guard(sqlite_office)

    with pytest.raises((Refused, NotFound)):
        review(sqlite_office, by=by)


def test_another_cluster_finds_nothing_to_review(sqlite_office):
    guard(sqlite_office)

    with pytest.raises(NotFound):
        review(sqlite_office, by="cluster2")
    with pytest.raises(NotFound):
        opened(sqlite_office, by="cluster2")
    assert listed(sqlite_office, by="cluster2").rows == []


def test_nobody_reviews_what_they_asked_for(sqlite_office):
    guard(sqlite_office)
    ask(sqlite_office, by="cluster1")

    with pytest.raises(Refused):
        review(sqlite_office, by="cluster1")

    assert opened(sqlite_office, by="cluster1")["decides"] is False
    assert review(sqlite_office, by="committee1").outcome == "passed"


def test_a_review_is_asked_for_once(sqlite_office):
    guard(sqlite_office)
    ask(sqlite_office)

    with pytest.raises(Refused):
        ask(sqlite_office, by="owner1")
    review(sqlite_office)
    with pytest.raises(Refused):
        ask(sqlite_office)


@pytest.mark.parametrize("by", ["head2", "inspector1", "auditor", "reporter1"])
def test_only_who_keeps_the_record_asks(sqlite_office, by):
    guard(sqlite_office)

    with pytest.raises((Refused, NotFound)):
        ask(sqlite_office, by=by)


def test_what_failed_is_a_case_and_sets_no_day(office):
    guard(office)
    ask(office)

    done = review(office, failed("disqualified", note="有前科"))

    assert (reviewed_on(office), opened(office)["status"]) == ("", "failed")
    with office.reading() as connection:
        found = connection.execute(select(CASES.c.number, CASES.c.description)).one()
    assert done.case == found.number
    assert found.description == "保安员“A01”2026 年年审未通过：有不得担任保安员的情形"


def test_a_note_stands_in_the_history_as_a_digest(sqlite_office):
    guard(sqlite_office)
    review(sqlite_office, failed("disqualified", note="有前科"))

    body = events(sqlite_office)[-1][1]

    assert body["reason"].keys() == {"digest"}
    assert "有前科" not in json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize(("differs", "reason"), [
    ({"certificate_no": ""}, "certificate"), ({"school_certificate_no": ""}, "school_certificate"),
    ({"school_certificate_until": "2026-03-02"}, "school_cert_until"),
    ({"born_on": "1966-03-02"}, "too_old"), ({"born_on": "2008-03-04"}, "too_young"),
])  # fmt: skip
def test_without_certificates_or_of_the_wrong_age_nobody_passes(sqlite_office, differs, reason):
    guard(sqlite_office, **differs)

    for verdict in (PASSED, conditional(on("2026-04-01").date(), reason)):
        with pytest.raises(Invalid):
            review(sqlite_office, verdict)

    seen = opened(sqlite_office, today=TUESDAY.date())["seen"]
    assert [each["key"] for each in seen["found"]] == [reason]


def test_a_certificate_is_good_on_its_last_day(sqlite_office):
    guard(sqlite_office, school_certificate_until="2026-03-03")

    assert review(sqlite_office, at=TUESDAY).outcome == "passed"


def test_many_are_passed_at_once_and_who_does_not_fit_is_left(office):
    for key in ("A01", "A02"):
        guard(office, key)
    guard(office, "A03", certificate_no="")
    ask(office, *(Named("S1", key) for key in ("A01", "A02", "A03")))

    passed, left = pass_all(office, *(Named("S1", key) for key in ("A03", "A02", "A01")))

    assert [each.key for each in passed] == ["A01", "A02"]
    assert [(each.key, each.problem.zh) for each in left] == [("A03", "无保安员证")]
    assert [row["key"] for row in listed(office, status="asked").rows] == ["A03"]


def test_one_that_is_not_theirs_passes_none(sqlite_office):
    guard(sqlite_office)
    added(sqlite_office, "guard", unit="S3", by="head3")

    with pytest.raises(NotFound):
        pass_all(sqlite_office, A01, Named("S3", "A01"))

    assert opened(sqlite_office)["status"] == "due"


def test_a_correction_gives_its_reason_and_takes_the_day_back(sqlite_office):
    guard(sqlite_office)
    review(sqlite_office)

    with pytest.raises(Invalid) as refused:
        review(sqlite_office, failed("disqualified"))
    review(sqlite_office, failed("disqualified", why="漏看处罚记录"))

    assert refused.value.where == "why"
    assert (reviewed_on(sqlite_office), opened(sqlite_office)["status"]) == ("", "failed")
    assert [each["outcome"] for each in opened(sqlite_office)["reviews"]] == ["failed", "passed"]


def test_what_failed_is_asked_for_again_and_needs_no_reason_then(sqlite_office):
    guard(sqlite_office)
    review(sqlite_office, failed())
    ask(sqlite_office)

    assert review(sqlite_office).outcome == "passed"


@pytest.mark.parametrize("verdict", [
    Verdict(ReviewOutcome.FAILED), Verdict(ReviewOutcome.FAILED, ("nothing",)),
    Verdict(ReviewOutcome.FAILED, ("other",)), Verdict(ReviewOutcome.PASSED, ("training",)),
    Verdict(ReviewOutcome.CONDITIONAL, ("training",)), conditional(TUESDAY.date()),
    conditional(on("2026-06-02").date()), failed(until=on("2026-04-01").date()),
    failed(note="\x00"), failed(why="长" * 501),
])  # fmt: skip
def test_a_verdict_that_says_too_little_or_too_much_is_refused(sqlite_office, verdict):
    guard(sqlite_office)

    with pytest.raises(Invalid):
        review(sqlite_office, verdict)


def test_the_day_of_the_last_review_is_not_typed(sqlite_office):
    typed = {**GUARD, "reviewed_on": "2026-01-01"}
    guard(sqlite_office)

    with pytest.raises(Misfilled):
        add_record(sqlite_office, "guard", "S2", typed, **{**BY, "by": "head2"})
    with pytest.raises(Misfilled):
        change_record(sqlite_office, "guard", "A01", {"reviewed_on": "2026-01-01"}, **BY)
    review(sqlite_office)
    change_record(sqlite_office, "guard", "A01", {"reviewed_on": "", "company": "乙"}, **BY)

    assert reviewed_on(sqlite_office) == "2026-03-03"


def test_a_first_ledger_brings_the_day_in_and_a_later_one_does_not(sqlite_office, tmp_path):
    path = tmp_path / "保安.csv"
    head = "单位,工号,姓名,出生日期,保安员证编号,资质证编号,最近年审日期\n"
    path.write_text(head + "第一小学,A01,李大力,1985-01-01,1,2,2026/1/5\n", "utf-8")
    import_register(sqlite_office, path, "guard", by="head1", at=MONDAY_9AM)
    path.write_text(head + "第一小学,A01,李大力,1985-01-01,1,2,2026-02-05\n", "utf-8")

    again = import_register(sqlite_office, path, "guard", by="head1", at=MONDAY_9AM)

    assert (reviewed_on(sqlite_office), opened(sqlite_office)["status"]) == ("2026-01-05", "passed")
    assert [each.field for each in again.problems] == ["reviewed_on"]


def test_a_retired_guard_is_not_reviewed(sqlite_office):
    guard(sqlite_office)
    ask(sqlite_office)
    retire_record(sqlite_office, "guard", "A01", "离职", **BY)

    with pytest.raises(Refused):
        review(sqlite_office)
    assert listed(sqlite_office).rows == []


def test_a_list_counts_how_all_stand_and_hides_names(sqlite_office):
    for key in ("A01", "A02", "A03"):
        guard(sqlite_office, key)
    ask(sqlite_office)
    review(sqlite_office, failed(), named=Named("S1", "A02"))

    page = listed(sqlite_office, size=2)
    rest = listed(sqlite_office, size=2, after=page.after)

    assert {each.value: n for each, n in page.counts.items() if n} == {
        "asked": 1, "due": 1, "failed": 1,
    }  # fmt: skip
    assert [row["key"] for row in (*page.rows, *rest.rows)] == ["A01", "A02", "A03"]
    assert GUARD["name"] not in str(page)
    with pytest.raises(Invalid):
        listed(sqlite_office, after="x")


def test_a_kind_without_yearly_reviews_has_none(sqlite_office):
    with pytest.raises(NotFound):
        list_reviews(sqlite_office, "bus", by="cluster1", today=TODAY)
