"""The board of orders: each stands in one column, counted as it is listed, and seen from afar."""

from datetime import date, timedelta

import pytest

from casework.errors import NotFound
from casework.escalations import count_escalations, list_escalations
from casework.events import Door
from casework.heat import count_categories, count_places
from casework.order_acts import ask_order_extension, serve_order
from casework.order_board import count_standing, list_standing, open_from_board, read_board
from casework.order_list import OrderFilter
from casework.order_record import Hand, offers_on
from casework.sweep import sweep
from rules.actions import Action
from rules.orders import OrderAct, Service
from rules.standing import Stand
from tests.offices import MONDAY_9AM, act, rectifying, reported, verified

LATER = MONDAY_9AM + timedelta(days=40)


def listed(office, number):
    given = {"kind": "挂牌督办", "reason": "久拖", "supervisor": "cluster"}
    act(office, number, Action.LIST, "committee1", **given)
    return open_from_board(office, number, by="committee1", as_of=MONDAY_9AM)["number"]


def hand(by):
    return Hand(by, MONDAY_9AM, Door.CLI)


def five(office):
    """An order in each column."""
    listed(office, rectifying(office))
    serve_order(office, listed(office, rectifying(office)), Service.SIGNED, hand=hand("cluster1"))
    asked = listed(office, rectifying(office))
    ask_order_extension(office, asked, date(2026, 5, 20), "配件未到", hand=hand("owner1"))
    listed(office, verified(office))
    released = verified(office)
    listed(office, released)
    act(office, released, Action.RELEASE, "committee1", reason="验收合格")


def test_each_order_stands_in_one_column(office):
    five(office)

    board = read_board(office, OrderFilter(), by="committee1", as_of=MONDAY_9AM, size=5)

    assert [(each.stand, each.n, len(each.rows)) for each in board] == [
        (Stand.ISSUED, 1, 1), (Stand.IN_FORCE, 1, 1), (Stand.ASKED, 1, 1), (Stand.READY, 1, 1),
        (Stand.RELEASED, 1, 1),
    ]  # fmt: skip
    assert [each.rows[0]["address"] for each in board] == [
        "2026-1", "2026-2", "2026-3", "2026-4", "2026-5"
    ]  # fmt: skip
    assert count_standing(office, by="committee1", as_of=MONDAY_9AM) == {
        Stand.ISSUED: 1, Stand.IN_FORCE: 1, Stand.ASKED: 1, Stand.READY: 1
    }  # fmt: skip


def test_a_board_shows_nothing_of_another_cluster(office):
    five(office)

    board = read_board(office, OrderFilter(), by="cluster2", as_of=MONDAY_9AM, size=5)

    assert [(each.n, list(each.rows)) for each in board] == [(0, [])] * 5
    with pytest.raises(NotFound):
        open_from_board(office, "2026-1", by="cluster2", as_of=MONDAY_9AM)
    with pytest.raises(NotFound):
        offers_on(office, "校安督〔2026〕1号", by="cluster2", at=MONDAY_9AM)


def test_pages_follow_each_other_by_what_is_due_first(sqlite_office):
    for _ in range(3):
        listed(sqlite_office, rectifying(sqlite_office))

    pages = [
        list_standing(
            sqlite_office, Stand.ISSUED, OrderFilter(), by="committee1", as_of=MONDAY_9AM,
            page=page, size=2,
        )
        for page in (1, 2, 3)
    ]  # fmt: skip

    assert [[row["address"] for row in each.rows] for each in pages] == [
        ["2026-3", "2026-2"], ["2026-1"], []
    ]  # fmt: skip
    assert [each.n for each in pages] == [3, 3, 3]


def test_what_is_offered_is_what_may_be_done(sqlite_office):
    order = listed(sqlite_office, rectifying(sqlite_office))

    assert offers_on(sqlite_office, order, by="owner1", at=MONDAY_9AM) == [
        OrderAct.ACKNOWLEDGE, OrderAct.ASK_EXTENSION
    ]  # fmt: skip
    assert offers_on(sqlite_office, order, by="owner1", at=MONDAY_9AM + timedelta(days=25)) == [
        OrderAct.ACKNOWLEDGE
    ]
    assert offers_on(sqlite_office, order, by="auditor", at=MONDAY_9AM) == []


def test_escalations_are_the_readers_own_and_say_when_they_go_up_again(office):
    number = reported(office)
    late = MONDAY_9AM + timedelta(days=9)
    sweep(office, as_of=late, ran_at=late)

    (mine,) = list_escalations(office, by="cluster1", as_of=late).rows

    assert (mine["number"], mine["kind"], mine["live"]) == (number, "overdue", True)
    assert mine["next_step_at"] > late
    assert count_escalations(office, by="cluster1") == 1
    assert count_escalations(office, by="cluster2") == 0
    assert list_escalations(office, by="owner1", as_of=late, before=1).rows == []


def test_the_heat_counts_open_late_and_listed_cases_by_place_and_category(office):
    reported(office, category="fire")
    reported(office, category="fire", at=LATER)
    listed(office, rectifying(office, unit="S3", category="fire"))
    five(office)

    places = count_places(office, by="committee1", as_of=LATER)
    units = count_places(office, by="cluster1", as_of=LATER)
    categories = count_categories(office, by="committee1", as_of=LATER)

    assert [(each.key, each.open, each.late, each.listed) for each in places] == [
        ("P1", 7, 6, 4), ("P2", 1, 1, 1)
    ]  # fmt: skip
    assert [(each.key, each.open) for each in units] == [("S1", 7), ("S2", 0)]
    assert sum(each.open for each in categories) == 8
    assert [each.key for each in categories][:3] == [
        each.key for each in count_categories(office, by="cluster2", as_of=LATER)
    ][:3]
