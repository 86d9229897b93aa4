"""The life of a supervision order: served, acknowledged, extended, published, released."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from casework.case_file import open_case_file
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.order_acts import (
    acknowledge_order,
    ask_order_extension,
    decide_order_extension,
    publish_order,
    serve_order,
)
from casework.order_list import OrderFilter, list_orders, list_published, open_order
from casework.order_record import Hand
from casework.sweep import sweep
from models.tables import EVENTS, NOTICES, ORDERS, PEOPLE
from rules.actions import Action
from rules.ladder import OrderLevel
from rules.orders import OrderCause, Service
from tests.invariants import broken
from tests.offices import (
    MONDAY_9AM,
    PERSON,
    act,
    after_photo,
    claimed,
    rectifying,
    reported,
    verified,
)

# Listed on Monday 2 March, to be done by Monday 16 March: five working days before is the 9th.
DUE = "2026-03-16"
UNTIL = date(2026, 3, 30)


def at(text):
    return datetime.fromisoformat(text if "T" in text else f"{text}T09:00").replace(
        tzinfo=MONDAY_9AM.tzinfo
    )


def hand(by, moment=MONDAY_9AM, key=None):
    return Hand(by, moment, Door.CLI, key)


def listed(office, number, *, moment=MONDAY_9AM, new_due=DUE, supervisor="cluster", **typed):
    """List a case; return its order's number."""
    fields = {"kind": "supervision", "reason": "久拖不改", "new_due": new_due, **typed}
    act(office, number, Action.LIST, "committee1", at=moment, supervisor=supervisor, **fields)
    return shown(office, number)["number"]


def an_order(office, **options):
    return listed(office, rectifying(office), **options)


def shown(office, order, by="committee1", as_of=MONDAY_9AM):
    return open_order(office, order, by=by, as_of=as_of)


def asked(office, order, *, by="owner1", moment=MONDAY_9AM, until=UNTIL):
    return ask_order_extension(office, order, until, "配件未到", hand=hand(by, moment))


def told_to(office, kind):
    """Whom notices of a kind are owed to, by code."""
    found = select(PEOPLE.c.code).join(NOTICES, NOTICES.c.person_id == PEOPLE.c.id)
    with office.reading() as connection:
        return sorted(connection.execute(found.where(NOTICES.c.kind == kind)).scalars())


def all_written(office):
    """How many events and notices there are, and every order as it stands."""
    counts = [select(func.count()).select_from(table) for table in (EVENTS, NOTICES)]
    with office.reading() as connection:
        numbers = [connection.execute(each).scalar_one() for each in counts]
        return [*numbers, connection.execute(select(ORDERS).order_by(ORDERS.c.id)).all()]


def test_an_order_is_served_acknowledged_extended_published_and_released(office):
    number = rectifying(office)
    order = listed(office, number)

    serve_order(office, order, Service.SIGNED, hand=hand("cluster1"))
    acknowledge_order(office, order, hand=hand("head1"))
    asked(office, order)
    decide_order_extension(office, order, grant=True, hand=hand("cluster1"))
    publish_order(office, order, hand=hand("committee1"))
    act(office, number, Action.CLAIM, "owner1", files=[after_photo(office)])
    act(office, number, Action.PASS, "verifier1a", finding="已更换")
    act(office, number, Action.RELEASE, "committee1", reason="验收合格")

    found = shown(office, order)
    assert (found["served_how"], found["acknowledged_by"]) == (Service.SIGNED, "HEAD1")
    assert (found["due_at"], found["extensions"]) == (at("2026-03-31T00:00"), 1)
    assert (found["published_at"], found["released_at"]) == (MONDAY_9AM, MONDAY_9AM)
    assert (found["released_by"], found["next_demand_at"]) == ("COMMITTEE1", None)
    assert broken(office) == []


