"""Each step of a clock is taken once, from its moment on, whoever sweeps and however late."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context

import pytest
from sqlalchemy import insert, select, text, update

from casework.due_cases import HELD
from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.importing import import_ledger
from casework.office import Office
from casework.settings import adopt_policy
from casework.sweep import count_due, sweep
from models.tables import CASES, CLOCK_STEPS, CLOCKS, EVENTS, SWEEPS
from rules.actions import Action
from rules.policy import default_text
from tests.conftest import opened
from tests.invariants import broken
from tests.offices import MONDAY_9AM, act, after_photo, claimed, closed, rectifying, reported

TICK = timedelta(microseconds=1)
LONG_AFTER = datetime.fromisoformat("2030-01-01T00:00+08:00")
ALL = ["remind-1", "overdue", "overdue-3", "overdue-3.1", "overdue-3.2", "overdue-10"]


def at(text):
    """A moment in China, on the hour of midnight unless said: "2026-03-04", "2026-03-04T09:00"."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T00:00").replace(
        tzinfo=MONDAY_9AM.tzinfo
    )


def swept_at(office, moment, **options):
    return sweep(office, as_of=moment, ran_at=moment, **options)


def steps_of(office, number=None):
    """The steps told in the history, in the order of their events."""
    told = select(EVENTS.c.body).where(EVENTS.c.kind.in_(["remind", "overdue"]))
    if number:
        told = told.where(
            EVENTS.c.case_id == select(CASES.c.id).where(CASES.c.number == number).scalar_subquery()
        )
    with office.reading() as connection:
        rows = connection.execute(told.order_by(EVENTS.c.case_id, EVENTS.c.seq)).scalars()
        return [json.loads(body)["step"] for body in rows]


def due_ledger(office, folder, rows):
    """That many cases whose "overdue" is their first step, due before Monday 2 March."""
    path = folder / "due.csv"
    lines = (f"第一小学,灯坏{n},用电,2026-03-01" for n in range(rows))
    path.write_text("\n".join(("单位,隐患描述,类别,整改时限", *lines)), encoding="utf-8")
    import_ledger(office, path, by="committee1", at=MONDAY_9AM)


@pytest.mark.parametrize(
    ("begun", "last", "steps"),
    [
        # Reported Monday 2 March 09:00: the plan is due on Thursday 5 March. A reminder from three
        # working days before (the 2nd, 00:00) lies before the beginning and is not owed.
        ("2026-03-02T09:00", "2026-03-04", ["remind-1"]),
        ("2026-03-02T09:00", "2026-03-06", ["remind-1", "overdue"]),
        ("2026-03-02T09:00", "2026-03-11", ["remind-1", "overdue", "overdue-3"]),
        ("2026-03-02T09:00", "2026-03-20", ALL),
        # A second before midnight counts from the same day, midnight itself from the next.
        ("2026-03-02T23:59", "2026-03-06", ["remind-1", "overdue"]),
        ("2026-03-03T00:00", "2026-03-07", ["remind-1", "overdue"]),
        # Over a weekend: Thursday 5 March, due on Tuesday 10.
        ("2026-03-05T09:00", "2026-03-09", ["remind-1"]),
        ("2026-03-05T09:00", "2026-03-11", ["remind-1", "overdue"]),
        ("2026-03-05T09:00", "2026-03-14", ["remind-1", "overdue", "overdue-3"]),
        # 国庆 2026 (1 to 7 October off, Saturday 10 made up). Tuesday 29 September, due on Friday
        # 9 October: reminded on the 8th, late on the 10th, which is worked; then 10, 12, 13.
        ("2026-09-29T09:00", "2026-10-08", ["remind-1"]),
        ("2026-09-29T09:00", "2026-10-10", ["remind-1", "overdue"]),
        ("2026-09-29T09:00", "2026-10-14", ["remind-1", "overdue", "overdue-3"]),
        # Wednesday 30 September, due on the made-up Saturday: 8, 9, 10.
        ("2026-09-30T09:00", "2026-10-09", ["remind-1"]),
        ("2026-09-30T09:00", "2026-10-11", ["remind-1", "overdue"]),
        # Reported on a holiday, due on Saturday as well.
        ("2026-10-03T09:00", "2026-10-11", ["remind-1", "overdue"]),
        # 中秋 2026 (25 to 27 September off): Wednesday 23, due on Tuesday 29.
        ("2026-09-23T09:00", "2026-09-28", ["remind-1"]),
        ("2026-09-23T09:00", "2026-09-30", ["remind-1", "overdue"]),
    ],
)
def test_a_step_is_taken_at_its_moment_and_not_a_microsecond_before(office, begun, last, steps):
    moment = at(last)
    reported(office, at=at(begun))

    swept_at(office, moment - TICK)
    before = steps_of(office)
    swept_at(office, moment)

    assert (before, steps_of(office)) == (steps[:-1], steps)
    assert broken(office) == []


