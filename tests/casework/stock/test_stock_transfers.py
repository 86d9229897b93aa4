"""A transfer has two ends, two people at each, and is under way until the far one is signed."""

import pytest

from casework.case_list import Filter, list_cases
from casework.duties.listing import DutyFilter, list_duties
from casework.errors import Invalid, NotFound, Refused
from casework.settings import adopt_policy
from casework.stock.listing import list_stock
from casework.stock.receiving import decline_stock, receive_stock
from casework.stock.sending import Sending, send_stock
from casework.stock.signing import cancel_stock, refuse_stock, sign_stock
from casework.stock.transits import list_transfers, open_transfer
from rules.policy import default_text
from rules.stock.transfers import Transit
from tests.casework.stock.stocks import SALT, a_chemical, entered, sent, signed, who
from tests.offices import MONDAY_9AM


@pytest.fixture
def both(sqlite_office):
    """The same chemical at two schools of one cluster."""
    a_chemical(sqlite_office)
    a_chemical(sqlite_office, unit="S2", by="owner2", code="B1")
    return sqlite_office


def here(office):
    return {each.key: each.balance.here for each in list_stock(office, by="committee1").rows}


def state(office, number):
    return open_transfer(office, number, by="committee1").state


def cases(office):
    found = list_cases(office, Filter(), by="committee1", as_of=MONDAY_9AM)
    return [(each["description"], each["unit"], each["level"].value) for each in found.rows]


def owed(office):
    wanted = DutyFilter(kind="stock_transfer")
    found = list_duties(office, by="committee1", today=MONDAY_9AM.date(), wanted=wanted)
    return [(each["unit_code"], f"{each['due_on']}") for each in found.rows]


def test_what_is_sent_is_under_way_until_two_others_have_signed_for_it(office):
    a_chemical(office)
    a_chemical(office, unit="S2", by="owner2", code="B1")
    number = sent(office, sign=False)
    seen = [(state(office, number), here(office))]
    sign_stock(office, "HX1", 2, who("head1"))
    seen.append((state(office, number), here(office)))
    line = receive_stock(office, number, "B1", "4", who("owner2"))
    seen.append((state(office, number), here(office)))
    sign_stock(office, "B1", line.no, who("head2"))
    seen.append((state(office, number), here(office)))

    assert seen == [
        (Transit.LEAVING, {"HX1": 6_000, "B1": 0}),
        (Transit.UNDER_WAY, {"HX1": 6_000, "B1": 0}),
        (Transit.ARRIVING, {"HX1": 6_000, "B1": 0}),
        (Transit.RECEIVED, {"HX1": 6_000, "B1": 4_000}),
    ]
    assert cases(office) == []
    story = open_transfer(office, number, by="owner2").story
    assert [each["en"] for each in story] == [
        "sent · OWNER1", "second signature: it left · HEAD1", "received 4 · OWNER2",
        "second signature: it came in · HEAD2",
    ]  # fmt: skip


def test_what_arrives_short_is_a_hazard_of_the_sender(both):
    number = sent(both)

    receive_stock(both, number, "B1", "3.5", who("owner2"))

    assert cases(both) == [
        ("易制爆化学品“高锰酸钾”调拨不符：调出 4 克，第二中学接收 3.5 克（调拨 1）",
         "第一小学", "major")
    ]  # fmt: skip


def test_what_is_declined_is_a_hazard_until_the_sender_takes_it_back(both):
    number = sent(both)

    told = decline_stock(both, number, "标签不符", who("owner2"))
    declined = state(both, number)
    cancel_stock(both, "HX1", 2, "已收回", who("head1"))

    assert (declined, state(both, number)) == (Transit.DECLINED, Transit.WITHDRAWN)
    assert (len(told.cases), here(both)["HX1"]) == (1, 10_000)


def test_what_was_taken_in_is_taken_back_from_the_far_end_first(both):
    number = sent(both)
    receive_stock(both, number, "B1", "4", who("owner2"))

    with pytest.raises(Refused, match="received"):
        cancel_stock(both, "HX1", 2, "记错", who("head1"))
    refuse_stock(both, "B1", 1, "数量有误", who("head2"))

    assert state(both, number) is Transit.UNDER_WAY
    assert receive_stock(both, number, "B1", "4", who("owner2")).no == 2


