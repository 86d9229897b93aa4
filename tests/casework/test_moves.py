"""A case's life on both databases: its states, its clocks by hand, and what each event tells."""

import json
from datetime import datetime

import pytest
from sqlalchemy import func, select

from casework.errors import Conflict, NotFound, Refused, Unavailable
from casework.events import Door
from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.moves import move
from casework.office import Office
from models import METADATA
from models.tables import CASES, CLOCKS, EVENTS, EVIDENCE, PLANS, PRIVATE_VALUES
from rules.actions import Action
from rules.case import Level
from tests.conftest import opened
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

A = Action


def at_9(day):
    return datetime.fromisoformat(f"{day}T09:00+08:00")


def rows(office, table):
    with office.reading() as connection:
        return connection.execute(select(table).order_by(*table.primary_key)).all()


def bodies(office):
    return [(each.kind, json.loads(each.body)) for each in rows(office, EVENTS)]


def counts(office):
    """How many rows each table holds."""
    with office.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
        }


def live(office, number, day, action, by, **typed):
    """One line of a life: ``photo`` names the colour of an after-photo handed in with it."""
    files = [after_photo(office, typed.pop("photo"))] if "photo" in typed else []
    answer = act(office, number, action, by, at=at_9(day), files=files, **typed)
    assert broken(office) == []
    clock = rows(office, CLOCKS)[-1]
    due = datetime.fromisoformat(answer.due_at) if answer.due_at else None
    assert due in (clock.due_at, None)
    waits = (
        f"{answer.stage} {answer.holder} {due.astimezone(at_9(day).tzinfo):%m-%d}" if due else ""
    )
    return f"{answer.state}{' claimed' if answer.claimed else ''}: {waits}".rstrip()


# The day in each answer is the first that is late: its midnight is ``due_at``.
ORDINARY_LIFE = [
    # 24 September 2026 + 2 working days: 25–27 is 中秋, so the 28th and 29th.
    (("09-24", A.SUBMIT_PLAN, "owner1"), a_plan("2026-10-03"), "plan: approval head 09-30"),
    # A plan's deadline is its own: the third of 国庆 stays.
    (("09-29", A.APPROVE_PLAN, "head1"), {}, "rectifying: rectification owner 10-04"),
    (("09-29", A.PROGRESS, "owner1"), {"text": "已采购"}, "rectifying: rectification owner 10-04"),
    # 10 days on is 10 October, a Saturday that is worked.
    (("09-30", A.CLAIM, "owner1"), {"photo": "green"},
     "rectifying claimed: verification verifier 10-11"),
    # 5 working days: 10 (made up), 12, 13, 14, 15 October.
    (("10-09", A.PASS, "verifier1a"), {"finding": "合格"}, "verified: close_out cluster 10-16"),
    (("10-12", A.CLOSE, "cluster1"), {}, "closed:"),
]  # fmt: skip


def test_the_life_of_an_ordinary_case_around_the_national_day(office):
    number = reported(office, at=at_9("2026-09-22"))

    told = [live(office, number, f"2026-{day}", action, by, **typed)
            for (day, action, by), typed, _ in ORDINARY_LIFE]  # fmt: skip

    assert told == [expected for *_, expected in ORDINARY_LIFE]
    assert [(each.cause, each.limit, each.stopped_at) for each in rows(office, CLOCKS)] == [
        ("report", "3wd", at_9("2026-09-24")),
        ("submit_plan", "2wd", at_9("2026-09-29")),
        ("approve_plan", "set", at_9("2026-09-30")),
        ("claim", "10d", at_9("2026-10-09")),
        ("pass", "5wd", at_9("2026-10-12")),
    ]


