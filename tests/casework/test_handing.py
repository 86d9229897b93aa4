"""Whom a move concerns hears of it in the transaction that makes it; its mover does not."""

import json

import pytest
from sqlalchemy import delete, select, update

from casework.errors import Refused
from casework.importing import import_ledger
from models.tables import NOTICES, PEOPLE, ROLE_GRANTS
from rules.actions import Action
from rules.case import Level
from tests.invariants import broken
from tests.offices import (
    MONDAY_9AM,
    PERSON,
    a_plan,
    act,
    after_photo,
    claimed,
    closed,
    planned,
    rectifying,
    reported,
    verified,
)

CODE = {number: code for code, number in PERSON.items()}
A = Action
AN_EXTENSION = {
    "reason": "缺料", "obstacle": "funds", "new_due": "2026-03-30", "plan": "分两步",
    "interim": "围挡",
}  # fmt: skip
GRANTED = {"new_due": "2026-03-30"}
LISTING = {"kind": "supervision", "reason": "严重"}


def notices(office):
    with office.reading() as connection:
        return connection.execute(select(NOTICES).order_by(NOTICES.c.id)).all()


def told_by(office, number, action, by, **how):
    """Who is owed which kind of notice by one move."""
    before = len(notices(office))
    act(office, number, action, by, **how)
    return [(each.kind, CODE[each.person_id]) for each in notices(office)[before:]]


def asked(office):
    number = rectifying(office)
    act(office, number, A.ASK_EXTENSION, "owner1", **AN_EXTENSION)
    return number


def asked_major(office):
    number = rectifying(office, level=Level.MAJOR)
    act(office, number, A.ASK_EXTENSION, "owner1", **AN_EXTENSION)
    return number


def major(walk):
    return lambda office: walk(office, level=Level.MAJOR)


def listed(office):
    number = verified(office)
    act(office, number, A.LIST, "committee1", **LISTING)
    return number


def released(office):
    number = listed(office)
    act(office, number, A.RELEASE, "committee2", reason="已验收")
    return number


@pytest.mark.parametrize(
    ("walk", "action", "by", "typed", "told"),
    [
        # The plan goes up to whoever decides on it, and comes back to the school.
        (reported, A.SUBMIT_PLAN, "owner1", a_plan(), [("handed", "head1")]),
        (reported, A.SUBMIT_PLAN, "head1", a_plan(), [("handed", "cluster1")]),
        (major(reported), A.SUBMIT_PLAN, "owner1", a_plan(), [("handed", "cluster1")]),
        (planned, A.RETURN_PLAN, "head1", {"reason": "重写"}, [("handed", "owner1")]),
        (planned, A.APPROVE_PLAN, "head1", {}, [("handed", "owner1")]),
        # A claim goes to the verifiers; their verdict to whoever has to act on it.
        (claimed, A.FAIL, "verifier1a", {"finding": "仍漏", "new_due": "2026-03-16"},
         [("handed", "owner1")]),
        (claimed, A.PASS, "verifier1a", {"finding": "已换"}, [("handed", "cluster1")]),
        (major(claimed), A.PASS, "verifier1a", {"finding": "已换"},
         [("handed", "committee1"), ("handed", "committee2")]),
        (claimed, A.NO_ACCESS, "verifier1a", {"finding": "上锁"}, [("no_access", "owner1")]),
        # Relapsed: the school, and its head.
        (closed, A.REOPEN, "inspector1", {"finding": "复发"},
         [("handed", "owner1"), ("handed", "head1")]),
        # Whoever it goes to, or whose it is while it changes.
        (reported, A.TRANSFER, "cluster1", {"unit": "S3", "reason": "权属"},
         [("handed", "owner3")]),
        (reported, A.ASSIGN, "head1", {"owner": "李四"}, [("handed", "owner1")]),
        (reported, A.GRADE, "cluster1", {"level": "major", "reason": "大"},
         [("handed", "owner1")]),
        # An extension is asked of whoever decides, and answered to whoever asked.
        (rectifying, A.ASK_EXTENSION, "owner1", AN_EXTENSION, [("ask_extension", "cluster1")]),
        (major(rectifying), A.ASK_EXTENSION, "owner1", AN_EXTENSION,
         [("ask_extension", "committee1"), ("ask_extension", "committee2")]),
        (asked, A.GRANT_EXTENSION, "cluster1", GRANTED, [("grant_extension", "owner1")]),
        (asked_major, A.GRANT_EXTENSION, "committee1", GRANTED,
         [("grant_extension", "owner1")]),
        (asked, A.REFUSE_EXTENSION, "cluster1", {"reason": "按期"},
         [("refuse_extension", "owner1")]),
        # Listing is the school's and its cluster's business; so is the end of it the school's.
        (reported, A.LIST, "committee1", LISTING,
         [("list", "owner1"), ("list", "head1"), ("list", "cluster1")]),
        (listed, A.RELEASE, "committee1", {"reason": "已验收"},
         [("release", "owner1"), ("release", "head1")]),
        # The end of a case is the school's business, and theirs who listed it.
        (reported, A.VOID, "cluster1", {"reason": "误报"},
         [("voided", "owner1"), ("voided", "head1")]),
        (verified, A.CLOSE, "cluster1", {}, [("closed", "owner1"), ("closed", "head1")]),
        (released, A.CLOSE, "cluster1", {},
         [("closed", "owner1"), ("closed", "head1"), ("closed", "committee1")]),
        (released, A.CLOSE, "committee1", {}, [("closed", "owner1"), ("closed", "head1")]),
        # What leaves the case where it was tells nobody.
        (rectifying, A.PROGRESS, "owner1", {"text": "进行中"}, []),
    ],
)  # fmt: skip
def test_a_move_tells_whom_it_concerns(sqlite_office, walk, action, by, typed, told):
    assert told_by(sqlite_office, walk(sqlite_office), action, by, **typed) == told
    assert broken(sqlite_office) == []


