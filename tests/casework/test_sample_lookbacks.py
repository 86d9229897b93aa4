"""The story looks back every month, and what it finds has consequences."""

import re
import shutil
from datetime import date, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.lookback.looking import list_lookbacks, list_published, open_lookback
from casework.lookback.scheduling import list_schedules
from casework.lookback.templates import list_templates
from casework.office import Office
from casework.sample.loading import ADMIN, load_sample
from casework.sample.story import tell_story
from models.engine import open_engine
from models.tables import EVENTS, LOOKBACK_VISITS
from rules.actions import Action
from rules.lookback.acts import LookbackAct, LookbackState
from rules.lookback.findings import Finding
from rules.lookback.verdict import Decision
from rules.workdays import china_day
from tests.invariants import broken

MONDAY = datetime.fromisoformat("2026-03-02T09:00+08:00")
NUMBER = "校安回〔2026〕1号"


@pytest.fixture(scope="module")
def quarter(sqlite_template, tmp_path_factory):
    """Ninety days told once in English: the office as they left it, and the lines."""
    folder = tmp_path_factory.mktemp("quarter")
    shutil.copyfile(sqlite_template, folder / "bihuan.db")
    engine = open_engine(f"sqlite:///{folder / 'bihuan.db'}")
    office = Office(engine, EvidenceStore(folder / "evidence", Limits()))
    lines = list(tell_story(office, days=90, seed=7, start=MONDAY, locale="en"))
    yield SimpleNamespace(office=office, lines=lines, look=open_lookback(office, NUMBER, by=ADMIN))
    engine.dispose()


def test_the_first_working_day_of_a_month_plans_and_the_next_one_draws(quarter):
    looks = list_lookbacks(quarter.office, by=ADMIN)

    assert [china_day(each["planned_at"]) for each in looks] == [date(2026, 5, 6), date(2026, 4, 1)]
    assert [china_day(each["drawn_at"]) for each in looks] == [date(2026, 5, 7), date(2026, 4, 2)]


def test_the_seed_is_committed_to_on_the_working_day_before_the_draw(quarter):
    days = {each["kind"]: china_day(each["at"]) for each in quarter.look.events}

    assert days[LookbackAct.COMMIT] == date(2026, 4, 1)
    assert days[LookbackAct.FREEZE] == days[LookbackAct.DRAW] == date(2026, 4, 2)


def test_a_rejected_stratum_is_looked_at_whole(quarter):
    rejected = [each for each in quarter.look.strata if each.decided is Decision.REJECTED]

    assert rejected
    assert [each.drawn for each in rejected] == [each.size.population for each in rejected]
    assert [each.size.n < each.size.population for each in rejected] == [True]


def test_two_inspectors_sign_every_visit(quarter):
    teams = [each["team"] for each in quarter.look.visits]

    assert {len({each["code"] for each in team}) for team in teams} == {2}
    assert all(each["signed_at"] for team in teams for each in team)


def test_what_relapsed_is_reopened_and_lives_on(quarter):
    reopened = next(each for each in quarter.look.visits if each["reopened"])
    of_case = select(EVENTS.c.kind).where(EVENTS.c.case_id == reopened["case_id"])

    with quarter.office.reading() as connection:
        told = connection.execute(of_case.order_by(EVENTS.c.seq)).scalars().all()

    assert reopened["finding"] is Finding.RELAPSED
    assert told.count(Action.REOPEN) >= 1
    assert told[-1] != Action.REOPEN


def test_nothing_is_reopened_but_by_a_look_back(quarter):
    reopened = select(func.count()).where(LOOKBACK_VISITS.c.reopened)
    events = select(func.count()).where(EVENTS.c.kind == Action.REOPEN.value)

    with quarter.office.reading() as connection:
        assert connection.execute(reopened).scalar() == connection.execute(events).scalar()


def test_a_look_back_ends_on_the_public_list(quarter):
    published = {each["number"] for each in list_published(quarter.office)}

    assert quarter.look.row["state"] is LookbackState.CLOSED
    assert NUMBER in published
    assert quarter.look.broken_at is None
    assert broken(quarter.office) == []


def test_the_lines_tell_what_a_look_back_came_to(quarter):
    told = "\n".join(line for line in quarter.lines if NUMBER in line)

    assert re.findall(r"1号 (\w+)", told)[:2] == ["planned", "15"]
    assert "15 drawn (ordinary 15/48), inspectors drawn for 15 of them" in told
    assert "ordinary rejected, all of it looked at: 33 more drawn, 48 in all" in told
    assert re.search(r"closed: ordinary: \d+ of \d+ relapsed, rejected", told)
    assert "results published" in told


def test_the_totals_count_what_was_looked_back_at(quarter):
    (totals,) = (line for line in quarter.lines if "strata rejected" in line)
    numbers = dict(re.findall(r"([a-z -]+) (\d+)", totals))

    assert numbers["  look-backs"] == "2"
    assert all(int(number) > 0 for number in numbers.values()), totals


def test_inspectors_are_told_of_their_visits_by_post(sqlite_office, tmp_path):
    start = datetime.fromisoformat("2026-03-16T09:00+08:00")
    list(tell_story(sqlite_office, days=20, seed=7, start=start, mailbox=tmp_path / "box"))

    page = (tmp_path / "box" / "index.html").read_text(encoding="utf-8")
    assert "【回头看】" in page
    assert f"{NUMBER} 抽中" in page


def test_the_sample_brings_templates_and_a_schedule_once(sqlite_office):
    load_sample(sqlite_office, at=MONDAY)
    load_sample(sqlite_office, at=MONDAY)

    (listed,) = list_schedules(sqlite_office, by=ADMIN, as_of=MONDAY)
    assert [each.name for each in list_templates(sqlite_office)] == ["学期抽检", "每月回头看"]
    assert listed.schedule.template == "每月回头看"
    assert listed.ahead[0] == date(2026, 3, 2)


def test_a_look_back_is_told_the_same_way_twice(sqlite_template, tmp_path):
    start = datetime.fromisoformat("2026-03-16T09:00+08:00")
    first, again = (
        list(tell_story(_founded(sqlite_template, tmp_path / name), days=24, seed=7, start=start))
        for name in ("first", "again")
    )

    assert any("抽取" in line for line in first)
    assert first == again


def _founded(template, folder):
    folder.mkdir()
    shutil.copyfile(template, folder / "bihuan.db")
    engine = open_engine(f"sqlite:///{folder / 'bihuan.db'}")
    return Office(engine, EvidenceStore(folder / "evidence", Limits()))
