"""What inspectors find stands when both have signed; then a relapsed hazard is a case again."""

from datetime import datetime, timedelta

import pytest

from casework.asking.search import search
from casework.case_file import open_case_file
from casework.errors import Conflict, Invalid, NotFound, Refused
from casework.lookback.assigning import assign_inspectors
from casework.lookback.committing import commit_seed
from casework.lookback.drawing import draw_lookback
from casework.lookback.ending import close_lookback, publish_lookback, withdraw_lookback
from casework.lookback.enlarging import recheck_rejected
from casework.lookback.looking import list_lookbacks, list_published, my_visits, open_lookback
from casework.lookback.planning import Asked, plan_lookback
from casework.lookback.recording import Found, record_finding, sign_finding
from casework.records import read_records
from rules.lookback.findings import Finding, InspectionMode
from rules.proof import first_break
from tests.invariants import broken
from tests.lookbacks import (
    KEYS,
    MONTHLY,
    TUESDAY,
    assigned_look,
    closed_cases,
    found,
    hand,
    visits_of,
    with_inspectors,
)
from tests.offices import after_photo

TOLERANT = MONTHLY.replace("floor = 3", "floor = 3\naccept = 1")


@pytest.fixture
def look(office):
    """Four of twelve closed cases are drawn, three in the first cluster; two inspectors each."""
    with_inspectors(office)
    closed_cases(office)
    return assigned_look(office)


def china(day):
    return datetime.fromisoformat(f"{day}T00:00+08:00")


def seen(office, finding, **changed):
    told = {"note": "看过现场", "files": [after_photo(office, "purple")]} | changed
    return Found(finding, InspectionMode.OPEN, told["note"], told["files"])


def kinds(office):
    with office.reading() as connection:
        return [event.kind for event, _ in read_records(connection, "lookback", 1)]


def stratum(office, look, key="cluster=P1"):
    return next(s for s in open_lookback(office, look, by="admin").strata if s.key == key)


def test_a_finding_stands_when_the_second_inspector_has_signed(office, look):
    visit = visits_of(office, look)[0]
    first, second = (each["code"] for each in visit["team"])

    once = record_finding(office, look, visit["number"], seen(office, Finding.HOLDS), hand(first))
    twice = sign_finding(office, look, visit["number"], Finding.HOLDS, hand(second))

    assert (once.final, once.unsigned) == (False, 1)
    assert (twice.final, twice.unsigned, twice.reopened) == (True, 0, False)
    assert visits_of(office, look)[0]["finding"] is Finding.HOLDS
    assert kinds(office)[-2:] == ["find", "sign"]


def test_a_relapsed_hazard_is_reopened_and_keeps_that_it_was_closed(office, look):
    visit = visits_of(office, look)[0]

    answer = found(office, look, visit, Finding.RELAPSED, note="灭火器又被移走")

    file = open_case_file(office, visit["number"], by="committee1", as_of=TUESDAY)
    told = [event["kind"] for event in file.history]
    assert answer.reopened
    assert (file.case["state"], file.case["cycle"]) == ("rectifying", 2)
    assert told[-3:] == ["close", "looked_back", "reopen"]
    assert broken(office) == []


def test_who_asks_finds_a_draw_once_its_finding_stands_and_not_before(office, look):
    visit = visits_of(office, look)[0]

    before = search(office, "drawn:yes", by="head1", as_of=TUESDAY).rows
    found(office, look, visit)
    after = search(office, "drawn:1", by="committee1", as_of=TUESDAY).rows

    assert before == []
    assert [each["number"] for each in after] == [visit["number"]]


def test_what_holds_stays_closed_and_its_history_says_who_looked(office, look):
    visit = visits_of(office, look)[0]

    found(office, look, visit, Finding.HOLDS)

    file = open_case_file(office, visit["number"], by="committee1", as_of=TUESDAY)
    assert file.case["state"] == "closed"
    assert file.history[-1]["kind"] == "looked_back"
    assert broken(office) == []


