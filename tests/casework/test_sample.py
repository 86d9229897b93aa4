"""The sample reads as a ledger, loads once, and its story goes through the doors and holds."""

import csv
import re
import shutil
import time
from contextlib import ExitStack, closing
from datetime import date, datetime
from io import StringIO
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.importing import import_ledger
from casework.ledger.entries import Entry, read_entry
from casework.ledger.reader import open_ledger
from casework.office import Office
from casework.sample import loading
from casework.sample.agenda import Agenda, working_moment
from casework.sample.chance import dice
from casework.sample.hazards import read_hazards
from casework.sample.loading import ADMIN, load_sample, write_sample_ledger
from casework.sample.organisation import compose
from casework.sample.rows import compose_rows
from casework.sample.story import tell_story
from casework.sample.tally import check_chains
from models.engine import open_engine
from models.tables import EVENTS, ORDERS, ORGANISATIONS, PEOPLE, POLICY_VERSIONS, SCHOOL_TERMS
from rules.access import Role
from rules.actions import Action
from rules.case import Level
from rules.orders import OrderAct, OrderCause, Service
from rules.workdays import china_day
from tests.invariants import broken

AS_OF = date(2026, 3, 2)
MONDAY = datetime.fromisoformat("2026-03-02T09:00+08:00")
SEED = 7
CSV = Path(loading.__file__).with_name("school_hazards.csv")


@pytest.fixture
def empty_office(engine, tmp_path):
    return Office(engine, EvidenceStore(tmp_path / "evidence", Limits()))


@pytest.fixture(scope="module")
def founded(sqlite_template, tmp_path_factory):
    """A function that opens an empty office of its own on SQLite."""
    serial = count(1)
    with ExitStack() as open_ones:

        def found():
            folder = tmp_path_factory.mktemp(f"office-{next(serial)}")
            shutil.copyfile(sqlite_template, folder / "bihuan.db")
            engine = open_engine(f"sqlite:///{folder / 'bihuan.db'}")
            open_ones.callback(engine.dispose)
            return Office(engine, EvidenceStore(folder / "evidence", Limits()))

        yield found


@pytest.fixture(scope="module")
def quarter(founded):
    """Ninety days told once: the office as they left it, and the lines."""
    office = founded()
    lines = list(tell_story(office, days=90, seed=SEED, start=MONDAY))
    return SimpleNamespace(office=office, lines=lines)


@pytest.mark.parametrize(
    "as_of",
    [
        date(2026, 3, 2),
        date(2026, 10, 9),  # the day after the autumn holidays
        date(2026, 11, 24),
        date(2027, 2, 1),  # beyond the published calendar
    ],
)
def test_the_ledger_reads_back_without_a_problem(as_of, tmp_path):
    entries = _read(write_sample_ledger(tmp_path, as_of=as_of), as_of)

    assert [each for each in entries if not isinstance(each, Entry)] == []
    assert sum(each.is_normal for each in entries) == 4
    assert len(entries) == 80 + 4 + 1


def test_the_ledger_holds_every_hazard_word_for_word_with_its_source(tmp_path):
    entries = _read(write_sample_ledger(tmp_path, as_of=AS_OF), AS_OF)

    written = {(each.location, each.description, each.source) for each in entries}
    assert {(h.location, h.hazard, h.source_url) for h in read_hazards()} <= written


def test_every_row_says_what_was_drawn(tmp_path):
    entries = _read(write_sample_ledger(tmp_path, as_of=AS_OF), AS_OF)

    assert [each.row for each in entries if "模拟：" not in each.remark] == []


def test_what_the_page_said_is_not_drawn_over():
    rows = {row.remark.split("；")[0]: row for row in compose_rows(as_of=AS_OF)}
    dated, undated = rows["H054"], rows["H083"]

    assert (dated.due - dated.visit.day).days == 14  # 2022-04-08 to 2022-04-22 on the page
    assert "原页时限：2022-04-22" in dated.remark
    assert not re.search("整改时限|整改措施", dated.remark)
    assert undated.measure == "加强培训"
    assert "整改时限" in undated.remark