def test_every_act_is_told_in_the_case_s_history(office):
    number = rectifying(office)
    order = listed(office, number)
    serve_order(office, order, Service.REFUSED, hand=hand("cluster1"), note="门卫张三拒收")
    acknowledge_order(office, order, hand=hand("owner1"))
    asked(office, order)
    decide_order_extension(office, order, grant=False, reason="理由不足", hand=hand("cluster1"))

    history = open_case_file(office, number, by="owner1", as_of=MONDAY_9AM).history

    assert [each["zh"] for each in history[-4:]] == [
        f"片区负责人CLUSTER1送达督办通知书 {order}：拒绝签收",
        f"责任人OWNER1签认督办 {order}",
        f"责任人OWNER1申请督办延期 {order}：2026-03-30，配件未到",
        f"片区负责人CLUSTER1不同意督办延期 {order}：2026-03-30，理由不足",
    ]
    assert history[-4]["body"]["note"] == "门卫张三拒收"
    assert broken(office) == []


def test_who_refused_to_sign_stays_out_of_the_chain(office):
    order = an_order(office)

    serve_order(office, order, Service.REFUSED, hand=hand("cluster1"), note="张三拒收")

    with office.reading() as connection:
        body = connection.execute(
            select(EVENTS.c.body).where(EVENTS.c.kind == "serve_order")
        ).scalar_one()
    assert "张三" not in body
    assert set(json.loads(body)) == {"order", "how", "note"}
    assert shown(office, order)["served_note"] == "张三拒收"


def test_an_order_that_was_refused_at_the_door_can_still_be_acknowledged(office):
    order = an_order(office)
    serve_order(office, order, Service.REFUSED, hand=hand("cluster1"))

    acknowledge_order(office, order, hand=hand("head1"))

    assert shown(office, order)["acknowledged_at"] == MONDAY_9AM


# Five working days before Monday 16 March is Monday 9 March; its last second is in time.
@pytest.mark.parametrize(
    ("due", "last"),
    [
        ("2026-03-16", "2026-03-09"),
        ("2026-03-14", "2026-03-09"),  # due on a Saturday: 13, 12, 11, 10, 9
        ("2026-10-12", "2026-09-29"),  # over 国庆: 10 (made up), 9, 8 October, 30, 29 September
    ],
)
def test_an_extension_is_asked_for_five_working_days_before_due_and_not_a_second_later(
    sqlite_office, due, last
):
    order = an_order(sqlite_office, new_due=due)
    until = date.fromisoformat(due) + timedelta(days=14)
    in_time = at(f"{last}T23:59:59")

    with pytest.raises(Refused, match=f"must be asked for by {last}") as refused:
        asked(sqlite_office, order, moment=in_time + timedelta(seconds=1), until=until)
    before = shown(sqlite_office, order)["extension_asked_at"]
    asked(sqlite_office, order, moment=in_time, until=until)

    assert f"最晚须在 {last} 申请" in refused.value.say("zh")
    assert (before, shown(sqlite_office, order)["extension_asked_at"]) == (None, in_time)


@pytest.mark.parametrize(
    ("until", "says"),
    [
        ("2026-03-15", "must come after 2026-03-16"),
        ("2026-03-16", "must come after 2026-03-16"),
        ("2027-03-03", "the whole term ends by 2027-03-02"),
    ],
)
def test_an_extension_lies_between_the_due_day_and_the_longest_term(sqlite_office, until, says):
    order = an_order(sqlite_office)

    with pytest.raises(Refused, match=says) as refused:
        asked(sqlite_office, order, until=date.fromisoformat(until))

    assert refused.value.where == "new_due"


@pytest.mark.parametrize("until", ["2026-03-17", "2027-03-02"])
def test_the_first_and_the_last_day_that_may_be_asked_for_are_taken(sqlite_office, until):
    order = an_order(sqlite_office)

    asked(sqlite_office, order, until=date.fromisoformat(until))
    decide_order_extension(sqlite_office, order, grant=True, hand=hand("committee1"))

    assert shown(sqlite_office, order)["due_at"] == at(f"{until}T00:00") + timedelta(days=1)