MAJOR_LIFE = [
    # 3 working days each: 5, 6, 9 March.
    (("03-04", A.SUBMIT_PLAN, "owner1"), a_plan("2026-05-29"), "plan: approval cluster 03-10"),
    (("03-05", A.APPROVE_PLAN, "cluster1"), {}, "rectifying: rectification owner 05-30"),
    (("03-06", A.LIST, "committee1"), {"kind": "supervision", "reason": "重大"},
     "rectifying: rectification owner 05-30"),
    (("05-20", A.ASK_EXTENSION, "owner1"),
     {"reason": "待招标", "obstacle": "funds", "new_due": "2026-06-30", "plan": "分期",
      "interim": "围挡"}, "rectifying: rectification owner 05-30"),
    (("05-21", A.GRANT_EXTENSION, "committee1"), {"new_due": "2026-06-25", "reason": "属实"},
     "rectifying: rectification owner 06-26"),
    # 10 days on is 20 June, in 端午 (19–21), so the 22nd.
    (("06-10", A.CLAIM, "owner1"), {"photo": "green"},
     "rectifying claimed: verification verifier 06-23"),
    (("06-12", A.FAIL, "verifier1a"), {"finding": "未固定", "new_due": "2026-07-10"},
     "rectifying: rectification owner 07-11"),
    (("07-06", A.CLAIM, "head1"), {"photo": "blue"},
     "rectifying claimed: verification verifier 07-17"),
    (("07-07", A.NO_ACCESS, "verifier1b"), {"finding": "门锁着"},
     "rectifying claimed: verification verifier 07-18"),
    (("07-08", A.PASS, "verifier1b"), {"finding": "合格"}, "verified: close_out committee 07-16"),
    (("07-09", A.RELEASE, "committee1"), {"reason": "已验收"},
     "verified: close_out committee 07-16"),
    (("07-10", A.CLOSE, "committee2"), {}, "closed:"),
    # 90 days on is 30 November, a Monday.
    (("09-01", A.REOPEN, "inspector1"), {"finding": "复发"},
     "rectifying: rectification owner 12-01"),
    # 10 days on is 20 September, a Sunday that is worked.
    (("09-10", A.CLAIM, "owner1"), {"photo": "green"},
     "rectifying claimed: verification verifier 09-21"),
    (("09-11", A.PASS, "verifier1a"), {"finding": "合格"}, "verified: close_out committee 09-19"),
    (("09-15", A.CLOSE, "committee1"), {}, "closed:"),
]  # fmt: skip


def test_the_life_of_a_major_case_listed_extended_failed_and_reopened(office):
    number = reported(office, level=Level.MAJOR)

    told = [live(office, number, f"2026-{day}", action, by, **typed)
            for (day, action, by), typed, _ in MAJOR_LIFE]  # fmt: skip

    assert told == [expected for *_, expected in MAJOR_LIFE]
    assert [(each.no, each.cycle, each.cause, f"{each.due_at.astimezone(MONDAY_9AM.tzinfo):%m-%d}")
            for each in rows(office, CLOCKS)] == [
        (1, 1, "report", "03-06"), (2, 1, "submit_plan", "03-10"), (3, 1, "approve_plan", "05-30"),
        (4, 1, "grant_extension", "06-26"), (5, 1, "claim", "06-23"), (6, 1, "fail", "07-11"),
        (7, 1, "claim", "07-17"), (8, 1, "no_access", "07-18"), (9, 1, "pass", "07-16"),
        (10, 2, "reopen", "12-01"), (11, 2, "claim", "09-21"), (12, 2, "pass", "09-19"),
    ]  # fmt: skip


def test_an_extension_says_who_asked_who_granted_and_why(office):
    number = rectifying(office)
    ask = {"reason": "待招标", "obstacle": "待资金", "new_due": "2026-04-10", "plan": "分期",
           "interim": "围挡"}  # fmt: skip
    act(office, number, A.ASK_EXTENSION, "owner1", **ask)
    act(office, number, A.GRANT_EXTENSION, "cluster1", new_due="2026-04-01", reason="属实")

    before, after = rows(office, CLOCKS)[-2:]
    assert (after.asked_by_id, after.granted_by_id) == (PERSON["owner1"], PERSON["cluster1"])
    assert (after.reason, after.due_at) == (
        "属实",
        datetime.fromisoformat("2026-04-02T00:00+08:00"),
    )
    assert before.due_at == datetime.fromisoformat("2026-03-21T00:00+08:00")
    assert before.stopped_at == MONDAY_9AM


