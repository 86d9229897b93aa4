"""A draw nobody can choose: committed before the frame is frozen, and the same whoever asks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from casework.errors import Invalid, NotFound, Refused
from casework.lookback.committing import commit_seed
from casework.lookback.drawing import draw_lookback, frame_items
from casework.lookback.enlarging import enlarge
from casework.lookback.looking import open_lookback
from casework.lookback.planning import Asked, plan_lookback, preview
from casework.lookback.templates import list_templates, retire_template, save_template
from casework.records import read_records
from models.tables import LOOKBACKS
from rules.actions import Action
from rules.lookback.draw import draw
from rules.lookback.plan import TemplateTrouble
from rules.lookback.seeds import check_reveal, order_is_honest, seed_from
from rules.proof import first_break
from tests.lookbacks import (
    KEYS,
    MONTHLY,
    TUESDAY,
    closed_cases,
    drawn_look,
    hand,
    planned_look,
    visits_of,
)
from tests.offices import MONDAY_9AM, act, closed, reported

OUTSIDE = MONTHLY.replace("strata", 'seed = "outside"\nstrata')


def history(office, look=1):
    with office.reading() as connection:
        return read_records(connection, "lookback", look)


def numbers(office, look):
    return [visit["number"] for visit in visits_of(office, look)]


def test_the_history_shows_that_the_seed_came_before_the_frame(office):
    closed_cases(office)

    drawn_look(office)

    events = history(office)
    assert [event.kind for event, _ in events] == ["plan", "commit", "freeze", "reveal", "draw"]
    assert order_is_honest([event.kind for event, _ in events]) is None
    assert first_break(events) is None


def test_the_frame_holds_every_case_closed_in_the_period_and_no_other(office):
    inside = closed_cases(office, 5)
    closed(office, at=MONDAY_9AM - timedelta(days=30), description="上月已销号")
    reported(office, description="还没有整改")
    voided = reported(office, description="误报")
    act(office, voided, Action.VOID, "committee1", reason="误报")

    look = open_lookback(office, drawn_look(office), by="admin")

    framed = [number for number, _ in frame_items(office, look.row["frame_digest"])]
    assert framed == sorted(inside)


def test_anybody_with_frame_and_seed_draws_the_same(office):
    closed_cases(office)

    number = drawn_look(office)

    row = open_lookback(office, number, by="admin").row
    assert check_reveal(row["commitment"], row["secret"], number)
    assert row["seed"] == seed_from(row["secret"], None, row["frame_digest"])
    again = draw(
        frame_items(office, row["frame_digest"]), row["seed"], {"cluster=P1": 3, "cluster=P2": 1}
    )
    assert [each.id for drawn in again.values() for each in drawn] == numbers(office, number)


def test_a_stratum_is_sized_by_its_share_and_at_least_one(office):
    closed_cases(office)

    drawn_look(office)

    strata = {
        each.key: each.size.n
        for each in open_lookback(office, "校安回〔2026〕1号", by="admin").strata
    }
    assert strata == {"cluster=P1": 3, "cluster=P2": 1}


def test_enlarging_keeps_what_was_drawn(office):
    closed_cases(office)
    number = drawn_look(office)
    before = numbers(office, number)

    enlarged = enlarge(office, number, "cluster=P1", 2, "两件未能入校", hand())

    after = numbers(office, number)
    assert (enlarged.added, enlarged.drawn) == (2, 5)
    assert after[:3] == before[:3]
    assert after[5:] == before[3:]
    assert first_break(history(office)) is None


def test_a_stratum_cannot_be_enlarged_beyond_its_end(office):
    closed_cases(office)
    number = drawn_look(office)
    enlarge(office, number, "cluster=P2", 100, "全部", hand())

    with pytest.raises(Refused, match="the whole stratum is drawn"):
        enlarge(office, number, "cluster=P2", 1, "再多一件", hand())


@pytest.mark.parametrize(
    ("by", "reason", "where"), [(0, "两件未能入校", "by"), (1, "  ", "reason")]
)
def test_an_enlargement_says_how_many_and_why(sqlite_office, by, reason, where):
    closed_cases(sqlite_office, 3)
    number = drawn_look(sqlite_office)

    with pytest.raises(Invalid) as told:
        enlarge(sqlite_office, number, "cluster=P1", by, reason, hand())

    assert told.value.where == where


def test_nothing_is_drawn_twice(office):
    closed_cases(office, 3)
    number = drawn_look(office)
    before = numbers(office, number)

    with pytest.raises(Refused, match="it is drawn"):
        draw_lookback(office, number, hand(), KEYS)

    assert numbers(office, number) == before


def test_of_two_admins_drawing_at_once_one_draws(office):
    closed_cases(office)
    number = planned_look(office)
    commit_seed(office, number, hand(), KEYS)

    def attempt(_):
        try:
            return draw_lookback(office, number, hand(), KEYS).seed
        except Refused:
            return None

    with ThreadPoolExecutor(4) as pool:
        seeds = list(pool.map(attempt, range(4)))

    assert sum(seed is not None for seed in seeds) == 1
    assert [event.kind for event, _ in history(office)].count("draw") == 1


def test_no_seed_no_draw(office):
    closed_cases(office, 3)
    number = planned_look(office)

    with pytest.raises(Refused, match="it is planned"):
        draw_lookback(office, number, hand(), KEYS)


def test_the_secret_is_kept_sealed_until_it_is_revealed(office):
    closed_cases(office, 3)
    number = planned_look(office)
    commit_seed(office, number, hand(), KEYS)
    with office.reading() as connection:
        before = connection.execute(LOOKBACKS.select()).one()

    draw_lookback(office, number, hand(), KEYS)

    secret = open_lookback(office, number, by="admin").row["secret"]
    assert before.secret == ""
    assert secret not in before.sealed_secret
    assert secret not in " ".join(event.body for event, _ in history(office)[:3])


def test_an_outside_value_is_announced_before_and_typed_after(office):
    closed_cases(office, 3)
    number = planned_look(office, OUTSIDE)
    day = date(2026, 3, 4)
    commit_seed(office, number, hand(), KEYS, source="双色球第2026025期", expected_on=day)

    with pytest.raises(Refused, match="is out on 2026-03-04"):
        draw_lookback(office, number, hand(), KEYS, outside="01 05 09")
    late = hand(at=TUESDAY + timedelta(days=1))
    with pytest.raises(Exception, match="the outside value is empty"):
        draw_lookback(office, number, late, KEYS)
    draw_lookback(office, number, late, KEYS, outside="０１ 05 　09")

    row = open_lookback(office, number, by="admin").row
    assert (row["commitment"], row["outside_value"]) == ("", "01 05 09")
    assert row["seed"] == seed_from("", "01 05 09", row["frame_digest"])


def test_an_outside_value_that_nobody_announced_is_a_chosen_one(sqlite_office):
    closed_cases(sqlite_office, 3)
    number = planned_look(sqlite_office)
    commit_seed(sqlite_office, number, hand(), KEYS)

    with pytest.raises(Invalid, match="no outside value was announced"):
        draw_lookback(sqlite_office, number, hand(), KEYS, outside="01 05 09")


def test_an_empty_frame_draws_nothing_and_says_so(office):
    number = drawn_look(office)

    look = open_lookback(office, number, by="admin")
    assert (look.row["frame_size"], look.row["drawn"], look.visits) == (0, 0, [])


def test_the_same_occurrence_is_planned_once(office):
    first = planned_look(office, occurrence="每月:2026-03-05")
    again = plan_lookback(office, Asked("每月", occurrence="每月:2026-03-05"), hand())

    assert (again.number, again.already) == (first, True)


def test_a_preview_says_what_would_be_drawn_and_writes_nothing(office):
    closed_cases(office)
    save_template(office, "每月", MONTHLY, by="admin", at=MONDAY_9AM)

    seen = preview(office, Asked("每月"), hand=hand())

    assert (seen.population, seen.drawn) == (12, 4)
    assert {each.key: str(each.power) for each in seen.strata} == {
        "cluster=P1": "3/8", "cluster=P2": "1/4",
    }  # fmt: skip
    with office.reading() as connection:
        assert connection.execute(LOOKBACKS.select()).all() == []


def test_a_filter_by_cluster_and_listing_narrows_the_frame(office):
    closed_cases(office, 6)
    save_template(office, "每月", MONTHLY, by="admin", at=MONDAY_9AM)
    never_listed = MONTHLY + "\n[frame]\nlisted = true\n"

    assert preview(office, Asked("每月", clusters=["P2"]), hand=hand()).population == 2
    assert preview(office, Asked(text=never_listed), hand=hand()).population == 0


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ('period = "someday"', "period"),
        ("strata = ['moon']", "strata.0"),
        ('title = ""', "title"),
        ("colour = 1", "colour"),
    ],
)
def test_a_template_that_cannot_be_used_names_key_and_remedy(sqlite_office, line, where):
    with pytest.raises(TemplateTrouble) as told:
        save_template(sqlite_office, "坏", line + "\n" + MONTHLY, by="admin", at=MONDAY_9AM)

    assert where in told.value.where or "TOML" in told.value.problem.zh
    assert told.value.remedy.zh


def test_a_template_is_retired_and_stays_in_the_record(office):
    save_template(office, "每月", MONTHLY, by="admin", at=MONDAY_9AM)
    save_template(office, "每季", MONTHLY, by="admin", at=MONDAY_9AM)
    retire_template(office, "每月", by="admin", at=TUESDAY)

    assert [each.name for each in list_templates(office)] == ["每季"]
    with pytest.raises(NotFound):
        plan_lookback(office, Asked("每月"), hand())


@pytest.mark.parametrize("who", ["head1", "cluster1", "verifier1a", "auditor", "inspector1"])
def test_only_the_committee_and_its_admins_hold_look_backs(sqlite_office, who):
    save_template(sqlite_office, "每月", MONTHLY, by="admin", at=MONDAY_9AM)

    with pytest.raises(Refused):
        plan_lookback(sqlite_office, Asked("每月"), hand(who))


@pytest.mark.parametrize("who", ["head1", "cluster1", "owner3"])
def test_who_may_be_looked_at_cannot_learn_of_the_draw(sqlite_office, who):
    closed_cases(sqlite_office, 3)
    number = drawn_look(sqlite_office)

    with pytest.raises(NotFound):
        open_lookback(sqlite_office, number, by=who)