def test_a_claim_is_told_to_every_verifier_of_the_cluster(office):
    number = rectifying(office)

    told = told_by(office, number, A.CLAIM, "owner1", files=[after_photo(office)])

    assert told == [("handed", "verifier1a"), ("handed", "verifier1b")]


def test_a_notice_says_what_was_done_and_carries_the_receipt_of_its_event(office):
    number = planned(office)

    answer = act(office, number, A.RETURN_PLAN, "head1", reason="措施不具体")

    last = notices(office)[-1]
    assert json.loads(last.body) == {
        "action": "return_plan", "stage": "plan", "holder": "owner", "reason": "措施不具体",
    }  # fmt: skip
    assert (last.receipt, last.urgent, last.state) == (answer.receipt, False, "waiting")
    assert last.owed_at == last.next_at == MONDAY_9AM


def test_whoever_moves_is_not_told_of_it(office):
    number = rectifying(office)

    told = told_by(office, number, A.LIST, "committee1", **LISTING)
    owners = told_by(office, reported(office), A.SUBMIT_PLAN, "owner1", **a_plan())

    assert ("list", "committee1") not in told
    assert ("handed", "owner1") not in owners


def test_a_new_hazard_is_told_to_whoever_answers_for_it(office):
    reported(office)

    [told] = notices(office)
    assert (told.kind, CODE[told.person_id], told.clock_no) == ("handed", "owner1", 1)
    assert json.loads(told.body) == {"action": "report", "stage": "plan", "holder": "owner"}
    assert broken(office) == []


def test_a_ledger_of_many_hazards_tells_nobody_of_each(office, tmp_path):
    path = tmp_path / "ledger.csv"
    path.write_text("单位,隐患描述,类别\n第一小学,灯坏,用电\n第一小学,墙裂,校舍", encoding="utf-8")

    import_ledger(office, path, by="committee1", at=MONDAY_9AM)

    assert notices(office) == []


def test_the_stand_in_is_told_for_whoever_is_away(office):
    number = reported(office)
    with office.writing() as connection:
        away = {"stand_in_id": PERSON["head2"], "away_from": MONDAY_9AM.date()}
        connection.execute(update(PEOPLE).where(PEOPLE.c.code == "head1").values(away))

    assert told_by(office, number, A.SUBMIT_PLAN, "owner1", **a_plan()) == [("handed", "head2")]


def test_where_nobody_holds_the_role_the_next_superior_is_told(office):
    number = reported(office)
    with office.writing() as connection:
        nobody = ROLE_GRANTS.c.person_id == PERSON["head1"]
        connection.execute(delete(ROLE_GRANTS).where(nobody))

    assert told_by(office, number, A.SUBMIT_PLAN, "owner1", **a_plan()) == [("handed", "cluster1")]


def test_a_refused_move_tells_nobody(office):
    number = reported(office)
    before = notices(office)

    with pytest.raises(Refused):
        act(office, number, A.CLOSE, "cluster1")

    assert notices(office) == before