def test_inspectors_who_disagree_are_told_so(office, look):
    visit = visits_of(office, look)[0]
    first, second = (each["code"] for each in visit["team"])
    record_finding(office, look, visit["number"], seen(office, Finding.HOLDS), hand(first))

    with pytest.raises(Conflict, match="the other inspector found: holds"):
        sign_finding(office, look, visit["number"], Finding.RELAPSED, hand(second))

    assert visits_of(office, look)[0]["finding"] is None


def test_a_photo_of_the_rectification_is_no_photo_of_the_visit(office, look):
    visit = visits_of(office, look)[0]
    first = visit["team"][0]["code"]
    shown_before = seen(office, Finding.HOLDS, files=[after_photo(office, "green")])

    with pytest.raises(Refused, match="handed in before"):
        record_finding(office, look, visit["number"], shown_before, hand(first))


def test_until_it_is_signed_the_first_inspector_may_record_anew(office, look):
    visit = visits_of(office, look)[0]
    first, second = (each["code"] for each in visit["team"])
    number = visit["number"]
    record_finding(office, look, number, seen(office, Finding.HOLDS), hand(first))
    anew = seen(office, Finding.RELAPSED, files=[])
    record_finding(office, look, number, anew, hand(first))

    sign_finding(office, look, number, Finding.RELAPSED, hand(second))

    assert visits_of(office, look)[0]["finding"] is Finding.RELAPSED


def test_the_other_inspector_does_not_record_over_a_signature(office, look):
    visit = visits_of(office, look)[0]
    first, second = (each["code"] for each in visit["team"])
    record_finding(office, look, visit["number"], seen(office, Finding.HOLDS), hand(first))

    with pytest.raises(Refused, match="another inspector has signed"):
        record_finding(office, look, visit["number"], seen(office, Finding.RELAPSED), hand(second))


def test_only_a_visits_own_inspectors_record_it(office, look):
    visits = visits_of(office, look)
    team = {each["code"] for each in visits[0]["team"]}
    stranger = next(
        each["code"] for visit in visits for each in visit["team"] if each["code"] not in team
    )

    with pytest.raises(Refused, match="this visit is not yours"):
        record_finding(
            office, look, visits[0]["number"], seen(office, Finding.HOLDS), hand(stranger)
        )


def test_a_case_that_was_not_drawn_is_not_in_it(office, look):
    first = visits_of(office, look)[0]["team"][0]["code"]

    with pytest.raises(NotFound, match="was not drawn"):
        record_finding(office, look, "YH2026-999999", seen(office, Finding.HOLDS), hand(first))


@pytest.mark.parametrize(
    ("finding", "changed", "where"),
    [
        (Finding.HOLDS, {"files": []}, "evidence"),
        (Finding.RELAPSED, {"files": []}, "evidence"),
        (Finding.RELAPSED, {"note": " "}, "note"),
        (Finding.NO_ACCESS, {"note": "", "files": []}, "note"),
        (Finding.NOT_APPLICABLE, {"note": "", "files": []}, "note"),
    ],
)
def test_what_was_seen_takes_a_photo_and_what_is_wrong_takes_words(
    office, look, finding, changed, where
):
    visit = visits_of(office, look)[0]
    first = visit["team"][0]["code"]

    with pytest.raises(Invalid) as told:
        record_finding(office, look, visit["number"], seen(office, finding, **changed), hand(first))

    assert told.value.where == where


def test_a_stratum_is_accepted_when_all_of_it_holds(office, look):
    answers = [found(office, look, visit) for visit in visits_of(office, look)[:3]]

    assert [each.decision for each in answers] == ["", "", "accepted"]
    judged = stratum(office, look)
    assert (judged.verdict.checked, judged.verdict.relapsed) == (3, 0)
    assert kinds(office).count("judge") == 1


def test_a_rejected_stratum_is_looked_at_as_a_whole(office, look):
    answer = found(office, look, visits_of(office, look)[0], Finding.RELAPSED)

    rechecked = recheck_rejected(office, hand(None))
    dealt = assign_inspectors(office, look, hand(None))

    assert answer.decision == "rejected"
    assert [(each.stratum, each.added, each.drawn) for each in rechecked] == [("cluster=P1", 5, 8)]
    assert (dealt.assigned, dealt.impossible) == (5, ())
    assert recheck_rejected(office, hand(None)) == []


