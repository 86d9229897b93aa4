"""What may be done to a supervision order, by whom and until when."""

from datetime import date, datetime, timedelta

import pytest

from rules.access import Role
from rules.deadlines import Limit
from rules.decisions import Refusal
from rules.ladder import OrderLevel
from rules.orders import ACTS, OrderAct, OrderFacts, decide_act, level_missed, term_of
from rules.workdays import CHINA, published

ISSUED = datetime(2026, 3, 2, 9, tzinfo=CHINA)
DUE = datetime(2026, 3, 17, tzinfo=CHINA)  # the last day is Monday 16 March
TICK = timedelta(microseconds=1)
BY_PEOPLE = sorted(set(OrderAct) - {OrderAct.DEMAND, OrderAct.MISS_REPORT})


def term(ask="5wd", longest="365d", due_at=DUE):
    return term_of(
        ISSUED, due_at, ask=Limit.parse(ask), longest=Limit.parse(longest), calendar=published()
    )


def decided(act, *, facts=None, by=1, role=Role.OWNER, at=ISSUED, until=date(2026, 3, 30)):
    return decide_act(
        facts or OrderFacts(OrderLevel.CLUSTER), act, by=by, roles={role}, term=term(), at=at,
        until=until,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "too_late"),
    [
        ("5wd", "2026-03-10T00:00+08:00"),  # Monday 9 March is the last day to ask
        ("1wd", "2026-03-14T00:00+08:00"),  # Friday 13
        ("20wd", "2026-02-11T00:00+08:00"),  # over 春节, its two make-up days counted
        ("5d", "2026-03-12T00:00+08:00"),
        ("48h", "2026-03-15T00:00+08:00"),
    ],
)
def test_an_extension_is_asked_for_before_this_moment(ask, too_late):
    assert term(ask).ask_before == datetime.fromisoformat(too_late)


@pytest.mark.parametrize(
    ("longest", "furthest"),
    [
        ("365d", date(2027, 3, 2)),
        ("12d", date(2026, 3, 14)),  # a Saturday: the most there is does not roll on
        ("10wd", date(2026, 3, 16)),
    ],
)
def test_the_whole_term_ends_by_this_day(longest, furthest):
    assert term(longest=longest).furthest == furthest


@pytest.mark.parametrize(
    ("at", "refused"), [(term().ask_before - TICK, False), (term().ask_before, True)]
)
def test_the_moment_itself_is_too_late(at, refused):
    assert isinstance(decided(OrderAct.ASK_EXTENSION, at=at), Refusal) is refused


@pytest.mark.parametrize("act", BY_PEOPLE)
def test_every_act_of_people_is_in_the_table_and_says_who(act):
    assert ACTS[act].cluster
    assert ACTS[act].committee
    assert act.label.zh
    assert act.label.en


@pytest.mark.parametrize("act", [OrderAct.GRANT_EXTENSION, OrderAct.REFUSE_EXTENSION])
@pytest.mark.parametrize("level", OrderLevel)
def test_nobody_of_the_unit_decides(act, level):
    assert {Role.OWNER, Role.HEAD}.isdisjoint(ACTS[act].cluster | ACTS[act].committee)
    facts = OrderFacts(level, asked_by=7)

    assert isinstance(decided(act, facts=facts, by=7, role=Role.COMMITTEE), Refusal)
    assert decided(act, facts=facts, by=8, role=Role.COMMITTEE) is Role.COMMITTEE


@pytest.mark.parametrize(
    ("role", "level", "may"),
    [
        (Role.CLUSTER, OrderLevel.CLUSTER, True),
        (Role.CLUSTER, OrderLevel.COMMITTEE, False),
        (Role.COMMITTEE, OrderLevel.COMMITTEE, True),
        (Role.AUDITOR, OrderLevel.CLUSTER, False),
        (Role.ADMIN, OrderLevel.COMMITTEE, False),
    ],
)
def test_the_level_of_the_order_says_who_decides(role, level, may):
    facts = OrderFacts(level, asked_by=7)

    decision = decided(OrderAct.GRANT_EXTENSION, facts=facts, by=8, role=role)

    assert isinstance(decision, Refusal) is not may


def test_who_may_not_is_told_who_may():
    refusal = decided(OrderAct.PUBLISH, facts=OrderFacts(OrderLevel.COMMITTEE), role=Role.CLUSTER)

    assert refusal.wording.zh == "您无权“公布挂牌督办”"
    assert (refusal.remedy.zh, refusal.remedy.en) == ("须由专委会办理。", "It takes: committee.")


@pytest.mark.parametrize(
    ("misses", "level"), [(0, None), (1, Role.CLUSTER), (2, Role.COMMITTEE), (3, None), (9, None)]
)
def test_each_level_hears_of_one_miss(misses, level):
    assert level_missed(misses) is level