def test_an_extension_may_end_sixty_days_after_the_due_day_and_no_later(office):
    number = rectifying(office)
    ask = {"reason": "待招标", "obstacle": "funds", "plan": "分期", "interim": "围挡"}

    with pytest.raises(Refused, match="2026-05-19"):
        act(office, number, A.ASK_EXTENSION, "owner1", new_due="2026-05-20", **ask)

    assert act(office, number, A.ASK_EXTENSION, "owner1", new_due="2026-05-19", **ask).seq == 4


def test_a_second_extension_is_reckoned_from_the_day_the_first_one_set(office):
    number = rectifying(office)
    ask = {"reason": "待招标", "obstacle": "funds", "plan": "分期", "interim": "围挡"}
    act(office, number, A.ASK_EXTENSION, "owner1", new_due="2026-05-19", **ask)
    act(office, number, A.GRANT_EXTENSION, "cluster1", new_due="2026-05-19")

    # 60 days on is 18 July, a Saturday, so the 20th.
    with pytest.raises(Refused, match="2026-07-20"):
        act(office, number, A.ASK_EXTENSION, "owner1", new_due="2026-07-21", **ask)

    assert act(office, number, A.ASK_EXTENSION, "owner1", new_due="2026-07-20", **ask).seq == 6


def test_a_reopened_case_forgets_its_closing_but_its_clock_remembers(office):
    number = closed(office)
    closed_on = rows(office, CLOCKS)[-1].stopped_at

    act(office, number, A.REOPEN, "inspector1", at=at_9("2026-04-01"), finding="复发",
        files=[after_photo(office)])  # fmt: skip

    assert [each.stopped_at for each in rows(office, CLOCKS)][-2:] == [closed_on, None]
    assert rows(office, CASES)[0].closed_at is None
    assert rows(office, EVIDENCE)[-1].cycle == 2


def test_a_voided_report_is_closed_and_owes_nothing(office):
    number = reported(office)

    answer = act(office, number, A.VOID, "cluster1", reason="误报", duplicate_of="YH2026-000009")

    assert (answer.state, answer.due_at, answer.holder) == ("closed", None, None)
    assert rows(office, CLOCKS)[0].stopped_at == MONDAY_9AM
    assert broken(office) == []


def test_fixing_on_the_spot_goes_to_verification_at_once(office):
    number = reported(office)

    answer = act(office, number, A.FIX_ON_SPOT, "owner1", files=[after_photo(office)])

    assert (answer.state, answer.claimed, answer.stage) == ("rectifying", True, "verification")
    assert broken(office) == []


def test_a_returned_plan_is_kept_beside_the_next(office):
    number = planned(office)
    act(office, number, A.RETURN_PLAN, "head1", reason="资金不明")
    act(office, number, A.SUBMIT_PLAN, "owner1", **a_plan("2026-03-25"))
    act(office, number, A.APPROVE_PLAN, "cluster1")

    assert [(each.no, each.approved, each.reason) for each in rows(office, PLANS)] == [
        (1, False, "资金不明"), (2, True, ""),
    ]  # fmt: skip
    assert broken(office) == []


def test_a_plan_that_the_head_wrote_waits_for_the_cluster(office):
    number = reported(office)

    answer = act(office, number, A.SUBMIT_PLAN, "head1", **a_plan())

    assert (answer.stage, answer.holder) == ("approval", "cluster")
    with pytest.raises(Refused, match="nobody decides on a plan they wrote"):
        act(office, number, A.APPROVE_PLAN, "head1")
    assert broken(office) == []
    returned = act(office, number, A.RETURN_PLAN, "cluster1", reason="资金不明")
    assert returned.holder == "owner"
    assert act(office, number, A.SUBMIT_PLAN, "owner1", **a_plan()).holder == "head"


