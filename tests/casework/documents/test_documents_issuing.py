"""A document is issued once: its number and text stay, whoever asks again and whatever happens."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from casework.documents.issuing import list_documents
from casework.documents.papers import open_paper
from casework.errors import NotFound, Refused
from casework.records import read_records
from models.tables import DOCUMENTS
from rules.actions import Action
from tests.offices import MONDAY_9AM, act, after_photo, closed, rectifying, reported
from tests.papers import BASE, K, failed, issued, listed, released


def offered(office, number, by="committee1"):
    return [
        (each.basis.kind, each.basis.number, each.why_not is None)
        for each in list_documents(office, number, by=by, at=MONDAY_9AM)
    ]


def texts(paper):
    return [line for section in paper.content.sections for line in section.lines]


def test_a_life_gives_rise_to_these_documents(office):
    number = released(office)

    assert sorted(offered(office, number)) == sorted([
        (K.RECTIFICATION, f"{number}-整改-1", True),
        (K.REINSPECTION, f"{number}-复查-1", True),
        (K.SUPERVISION, "校安督〔2026〕1号", True),
        (K.REINSPECTION, f"{number}-复查-2", True),
        (K.RELEASE, "校安督〔2026〕1号-摘牌", True),
    ])  # fmt: skip


@pytest.mark.parametrize("written", ["校安督〔2026〕1号", "校安督[2026]1号", "校安督（2026）1号"])
def test_an_order_is_found_in_whatever_brackets_and_offers_its_own_documents(office, written):
    listed(office)

    assert offered(office, written) == [(K.SUPERVISION, "校安督〔2026〕1号", True)]


def test_issuing_again_gives_the_same_number_and_text_whatever_happened_since(office):
    number = rectifying(office, description="灭火器压力不足\n门口堆物", location="三楼")
    first = issued(office, K.RECTIFICATION, number)
    act(office, number, Action.CLAIM, "owner1", files=[after_photo(office)])

    again = issued(office, K.RECTIFICATION, number, by="cluster1")

    assert (first.repeated, again.repeated) == (False, True)
    assert (again.number, again.content, again.token) == (first.number, first.content, first.token)
    assert "请于2026年3月20日前完成整改。逾期未完成的，按规定督办。" in texts(first)
    assert {"灭火器压力不足", "门口堆物"} <= set(texts(first))


def test_two_who_issue_at_once_issue_one_document(office):
    number = rectifying(office)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: issued(office, K.RECTIFICATION, number), range(4)))

    assert {each.id for each in found} == {found[0].id}
    assert sorted(each.repeated for each in found) == [False, True, True, True]


def test_a_document_bears_the_receipt_of_the_history_it_was_written_from(office):
    number = failed(office)

    paper = issued(office, K.REINSPECTION, number, by="verifier1a")

    assert paper.receipt.startswith(f"{number}/5/")
    assert paper.content.address == f"{BASE}/verify/{paper.token}"
    assert paper.content.issuer == "第一片区"
    assert paper.content.copies == "学校安全专委会"
    assert "未固定" in texts(paper)
    assert any("请于2026年3月15日前完成整改。" in each for each in texts(paper))


def test_the_supervision_notice_says_why_what_and_until_when(office):
    number = listed(office)

    paper = issued(office, K.SUPERVISION, number, by="cluster1")

    assert (paper.number, paper.content.title) == ("校安督〔2026〕1号", "挂牌督办通知书")
    assert {"情况严重。", "久拖不改"} <= set(texts(paper))
    assert any(each.startswith("请于2026年3月16日前完成整改。") for each in texts(paper))


def test_the_release_notice_stands_on_the_release(office):
    with pytest.raises(NotFound, match="gives rise to a release notice"):
        issued(office, K.RELEASE, listed(office))

    paper = issued(office, K.RELEASE, released(office, unit="S1", description="另一处"))

    assert paper.number == "校安督〔2026〕2号-摘牌"
    assert "隐患已消除" in texts(paper)
    assert "自2026年3月2日起摘牌，解除挂牌督办。" in texts(paper)


def test_a_closed_case_calls_for_no_rectification_but_an_issued_notice_stays(office):
    number = reported(office)
    before = issued(office, K.RECTIFICATION, number)
    other = closed(office, description="另一处")

    with pytest.raises(Refused) as refused:
        issued(office, K.RECTIFICATION, other)

    assert refused.value.problem.zh == "隐患已销号，不再需要整改通知"
    assert refused.value.where == f"{other}-整改-1"
    assert issued(office, K.RECTIFICATION, number).id == before.id


@pytest.mark.parametrize("nth", [1, 2])
def test_any_of_several_may_be_asked_for_and_the_newest_comes_otherwise(office, nth):
    number = released(office)

    assert issued(office, K.REINSPECTION, number, nth=nth).number == f"{number}-复查-{nth}"
    assert issued(office, K.REINSPECTION, number).number == f"{number}-复查-2"


@pytest.mark.parametrize("nth", [0, 3])
def test_one_that_there_is_no_ground_for_is_refused(office, nth):
    with pytest.raises(NotFound):
        issued(office, K.REINSPECTION, released(office), nth=nth)


@pytest.mark.parametrize("by", ["reporter1", "owner1", "head1", "admin", "auditor", "inspector1"])
def test_who_may_see_but_not_issue_is_told_who_may(sqlite_office, by):
    number = failed(sqlite_office)

    with pytest.raises(Refused) as refused:
        issued(sqlite_office, K.REINSPECTION, number, by=by)

    assert refused.value.problem.zh == "您无权签发复查意见书"
    assert [may for _, _, may in offered(sqlite_office, number, by)] == [False, False]


@pytest.mark.parametrize("by", ["owner1", "head1", "auditor", "reporter1"])
def test_who_may_see_the_case_may_have_what_was_issued(sqlite_office, by):
    number = failed(sqlite_office)
    paper = issued(sqlite_office, K.REINSPECTION, number, by="verifier1a")

    assert issued(sqlite_office, K.REINSPECTION, number, by=by).id == paper.id
    assert open_paper(sqlite_office, paper.id, by=by).number == paper.number


@pytest.mark.parametrize("by", ["owner2", "head3", "cluster2", "verifier2", "reporter3"])
def test_who_may_not_see_the_case_learns_of_no_document(sqlite_office, by):
    number = failed(sqlite_office)
    paper = issued(sqlite_office, K.REINSPECTION, number)

    with pytest.raises(NotFound):
        list_documents(sqlite_office, number, by=by, at=MONDAY_9AM)
    with pytest.raises(NotFound):
        issued(sqlite_office, K.REINSPECTION, number, by=by)
    with pytest.raises(NotFound):
        open_paper(sqlite_office, paper.id, by=by)


def test_a_cluster_does_not_issue_what_the_committee_supervises(sqlite_office):
    number = listed(sqlite_office, supervisor="committee")

    with pytest.raises(Refused, match="you may not issue"):
        issued(sqlite_office, K.SUPERVISION, number, by="cluster1")


def test_the_history_of_a_document_holds_a_hash_and_not_a_word_of_it(office):
    paper = issued(office, K.RECTIFICATION, reported(office, description="无人知晓的隐患"))

    with office.reading() as connection:
        ((event, _hash),) = read_records(connection, "document", paper.id)

    body = json.loads(event.body)
    assert (event.kind, event.role, body["number"]) == ("issue_document", "committee", paper.number)
    assert len(body["content"]) == 64
    assert "无人知晓" not in event.body


@pytest.mark.parametrize("statement", [
    update(DOCUMENTS).values(content="{}"), DOCUMENTS.delete(),
])  # fmt: skip
def test_the_database_refuses_to_rewrite_a_document(office, statement):
    issued(office, K.RECTIFICATION, reported(office))

    with pytest.raises(DBAPIError, match="written once"), office.engine.begin() as connection:
        connection.execute(statement)


def test_nothing_is_left_behind_by_a_refusal(office):
    with pytest.raises(Refused):
        issued(office, K.RECTIFICATION, reported(office), by="owner1")

    with office.reading() as connection:
        assert connection.execute(select(func.count()).select_from(DOCUMENTS)).scalar() == 0


@pytest.mark.parametrize("asked", ["YH2026-999999", "校安督〔2026〕9号", "校安回〔2026〕9号", "x"])
def test_what_there_is_not_is_not_found(sqlite_office, asked):
    with pytest.raises(NotFound):
        list_documents(sqlite_office, asked, by="committee1", at=MONDAY_9AM)
