"""A stock ledger never says that less than nothing is there, whoever signs or corrects when."""

from datetime import date

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rules.stock.balance import (
    balance,
    holds,
    left_out,
    may_add,
    may_drop,
    running,
    wastable,
)
from rules.stock.dangers import Danger, clash, count_due, file_due
from rules.stock.disposal import stages
from rules.stock.entries import ENDS, Act, Entry, Stand, read_amount, say_amount
from rules.stock.transfers import Passing, StockBounds, Transit, transit

A = Act
# Twice what waste and returns come of.
ALONE = [*(each for each in Act if each not in ENDS), A.ISSUE, A.ISSUE, A.RETURN, A.RETURN]
AT, AMOUNT = st.sampled_from(["giver", "taker"]), st.integers(1, 9)


@pytest.mark.parametrize(("text", "amount"), [
    ("0.001", 1), ("1", 1_000), ("1.5", 1_500), (" 2.250 ", 2_250), ("1000000000", 10**12),
    ("0", 0), ("1000000000.001", None), ("1.2345", None), ("-1", None), ("1e3", None),
    ("", None), ("１", None), ("1,5", None), ("NaN", None),
])  # fmt: skip
def test_an_amount_has_three_decimals_at_most(text, amount):
    assert read_amount(text) == amount


@pytest.mark.parametrize(("amount", "text"), [
    (1, "0.001"), (1_000, "1"), (1_500, "1.5"), (10_000, "10"), (0, "0"), (-2_250, "-2.25"),
])  # fmt: skip
def test_an_amount_is_said_without_idle_noughts(amount, text):
    assert say_amount(amount) == text


def a(no, act, amount, stand=Stand.STANDS):
    return Entry(no, act, amount, stand)


def test_what_goes_out_counts_at_once_and_what_comes_in_when_it_is_signed():
    ledger = [a(1, A.PURCHASE, 10), a(2, A.PURCHASE, 5, Stand.WAITING),
              a(3, A.ISSUE, 4, Stand.WAITING)]  # fmt: skip

    assert balance(ledger) == (6, 5, 4)
    assert balance(ledger).signed == 10


@pytest.mark.parametrize(("amount", "holds_still"), [(6, True), (7, False)])
def test_no_more_goes_out_than_is_here(amount, holds_still):
    ledger = [a(1, A.PURCHASE, 10), a(2, A.ISSUE, 4), a(3, A.PURCHASE, 5, Stand.WAITING)]

    assert may_add(ledger, a(4, A.ISSUE, amount)) is holds_still


def test_what_was_issued_from_cannot_be_cancelled():
    ledger = [a(1, A.PURCHASE, 10), a(2, A.ISSUE, 4), a(3, A.PURCHASE, 10)]

    assert [may_drop(ledger, no) for no in (1, 2, 3)] == [False, True, True]


@pytest.mark.parametrize(("amount", "fits"), [(3, True), (4, False)])
def test_no_more_comes_back_than_is_out(amount, fits):
    ledger = [a(1, A.OPENING, 10), a(2, A.ISSUE, 4, Stand.WAITING)]

    assert may_add(ledger, a(3, A.RETURN, amount), {2: 1}) is fits


@pytest.mark.parametrize(("ledger", "wasted", "left"), [
    ([a(1, A.ISSUE, 4), a(2, A.RETURN, 1)], {}, {1: 3}),
    ([a(1, A.ISSUE, 4), a(2, A.RETURN, 1, Stand.WAITING)], {1: 2}, {1: 1}),
    ([a(1, A.ISSUE, 4), a(2, A.ISSUE, 2), a(3, A.RETURN, 5)], {}, {1: 1, 2: 1}),
    ([a(1, A.ISSUE, 4, Stand.WAITING), a(2, A.DISPOSE, 3)], {2: 1}, {2: 2}),
    ([a(1, A.ISSUE, 4, Stand.CANCELLED), a(2, A.LOSS, 3)], {}, {}),
    ([a(1, A.ISSUE, 4)], {1: 4}, {}),
])  # fmt: skip
def test_what_is_signed_and_neither_back_nor_wasted_may_go_to_waste(ledger, wasted, left):
    assert wastable(ledger, wasted) == left