def test_a_plan_approved_after_its_own_deadline_is_due_that_day(office):
    number = planned(office, deadline="2026-03-03")

    act(office, number, A.APPROVE_PLAN, "head1", at=at_9("2026-03-10"))

    due = rows(office, CLOCKS)[-1].due_at
    assert due == datetime.fromisoformat("2026-03-11T00:00+08:00")


@pytest.mark.parametrize(
    ("walk", "action", "by", "typed", "clocks"),
    [
        (reported, A.GRADE, "cluster1", {"level": "major", "reason": "影响大"}, 2),
        (planned, A.GRADE, "cluster1", {"level": "major", "reason": "影响大"}, 3),
        # Due as before, on the ladder of its new level.
        (rectifying, A.GRADE, "cluster1", {"level": "major", "reason": "影响大"}, 4),
        (reported, A.TRANSFER, "cluster1", {"unit": "S3", "reason": "权属"}, 2),
        (rectifying, A.TRANSFER, "cluster1", {"unit": "S3", "reason": "权属"}, 3),
        (reported, A.ASSIGN, "head1", {"owner": "李四"}, 1),
    ],
)
def test_what_starts_a_clock_anew(office, walk, action, by, typed, clocks):
    act(office, walk(office), action, by, **typed)

    assert len(rows(office, CLOCKS)) == clocks
    assert broken(office) == []


def test_a_transferred_hazard_keeps_its_deadline_and_loses_the_extension_asked_for(office):
    number = rectifying(office)
    ask = {"reason": "待招标", "obstacle": "funds", "new_due": "2026-04-10", "plan": "分期",
           "interim": "围挡"}  # fmt: skip
    before = act(office, number, A.ASK_EXTENSION, "owner1", **ask)

    answer = act(office, number, A.TRANSFER, "cluster1", unit="S2", reason="权属")

    assert (answer.stage, answer.due_at) == ("rectification", before.due_at)
    assert rows(office, CASES)[0].extension_asked_by_id is None
    with pytest.raises(Refused, match="no extension has been asked for"):
        act(office, number, A.GRANT_EXTENSION, "cluster1", new_due="2026-04-01")
    assert broken(office) == []


def test_a_transferred_case_belongs_to_the_new_unit_and_cluster(office):
    number = reported(office, owner="张三", department="总务处")

    act(office, number, A.TRANSFER, "committee1", unit="第三幼儿园", reason="权属")

    case = rows(office, CASES)[0]
    assert (case.unit_id, case.cluster_id, case.department, case.owner) == (1006, 1003, "", "")
    assert act(office, number, A.SUBMIT_PLAN, "owner3", **a_plan()).state == "plan"
    with pytest.raises(Refused, match="may not"):
        act(office, number, A.RETURN_PLAN, "head1", reason="不再是我校")


def test_events_say_what_was_before_and_after(office):
    number = planned(office)
    act(office, number, A.APPROVE_PLAN, "cluster1")
    act(office, number, A.ASSIGN, "head1", owner="李四", department="保卫处")

    told = dict(bodies(office))
    assert told["submit_plan"]["changed"] == {
        "state": ["reported", "plan"],
        "hands": [[], [PERSON["owner1"]]],
        "plan_author": [None, PERSON["owner1"]],
        "plan_deadline": [None, "2026-03-20"],
    }
    assert told["approve_plan"]["changed"] == {"state": ["plan", "rectifying"]}
    assert told["approve_plan"]["clock"]["due"] == "2026-03-21T00:00:00+08:00"
    assert told["assign"]["changed"] == {"department": ["", "保卫处"]}
    assert told["assign"]["given"] == {"department": "保卫处"}


