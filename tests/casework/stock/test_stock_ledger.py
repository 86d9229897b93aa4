"""A chemical's ledger: two people, never below nothing, and a hazard where it does not tally."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.case_list import Filter, list_cases
from casework.errors import Conflict, Invalid, NotFound, Refused
from casework.records import read_records
from casework.registers.acts import change_record
from casework.stock.counting import count_stock
from casework.stock.entering import Typed, enter_stock
from casework.stock.listing import list_stock, open_ledger
from casework.stock.mixing import raise_clashes
from casework.stock.signing import cancel_stock, file_purchase, refuse_stock, sign_stock
from models.tables import DUTIES, REGISTER_RECORDS
from rules.proof import first_break
from tests.casework.stock.stocks import SALT, a_chemical, entered, signed, who
from tests.offices import MONDAY_9AM


def cases(office):
    found = list_cases(office, Filter(), by="committee1", as_of=MONDAY_9AM)
    return [(each["description"], each["level"].value) for each in found.rows]


def duties(office, kind):
    wanted = select(DUTIES.c.due_on).where(DUTIES.c.kind == kind, DUTIES.c.state == "open")
    with office.reading() as connection:
        return [f"{due}" for due in connection.execute(wanted).scalars()]


def here(office):
    return [each.balance.here for each in list_stock(office, by="committee1").rows]


def test_what_is_controlled_counts_once_a_second_person_has_signed(office):
    key = a_chemical(office)

    bought = entered(office, key, "purchase", "500")
    before = here(office)
    sign_stock(office, key, bought.no, who("head1"))

    assert (bought.stand, before, here(office)) == ("waiting", [0], [500_000])


def test_nobody_signs_for_themselves(office):
    key = a_chemical(office)
    line = entered(office, key, "purchase", "1")

    with pytest.raises(Refused, match="another person"):
        sign_stock(office, key, line.no, who("owner1"))


def test_what_is_not_controlled_needs_one_signature(office):
    key = a_chemical(office, **SALT)

    assert entered(office, key, "purchase", "2.5").here == 2_500


def test_no_more_is_issued_than_is_here(office):
    key = a_chemical(office)
    signed(office, key, "purchase", "10")
    entered(office, key, "issue", "4")

    with pytest.raises(Refused, match="has only 6"):
        entered(office, key, "issue", "6.001")
    assert entered(office, key, "issue", "6").here == 0


def test_a_refused_issue_gives_back(office):
    key = a_chemical(office)
    signed(office, key, "purchase", "10")
    line = entered(office, key, "issue", "4")

    refuse_stock(office, key, line.no, "用途不明", who("head1"))

    assert here(office) == [10_000]


def test_what_was_issued_from_is_cancelled_last(office):
    key = a_chemical(office)
    signed(office, key, "purchase", "10")
    signed(office, key, "issue", "4")

    with pytest.raises(Refused, match="issued from since"):
        cancel_stock(office, key, 1, "记错", who("head1"))
    cancel_stock(office, key, 2, "记错", who("head1"))
    cancel_stock(office, key, 1, "记错", who("head1"))

    assert here(office) == [0]


@pytest.mark.parametrize(("typed", "where"), [
    (Typed("steal", "1"), "act"), (Typed("issue", "0"), "amount"), (Typed("issue", "x"), "amount"),
    (Typed("loss", "1"), "reason"), (Typed("issue", "1", "2026-03-03"), "on"),
    (Typed("issue", "1", "2026-02-30"), "on"), (Typed("issue", "1", "", "x" * 201), "reason"),
])  # fmt: skip
def test_a_field_that_cannot_be_is_named(office, typed, where):
    key = a_chemical(office)

    with pytest.raises(Invalid) as fault:
        enter_stock(office, key, typed, who())

    assert fault.value.where == where


def test_whoever_read_an_older_ledger_is_told(office):
    key = a_chemical(office)
    entered(office, key, "purchase", "1")

    with pytest.raises(Conflict):
        enter_stock(office, key, Typed("purchase", "1", seen=0), who())


@pytest.mark.parametrize("by", ["owner2", "cluster2", "head3"])
def test_another_school_finds_nothing(office, by):
    key = a_chemical(office)

    with pytest.raises(NotFound):
        entered(office, key, "purchase", "1", by=by)
    assert list_stock(office, by=by).rows == []


def test_an_auditor_reads_and_writes_nothing(office):
    key = a_chemical(office)
    (stock,) = list_stock(office, by="auditor").rows

    with pytest.raises(Refused):
        entered(office, key, "purchase", "1", by="auditor")
    assert open_ledger(office, stock.id, by="auditor").lines == []


def test_a_count_that_tallies_raises_nothing_and_asks_for_the_next(office):
    key = a_chemical(office)
    signed(office, key, "purchase", "10")

    told = count_stock(office, key, "10", who())

    assert (told.cases, cases(office)) == ((), [])
    assert duties(office, "stock_count") == ["2026-03-17"]


def test_a_count_that_differs_is_a_hazard_until_it_is_put_right(office):
    key = a_chemical(office)
    signed(office, key, "purchase", "10")

    (number,) = count_stock(office, key, "9.5", who()).cases
    signed(office, key, "less", "0.5", reason="称量损耗")
    again = count_stock(office, key, "9.5", who(at=MONDAY_9AM + timedelta(days=1)))

    assert cases(office) == [
        ("易制爆化学品“高锰酸钾”账物不符：账面 10 克，实盘 9.5 克（2026-03-02）", "major")
    ]
    assert again.cases == ()
    assert open_ledger(office, _id(office), by="owner1").counts[1]["number"] == number


def test_a_count_ends_the_duty_of_the_one_before(office):
    key = a_chemical(office)
    count_stock(office, key, "0", who())

    count_stock(office, key, "0", who(at=MONDAY_9AM + timedelta(days=3)))

    assert duties(office, "stock_count") == ["2026-03-20"]


def test_a_purchase_is_filed_with_the_police_within_five_days(office):
    key = a_chemical(office)
    line = signed(office, key, "purchase", "10")
    before = duties(office, "stock_filing")

    file_purchase(office, key, line.no, "苏园公备 12", who())

    assert (before, duties(office, "stock_filing")) == (["2026-03-07"], [])


def test_a_loss_is_a_major_case_at_once(office):
    key = a_chemical(office)
    signed(office, key, "purchase", "10")

    told = entered(office, key, "loss", "1", reason="盘点发现短少")

    assert len(told.cases) == 1
    assert cases(office) == [
        ("易制爆化学品“高锰酸钾”丢失或被盗 1 克（2026-03-02，第 2 笔）", "major")
    ]


def test_precursors_in_one_cabinet_are_a_hazard_once(office):
    a_chemical(office)
    a_chemical(office, code="HX3", name="丙酮", cas="67-64-1", danger="drug")
    a_chemical(office, code="HX4", name="硫酸", cas="7664-93-9", danger="drug", cabinet="乙柜")

    found = [len(raise_clashes(office, at=MONDAY_9AM, door=who().door)) for _ in range(2)]

    assert found == [1, 0]
    assert cases(office) == [("易制爆与易制毒二三类化学品同柜存放", "ordinary")]


def test_it_all_stands_in_the_chemicals_own_history(office):
    key = a_chemical(office)
    signed(office, key, "purchase", "10")
    count_stock(office, key, "9", who())
    cancel_stock(office, key, 1, "记错", who("head1"))

    with office.reading() as connection:
        told = read_records(connection, "register", _id(office))

    assert [each.kind for each, _ in told] == ["add", "enter", "sign", "count", "cancel"]
    assert first_break(told) is None
    assert change_record(office, "chemical", key, {"cabinet": "丙柜"}, **who()._asdict()).seq == 6


def test_two_who_issue_the_last_gram_at_once_get_it_once(office):
    key = a_chemical(office, **SALT)
    entered(office, key, "purchase", "1")
    done = []

    def issue():
        try:
            done.append(entered(office, key, "issue", "1").here)
        except Refused:
            done.append("refused")

    threads = [threading.Thread(target=issue) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(map(str, done)) == ["0", "refused", "refused", "refused"]


def _id(office):
    with office.reading() as connection:
        return connection.execute(select(REGISTER_RECORDS.c.id)).scalar_one()