def test_on_its_day_some_of_the_ledger_is_overdue_and_some_is_due_soon(tmp_path):
    entries = _read(write_sample_ledger(tmp_path, as_of=AS_OF), AS_OF)
    left = [(each.due - AS_OF).days for each in entries if each.due]

    assert sum(days < 0 for days in left) > 10
    assert sum(0 <= days <= 7 for days in left) > 5
    assert max(each.found_on for each in entries) < AS_OF


def test_the_same_seed_writes_the_same_rows_and_another_does_not():
    rows = compose_rows(as_of=AS_OF)

    assert compose_rows(as_of=AS_OF) == rows
    assert compose_rows(as_of=AS_OF, seed=1) != rows


def test_the_shipped_hazards_are_the_published_ones():
    rows = list(csv.DictReader(StringIO(CSV.read_text(encoding="utf-8"))))

    assert len(rows) == len({row["id"] for row in rows}) == 80
    assert all(row["source_url"] and row["hazard"] for row in rows)
    assert {h.id for h in read_hazards() if h.level is Level.MAJOR} >= {"H095", "H096"}


def test_the_organisation_is_whole_and_names_nobody_twice():
    organisation = compose()
    roles = {role for person in organisation.people for role, _ in person.roles}

    assert len(organisation.teams) == 80
    assert len({team.cluster for team in organisation.teams.values()}) == 16
    assert len({person.name for person in organisation.people}) == len(organisation.people)
    assert roles == set(Role) - {Role.LADDER}
    assert {t for h in read_hazards() for t in h.fitting_types} <= {
        team.unit_type for team in organisation.teams.values()
    }


def test_loading_twice_changes_nothing(empty_office):
    load_sample(empty_office, at=MONDAY)
    loaded = _sizes(empty_office)

    load_sample(empty_office, at=MONDAY)

    assert loaded == _sizes(empty_office) == [97, 301, 1, 4]


def test_the_ledger_lands_whole(empty_office, tmp_path):
    load_sample(empty_office, at=MONDAY)
    ledger = write_sample_ledger(tmp_path, as_of=AS_OF)

    imported = import_ledger(empty_office, ledger, by=ADMIN, at=MONDAY)

    assert imported.landed
    assert (imported.cases, imported.normal, imported.duplicate, imported.rejected) == (80, 4, 1, 0)


def test_ten_days_are_told_the_same_way_twice(founded):
    began = time.process_time()
    first = list(tell_story(founded(), days=10, seed=SEED, start=MONDAY))
    took = time.process_time() - began

    again = list(tell_story(founded(), days=10, seed=SEED, start=MONDAY))

    assert first == again
    assert took < 8


def test_another_seed_and_another_language_tell_it_differently(founded):
    chinese = list(tell_story(founded(), days=5, seed=SEED, start=MONDAY))
    english = list(tell_story(founded(), days=5, seed=SEED, start=MONDAY, locale="en"))
    other = list(tell_story(founded(), days=5, seed=SEED + 1, start=MONDAY))

    assert len(chinese) == len(english)
    assert "every chain intact" in english[-1]
    assert chinese[:-1] != other[:-1]


def test_a_story_that_starts_on_a_holiday_waits_for_the_first_working_day(founded):
    may_day = datetime.fromisoformat("2026-05-01T09:00+08:00")  # 1 to 5 May are off

    lines = list(tell_story(founded(), days=6, seed=SEED, start=may_day))

    assert lines[1].startswith("── ")  # Sunday the 3rd, and nothing happened before it
    assert lines[2].startswith("5月6日 导入台账：85 行")


def test_every_action_occurs_in_a_quarter(quarter):
    with quarter.office.reading() as connection:
        kinds = set(connection.execute(select(EVENTS.c.kind)).scalars())

    assert kinds >= {action.value for action in Action}
    assert kinds >= {OrderAct.SERVE, OrderAct.ACKNOWLEDGE, OrderAct.PUBLISH}


def test_the_ladder_and_the_committee_list_for_every_cause(quarter):
    with quarter.office.reading() as connection:
        causes = set(connection.execute(select(ORDERS.c.cause)).scalars())
        refused = connection.execute(select(ORDERS.c.served_how)).scalars().all()

    assert causes == set(OrderCause)
    assert {*refused} >= {Service.SIGNED, Service.REFUSED}
    assert broken(quarter.office) == []