def test_events_say_who_in_what_role_and_through_which_door(office):
    number = rectifying(office)
    move(office, number, A.LIST, {"kind": "guidance", "reason": "逾期"}, by=None, at=MONDAY_9AM,
         door=Door.FLOW)  # fmt: skip

    assert [(each.actor_id, each.role, each.door) for each in rows(office, EVENTS)] == [
        (PERSON["reporter1"], "reporter", "cli"),
        (PERSON["owner1"], "owner", "cli"),
        (PERSON["cluster1"], "cluster", "cli"),
        (None, "ladder", "flow"),
    ]


def test_an_owners_name_never_enters_the_chain(office):
    number = rectifying(office, owner="欧阳𠮷祥")
    act(office, number, A.ASSIGN, "head1", owner="司徒䶮")

    chained = "".join(str(tuple(each)) for each in rows(office, EVENTS))
    assert [name for name in ("欧阳", "司徒", "\\u6b27\\u9633") if name in chained] == []
    assert [each.value for each in rows(office, PRIVATE_VALUES)] == ["欧阳𠮷祥", "司徒䶮"]
    assert broken(office) == []  # each value matches the digest in its event


def test_the_same_photo_is_not_evidence_twice(office):
    number = rectifying(office)
    photo = after_photo(office)
    act(office, number, A.PROGRESS, "owner1", text="已更换", files=[photo])
    before = counts(office)

    with pytest.raises(Refused, match="handed in before") as refused:
        act(office, number, A.CLAIM, "owner1", files=[photo])

    assert refused.value.where == "evidence"
    assert counts(office) == before
    assert act(office, number, A.CLAIM, "owner1").claimed


def test_a_step_that_takes_no_files_refuses_them(office):
    number = rectifying(office)
    before = counts(office)

    with pytest.raises(Refused, match="takes no files") as refused:
        act(office, number, A.ASSIGN, "head1", owner="李四", files=[after_photo(office)])

    assert refused.value.where == "evidence"
    assert counts(office) == before


def test_the_verifiers_photos_are_kept_and_prove_no_claim(office):
    number = claimed(office)
    photo = after_photo(office, "red")
    act(office, number, A.FAIL, "verifier1a", finding="未固定", new_due="2026-03-25", files=[photo])

    assert [each.by_id for each in rows(office, EVIDENCE)] == [
        PERSON["owner1"], PERSON["verifier1a"],
    ]  # fmt: skip
    assert broken(office) == []
    with pytest.raises(Refused, match="after-evidence is missing"):
        act(office, number, A.CLAIM, "owner1")


def test_after_a_failed_verification_new_photos_are_needed(office):
    number = claimed(office)
    act(office, number, A.FAIL, "verifier1a", finding="未固定", new_due="2026-03-25")

    with pytest.raises(Refused, match="after-evidence is missing"):
        act(office, number, A.CLAIM, "owner1")
    with pytest.raises(Refused, match="handed in before"):
        act(office, number, A.CLAIM, "owner1", files=[after_photo(office, "green")])

    assert act(office, number, A.CLAIM, "owner1", files=[after_photo(office, "blue")]).claimed


REFUSED = [
    (reported, A.APPROVE_PLAN, "head1", {}, "the case is reported"),
    (reported, A.SUBMIT_PLAN, "reporter1", a_plan(), "you may not"),
    (reported, A.SUBMIT_PLAN, "owner2", a_plan(), "you may not"),
    (reported, A.SUBMIT_PLAN, "owner1", {}, "duty is missing"),
    (reported, A.FIX_ON_SPOT, "owner1", {}, "after-evidence is missing"),
    (planned, A.APPROVE_PLAN, "owner1", {}, "you may not"),
    (rectifying, A.PASS, "verifier1a", {"finding": "合格"}, "has not claimed"),
    (rectifying, A.GRANT_EXTENSION, "cluster1", {"new_due": "2026-04-01"}, "no extension"),
    (rectifying, A.TRANSFER, "cluster1", {"unit": "S1", "reason": "权属"}, "already"),
    (claimed, A.PASS, "verifier2", {"finding": "合格"}, "you may not"),
    (claimed, A.CLAIM, "owner1", {}, "already claimed"),
    (claimed, A.GRADE, "cluster1", {"level": "major", "reason": "影响大"}, "already claimed"),
    (verified, A.CLOSE, "verifier1a", {}, "you may not"),
    (verified, A.RELEASE, "committee1", {"reason": "已验收"}, "not listed"),
    (closed, A.CLOSE, "committee1", {}, "the case is closed"),
    (closed, A.PROGRESS, "auditor", {"text": "看看"}, "you may not"),
]


