"""A text that is adopted is in force from then on; what was made under another one keeps that."""

from datetime import timedelta

import pytest

from casework.adopting import (
    adopt_text,
    find_text,
    list_versions,
    part_of,
    retire_text,
    texts_in_force,
    try_text,
)
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.inspections.checklists import CHECKLISTS
from casework.lookback.looks import Hand
from casework.records import read_records
from rules.inspections.checklists import shipped
from rules.reading import TextTrouble, digest
from tests.offices import MONDAY_9AM
from tests.sealing import faults, sealed

OURS = shipped()["daily"]
OTHER = OURS.replace('zh = "每日自查"', 'zh = "每天自查"', 1)
FRESH = OURS.replace('key = "daily"', 'key = "pool"', 1).replace(
    'zh = "每日自查"', 'zh = "泳池"', 1
)


def adopt(office, text, *, reason="增加一项", by="admin", days=0):
    hand = Hand(by, MONDAY_9AM + timedelta(days=days), Door.CLI)
    return adopt_text(office, CHECKLISTS, text, reason, hand)


def in_force(office, key="daily"):
    with office.reading() as connection:
        return texts_in_force(connection, CHECKLISTS)[key]


def test_the_newest_text_is_in_force_and_every_version_is_kept(office, tmp_path):
    first = adopt(office, OTHER)
    adopt(office, OURS, reason="改回", days=1)

    assert (first.part.zh, in_force(office).text) == ("每天自查", OURS)
    found = list_versions(office, CHECKLISTS, "daily")
    assert [(each.text, each.reason) for each in found] == [
        (OURS, "改回"), (OTHER, "增加一项"), (OURS, ""),
    ]  # fmt: skip
    with office.reading() as connection:
        assert part_of(connection, CHECKLISTS, "daily", first.digest).zh == "每天自查"
        ((event, _),) = read_records(connection, "checklist", 2)
    assert (event.case, digest(OTHER) in event.body) == (f"checklist:daily/{digest(OURS)}", True)
    sealed(office, tmp_path)
    assert faults(office, tmp_path) == []


def test_what_is_in_force_already_is_not_adopted_again(sqlite_office):
    again = adopt(sqlite_office, OURS)

    assert (again.adopted_at, len(list_versions(sqlite_office, CHECKLISTS, "daily"))) == (None, 1)


def test_a_trial_checks_and_writes_nothing(sqlite_office):
    part, before = try_text(sqlite_office, CHECKLISTS, OTHER)

    assert (part.zh, before, in_force(sqlite_office).text) == ("每天自查", OURS, OURS)
    assert try_text(sqlite_office, CHECKLISTS, FRESH)[1] == ""


@pytest.mark.parametrize(
    ("text", "reason", "by", "refusal"),
    [
        (OTHER, " ", "admin", Invalid),
        (OTHER, "x" * 501, "admin", Invalid),
        ("schema = 7", "why", "admin", TextTrouble),
        (OTHER, "why", "committee1", Refused),
        (OTHER, "why", "head1", Refused),
        (OTHER, "why", "", NotFound),
    ],
)
def test_what_may_not_be_adopted_is_refused(sqlite_office, text, reason, by, refusal):
    with pytest.raises(refusal):
        adopt(sqlite_office, text, reason=reason, by=by)

    assert in_force(sqlite_office).text == OURS


def test_a_text_taken_out_of_use_is_not_found_but_read_for_ever(office):
    version = adopt(office, FRESH)
    hand = Hand("admin", MONDAY_9AM, Door.CLI)

    with office.writing() as connection:
        retire_text(connection, CHECKLISTS, "pool", "不再使用", hand)

    with office.reading() as connection:
        with pytest.raises(NotFound):
            find_text(connection, CHECKLISTS, "pool")
        assert part_of(connection, CHECKLISTS, "pool", version.digest).zh == "泳池"
    assert adopt(office, FRESH, reason="重新使用").reason == "重新使用"