def test_a_kindergarten_listed_for_more_than_a_year_outlives_its_longest_term(office):
    """韶山: found on 24 March 2020, delisted in May 2021."""
    begun = at("2020-03-24")
    number = rectifying(office, unit="S3", at=begun, deadline="2020-06-01")
    order = listed(
        office, number, moment=begun, new_due="2020-12-31", supervisor="committee",
        cause="cannot_fix_at_once", kind="guidance",
    )  # fmt: skip
    year_over = date(2021, 3, 24)

    with pytest.raises(Refused, match="the whole term ends by 2021-03-24"):
        asked(office, order, by="owner3", moment=at("2020-12-01"), until=date(2021, 5, 31))
    asked(office, order, by="owner3", moment=at("2020-12-01"), until=year_over)
    decide_order_extension(office, order, grant=True, hand=hand("committee1", at("2020-12-03")))
    with pytest.raises(Refused, match="the whole term ends by 2021-03-24"):
        asked(office, order, by="owner3", moment=at("2021-02-01"), until=date(2021, 3, 25))
    moment = at("2021-05-10")
    photo = [after_photo(office)]
    act(office, number, Action.CLAIM, "owner3", at=moment, files=photo)
    act(office, number, Action.PASS, "verifier2", at=moment, finding="已加固")
    act(office, number, Action.RELEASE, "committee1", at=moment, reason="验收合格")

    found = shown(office, order, as_of=at("2022-01-01"))
    assert (found["cause"], found["extensions"]) == (OrderCause.CANNOT_FIX_AT_ONCE, 1)
    assert found["days_late"] == 47
    assert broken(office) == []


def test_several_orders_in_a_case_s_life_keep_their_history(office):
    number = verified(office)
    first = listed(office, number)
    act(office, number, Action.RELEASE, "committee1", reason="验收合格")
    act(office, number, Action.CLOSE, "committee1")
    act(office, number, Action.REOPEN, "inspector1", finding="又坏")
    second = listed(office, number, supervisor="committee")
    serve_order(office, first_open(office, number), Service.LEFT, hand=hand("committee1"))

    orders = list_orders(office, OrderFilter(case=number), by="committee1", as_of=MONDAY_9AM)

    told = [(each["number"], each["level"], each["served_how"]) for each in orders]
    assert told == [
        (second, OrderLevel.COMMITTEE, Service.LEFT), (first, OrderLevel.CLUSTER, None),
    ]  # fmt: skip
    assert [each["released_at"] for each in orders] == [None, MONDAY_9AM]
    assert (first, second) == ("校安督〔2026〕1号", "校安督〔2026〕2号")
    assert broken(office) == []


def first_open(office, number):
    """A case's own number means its newest order."""
    return shown(office, number)["number"]


@pytest.mark.parametrize(
    "written",
    [
        "校安督〔2026〕1号",
        "校安督[2026]1号",
        "校安督（2026）1号",
        "校安督【２０２６】1号",
        "YH2026-000001",
    ],
)
def test_an_order_is_found_in_whatever_brackets_it_is_written(sqlite_office, written):
    an_order(sqlite_office)

    assert shown(sqlite_office, written)["number"] == "校安督〔2026〕1号"


WHO_MAY = {
    ("serve", "cluster"): {"cluster1", "committee1"},
    ("serve", "committee"): {"cluster1", "committee1"},
    ("acknowledge", "cluster"): {"owner1", "head1"},
    ("acknowledge", "committee"): {"owner1", "head1"},
    ("ask", "cluster"): {"owner1", "head1"},
    ("ask", "committee"): {"owner1", "head1"},
    ("grant", "cluster"): {"cluster1", "committee1"},
    ("grant", "committee"): {"committee1"},
    ("refuse", "cluster"): {"cluster1", "committee1"},
    ("refuse", "committee"): {"committee1"},
    ("publish", "cluster"): {"cluster1", "committee1"},
    ("publish", "committee"): {"committee1"},
}
PEOPLE_THERE = (
    "reporter1", "owner1", "head1", "owner2", "cluster1", "cluster2", "verifier1a", "inspector1",
    "committee1", "admin", "auditor",
)  # fmt: skip
ACTS = {
    "serve": lambda office, order, who: serve_order(office, order, Service.SIGNED, hand=who),
    "acknowledge": lambda office, order, who: acknowledge_order(office, order, hand=who),
    "ask": lambda office, order, who: ask_order_extension(office, order, UNTIL, "x", hand=who),
    "grant": lambda office, order, who: decide_order_extension(office, order, grant=True, hand=who),
    "refuse": lambda office, order, who: decide_order_extension(
        office, order, grant=False, reason="x", hand=who
    ),
    "publish": lambda office, order, who: publish_order(office, order, hand=who),
}


