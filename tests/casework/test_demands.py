"""Progress under an order is demanded when due; missed, each level hears of it once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, text, update

from casework.demands import demand_progress
from casework.events import Door
from casework.order_acts import ask_order_extension, decide_order_extension, publish_order
from casework.order_record import Hand
from models import NoticeState
from models.tables import CASES, ENGINE_RUNS, EVENTS, NOTICES, ORDERS, PEOPLE
from rules.actions import Action
from tests.invariants import broken
from tests.offices import MONDAY_9AM, act, after_photo, claimed, rectifying, reported, verified

TICK = timedelta(microseconds=1)
UNIT = ["head1", "owner1"]
COMMITTEE = ["committee1", "committee2"]


def at(text_):
    return datetime.fromisoformat(text_ if "T" in text_ else f"{text_}T08:00").replace(
        tzinfo=MONDAY_9AM.tzinfo
    )


def listed(office, number, *, new_due="2026-12-31", supervisor="cluster"):
    """Listed, published on Monday 2 March: the first report is due by the end of Monday 9."""
    act(
        office, number, Action.LIST, "committee1", kind="supervision", reason="久拖不改",
        new_due=new_due, supervisor=supervisor,
    )  # fmt: skip
    publish_order(office, number, hand=Hand("committee1", MONDAY_9AM, Door.CLI))
    return number


def an_order(office, **options):
    return listed(office, rectifying(office, deadline="2026-05-29"), **options)


def demanded(office, moment, **options):
    return demand_progress(office, as_of=moment, ran_at=moment, **options)


def days(office, *moments):
    for each in moments:
        demanded(office, at(each))


def notices(office):
    """Every demand, miss or overdue notice: (kind, the people told), in the order owed."""
    found = (
        select(NOTICES.c.kind, NOTICES.c.key, PEOPLE.c.code)
        .join(PEOPLE, PEOPLE.c.id == NOTICES.c.person_id)
        .where(NOTICES.c.kind.in_(["demand", "miss_report", "order_overdue"]))
        .order_by(NOTICES.c.id)
    )
    occasions = {}
    with office.reading() as connection:
        for kind, key, code in connection.execute(found):
            occasions.setdefault((kind, key.rpartition(":")[0]), []).append(code)
    return [(kind, sorted(people)) for (kind, _), people in occasions.items()]


def events(office, *kinds):
    found = select(EVENTS.c.kind, EVENTS.c.body).where(EVENTS.c.kind.in_(kinds))
    with office.reading() as connection:
        rows = connection.execute(found.order_by(EVENTS.c.case_id, EVENTS.c.seq)).all()
    return [(row.kind, json.loads(row.body)) for row in rows]


def the_order(office):
    with office.reading() as connection:
        return connection.execute(select(ORDERS).order_by(ORDERS.c.id.desc())).first()


@pytest.mark.parametrize(
    ("moment", "told"),
    [(at("2026-03-10T00:00") - TICK, []), (at("2026-03-10T00:00"), [("demand", UNIT)])],
)
def test_a_report_is_demanded_when_it_falls_due_and_not_a_microsecond_before(office, moment, told):
    an_order(office)

    demanded(office, moment)

    assert notices(office) == told
    assert broken(office) == []


def test_a_report_missed_is_told_one_level_higher_each_time_and_each_level_once(office):
    an_order(office)

    days(office, "2026-03-10", "2026-03-18", "2026-03-26", "2026-04-03", "2026-04-11")

    assert notices(office) == [
        ("demand", UNIT),
        ("miss_report", ["cluster1", *UNIT]),
        ("miss_report", [*COMMITTEE, *UNIT]),
        ("miss_report", UNIT),
        ("miss_report", UNIT),
    ]
    assert the_order(office).missed_reports == 4
    told = [body.get("missed") for _, body in events(office, "demand", "miss_report")]
    assert told == [None, 1, 2, 3, 4]
    assert broken(office) == []


def test_a_unit_that_reports_every_week_is_never_asked(office):
    number = an_order(office)
    act(office, number, Action.PROGRESS, "owner1", at=at("2026-03-05"), text="已订货")
    days(office, "2026-03-10")
    act(office, number, Action.PROGRESS, "owner1", at=at("2026-03-17"), text="已到货")

    done = demanded(office, at("2026-03-18"))

    assert (done.answered, done.demanded, notices(office)) == (1, 0, [])
    assert the_order(office).next_demand_at == at("2026-03-26T00:00")


def test_one_report_answers_one_period_only(office):
    number = an_order(office)
    act(office, number, Action.PROGRESS, "owner1", at=at("2026-03-05"), text="已订货")

    days(office, "2026-03-10", "2026-03-18")

    assert notices(office) == [("demand", UNIT)]


def test_a_report_after_a_miss_begins_anew_at_the_unit(office):
    number = an_order(office)
    days(office, "2026-03-10", "2026-03-18")
    act(office, number, Action.PROGRESS, "owner1", at=at("2026-03-19"), text="已订货")

    days(office, "2026-03-26", "2026-04-03", "2026-04-11")

    kinds = [kind for kind, _ in notices(office)]
    assert kinds == ["demand", "miss_report", "demand", "miss_report"]
    assert notices(office)[-1] == ("miss_report", ["cluster1", *UNIT])
    assert the_order(office).missed_reports == 2


@pytest.mark.parametrize(
    ("scene", "move", "typed"),
    [
        (reported, Action.SUBMIT_PLAN, {
            "duty": "总务处", "measures": "更换", "funds": "500元", "deadline": "2026-03-20",
            "contingency": "看守",
        }),
        (reported, Action.FIX_ON_SPOT, {"text": "已换"}),
        (rectifying, Action.CLAIM, {}),
    ],
)  # fmt: skip
def test_whatever_the_unit_does_on_the_case_is_a_report(office, scene, move, typed):
    number = listed(office, scene(office))
    files = [] if move is Action.SUBMIT_PLAN else [after_photo(office)]
    act(office, number, move, "owner1", at=at("2026-03-05"), files=files, **typed)

    days(office, "2026-03-10")

    assert notices(office) == []


def test_a_plan_that_never_comes_is_demanded_too(office):
    listed(office, reported(office))

    days(office, "2026-03-10")

    assert notices(office) == [("demand", UNIT)]


@pytest.mark.parametrize("scene", [claimed, verified])
def test_nothing_is_demanded_while_the_case_waits_for_somebody_else(office, scene):
    listed(office, scene(office))

    days(office, "2026-03-10", "2026-03-18", "2026-03-26")

    assert (notices(office), the_order(office).missed_reports) == ([], 0)


def test_a_released_order_demands_nothing(office):
    number = listed(office, verified(office))
    act(office, number, Action.RELEASE, "committee1", reason="验收合格")

    assert demanded(office, at("2027-06-01")).done == 0


def test_downtime_blames_nobody(office):
    an_order(office)

    days(office, "2026-04-30")

    assert notices(office) == [("demand", UNIT)]
    assert the_order(office).next_demand_at == at("2026-05-08T00:00")


def test_running_again_demands_nothing_again(office):
    an_order(office)
    days(office, "2026-03-10")
    before = len(events(office, "demand"))

    again = [demanded(office, at(each)).done for each in ("2026-03-10", "2026-03-17", "2026-03-01")]

    assert (again, before, len(events(office, "demand"))) == ([0, 0, 0], 1, 1)


def test_two_runs_at_once_demand_each_report_once(office):
    for _ in range(30):
        an_order(office, new_due="2026-03-09")

    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda _: demanded(office, at("2026-03-10"), batch=4), range(2)))
    demanded(office, at("2026-03-10"))  # what one held, the other passed over

    assert len(events(office, "demand")) == 30
    assert len(notices(office)) == 60
    assert [each.failed for each in runs] == [[], []]
    assert broken(office) == []


def test_a_mover_and_a_demand_at_once_both_come_through(office):
    numbers = [an_order(office) for _ in range(20)]

    with ThreadPoolExecutor(2) as pool:
        run = pool.submit(demanded, office, at("2026-03-10"), batch=2)
        for number in reversed(numbers):
            act(office, number, Action.PROGRESS, "owner1", at=at("2026-03-10"), text="已订货")
        run.result()
    demanded(office, at("2026-03-10"))  # what the mover held is left to the next run

    with office.reading() as connection:
        asked = connection.execute(select(ORDERS.c.last_demand_at)).scalars().all()
    assert asked == [at("2026-03-10")] * 20
    assert broken(office) == []


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("cluster", ["cluster1", *COMMITTEE, *UNIT]),
        ("committee", [*COMMITTEE, *UNIT]),
    ],
)
def test_an_overdue_order_is_told_once_to_its_level_and_the_one_above(office, level, told):
    an_order(office, new_due="2026-03-06", supervisor=level)

    demanded(office, at("2026-03-07T00:00") - TICK)
    before = notices(office)
    days(office, "2026-03-07T00:00", "2026-03-08", "2026-03-09")

    assert (before, notices(office)) == ([], [("order_overdue", sorted(told))])
    assert broken(office) == []


def test_an_extended_order_is_overdue_by_its_new_day_and_told_anew(office):
    number = an_order(office, new_due="2026-03-20")
    hand = Hand("owner1", at("2026-03-09"), Door.CLI)
    ask_order_extension(office, number, date(2026, 3, 27), "缺料", hand=hand)
    days(office, "2026-03-21")
    by = Hand("cluster1", at("2026-03-22"), Door.CLI)
    decide_order_extension(office, number, grant=True, hand=by)

    days(office, "2026-03-23", "2026-03-27", "2026-03-28", "2026-03-29")

    assert [kind for kind, _ in notices(office)].count("order_overdue") == 2


def test_a_rehearsal_counts_and_writes_nothing(office):
    an_order(office, new_due="2026-03-06")

    rehearsed = demanded(office, at("2026-03-10"), dry_run=True)
    nothing = notices(office)
    real = demanded(office, at("2026-03-10"))

    assert nothing == []
    assert (rehearsed.demanded, rehearsed.overdue) == (real.demanded, real.overdue) == (1, 1)
    assert rehearsed.by_recipient == real.by_recipient
    assert {each.partition("#")[0] for each in real.by_recipient} == {
        "OWNER1", "HEAD1", "CLUSTER1", "COMMITTEE1", "COMMITTEE2",
    }  # fmt: skip


def test_a_run_is_recorded(office):
    an_order(office)

    days(office, "2026-03-10")

    with office.reading() as connection:
        [row] = connection.execute(select(ENGINE_RUNS)).all()
    assert (row.kind, row.at, row.done, row.failed) == ("demand", at("2026-03-10"), 1, 0)


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_an_order_that_cannot_be_read_is_named_and_stops_nobody(office, batch):
    for _ in range(3):
        an_order(office)
    with office.writing() as connection:
        connection.execute(text("UPDATE supervision_order SET policy = 'gone' WHERE n = 2"))

    done = demanded(office, at("2026-03-10"), batch=batch)

    assert (done.demanded, done.failed) == (2, ["校安督〔2026〕2号"])


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_a_demand_that_the_database_refuses_loses_only_its_own_order(office, batch):
    for _ in range(3):
        an_order(office)
    with office.writing() as connection:
        order = connection.execute(select(ORDERS).where(ORDERS.c.n == 2)).one()
        case = connection.execute(select(CASES).where(CASES.c.id == order.case_id)).one()
        key = f"{case.id}:order-{order.id}:demand:{order.next_demand_at.isoformat()}"
        owner = connection.execute(select(PEOPLE.c.id).where(PEOPLE.c.code == "owner1")).scalar()
        row = {
            "key": f"{key}:{owner}", "case_id": order.case_id, "clock_no": 1, "person_id": owner,
            "kind": "demand", "body": "{}", "urgent": False, "owed_at": MONDAY_9AM,
            "state": NoticeState.WAITING, "next_at": MONDAY_9AM, "tries": 0, "lease_owner": "",
            "reason": "", "receipt": f"{case.number}/{case.seq}/{case.head[:8]}",
        }  # fmt: skip
        connection.execute(insert(NOTICES), row)

    done = demanded(office, at("2026-03-10"), batch=batch)

    assert (done.demanded, done.failed) == (2, ["校安督〔2026〕2号"])
    assert broken(office) == []


def test_a_demand_tells_its_receipt_and_when_the_next_report_is_due(office):
    number = an_order(office)

    days(office, "2026-03-10")

    [(_, body)] = events(office, "demand")
    assert body["order"] == "校安督〔2026〕1号"
    assert datetime.fromisoformat(body["next"]) == at("2026-03-18T00:00")
    with office.reading() as connection:
        found = connection.execute(select(CASES).where(CASES.c.number == number)).one()
        receipts = connection.execute(
            select(NOTICES.c.receipt).where(NOTICES.c.kind == "demand")
        ).scalars()
        assert set(receipts) == {f"{number}/{found.seq}/{found.head[:8]}"}


def test_when_nobody_owns_the_unit_the_demand_goes_to_its_head_once(office):
    an_order(office)
    with office.writing() as connection:
        connection.execute(text("DELETE FROM role_grant WHERE role = 'owner'"))

    days(office, "2026-03-10")

    assert notices(office) == [("demand", ["head1"])]
    assert events(office, "demand")[0][1]["fell"] == {"owner": "head"}


def test_whoever_is_away_is_stood_in_for(office):
    an_order(office)
    with office.writing() as connection:
        head = select(PEOPLE.c.id).where(PEOPLE.c.code == "reporter1").scalar_subquery()
        connection.execute(
            update(PEOPLE)
            .where(PEOPLE.c.code == "head1")
            .values(stand_in_id=head, away_from=date(2026, 3, 1))
        )

    days(office, "2026-03-10")

    assert notices(office) == [("demand", ["owner1", "reporter1"])]
