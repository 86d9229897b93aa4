"""A stock ledger never says that less than nothing is there, whoever signs or corrects when."""

from datetime import date

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from rules.stock.balance import balance, holds, may_add, running, without
from rules.stock.dangers import Danger, clash, count_due, file_due
from rules.stock.entries import Act, Entry, Stand, read_amount, say_amount

A = Act


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

    assert [holds(without(ledger, no)) for no in (1, 2, 3)] == [False, True, True]


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


class LedgerMachine(RuleBasedStateMachine):
    """Entries written, signed, refused and cancelled in any order, as casework would."""

    def __init__(self):
        super().__init__()
        self.ledger = []

    def _put(self, no, stand):
        changed = [each._replace(stand=stand) if each.no == no else each for each in self.ledger]
        if holds(changed):
            self.ledger = changed

    @rule(act=st.sampled_from(Act), amount=st.integers(1, 20), two=st.booleans())
    def write(self, act, amount, two):
        new = Entry(len(self.ledger) + 1, act, amount, Stand.WAITING if two else Stand.STANDS)
        if may_add(self.ledger, new):
            self.ledger.append(new)

    @precondition(lambda self: self.ledger)
    @rule(data=st.data(), stand=st.sampled_from([Stand.STANDS, Stand.REFUSED]))
    def sign(self, data, stand):
        waiting = [each.no for each in self.ledger if each.stand is Stand.WAITING]
        if waiting:
            self._put(data.draw(st.sampled_from(waiting)), stand)

    @precondition(lambda self: self.ledger)
    @rule(data=st.data())
    def cancel(self, data):
        self._put(data.draw(st.sampled_from([each.no for each in self.ledger])), Stand.CANCELLED)

    @invariant()
    def is_never_below_nothing(self):
        assert holds(self.ledger)
        assert min(balance(self.ledger)) >= 0
        assert min(running(self.ledger), default=0) >= 0

    @invariant()
    def reconciles(self):
        """The balance is the sum of what stands, in whatever order it came to stand."""
        standing = sum(each.act.sign * each.amount for each in self.ledger
                       if each.stand is Stand.STANDS)  # fmt: skip
        assert balance(self.ledger).signed == standing
        assert balance(reversed(self.ledger)) == balance(self.ledger)


TestLedger = LedgerMachine.TestCase