def test_the_quarter_ends_with_totals_and_an_intact_history(quarter):
    (totals,) = (line for line in quarter.lines if "发现" in line and "已销号" in line)
    numbers = dict(re.findall(r"(\S+) (\d+)", totals))

    assert all(int(number) > 0 for number in numbers.values()), totals
    assert int(numbers["发现"]) == sum(int(numbers[k]) for k in ("已销号", "已撤销", "在办"))
    assert re.search(r"案件 \d+ 条事件，哈希链全部完好", quarter.lines[-1].replace("个", ""))


def test_the_rules_refuse_in_the_story_what_they_refuse_anywhere(quarter):
    refused = [line for line in quarter.lines if "不予受理：" in line]

    assert any("缺少“整改后佐证”" in line for line in refused)


def test_nobody_works_on_a_day_off(quarter):
    with quarter.office.reading() as connection:
        by_people = select(EVENTS.c.at).where(EVENTS.c.role != Role.LADDER.value)
        days = {china_day(at) for at in connection.execute(by_people).scalars()}

    assert date(2026, 4, 3) in days  # the Friday before 清明, 4 to 6 April
    assert date(2026, 4, 7) in days
    assert days.isdisjoint({date(2026, 4, 4), date(2026, 4, 6), date(2026, 5, 1)})
    assert date(2026, 5, 9) in days  # a Saturday worked to make up for May Day


def test_the_closing_check_notices_a_rewritten_event(founded):
    office = founded()
    list(tell_story(office, days=2, seed=SEED, start=MONDAY))
    number = "YH2026-000003"

    with office.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER case_event_refuses_update")
        connection.exec_driver_sql(
            "UPDATE case_event SET at = '2026-01-01 00:00:00.000000' WHERE seq = 1 AND case_id = "
            "(SELECT id FROM cases WHERE number = ?)",
            (number,),
        )

    assert check_chains(office).broken == (number,)


@pytest.mark.parametrize(
    ("after", "workdays", "day"),
    [
        ("2026-03-02T09:00", 0, date(2026, 3, 2)),
        ("2026-03-02T16:59", 0, date(2026, 3, 3)),  # too late for today
        ("2026-04-03T16:59", 0, date(2026, 4, 7)),  # 清明 between
        ("2026-04-05T10:00", 0, date(2026, 4, 7)),  # on a day off
        ("2026-04-03T09:00", 2, date(2026, 4, 8)),
    ],
)
def test_people_come_back_on_working_days(after, workdays, day):
    moment = datetime.fromisoformat(f"{after}+08:00")

    assert china_day(working_moment(moment, workdays, dice("test"))) == day


def test_what_is_put_on_the_agenda_again_is_moved():
    agenda = Agenda()
    agenda.put("a", datetime.fromisoformat("2026-03-02T09:00+08:00"))
    agenda.put("b", datetime.fromisoformat("2026-03-03T09:00+08:00"))
    agenda.put("a", datetime.fromisoformat("2026-03-04T09:00+08:00"))

    due = agenda.due(datetime.fromisoformat("2026-03-04T09:00:01+08:00"))

    assert [key for _, key in due] == ["b", "a"]


def test_what_falls_after_the_moment_stays_on_the_agenda():
    agenda = Agenda()
    nine = datetime.fromisoformat("2026-03-02T09:00+08:00")
    agenda.put("a", nine)

    assert list(agenda.due(nine)) == []
    assert [key for _, key in agenda.due(nine.replace(minute=1))] == ["a"]


def _read(path, as_of):
    with open_ledger(path) as rows, closing(rows):
        return [read_entry(row, today=as_of) for row in rows]


def _sizes(office):
    tables = (ORGANISATIONS, PEOPLE, POLICY_VERSIONS, SCHOOL_TERMS)
    with office.reading() as connection:
        return [
            connection.execute(select(func.count()).select_from(table)).scalar() for table in tables
        ]


def test_the_story_leaves_its_letters_in_a_folder_with_a_page(sqlite_office, tmp_path):
    lines = list(tell_story(sqlite_office, days=6, seed=1, start=MONDAY, mailbox=tmp_path / "box"))

    letters = list((tmp_path / "box").glob("*.eml"))
    page = (tmp_path / "box" / "index.html").read_text(encoding="utf-8")
    assert letters
    assert page.count("<details>") == len(letters)
    assert lines[-1].strip() == str(tmp_path / "box" / "index.html")