@pytest.mark.parametrize(
    ("moment", "steps"),
    [
        ("2026-09-28", []),
        ("2026-09-29", ["remind-3"]),  # 29, 30 September, 8 October lie between
        ("2026-10-07", ["remind-3"]),
        ("2026-10-08", ["remind-3", "remind-1"]),
        ("2026-10-10", ["remind-3", "remind-1", "overdue"]),
    ],
)
def test_a_plans_own_deadline_is_spoken_of_from_three_working_days_before(office, moment, steps):
    rectifying(office, at=at("2026-09-14T09:00"), deadline="2026-10-09")

    swept_at(office, at(moment))

    assert steps_of(office) == steps


def test_what_was_missed_is_caught_up_in_one_pass_and_in_order(office):
    number = reported(office)

    swept = swept_at(office, LONG_AFTER)

    assert steps_of(office, number) == ALL
    assert (swept.cases, swept.steps, dict(swept.by_kind)) == (1, 6, {"remind": 1, "overdue": 5})
    assert broken(office) == []


def test_a_step_tells_what_was_planned_and_how_late_it_is_told(office):
    reported(office)

    swept_at(office, at("2026-03-09T08:00"))

    with office.reading() as connection:
        row = connection.execute(select(EVENTS).where(EVENTS.c.kind == "overdue")).one()
        planned, taken = connection.execute(
            select(CLOCK_STEPS.c.planned_at, CLOCK_STEPS.c.taken_at).where(
                CLOCK_STEPS.c.step == "overdue"
            )
        ).one()
    assert (row.actor_id, row.role, row.at) == (None, "ladder", at("2026-03-09T08:00"))
    body = json.loads(row.body)
    assert (body["stage"], body["holder"], body["days_late"]) == ("plan", "owner", 4)
    assert datetime.fromisoformat(body["planned"]) == planned == at("2026-03-06")
    assert taken == at("2026-03-09T08:00")


def test_sweeping_again_takes_nothing_again(office):
    reported(office)
    swept_at(office, at("2026-03-06"))

    again = [swept_at(office, at(day)).steps for day in ("2026-03-06", "2026-03-10", "2026-03-01")]

    assert again == [0, 0, 0]
    assert steps_of(office) == ["remind-1", "overdue"]


def test_a_rehearsal_counts_what_the_sweep_will_do_and_writes_nothing(office, tmp_path):
    due_ledger(office, tmp_path, 25)
    for unit in ("S1", "S2", "S3"):
        reported(office, unit=unit)
    rectifying(office, unit="S3", deadline="2026-03-04")
    _owe(office, "YH2026-000007", "gone")

    rehearsed = swept_at(office, at("2026-03-06"), dry_run=True, batch=7)

    with office.reading() as connection:
        assert connection.execute(select(SWEEPS)).all() == []
        assert connection.execute(select(CLOCK_STEPS)).all() == []
    real = swept_at(office, at("2026-03-06"), batch=7)
    assert rehearsed.dry_run
    assert (rehearsed.cases, rehearsed.steps) == (real.cases, real.steps)
    assert rehearsed.cases == 28
    assert (rehearsed.by_kind, rehearsed.by_holder) == (real.by_kind, real.by_holder)
    assert rehearsed.lines == real.lines
    assert rehearsed.failed == real.failed == ["YH2026-000007"]


def test_counts_are_by_cluster_holder_and_kind(office):
    reported(office, unit="S1")
    reported(office, unit="S3")
    claimed(office, unit="S3")

    swept = swept_at(office, at("2026-03-06"))

    assert dict(swept.by_holder) == {
        ("第一片区", "owner", "remind"): 1,
        ("第一片区", "owner", "overdue"): 1,
        ("第二片区", "owner", "remind"): 1,
        ("第二片区", "owner", "overdue"): 1,
    }