def may(office, order, name, by):
    """Whether somebody may; with a key, so that the second who may repeats nothing."""
    try:
        ACTS[name](office, order, hand(by))
    except NotFound:
        return False
    except Refused as refused:
        return "may not" not in str(refused)
    return True


@pytest.mark.parametrize(("name", "level"), WHO_MAY)
def test_who_may_do_what_to_an_order_of_which_level(sqlite_office, name, level):
    order = an_order(sqlite_office, supervisor=level)

    allowed = {by for by in PEOPLE_THERE if may(sqlite_office, order, name, by)}

    assert allowed == WHO_MAY[name, level]


@pytest.mark.parametrize(
    ("before", "then", "by", "says"),
    [
        ((), "grant", "cluster1", "no extension of the order was asked for"),
        ((("serve", "cluster1"),), "serve", "cluster1", "served already"),
        ((("acknowledge", "head1"),), "acknowledge", "owner1", "acknowledged already"),
        ((("ask", "owner1"),), "ask", "head1", "already being decided"),
        ((("ask", "owner1"), ("grant", "cluster1")), "grant", "cluster1", "no extension"),
        ((("publish", "cluster1"),), "publish", "committee1", "published already"),
    ],
)
def test_what_is_refused_writes_nothing(office, before, then, by, says):
    order = an_order(office)
    for name, who in before:
        ACTS[name](office, order, hand(who))
    there = all_written(office)

    with pytest.raises(Refused, match=says) as refused:
        ACTS[then](office, order, hand(by))

    assert refused.value.where == order
    assert all_written(office) == there
    assert broken(office) == []


@pytest.mark.parametrize("name", ["serve", "acknowledge", "ask"])
def test_a_released_order_is_left_alone(sqlite_office, name):
    number = verified(sqlite_office)
    order = listed(sqlite_office, number)
    act(sqlite_office, number, Action.RELEASE, "committee1", reason="验收合格")

    with pytest.raises(Refused, match="the order is released"):
        ACTS[name](sqlite_office, order, hand({"serve": "committee1"}.get(name, "owner1")))


def test_an_order_is_not_released_before_verification(office):
    number = claimed(office)
    listed(office, number)

    with pytest.raises(Refused):
        act(office, number, Action.RELEASE, "committee1", reason="x")


def test_whoever_asked_does_not_decide_even_from_above(office):
    order = an_order(office)
    asked(office, order, by="head1")
    with office.writing() as connection:
        connection.execute(ORDERS.update().values(extension_asked_by_id=PERSON["cluster1"]))

    with pytest.raises(Refused, match="nobody decides on an extension they asked for"):
        decide_order_extension(office, order, grant=True, hand=hand("cluster1"))


@pytest.mark.parametrize("reason", ["", " ", "\x00"])
def test_an_extension_is_asked_for_and_refused_with_a_reason(sqlite_office, reason):
    order = an_order(sqlite_office)
    with pytest.raises(Invalid):
        ask_order_extension(sqlite_office, order, UNTIL, reason, hand=hand("owner1"))
    asked(sqlite_office, order)

    with pytest.raises(Invalid) as refused:
        decide_order_extension(
            sqlite_office, order, grant=False, reason=reason, hand=hand("cluster1")
        )

    assert refused.value.where == "reason"


@pytest.mark.parametrize(
    ("level", "deciders"), [("cluster", ["cluster1"]), ("committee", ["committee1", "committee2"])]
)
def test_an_extension_is_told_to_who_decides_and_the_decision_to_the_unit(office, level, deciders):
    order = an_order(office, supervisor=level)

    asked(office, order)
    decide_order_extension(office, order, grant=True, hand=hand("committee1"))

    assert told_to(office, "ask_order_extension") == deciders
    assert told_to(office, "grant_order_extension") == ["head1", "owner1"]


