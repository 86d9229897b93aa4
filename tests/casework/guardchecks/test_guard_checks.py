"""Guards are drawn once a month by a seed nobody chose, and what is found of them stands."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from casework.errors import Invalid, NotFound, Refused
from casework.guardchecks.drawing import commit_check, draw_check
from casework.guardchecks.looking import list_checks, list_published, publish_check, verify_check
from casework.guardchecks.recording import Seen
from casework.guardchecks.stepping import step_checks
from models.tables import (
    CASES,
    GUARD_VISITS,
    RECORD_EVENTS,
)
from rules.guardchecks.acts import sample_size
from rules.guardchecks.findings import Card, Identity, Violation, compare
from tests.casework.guardchecks.checking import (
    CARD,
    KEYS,
    NUMBER,
    TUESDAY,
    drawn,
    hand,
    record,
    seen,
    visits,
    with_guards,
)
from tests.casework.registers.buses import GUARD
from tests.offices import MONDAY_9AM
from tests.sealing import faults, sealed


@pytest.mark.parametrize(
    ("guards", "share", "expected"),
    [(0, 10, 0), (1, 10, 1), (10, 10, 1), (11, 10, 2), (20, 10, 2), (21, 10, 3), (5, 100, 5),
     (3, 1, 1)],
)  # fmt: skip
def test_a_share_is_rounded_up_and_never_nobody(guards, share, expected):
    assert sample_size(guards, share) == expected


@pytest.mark.parametrize(
    ("held", "name", "card", "expected"),
    [
        ({"name": "李大力", "id_card": CARD}, "李大力", CARD, Identity.MATCH),
        ({"name": "李大力", "id_card": CARD}, " 李 大力", CARD.lower(), Identity.MATCH),
        ({"name": "李大力", "id_card": CARD}, "李大力", CARD[:-1] + "1", Identity.MISMATCH),
        ({"name": "李大力", "id_card": CARD}, "李小力", CARD, Identity.MISMATCH),
        ({"name": "李大力", "id_card": CARD}, "李大力", "", Identity.MATCH),
        ({"name": "李大力"}, "李大力", CARD, Identity.MATCH),
        ({"name": "李大力"}, "李小力", CARD, Identity.MISMATCH),
        ({}, "李大力", "", Identity.MISMATCH),
    ],
)
def test_a_card_is_compared_with_the_register(held, name, card, expected):
    assert compare(held, Card(name, card)) is expected


def test_every_cluster_is_drawn_from_and_the_draw_can_be_reckoned_again(office, tmp_path):
    with_guards(office)

    done = drawn(office, 34)

    assert (done.frame_size, done.drawn) == (5, 3)  # two of three, one of two
    assert done.strata == {"cluster=P1": 2, "cluster=P2": 1}
    assert verify_check(office, NUMBER, by="auditor") is None
    sealed(office, tmp_path)
    assert faults(office, tmp_path) == []


def test_another_draw_than_the_seed_gives_is_found(sqlite_office):
    with_guards(sqlite_office)
    drawn(sqlite_office)

    with sqlite_office.writing() as connection:
        connection.execute(update(GUARD_VISITS).where(GUARD_VISITS.c.no == 1).values(no=9))

    assert verify_check(sqlite_office, NUMBER, by="auditor") is not None


def test_a_month_has_one_check_that_is_drawn_once(office):
    with_guards(office)
    drawn(office)

    with pytest.raises(Refused):
        commit_check(office, "2026-03", 10, hand(), KEYS)
    with pytest.raises(Refused):
        draw_check(office, NUMBER, hand(), KEYS)


@pytest.mark.parametrize(("period", "share"), [("2026-13", 10), ("2026", 10), ("2026-03", 0),
                                               ("2026-03", 101)])  # fmt: skip
def test_what_is_no_month_or_share_is_refused(sqlite_office, period, share):
    with pytest.raises(Invalid):
        commit_check(sqlite_office, period, share, hand(), KEYS)


@pytest.mark.parametrize("by", ["head1", "cluster1", "inspector1", "auditor"])
def test_who_may_not_hold_a_check_is_refused(sqlite_office, by):
    with pytest.raises(Refused):
        commit_check(sqlite_office, "2026-03", 10, hand(by), KEYS)


@pytest.mark.parametrize("by", ["head1", "owner1", "cluster1", "verifier1a", "reporter1"])
def test_nobody_of_a_school_or_cluster_learns_who_was_drawn(sqlite_office, by):
    with_guards(sqlite_office)
    drawn(sqlite_office)

    for ask in (lambda: visits(sqlite_office, by), lambda: list_checks(sqlite_office, by=by),
                lambda: record(sqlite_office, seen(), by=by)):  # fmt: skip
        with pytest.raises(Refused):
            ask()


def test_each_day_takes_the_step_that_is_due_once(office):
    with_guards(office)
    days = [MONDAY_9AM, MONDAY_9AM, TUESDAY, TUESDAY, MONDAY_9AM + timedelta(days=40)]

    steps = [step_checks(office, hand(None, at), KEYS, share=10) for at in days]

    assert [step.committed.number if step.committed else "" for step in steps] == [
        NUMBER, "", "", "", "BC2026-04",
    ]  # fmt: skip
    assert [len(step.drawn) for step in steps] == [0, 0, 1, 0, 0]


def test_a_register_without_guards_is_checked_at_once(office):
    assert drawn(office).drawn == 0
    assert publish_check(office, NUMBER, hand())


def test_whoever_is_somebody_else_becomes_a_case(office):
    with_guards(office)
    drawn(office)

    same = record(office, seen())
    other = record(office, seen(name="张三", card="11010519491231002X"), guard="A1")

    assert (same.identity, same.case, other.identity) == ("match", "", "mismatch")
    with office.reading() as connection:
        case = connection.execute(CASES.select().where(CASES.c.number == other.case)).one()
    assert case.description == "保安员“A1”抽查人证不符"
    assert case.category == "security"


def test_what_was_found_stands_and_the_last_one_ends_the_check(office):
    with_guards(office, first=1, second=1)
    drawn(office)

    absent = Seen(None, note="门卫室无人", violations=[Violation.REGISTER_EMPTY])
    first = record(office, absent)
    with pytest.raises(Refused):
        record(office, seen())
    last = record(office, seen(national=False, card=""), guard="C0", unit="S3")

    assert (first.left, last.left) == (1, 0)
    assert {each["identity"] for each in visits(office)} == {Identity.ABSENT, Identity.MATCH}
    with pytest.raises(Refused):
        record(office, seen(), guard="C0", unit="S3")


@pytest.mark.parametrize(
    ("found", "where"),
    [
        (Seen(Card("")), "name"),
        (Seen(None), "note"),
        (seen(violations=[Violation.OTHER]), "note"),
        (seen(name="\x00"), "name"),
    ],
)
def test_what_is_missing_is_named(sqlite_office, found, where):
    with_guards(sqlite_office)
    drawn(sqlite_office)

    with pytest.raises(Invalid) as refused:
        record(sqlite_office, found)

    assert refused.value.where == where


def test_who_was_not_drawn_is_not_recorded(sqlite_office):
    with_guards(sqlite_office, first=1)
    drawn(sqlite_office)

    with pytest.raises(NotFound):
        record(sqlite_office, seen(), guard="A9")
    with pytest.raises(NotFound):
        record(sqlite_office, seen(), guard="A0", unit="S2")


def test_what_is_published_counts_and_names_nobody(office):
    with_guards(office, first=2, second=1)
    drawn(office)
    record(office, seen())
    record(office, seen(name="张三", school=False, violations=[Violation.NO_UNIFORM]), guard="A1")
    with pytest.raises(Refused):
        publish_check(office, NUMBER, hand())
    record(office, seen(card=""), guard="C0", unit="S3")

    publish_check(office, NUMBER, hand())

    (published,) = list_published(office)
    assert published["counts"] == [
        {"cluster": "第一片区", "drawn": 2, "match": 1, "mismatch": 1, "absent": 0,
         "no_national": 0, "no_school": 1, "violations": 1},
        {"cluster": "第二片区", "drawn": 1, "match": 1, "mismatch": 0, "absent": 0,
         "no_national": 0, "no_school": 0, "violations": 0},
    ]  # fmt: skip
    said = json.dumps(published, default=str, ensure_ascii=False)
    assert not [each for each in ("A0", "A1", "第一小学", GUARD["name"], "张三") if each in said]


def test_the_chain_names_nobody_and_no_card(office):
    with_guards(office)
    drawn(office)
    record(office, seen(name="张三"))

    with office.reading() as connection:
        bodies = connection.execute(
            select(RECORD_EVENTS.c.body).where(RECORD_EVENTS.c.subject == "guard_check")
        ).scalars()
        told = " ".join(bodies)

    assert [each for each in (GUARD["name"], "张三", CARD) if each in told] == []
    assert '"identity":"mismatch"' in told
