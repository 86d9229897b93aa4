"""The switching rules on both sides of every number in them, and against a plain replay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.lookback.acceptance import Severity
from rules.lookback.switching import next_severity
from rules.lookback.verdict import Decision

LETTERS = {"a": Decision.ACCEPTED, "r": Decision.REJECTED, "o": Decision.OPEN}
NORMAL, TIGHTENED, STOPPED = Severity


def after(lots, **given_to):
    return next_severity([LETTERS[each] for each in lots], **given_to)


@pytest.mark.parametrize(
    ("lots", "severity"),
    [
        ("", NORMAL),
        ("r", NORMAL),
        ("rr", TIGHTENED),
        ("raaar", TIGHTENED),  # two of five
        ("raaaar", NORMAL),  # two of six
        ("aaaaaraar", TIGHTENED),
        ("raaaaraaaar", NORMAL),
    ],
)
def test_two_of_five_rejected_tighten(lots, severity):
    assert after(lots) is severity


@pytest.mark.parametrize(
    ("lots", "severity"),
    [
        ("rr" + "aaaa", TIGHTENED),
        ("rr" + "aaaaa", NORMAL),
        ("rr" + "aaaaraaaa", TIGHTENED),  # five in a row
        ("rr" + "aaaaraaaaa", NORMAL),
        ("rr" + "aaaaa" + "r", NORMAL),  # what came before does not count again
        ("rr" + "aaaaa" + "rr", TIGHTENED),
    ],
)
def test_five_accepted_in_a_row_relax(lots, severity):
    assert after(lots) is severity


@pytest.mark.parametrize(
    ("lots", "severity"),
    [
        ("rr" + "rrrr", TIGHTENED),
        ("rr" + "rrrrr", STOPPED),
        ("rr" + "raraarar", TIGHTENED),
        ("rr" + "raraararar", STOPPED),  # cumulative, not in a row
        ("rr" + "rrrraaaaa" + "rr" + "rrrr", TIGHTENED),  # relaxed meanwhile: counted anew
        ("rr" + "rrrrr" + "aaaaaaaaaa", STOPPED),  # until somebody intervenes
    ],
)
def test_five_rejected_while_tightened_stop(lots, severity):
    assert after(lots) is severity


@pytest.mark.parametrize(
    ("lots", "severity"),
    [("", TIGHTENED), ("aaaa", TIGHTENED), ("aaaaa", NORMAL), ("rrrrr", STOPPED)],
)
def test_after_somebody_intervened_it_goes_on_tightened(lots, severity):
    assert after(lots, start=TIGHTENED) is severity


@pytest.mark.parametrize(("lots", "severity"), [("ror", TIGHTENED), ("rooooor", TIGHTENED)])
def test_open_lots_count_for_nothing(lots, severity):
    assert after(lots) is severity


@given(st.text("ar", max_size=40))
def test_a_plain_replay_agrees(lots):
    severity, began = NORMAL, 0
    for end in range(1, len(lots) + 1):
        seen = lots[began:end]
        if severity is NORMAL and seen[-5:].count("r") >= 2:
            severity, began = TIGHTENED, end
        elif severity is TIGHTENED and seen.endswith("aaaaa"):
            severity, began = NORMAL, end
        elif severity is TIGHTENED and seen.count("r") >= 5:
            severity, began = STOPPED, end

    assert after(lots) is severity