def test_no_access_leaves_a_stratum_open(office, look):
    for visit in visits_of(office, look)[:2]:
        found(office, look, visit)
    answer = found(office, look, visits_of(office, look)[2], Finding.NO_ACCESS)

    judged = stratum(office, look)
    assert answer.decision == ""
    assert (judged.verdict.decision, judged.verdict.short) == ("open", 1)


def test_one_relapse_may_be_tolerated_when_the_plan_says_so(office):
    with_inspectors(office)
    closed_cases(office)
    look = assigned_look(office, TOLERANT)
    first, *others = visits_of(office, look)[:3]
    found(office, look, first, Finding.RELAPSED)

    answers = [found(office, look, visit) for visit in others]

    assert [each.decision for each in answers] == ["", "accepted"]


def test_two_rejections_tighten_the_next_draw(office):
    with_inspectors(office)
    closed_cases(office, 30)
    for _ in range(2):
        number = assigned_look(office)
        found(office, number, visits_of(office, number)[0], Finding.RELAPSED)

    third = assigned_look(office)

    assert stratum(office, third).size.severity == "tightened"
    assert stratum(office, third, "cluster=P2").size.severity == "normal"


def test_it_closes_when_all_is_found_and_judged(office, look):
    with pytest.raises(Refused, match="4 not looked at"):
        close_lookback(office, look, hand())
    for visit in visits_of(office, look):
        found(office, look, visit)

    assert close_lookback(office, look, hand()).state == "closed"
    assert kinds(office)[-1] == "close"
    assert open_lookback(office, look, by="admin").publish_by == china("2026-04-01")  # 20 workdays


def test_the_public_list_names_schools_and_no_person(office, look):
    for visit in visits_of(office, look):
        found(office, look, visit, note="王老师在场")
    close_lookback(office, look, hand())

    publish_lookback(office, look, hand())

    (shown,) = list_published(office)
    assert {each["finding"] for each in shown["cases"]} == {"holds"}
    assert {each["unit"] for each in shown["cases"]} >= {"第三幼儿园"}
    assert not any(word in str(shown) for word in ("王老师", "INSPECTOR", "inspector"))
    with pytest.raises(Refused, match="published already"):
        publish_lookback(office, look, hand())


def test_a_withdrawn_look_back_stays_in_the_list_with_its_reason(office, look):
    withdraw_lookback(office, look, "名单有误", hand())

    (row,) = list_lookbacks(office, by="auditor")
    assert row["state"] == "withdrawn"
    assert open_lookback(office, look, by="auditor").row["withdrawn_reason"] == "名单有误"
    first = visits_of(office, look)[0]
    with pytest.raises(Refused, match="it is withdrawn"):
        found(office, look, first)


def test_an_inspector_sees_their_own_visits_and_no_other(office, look):
    mine = my_visits(office, by="inspector2")

    shown = open_lookback(office, look, by="inspector2").visits
    assert {each["number"] for each in mine} == {each["number"] for each in shown}
    assert all("inspector2" in {one["code"] for one in each["team"]} for each in shown)


def test_the_history_holds_together_to_the_end(office, look):
    for visit in visits_of(office, look):
        found(office, look, visit, at=TUESDAY + timedelta(days=1))
    close_lookback(office, look, hand())

    assert open_lookback(office, look, by="auditor").broken_at is None
    with office.reading() as connection:
        assert first_break(read_records(connection, "lookback", 1)) is None


def test_a_case_drawn_again_is_looked_at_again(office, look):
    visit = visits_of(office, look)[0]
    found(office, look, visit)
    number = plan_lookback(office, Asked("每月"), hand()).number
    commit_seed(office, number, hand(), KEYS)

    drawn = draw_lookback(office, number, hand(), KEYS)

    assert drawn.frame_size == 12
