"""Histories that were written once fold the same for ever, whatever the rules become."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from rules.actions import Action
from rules.folding import Told, fold

KEPT = json.loads((Path(__file__).parent / "data" / "histories_2026.json").read_text("utf-8"))


def told(number):
    return [
        Told(each["seq"], datetime.fromisoformat(each["at"]), each["kind"], each["body"])
        for each in KEPT["events"][number]
    ]


def shown(was):
    """What a case was, as the file keeps it."""
    facts = was.facts
    return [
        was.seq, facts.state, facts.claimed, facts.level, facts.listed, facts.cycle,
        facts.extensions, was.unit_id, was.department, facts.stage, facts.holder,
        was.due_at and was.due_at.isoformat(), was.closed_at and was.closed_at.isoformat(),
    ]  # fmt: skip


@pytest.mark.parametrize("number", KEPT["events"])
def test_an_old_history_folds_as_it_always_did(number):
    events = told(number)

    assert [shown(fold(events[:seq])) for seq in range(1, len(events) + 1)] == KEPT["was"][number]


def test_every_action_is_among_the_old_histories():
    kinds = {each["kind"] for events in KEPT["events"].values() for each in events}

    assert set(Action) <= kinds


def test_no_event_of_a_case_is_nothing():
    assert fold([]) is None


def test_a_history_that_does_not_begin_with_a_report_is_none():
    events = told("YH2026-000077")

    with pytest.raises(ValueError, match="begins with its report"):
        fold(events[1:])


def test_an_event_dated_back_counts_from_its_place_on():
    """What stands before it in the chain must have happened first."""
    first, second = told("YH2026-000077")[:2]
    late = Told(first.seq, first.at.replace(year=2027), first.kind, first.body)

    assert fold([late, second], until=second.at) is None
    assert fold([late, second], until=late.at).seq == 2