def test_what_waste_or_a_return_came_of_is_not_dropped():
    ledger = [a(1, A.OPENING, 10), a(2, A.ISSUE, 4), a(3, A.ISSUE, 1), a(4, A.RETURN, 1)]

    assert [may_drop(ledger, no, {3: 1}) for no in (2, 3, 4)] == [False, False, True]


@pytest.mark.parametrize(("sent", "came", "declined", "state"), [
    (Stand.WAITING, None, False, Transit.LEAVING),
    (Stand.STANDS, None, False, Transit.UNDER_WAY),
    (Stand.STANDS, Stand.REFUSED, False, Transit.UNDER_WAY),
    (Stand.STANDS, Stand.WAITING, False, Transit.ARRIVING),
    (Stand.STANDS, Stand.STANDS, False, Transit.RECEIVED),
    (Stand.STANDS, None, True, Transit.DECLINED),
    (Stand.CANCELLED, None, True, Transit.WITHDRAWN),
    (Stand.REFUSED, None, False, Transit.WITHDRAWN),
])  # fmt: skip
def test_where_a_transfer_is_follows_from_its_two_lines(sent, came, declined, state):
    assert transit(sent, came, declined=declined) is state


def test_what_is_controlled_passes_on_with_a_permit():
    passages = {each.value: StockBounds().passage(each).how for each in Danger}

    assert passages == {**dict.fromkeys(Danger, Passing.PERMIT), "other": Passing.FREE}


@pytest.mark.parametrize(("values", "stands"), [
    ({"produced_on": "2026-01-01"}, ["done", "now", "ahead", "ahead"]),
    ({"produced_on": "2026-01-01", "stored_in": "柜"}, ["done", "done", "now", "ahead"]),
    ({"produced_on": "2026-01-01", "handed_on": "2026-01-02"}, ["done", "done", "done", "now"]),
    ({"produced_on": "2026-01-01", "disposed_on": "2026-01-02"}, ["done"] * 4),
])  # fmt: skip
def test_a_later_stage_of_disposal_has_the_earlier_ones_behind_it(values, stands):
    assert [each.stands for each in stages(values)] == stands


def test_a_refused_entry_leaves_no_trace_in_the_sum():
    ledger = [a(1, A.PURCHASE, 10), a(2, A.ISSUE, 4, Stand.REFUSED), a(3, A.RETURN, 1)]

    assert running(ledger) == [10, 10, 11]


@pytest.mark.parametrize(("held", "pair"), [
    ({"explosive", "drug"}, ("explosive", "drug")),
    ({"explosive", "drug_first", "other"}, ("explosive", "drug_first")),
    ({"explosive", "toxic", "other"}, None),
    ({"drug", "drug_first"}, None),
    (set(), None),
])  # fmt: skip
def test_precursors_of_explosives_and_of_drugs_stand_apart(held, pair):
    assert clash(frozenset(map(Danger, held))) == pair


@pytest.mark.parametrize(("danger", "two", "filed"), [
    (Danger.TOXIC, True, True), (Danger.EXPLOSIVE, True, True), (Danger.DRUG_FIRST, True, False),
    (Danger.DRUG, True, False), (Danger.OTHER, False, False),
])  # fmt: skip
def test_the_class_says_who_signs_and_what_is_filed(danger, two, filed):
    assert (danger.needs_two, danger.is_filed) == (two, filed)


def test_days_run_from_the_purchase_and_the_count():
    assert file_due(date(2026, 2, 26)) == date(2026, 3, 3)
    assert count_due(date(2026, 2, 20)) == date(2026, 3, 7)