@pytest.mark.parametrize("batch", [1, 3, 10, 11])
def test_batches_smaller_than_what_is_due_leave_nothing(office, tmp_path, batch):
    due_ledger(office, tmp_path, 10)
    heard = []

    swept = swept_at(office, MONDAY_9AM, batch=batch, progress=heard.append)

    assert (swept.cases, swept.steps, heard[-1]) == (10, 10, 10)
    assert steps_of(office) == ["overdue"] * 10
    assert count_due(office, as_of=MONDAY_9AM) == 0


def test_a_sweep_is_recorded(office, tmp_path):
    due_ledger(office, tmp_path, 3)
    _owe(office, "YH2026-000002", "gone")
    ran_at = MONDAY_9AM + timedelta(minutes=5)

    sweep(office, as_of=MONDAY_9AM, ran_at=ran_at)

    with office.reading() as connection:
        [row] = connection.execute(select(SWEEPS)).all()
    assert (row.as_of, row.ran_at, row.due, row.done, row.failed) == (MONDAY_9AM, ran_at, 3, 2, 1)


@pytest.mark.parametrize("batch", [2, 1_000])
def test_a_case_that_cannot_be_reckoned_is_named_and_stops_nobody(office, tmp_path, batch):
    due_ledger(office, tmp_path, 5)
    _owe(office, "YH2026-000001", "gone")
    _owe(office, "YH2026-000003", "gone")

    swept = swept_at(office, MONDAY_9AM, batch=batch)

    assert swept.failed == ["YH2026-000001", "YH2026-000003"]
    assert (swept.cases, len(steps_of(office))) == (3, 3)
    assert swept_at(office, MONDAY_9AM).failed == swept.failed
    _owe(office, "YH2026-000001", "overdue")
    assert swept_at(office, MONDAY_9AM).cases == 1


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM policy_version WHERE id = (SELECT min(id) FROM policy_version)",
        "UPDATE policy_version SET text = '?' WHERE id = (SELECT min(id) FROM policy_version)",
    ],
)
def test_a_clock_whose_policy_cannot_be_read_is_named_and_stops_nobody(office, harm):
    adopt_policy(office, default_text().replace("默认", "旧"), by="admin", at=MONDAY_9AM)
    old = reported(office)
    adopt_policy(office, default_text().replace("默认", "新"), by="admin", at=MONDAY_9AM)
    new = reported(office)
    with office.writing() as connection:
        connection.execute(text(harm))

    swept = swept_at(Office(office.engine, office.evidence), at("2026-03-06"))

    assert swept.failed == [old]
    assert steps_of(office, new) == ["remind-1", "overdue"]
    assert steps_of(office, old) == []


@pytest.mark.parametrize("batch", [1, 4, 1_000])
def test_a_step_that_the_database_refuses_loses_only_its_own_case(office, tmp_path, batch):
    due_ledger(office, tmp_path, 10)
    with office.writing() as connection:
        taken = select(
            CLOCKS.c.case_id, CLOCKS.c.no, CLOCKS.c.next_step, CLOCKS.c.due_at, CLOCKS.c.due_at
        ).join(CASES, CASES.c.id == CLOCKS.c.case_id)
        connection.execute(
            insert(CLOCK_STEPS).from_select(
                ["case_id", "clock_no", "step", "planned_at", "taken_at"],
                taken.where(CASES.c.number == "YH2026-000004"),
            )
        )

    swept = swept_at(office, MONDAY_9AM, batch=batch)

    assert (swept.failed, swept.cases, swept.steps) == (["YH2026-000004"], 9, 9)
    assert len(steps_of(office)) == 9
    assert steps_of(office, "YH2026-000004") == []


def test_two_sweepers_at_once_take_each_step_once(office, tmp_path):
    due_ledger(office, tmp_path, 200)

    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: swept_at(office, MONDAY_9AM, batch=20), range(2)))

    assert sum(each.steps for each in both) == 200
    assert [each.failed for each in both] == [[], []]
    assert steps_of(office) == ["overdue"] * 200
    assert broken(office) == []


def test_two_sweeping_processes_take_each_step_once(office, database, tmp_path):
    due_ledger(office, tmp_path, 200)
    fork = get_context("fork")
    answers = fork.Queue()
    sweepers = [
        fork.Process(target=_sweep_elsewhere, args=(database, tmp_path, answers), daemon=True)
        for _ in range(2)
    ]

    for each in sweepers:
        each.start()
    told = [answers.get(timeout=60) for _ in sweepers]
    for each in sweepers:
        each.join()

    assert sum(told) == 200
    assert steps_of(office) == ["overdue"] * 200
    assert broken(office) == []


