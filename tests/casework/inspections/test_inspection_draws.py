"""双随机: committed to before, drawn on the day, the same drawn again; then published."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from casework.duties.listing import show_duty
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.inspections.giving_out import give_out
from casework.inspections.naming import begin_inspection, name_inspectors
from casework.inspections.publishing import (
    list_draws,
    publish_draw,
    published_draws,
    verify_draw,
)
from casework.inspections.showing import open_inspection
from models.tables import INSPECTION_DRAWS
from notifications.sealing import Keys
from rules.inspections.kinds import InspectionKind
from rules.workdays import china_day
from tests.inspections import RANDOM, given, hand, planned, recorded, signed, tasks, told
from tests.lookbacks import with_inspectors
from tests.offices import MONDAY_9AM

DAY = timedelta(days=1)
SUNDAY = MONDAY_9AM - DAY
TODAY = china_day(MONDAY_9AM)


@pytest.fixture
def drawn(sqlite_office):
    """Half of each cluster's schools drawn on Monday, committed to on Sunday."""
    office = sqlite_office
    with_inspectors(office)
    number = planned(office, RANDOM, at=SUNDAY)
    given(office, SUNDAY)
    given(office)
    return office, number


def draw_of(office, plan):
    return list_draws(office, plan, by="auditor")[0]


def made(office, row, *, at=MONDAY_9AM):
    """The drawn inspectors make an inspection, with nothing found."""
    file = open_inspection(office, row["number"], by="committee1", today=TODAY)
    first, second = (each["code"] for each in file.team)
    recorded(office, row["number"], told("security"), by=first, at=at)
    signed(office, row["number"], by=second, at=at)


def test_the_seed_is_committed_to_before_and_the_draw_is_made_once(office):
    with_inspectors(office)
    plan = planned(office, RANDOM, at=SUNDAY)

    before = given(office, SUNDAY)
    known = draw_of(office, plan)
    on_the_day, again = given(office), given(office)

    assert (before.committed, before.tasks) == ([f"{plan}/1/2026-Q1"], 0)
    assert (len(known["commitment"]), known["secret"], known["seed"]) == (64, "", "")
    assert (on_the_day.drawn, on_the_day.tasks, again.tasks) == ([f"{plan}/1/2026-Q1"], 2, 0)
    assert draw_of(office, plan)["frame_size"] == 3


def test_anybody_who_sees_it_draws_the_same_again(drawn):
    office, plan = drawn

    checks = verify_draw(office, f"{plan}/1/2026-Q1", by="auditor")

    assert [each.holds for each in checks] == [True] * 6


@pytest.mark.parametrize(
    ("column", "value"),
    [("secret", "0" * 64), ("seed", "1" * 64), ("frame", [["S1", "P1"]]), ("drawn", [])],
)
def test_a_draw_that_was_tampered_with_does_not_verify(drawn, column, value):
    office, plan = drawn
    with office.writing() as connection:
        connection.execute(INSPECTION_DRAWS.update().values({column: value}))

    assert not all(each.holds for each in verify_draw(office, f"{plan}/1/2026-Q1", by="auditor"))


def test_two_inspectors_of_no_such_school_are_drawn_for_each(drawn):
    office, _ = drawn
    files = [
        open_inspection(office, each["number"], by="committee1", today=TODAY)
        for each in tasks(office)
    ]

    assert [len(each.team) for each in files] == [2, 2]
    assert all(each["code"].startswith("inspector") for file in files for each in file.team)


@pytest.mark.parametrize("who", ["head1", "owner1", "cluster1", "verifier1a", "head3", "cluster2"])
def test_an_unannounced_inspection_is_not_seen_before_it_is_made(drawn, who):
    office, plan = drawn

    assert tasks(office, by=who) == []
    with pytest.raises(NotFound):
        list_draws(office, plan, by=who)


def test_the_school_sees_it_once_it_was_made(drawn):
    office, _ = drawn
    row = next(each for each in tasks(office) if each["unit_code"] == "S3")

    made(office, row)

    assert [each["number"] for each in tasks(office, by="head3")] == [row["number"]]


def test_results_are_published_once_all_were_inspected(drawn):
    office, plan = drawn
    number = f"{plan}/1/2026-Q1"
    first, second = tasks(office)
    made(office, first)
    with pytest.raises(Refused):
        publish_draw(office, number, hand("committee1"))
    made(office, second)

    receipt = publish_draw(office, number, hand("committee1"))
    again = publish_draw(office, number, hand("committee1"))

    (shown,) = published_draws(office)
    assert (receipt, len(shown["tasks"])) == (again, 2)
    assert [each["hazards"] for each in shown["tasks"]] == [0, 0]


def test_where_nobody_can_go_the_school_is_drawn_and_inspectors_are_named_by_hand(sqlite_office):
    office = sqlite_office
    plan = planned(office, RANDOM)  # one inspector: too few for two
    run = given(office)
    row = tasks(office)[0]
    team = ["inspector1", "committee2"]

    with pytest.raises(Invalid):
        name_inspectors(office, row["number"], team, "", hand("committee1"))
    with pytest.raises(Refused):
        name_inspectors(office, row["number"], team, "人手不足", hand("auditor"))
    name_inspectors(office, row["number"], team, "人手不足", hand("committee1"))

    file = open_inspection(office, row["number"], by="committee1", today=TODAY)
    assert len(run.impossible) == len(draw_of(office, plan)["impossible"]) == 2
    assert [each["code"] for each in file.team] == team


def test_who_is_named_in_place_of_another_is_chased_instead(drawn):
    office, _ = drawn
    number = tasks(office)[0]["number"]
    first, second = open_inspection(office, number, by="committee1", today=TODAY).team
    before = owed(office, number)["waits_for"]

    name_inspectors(office, number, [second["code"], first["code"]], "生病", hand("committee1"))

    after = owed(office, number)
    assert (before, after["waits_for"]) == (first["name"], second["name"])
    assert [each["act"] for each in after["history"]] == ["open", "hand_over"]


def owed(office, number):
    return show_duty(office, "inspection", number, by="committee1", today=TODAY)


def test_an_inspection_is_begun_on_the_spot(sqlite_office):
    office, kind = sqlite_office, InspectionKind.SPOT
    begun = begin_inspection(office, "S1", "安防（三防）检查", kind, hand("inspector1"))

    hidden = tasks(office, by="head1")
    answer = recorded(office, begun.number, told("security"), by="inspector1")

    assert (hidden, answer.unsigned) == ([], 1)
    assert signed(office, begun.number, by="committee1").state == "recorded"
    with pytest.raises(Refused):
        begin_inspection(office, "S1", "security", kind, hand("owner1"))


def test_what_hinders_one_plan_hinders_no_other(sqlite_office):
    office = sqlite_office
    broken = planned(office, RANDOM, at=SUNDAY)
    given(office, SUNDAY)
    daily = planned(office)
    strange = Keys([Fernet.generate_key().decode()])

    run = give_out(office, strange, as_of=MONDAY_9AM, ran_at=MONDAY_9AM, door=Door.FLOW)

    assert (list(run.by_plan), [each.partition(":")[0] for each in run.failed]) == (
        [daily], [broken],
    )  # fmt: skip