class StockMachine(RuleBasedStateMachine):
    """Two units' ledgers: lines written, signed, refused and cancelled in any order, some sent from
    one to the other, some gone to waste, as casework would.
    """

    def __init__(self):
        super().__init__()
        self.ledgers = {at: [Entry(1, Act.OPENING, 20, Stand.STANDS)] for at in ("giver", "taker")}
        self.wasted = {"giver": {}, "taker": {}}
        self.transfers = {}

    def _put(self, at, no, stand):
        self.ledgers[at] = [
            each._replace(stand=stand) if each.no == no else each for each in self.ledgers[at]
        ]

    def _add(self, at, act, amount, *, waits):
        ledger = self.ledgers[at]
        stand = Stand.WAITING if waits else Stand.STANDS
        new = Entry(len(ledger) + 1, act, amount, stand)
        if not may_add(ledger, new, self.wasted[at]):
            return None
        ledger.append(new)
        return new.no

    def _stand(self, at, no):
        return self.ledgers[at][no - 1].stand if no else None

    def _transit(self, sent):
        return transit(self._stand("giver", sent), self._stand("taker", self.transfers[sent]),
                       declined=False)  # fmt: skip

    @rule(at=AT, act=st.sampled_from(ALONE), amount=AMOUNT, waits=st.booleans())
    def write(self, at, act, amount, waits):
        self._add(at, act, amount, waits=waits)

    @rule(data=st.data(), at=AT, stand=st.sampled_from([Stand.STANDS, Stand.CANCELLED]))
    def sign_or_cancel(self, data, at, stand):
        no = self._one_of(data, at)
        now = self._stand(at, no)
        free = at == "taker" or self._is_loose(no)
        drops = stand is not Stand.STANDS
        possible = not now.is_gone and stand is not now
        if possible and (not drops or (free and may_drop(self.ledgers[at], no, self.wasted[at]))):
            self._put(at, no, stand)

    def _one_of(self, data, at):
        return data.draw(st.integers(1, len(self.ledgers[at])))

    def _is_loose(self, no):
        return no not in self.transfers or self._transit(no) not in {
            Transit.ARRIVING, Transit.RECEIVED,
        }  # fmt: skip

    @rule(amount=AMOUNT, waits=st.booleans())
    def send(self, amount, waits):
        if no := self._add("giver", Act.SEND, amount, waits=waits):
            self.transfers[no] = None

    @rule(data=st.data(), waits=st.booleans())
    def receive(self, data, waits):
        coming = [each for each in self.transfers if self._transit(each) is Transit.UNDER_WAY]
        if coming:
            sent = data.draw(st.sampled_from(coming))
            most = self.ledgers["giver"][sent - 1].amount
            amount = data.draw(st.integers(1, most))
            self.transfers[sent] = self._add("taker", Act.RECEIVE, amount, waits=waits)

    @rule(data=st.data(), at=AT, amount=AMOUNT)
    def waste(self, data, at, amount):
        no = self._one_of(data, at)
        if amount <= wastable(self.ledgers[at], self.wasted[at]).get(no, 0):
            self.wasted[at][no] = self.wasted[at].get(no, 0) + amount

    @invariant()
    def is_never_below_nothing(self):
        for at, ledger in self.ledgers.items():
            assert holds(ledger)
            assert min(balance(ledger)) >= 0
            assert left_out(ledger, self.wasted[at]) >= 0

    @invariant()
    def reconciles(self):
        """The balance is the sum of what stands, in whatever order it came to stand."""
        for ledger in self.ledgers.values():
            standing = sum(each.act.sign * each.amount for each in ledger
                           if each.stand is Stand.STANDS)  # fmt: skip
            assert balance(ledger).signed == standing
            assert balance(reversed(ledger)) == balance(ledger)

    @invariant()
    def nothing_arrives_that_was_not_sent(self):
        for sent, came in self.transfers.items():
            if came and not self._stand("taker", came).is_gone:
                assert self._stand("giver", sent) is Stand.STANDS
                assert self.ledgers["taker"][came - 1].amount <= self.ledgers["giver"][
                    sent - 1].amount  # fmt: skip

    @invariant()
    def waste_came_of_what_counts(self):
        for at, wasted in self.wasted.items():
            for no, amount in wasted.items():
                assert self._stand(at, no) is Stand.STANDS
                assert amount <= self.ledgers[at][no - 1].amount


TestStock = StockMachine.TestCase