@pytest.mark.parametrize("by", ["owner1", "auditor"])
def test_who_does_not_keep_the_far_ledger_does_not_receive(both, by):
    number = sent(both)

    with pytest.raises((Refused, NotFound)):
        receive_stock(both, number, "B1", "4", who(by))


def test_what_the_policy_forbids_is_not_sent(both):
    signed(both, "HX1", "purchase", "10")
    forbidden = default_text().replace(
        'explosive = { how = "permit"', 'explosive = { how = "never"'
    )
    adopt_policy(both, forbidden, by="admin", at=MONDAY_9AM)

    with pytest.raises(Refused, match="not to be passed on") as refusal:
        send_stock(both, "HX1", Sending("S2", "4", "撤并", "购证"), who())

    assert "第42条" in refusal.value.remedy.zh


def test_a_cluster_that_sent_does_not_receive(both):
    signed(both, "HX1", "purchase", "10")
    done = send_stock(both, "HX1", Sending("S2", "4", "撤并", "购证"), who("cluster1"))
    sign_stock(both, "HX1", 2, who("head1"))

    with pytest.raises(Refused, match="another person"):
        receive_stock(both, done.transfer, "B1", "4", who("cluster1"))
    receive_stock(both, done.transfer, "B1", "4", who("owner2"))
    with pytest.raises(Refused, match="another person"):
        sign_stock(both, "B1", 1, who("cluster1"))


@pytest.mark.parametrize(
    ("differs", "fault", "where"),
    [
        ({"to": "S1"}, Invalid, "to"),
        ({"to": "P1"}, Invalid, "unit"),
        ({"to": "S9"}, NotFound, "unit"),
        ({"amount": "10.001"}, Refused, "amount"),
        ({"reason": ""}, Invalid, "reason"),
        ({"permit_no": ""}, Invalid, "permit_no"),
    ],
)
def test_what_cannot_be_sent_says_why(both, differs, fault, where):
    signed(both, "HX1", "purchase", "10")
    typed = {"to": "S2", "amount": "4", "reason": "撤并", "permit_no": "购证", **differs}

    with pytest.raises(fault) as refusal:
        send_stock(both, "HX1", Sending(**typed), who())

    assert refusal.value.where == where


def test_what_is_free_needs_no_permit_but_two_people_at_each_end(sqlite_office):
    a_chemical(sqlite_office, **SALT)
    entered(sqlite_office, "HX2", "purchase", "10")

    done = send_stock(sqlite_office, "HX2", Sending("S2", "4", "多余"), who())

    assert done.written.stand == "waiting"


@pytest.mark.parametrize(
    ("amount", "differs", "where"),
    [
        ("4.001", {}, "amount"),
        ("0", {}, "amount"),
        ("4", {"measure": "kilogram"}, "key"),
        ("4", {"danger": "other"}, "key"),
        ("4", {"cas": "67-64-1"}, "key"),
    ],
)
def test_it_comes_in_as_what_it_left(sqlite_office, amount, differs, where):
    a_chemical(sqlite_office)
    a_chemical(sqlite_office, unit="S2", by="owner2", code="B1", **differs)
    number = sent(sqlite_office)

    with pytest.raises(Invalid) as fault:
        receive_stock(sqlite_office, number, "B1", amount, who("owner2"))

    assert fault.value.where == where


def test_only_a_transfer_writes_its_lines(both):
    with pytest.raises(Refused, match="not as a line alone"):
        entered(both, "HX1", "调入", "1", reason="自他校")


@pytest.mark.parametrize("end", [
    lambda office, sent: receive_stock(office, sent, "B1", "4", who("owner2")),
    lambda office, sent: decline_stock(office, sent, "标签不符", who("owner2")),
    lambda office, _: cancel_stock(office, "HX1", 2, "记错", who("head1")),
], ids=["received", "declined", "cancelled"])  # fmt: skip
def test_the_receiving_unit_owes_that_it_takes_it_in(both, end):
    number = sent(both)
    before = owed(both)
    end(both, number)

    assert (before, owed(both)) == ([("S2", "2026-03-07")], [])


@pytest.mark.parametrize("by", ["owner3", "cluster2"])
def test_strangers_of_both_ends_see_nothing_of_it(both, by):
    number = sent(both)

    with pytest.raises(NotFound):
        open_transfer(both, number, by=by)
    with pytest.raises(NotFound):
        decline_stock(both, number, "不要", who(by))
    assert list_transfers(both, by=by).rows == []
    assert [each.id for each in list_transfers(both, by="owner2").rows] == [number]