def test_a_mover_and_a_sweeper_at_once_both_come_through(office, tmp_path):
    due_ledger(office, tmp_path, 40)
    numbers = [f"YH2026-{n:06d}" for n in range(1, 41)]

    with ThreadPoolExecutor(2) as pool:
        swept = pool.submit(swept_at, office, MONDAY_9AM, batch=1)
        for number in reversed(numbers):
            act(office, number, Action.ASSIGN, "cluster1", owner="王五")
        swept.result()

    swept_at(office, MONDAY_9AM)  # what the mover held is left to the next sweep
    assert steps_of(office) == ["overdue"] * 40
    assert broken(office) == []


def test_a_closed_case_owes_nothing(office):
    closed(office)

    assert (count_due(office, as_of=LONG_AFTER), swept_at(office, LONG_AFTER).steps) == (0, 0)


def test_a_void_case_owes_nothing(office):
    act(office, reported(office), Action.VOID, "cluster1", reason="误报")

    assert swept_at(office, LONG_AFTER).steps == 0


def test_an_extended_clock_begins_its_steps_anew(office):
    number = rectifying(office, deadline="2026-03-10")
    swept_at(office, at("2026-03-09"))
    act(
        office, number, Action.ASK_EXTENSION, "owner1", at=at("2026-03-10T09:00"), reason="缺料",
        obstacle="funds", new_due="2026-03-30", plan="分两步", interim="围挡",
    )  # fmt: skip
    act(
        office, number, Action.GRANT_EXTENSION, "cluster1", at=at("2026-03-10T10:00"),
        new_due="2026-03-30",
    )  # fmt: skip

    quiet = [swept_at(office, at(day)).steps for day in ("2026-03-11", "2026-03-24")]
    swept_at(office, at("2026-03-31"))

    assert quiet == [0, 0]
    assert steps_of(office) == ["remind-3", "remind-1", "remind-3", "remind-1", "overdue"]
    assert broken(office) == []


def test_a_failed_claim_begins_steps_of_its_new_deadline(office):
    number = claimed(office)
    act(office, number, Action.FAIL, "verifier1a", finding="仍漏", new_due="2026-03-16")

    swept_at(office, at("2026-03-13"))  # one working day before Monday 16, three were the 11th

    assert steps_of(office) == ["remind-3", "remind-1"]


def test_a_reopened_case_begins_its_steps_anew(office):
    number = rectifying(office, deadline="2026-03-10")
    swept_at(office, at("2026-03-11"))
    act(office, number, Action.CLAIM, "owner1", at=at("2026-03-11"), files=[after_photo(office)])
    act(office, number, Action.PASS, "verifier1a", at=at("2026-03-11"), finding="已换")
    act(office, number, Action.CLOSE, "committee1", at=at("2026-03-11"))
    act(
        office, number, Action.REOPEN, "inspector1", at=at("2026-03-12T09:00"), finding="复发",
        new_due="2026-03-20",
    )  # fmt: skip

    swept_at(office, at("2026-03-21"))

    assert steps_of(office) == ["remind-3", "remind-1", "overdue"] * 2
    assert broken(office) == []


def test_the_sweep_reads_what_is_due_by_its_index(sqlite_office, tmp_path):
    due_ledger(sqlite_office, tmp_path, 300)
    swept_at(sqlite_office, LONG_AFTER)
    with sqlite_office.writing() as connection:
        connection.execute(text("ANALYZE"))

    with sqlite_office.reading() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {HELD.compile(connection)}", ("2026-03-02", 1_000, 0)
        ).all()

    steps = [row[-1] for row in plan]
    assert steps[0] == "SEARCH clock USING INDEX ix_clock_next_step (next_step_at<?)"
    assert not [each for each in steps if "SCAN" in each or "TEMP B-TREE" in each]


def test_the_first_thousand_lines_are_kept_and_all_are_counted(sqlite_office, tmp_path):
    due_ledger(sqlite_office, tmp_path, 1_001)

    swept = swept_at(sqlite_office, MONDAY_9AM)

    assert (swept.steps, len(swept.lines)) == (1_001, 1_000)


def _owe(office, number, step):
    case = select(CASES.c.id).where(CASES.c.number == number).scalar_subquery()
    with office.writing() as connection:
        connection.execute(update(CLOCKS).where(CLOCKS.c.case_id == case).values(next_step=step))


def _sweep_elsewhere(url, folder, answers):
    with opened(url) as engine:
        office = Office(engine, EvidenceStore(folder / "evidence", Limits()))
        answers.put(swept_at(office, MONDAY_9AM, batch=10).steps)
