"""回头看记录: what a closed look-back's record holds, and who may have it."""

import pytest

from casework.documents.issuing import list_documents
from casework.documents.making import make_file
from casework.documents.papers import open_paper
from casework.errors import NotFound, Refused
from casework.lookback.ending import close_lookback
from rules.documents import DocumentFormat
from rules.lookback.findings import Finding
from tests.lookbacks import (
    TUESDAY,
    assigned_look,
    closed_cases,
    found,
    hand,
    visits_of,
    with_inspectors,
)
from tests.papers import K, issued
from tests.papers import hand as paper_hand


@pytest.fixture
def look(office):
    """A look-back of four cases: one relapsed, the others hold."""
    with_inspectors(office)
    closed_cases(office)
    number = assigned_look(office)
    first, *others = visits_of(office, number)
    found(office, number, first, Finding.RELAPSED, note="又坏了")
    for each in others:
        found(office, number, each)
    close_lookback(office, number, hand())
    return number


def test_the_record_lists_every_visit_and_how_it_was_drawn(office, look):
    paper = issued(office, K.LOOKBACK, look, by="admin", at=TUESDAY)

    assert (paper.number, paper.content.title) == (f"{look}-记录", "每月回头看记录")
    assert paper.content.table[0] == ("案件编号", "单位", "复查结果", "复查日期", "检查人员")
    assert sorted(row[2] for row in paper.content.table[1:]) == [
        "复发",
        "未复发",
        "未复发",
        "未复发",
    ]
    assert "抽取4件。" in paper.content.sections[0].lines[0]
    assert paper.receipt.startswith(f"{look}/")
    assert make_file(office, paper.id, DocumentFormat.DOCX, paper_hand("auditor")).data


def test_what_a_look_back_found_gives_rise_to_an_opinion_on_the_case(office, look):
    relapsed = next(each for each in visits_of(office, look) if each["finding"] == "relapsed")

    paper = issued(office, K.REINSPECTION, relapsed["number"], at=TUESDAY)

    assert "回头看：隐患复发，请立即重新整改。" in paper.content.sections[2].lines
    kinds = [
        (each.basis.kind, each.basis.nth, each.why_not is None)
        for each in list_documents(office, relapsed["number"], by="committee1", at=TUESDAY)
    ]
    assert (K.RECTIFICATION, 1, False) in kinds
    assert (K.RECTIFICATION, 2, True) in kinds


def test_the_record_waits_for_the_end(sqlite_office):
    with_inspectors(sqlite_office)
    closed_cases(sqlite_office)
    number = assigned_look(sqlite_office)

    with pytest.raises(Refused) as refused:
        issued(sqlite_office, K.LOOKBACK, number, by="admin", at=TUESDAY)

    assert refused.value.problem.zh == "回头看尚未结束"


@pytest.mark.parametrize("by", ["cluster1", "head1", "owner1", "verifier1a"])
def test_who_may_be_looked_at_learns_of_no_record(sqlite_office, by):
    with_inspectors(sqlite_office)
    closed_cases(sqlite_office)
    number = assigned_look(sqlite_office)

    with pytest.raises(NotFound):
        list_documents(sqlite_office, number, by=by, at=TUESDAY)


@pytest.mark.parametrize("by", ["cluster1", "head1", "inspector1"])
def test_an_issued_record_is_not_for_them_either(office, look, by):
    paper = issued(office, K.LOOKBACK, look, by="admin", at=TUESDAY)

    with pytest.raises(NotFound):
        open_paper(office, paper.id, by=by)


def test_an_auditor_sees_the_record_but_does_not_issue_it(office, look):
    with pytest.raises(Refused):
        issued(office, K.LOOKBACK, look, by="auditor", at=TUESDAY)

    paper = issued(office, K.LOOKBACK, look, by="committee1", at=TUESDAY)

    assert issued(office, K.LOOKBACK, look, by="auditor", at=TUESDAY).id == paper.id