def test_an_act_repeated_under_its_key_is_done_once(office):
    order = an_order(office)

    first, second = (
        serve_order(office, order, Service.LEFT, hand=hand("cluster1", key="k-1")) for _ in range(2)
    )

    assert second == replace(first, repeated=True)
    with pytest.raises(Refused, match="another request"):
        serve_order(office, order, Service.SIGNED, hand=hand("cluster1", key="k-1"))
    assert broken(office) == []


def test_of_two_who_serve_an_order_at_once_one_does(office):
    order = an_order(office)

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda by: _served(office, order, by), ["cluster1", "committee1"]))

    assert sorted(done) == [False, True]
    assert broken(office) == []


def _served(office, order, by):
    try:
        serve_order(office, order, Service.SIGNED, hand=hand(by))
    except Refused:
        return False
    return True


def test_the_ladder_s_order_is_of_the_level_its_rung_says(office):
    number = reported(office)

    sweep(office, as_of=at("2026-04-01"), ran_at=at("2026-04-01"))

    found = shown(office, number, as_of=at("2026-04-01"))
    assert (found["level"], found["cause"]) == (OrderLevel.CLUSTER, OrderCause.LADDER)
    assert found["issued_by"] == ""
    assert found["due_at"] == at("2026-04-24T00:00")  # fifteen working days; 清明 is the 6th


def test_the_publication_list_names_nobody(office):
    number = rectifying(office, owner="张三", description="张三办公室插座破损")
    order = listed(office, number, reason="张三拖延", demands="请张三整改")
    unpublished = list_published(office)

    publish_order(office, order, hand=hand("committee1"))

    [row] = list_published(office)
    assert unpublished == []
    assert (row["number"], row["unit"], row["category"]) == (order, "第一小学", "fire")
    assert (row["level"], row["due_at"], row["released_at"]) == (
        OrderLevel.CLUSTER, at("2026-03-17T00:00"), None,
    )  # fmt: skip
    assert "张三" not in repr(row)
    assert not [each for each in row if each.endswith(("_id", "_by"))]


def test_an_order_says_by_when_it_is_published_and_an_extension_decided(office):
    order = an_order(office)
    asked(office, order)

    found = shown(office, order)

    assert found["publish_by"] == at("2026-03-10T00:00")  # five working days
    assert found["decide_by"] == at("2026-03-17T00:00")  # ten


@pytest.mark.parametrize(
    ("by", "wanted", "units"),
    [
        ("committee1", OrderFilter(), ["S3", "S2", "S1"]),
        ("cluster1", OrderFilter(), ["S2", "S1"]),
        ("owner1", OrderFilter(), ["S1"]),
        ("committee1", OrderFilter(place="P2"), ["S3"]),
        ("committee1", OrderFilter(place="第一小学"), ["S1"]),
        ("committee1", OrderFilter(level=OrderLevel.COMMITTEE), ["S2"]),
        ("committee1", OrderFilter(in_force=True), ["S3", "S2"]),
        ("committee1", OrderFilter(overdue=True), ["S3"]),
        ("committee1", OrderFilter(unpublished=True), ["S3", "S1"]),
    ],
)
def test_orders_are_listed_to_who_may_see_them(sqlite_office, by, wanted, units):
    office, names = sqlite_office, {"第一小学": "S1", "第二中学": "S2", "第三幼儿园": "S3"}
    first = verified(office)
    listed(office, first)
    act(office, first, Action.RELEASE, "committee1", reason="验收合格")
    second = listed(
        office, rectifying(office, unit="S2"), supervisor="committee", new_due="2026-05-01"
    )
    publish_order(office, second, hand=hand("committee1"))
    listed(office, rectifying(office, unit="S3"))

    found = list_orders(office, wanted, by=by, as_of=at("2026-03-17T00:00"))

    assert [names[each["unit"]] for each in found] == units


@pytest.mark.parametrize("by", ["owner2", "cluster2"])
def test_an_order_of_somebody_else_is_not_found(office, by):
    order = an_order(office)

    with pytest.raises(NotFound, match="there is no order"):
        shown(office, order, by=by)
    with pytest.raises(NotFound, match="there is no order"):
        serve_order(office, order, Service.SIGNED, hand=hand(by))
    with pytest.raises(NotFound, match="there is no order"):
        shown(office, "校安督〔2026〕9号")