@pytest.mark.parametrize(("walk", "action", "by", "typed", "says"), REFUSED)
def test_a_refusal_writes_nothing_and_tells_what_happened_last(
    office, walk, action, by, typed, says
):
    number = walk(office)
    before = counts(office), rows(office, CASES)

    with pytest.raises(Refused, match=says) as refused:
        act(office, number, action, by, **typed)

    assert (counts(office), rows(office, CASES)) == before
    assert refused.value.remedy.zh
    assert refused.value.where


def test_a_refusal_tells_the_last_event_in_both_languages(office):
    number = claimed(office)

    with pytest.raises(Refused) as refused:
        act(office, number, A.CLAIM, "owner1")

    assert "最近：03-02 09:00 责任人OWNER1申请验收（附件 1 份）。" in refused.value.say("zh")
    assert "Latest: 03-02 09:00 owner OWNER1: claim done (1 file(s))." in refused.value.say("en")


def test_whoever_looked_too_long_ago_is_told_what_happened_meanwhile(office):
    number = claimed(office)
    act(office, number, A.PASS, "verifier1a", finding="合格")
    before = counts(office)

    with pytest.raises(Conflict) as overtaken:
        move(office, number, A.FAIL, {"finding": "不合格", "new_due": "2026-03-25"},
             by="verifier1b", at=MONDAY_9AM, door=Door.PAGE, seen=4)  # fmt: skip

    assert "验收人VERIFIER1A验收通过：合格" in overtaken.value.say("zh")
    assert "verifier VERIFIER1A: pass: 合格" in overtaken.value.say("en")
    assert counts(office) == before


@pytest.mark.parametrize("seen", [0, -1, 3, 5, 2**70])
def test_any_other_count_of_events_is_a_conflict_that_tells_something(office, seen):
    number = claimed(office)

    with pytest.raises(Conflict, match="claim done"):
        move(office, number, A.PASS, {"finding": "合格"}, by="verifier1a", at=MONDAY_9AM,
             door=Door.PAGE, seen=seen)  # fmt: skip


def test_whoever_saw_the_last_event_may_move(office):
    number = claimed(office)

    answer = move(office, number, A.PASS, {"finding": "合格"}, by="verifier1a", at=MONDAY_9AM,
                  door=Door.PAGE, seen=4)  # fmt: skip

    assert answer.seq == 5


def test_an_unknown_case_is_not_found(office):
    with pytest.raises(NotFound, match="no case YH2026-000009") as missing:
        act(office, "YH2026-000009", A.CLAIM, "owner1")

    assert missing.value.where == "number"


def test_an_answer_carries_a_receipt_of_the_chain(office):
    number = reported(office)

    answer = act(office, number, A.SUBMIT_PLAN, "owner1", **a_plan())

    head = rows(office, CASES)[0].head
    assert answer.receipt == f"{number}/2/{head[:8]}"


def test_a_database_without_tables_is_said_in_plain_words(bare_database, tmp_path):
    with opened(bare_database) as engine:
        office = Office(engine, EvidenceStore(tmp_path, Limits()))
        with pytest.raises(Unavailable) as fault:
            act(office, "YH2026-000001", A.CLAIM, "owner1")

    assert "数据库不可用" in fault.value.say("zh")
    assert "bihuan db upgrade" in fault.value.say("en")
