"""Who hears what and when through a real sweep, and the order that the last rung issues."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update

from casework.errors import Refused
from casework.importing import import_ledger
from casework.settings import adopt_policy
from casework.sweep import sweep
from models.tables import (
    ACKNOWLEDGEMENTS,
    CASES,
    CLOCKS,
    EVENTS,
    NOTICES,
    ORDERS,
    PEOPLE,
    ROLE_GRANTS,
    SWEEPS,
)
from rules.actions import Action
from rules.case import Level
from rules.policy import default_text
from tests.invariants import broken
from tests.offices import (
    MONDAY_9AM,
    ORGANISATION,
    PERSON,
    act,
    after_photo,
    claimed,
    planned,
    rectifying,
    reported,
    verified,
)

CODE = {number: code for code, number in PERSON.items()}
LADDER = ("remind", "overdue")
COMMITTEE = ["committee1", "committee2"]


def china(text_):
    """A moment of 2026 in China, at eight in the morning unless said: "03-04", "03-04T09:00"."""
    written = f"2026-{text_}" if "T" in text_ else f"2026-{text_}T08:00"
    return datetime.fromisoformat(written).replace(tzinfo=MONDAY_9AM.tzinfo)


def swept(office, *moments, **options):
    """Sweep at each moment in turn; return what the last sweep did."""
    results = [sweep(office, as_of=china(m), ran_at=china(m), **options) for m in moments]
    return results[-1]


def daily(office, first, days):
    """Sweep on each of so many days; return {day: who heard which steps} without silent days."""
    heard = {}
    for day in (china(first) + timedelta(days=n) for n in range(days)):
        known = len(notices(office))
        sweep(office, as_of=day, ran_at=day)
        new = notices(office)[known:]
        if new:
            heard[f"{day:%m-%d}"] = [(CODE[each.person_id], *steps_in(each)) for each in new]
    return heard


def notices(office, *kinds):
    with office.reading() as connection:
        wanted = NOTICES.c.kind.in_(kinds or LADDER)
        return connection.execute(select(NOTICES).where(wanted).order_by(NOTICES.c.id)).all()


def steps_in(notice):
    return json.loads(notice.body)["steps"]


def told(office, *kinds):
    """Who was told, by code, in the order of the notices."""
    return [CODE[each.person_id] for each in notices(office, *kinds)]


def rows(office, table):
    with office.reading() as connection:
        return connection.execute(select(table).order_by(*table.primary_key)).all()


def bodies(office, kind):
    with office.reading() as connection:
        found = select(EVENTS.c.body).where(EVENTS.c.kind == kind)
        return [json.loads(body) for body in connection.execute(found).scalars()]


def write(office, statement):
    with office.writing() as connection:
        connection.execute(statement)


def know(office, code, at):
    """Acknowledge the one running clock, as whoever reads a notice does."""
    [case] = rows(office, CASES)
    row = {"case_id": case.id, "clock_no": case.clock_no, "person_id": PERSON[code], "at": at}
    write(office, insert(ACKNOWLEDGEMENTS).values(row))


def overdue_ledger(office, folder, count):
    """That many cases whose plans were due on Sunday 1 March; the ladder lists on the 14th."""
    lines = (f"第一小学,灯坏{n},用电,2026-03-01" for n in range(count))
    path = folder / "late.csv"
    path.write_text("\n".join(("单位,隐患描述,类别,整改时限", *lines)), encoding="utf-8")
    import_ledger(office, path, by="committee1", at=MONDAY_9AM)


def test_an_ordinary_hazard_climbs_from_the_owner_to_the_committee(office):
    reported(office)  # Monday 2 March; the plan is due on Thursday the 5th

    heard = daily(office, "03-02", 40)

    assert heard == {
        "03-04": [("owner1", "remind-1")],
        "03-06": [("owner1", "overdue"), ("head1", "overdue")],
        "03-11": [("head1", "overdue-3"), ("cluster1", "overdue-3")],
        "03-14": [("head1", "overdue-3.1"), ("cluster1", "overdue-3.1")],
        "03-19": [("head1", "overdue-3.2"), ("cluster1", "overdue-3.2")],
        "03-20": [(code, "overdue-10") for code in ("head1", "cluster1", *COMMITTEE)],
    }
    assert broken(office) == []


def test_a_major_hazard_climbs_faster_and_higher(office):
    reported(office, level=Level.MAJOR)

    heard = daily(office, "03-02", 40)

    again = {
        day: [(code, f"overdue.{n}") for code in ("owner1", "head1", "cluster1")]
        for n, day in enumerate(("03-07", "03-10", "03-11", "03-12", "03-13"), start=1)
    }
    assert heard == {
        "03-04": [("owner1", "remind-1"), ("head1", "remind-1")],
        "03-06": [(code, "overdue") for code in ("owner1", "head1", "cluster1")],
        **again,
        # The third repeat falls on the rung that lists: one notice, which names both.
        "03-11": [
            (code, "overdue.3", "overdue-3")
            for code in ("owner1", "head1", "cluster1", *COMMITTEE)
        ],
    }  # fmt: skip
    assert broken(office) == []


@pytest.mark.parametrize(
    ("walk", "options", "climbed"),
    [
        # The head approves within two working days, by Wednesday 4 March.
        (planned, {}, [
            ("03-03", "head1", "remind-1"),
            ("03-05", "head1", "overdue"), ("03-05", "cluster1", "overdue"),
            *((day, code, step)
              for day, step in (("03-10", "overdue-3"), ("03-13", "overdue-3.1"),
                                ("03-18", "overdue-3.2"))
              for code in ("cluster1", *COMMITTEE)),
            ("03-19", "committee1", "overdue-10"), ("03-19", "committee2", "overdue-10"),
        ]),
        # A major one's plan is the cluster's, within three, by Thursday 5 March.
        (planned, {"level": Level.MAJOR, "deadline": "2026-03-20"}, [
            ("03-04", "cluster1", "remind-1"),
            ("03-06", "cluster1", "overdue"), ("03-06", "committee1", "overdue"),
            ("03-06", "committee2", "overdue"),
            *((day, code, step)
              for day, step in (("03-11", "overdue-3"), ("03-14", "overdue-3.1"),
                                ("03-19", "overdue-3.2"), ("03-20", "overdue-10"))
              for code in COMMITTEE),
        ]),
        # The verifiers have ten days, until Thursday 12 March.
        (claimed, {}, [
            ("03-11", "verifier1a", "remind-1"), ("03-11", "verifier1b", "remind-1"),
            ("03-13", "verifier1a", "overdue"), ("03-13", "verifier1b", "overdue"),
            ("03-13", "cluster1", "overdue"),
            *((day, code, step)
              for day, step in (("03-18", "overdue-3"), ("03-21", "overdue-3.1"),
                                ("03-26", "overdue-3.2"))
              for code in ("cluster1", *COMMITTEE)),
            ("03-27", "committee1", "overdue-10"), ("03-27", "committee2", "overdue-10"),
        ]),
        # The cluster closes out within five working days, by Monday 9 March.
        (verified, {}, [
            ("03-06", "cluster1", "remind-1"),
            ("03-10", "cluster1", "overdue"), ("03-10", "committee1", "overdue"),
            ("03-10", "committee2", "overdue"),
            *((day, code, step)
              for day, step in (("03-13", "overdue-3"), ("03-18", "overdue-3.1"),
                                ("03-21", "overdue-3.2"), ("03-24", "overdue-10"))
              for code in COMMITTEE),
        ]),
    ],
)  # fmt: skip
def test_whoever_decides_late_climbs_too_and_the_school_is_not_listed(
    office, walk, options, climbed
):
    walk(office, **options)

    heard = daily(office, "03-02", 40)

    assert [(day, *one) for day, each in heard.items() for one in each] == climbed
    assert rows(office, ORDERS) == []
    assert rows(office, CASES)[0].listed is None
    assert broken(office) == []


def test_the_stand_in_hears_for_whoever_is_away(office):
    reported(office)
    away = {"away_from": china("03-05").date(), "away_until": china("03-10").date()}
    _absent(office, "head1", "cluster2", **away)
    _absent(office, "cluster2", "committee2", **away)

    heard = daily(office, "03-02", 11)

    assert heard == {
        "03-04": [("owner1", "remind-1")],
        "03-06": [("owner1", "overdue"), ("committee2", "overdue")],
        "03-11": [("head1", "overdue-3"), ("cluster1", "overdue-3")],
    }


def test_what_was_missed_is_told_once_and_names_all_that_was_missed(office):
    reported(office)

    result = swept(office, "03-20")

    everybody = ["owner1", "head1", "cluster1", *COMMITTEE]
    missed = ["remind-1", "overdue", "overdue-3", "overdue-3.1", "overdue-3.2", "overdue-10"]
    assert told(office) == everybody
    assert {tuple(steps_in(each)) for each in notices(office)} == {tuple(missed)}
    assert {each.kind for each in notices(office)} == {"overdue"}
    assert (result.steps, result.orders) == (6, 1)
    assert broken(office) == []


def test_a_rung_is_repeated_until_somebody_acknowledges(office):
    reported(office)
    due_at = rows(office, CASES)[0].due_at
    before = daily(office, "03-02", 14)
    know(office, "head1", china("03-15"))

    after = daily(office, "03-16", 30)

    assert list(before)[-1] == "03-14"  # the first repeat; the second was due on the 19th
    assert after == {
        "03-20": [(code, "overdue-10") for code in ("head1", "cluster1", *COMMITTEE)]
    }  # fmt: skip
    assert rows(office, CASES)[0].due_at == due_at
    assert broken(office) == []


def test_an_acknowledgement_does_not_outlive_its_clock(office):
    number = planned(office)
    know(office, "cluster1", china("03-02T10:00"))
    act(office, number, Action.RETURN_PLAN, "cluster1", at=china("03-03T09:00"), reason="重写")

    heard = daily(office, "03-03", 30)

    assert [day for day, each in heard.items() if each[0][1].startswith("overdue-3")] == [
        "03-12", "03-17", "03-20",
    ]  # fmt: skip


def test_the_last_rung_issues_an_order_once(office):
    reported(office)

    results = [swept(office, day).orders for day in ("03-11", "03-20", "03-21", "03-30")]

    assert results == [0, 1, 0, 0]
    [order] = rows(office, ORDERS)
    assert (order.number, order.year, order.n) == ("校安督〔2026〕1号", 2026, 1)
    assert (order.kind, order.level, order.cause) == ("supervision", "cluster", "ladder")
    assert order.reason == "报方案逾期 15 天"
    assert order.demands == "说明逾期原因，限期完成整改，每周报告进展。"
    # Fifteen working days from Friday 20 March: 清明 (4 to 6 April) lies between.
    assert (order.issued_at, order.issued_by_id) == (china("03-20"), None)
    assert order.due_at == china("04-14T00:00")
    assert order.next_demand_at == china("03-28T00:00")
    assert rows(office, CASES)[0].listed == "supervision"
    assert broken(office) == []


def test_an_order_is_told_to_the_school_and_its_cluster_and_does_not_wait(office):
    reported(office)

    swept(office, "03-20")

    assert told(office, "list") == ["owner1", "head1", "cluster1"]
    assert [each.urgent for each in notices(office, "list")] == [True] * 3
    [event] = bodies(office, "list")
    assert event["order"]["number"] == "校安督〔2026〕1号"
    assert event["given"]["cause"] == "ladder"


def test_what_is_listed_already_is_told_and_not_listed_again(office):
    number = reported(office)
    act(office, number, Action.LIST, "committee1", kind="guidance", reason="暂不能改")

    result = swept(office, "03-20")

    assert result.orders == 0
    assert [(each.kind, each.cause) for each in rows(office, ORDERS)] == [("guidance", "serious")]
    assert "committee2" in told(office)
    assert broken(office) == []


def test_orders_have_no_gaps_among_sweepers_and_a_lister(office, tmp_path):
    overdue_ledger(office, tmp_path, 60)
    by_hand = [reported(office, description=f"墙裂 {n}", unit="S3") for n in range(12)]

    with ThreadPoolExecutor(4) as pool:
        sweepers = [pool.submit(swept, office, "03-14", batch=7) for _ in range(3)]
        for number in by_hand:
            act(
                office, number, Action.LIST, "committee1", at=china("03-14"), kind="supervision",
                reason="严重",
            )  # fmt: skip
        issued = sum(each.result().orders for each in sweepers)
    swept(office, "03-14T08:01")  # what the lister held is left to the next sweep

    assert issued == 60
    assert sorted(each.n for each in rows(office, ORDERS)) == list(range(1, 73))
    assert len({each.case_id for each in rows(office, ORDERS)}) == 72
    assert Counter(each.cause for each in rows(office, ORDERS)) == {"ladder": 60, "serious": 12}
    assert broken(office) == []


def test_an_order_that_the_database_refuses_loses_only_its_own_case(office, tmp_path):
    overdue_ledger(office, tmp_path, 5)
    act(office, "YH2026-000003", Action.LIST, "committee1", kind="supervision", reason="严重")
    write(office, text("UPDATE cases SET listed = NULL"))

    result = swept(office, "03-14")

    assert (result.failed, result.cases, result.orders) == (["YH2026-000003"], 4, 4)
    assert sorted(each.n for each in rows(office, ORDERS)) == [1, 2, 3, 4, 5]


def test_a_rung_that_finds_nobody_falls_to_the_next_superior_and_says_so(office):
    write(office, delete(ROLE_GRANTS).where(ROLE_GRANTS.c.person_id == PERSON["owner1"]))
    reported(office)

    heard = daily(office, "03-02", 5)

    assert heard == {"03-04": [("head1", "remind-1")], "03-06": [("head1", "overdue")]}
    assert bodies(office, "remind")[0]["fell"] == {"owner": "head"}
    assert bodies(office, "overdue")[0]["fell"] == {"owner": "head"}
    assert bodies(office, "overdue")[0]["told"] == [PERSON["head1"]]


def test_a_rung_that_finds_nobody_at_all_is_taken_and_says_so(office):
    wanted = ROLE_GRANTS.c.role.in_(["owner", "head", "cluster", "committee"])
    reported(office)
    write(office, delete(ROLE_GRANTS).where(wanted))

    result = swept(office, "03-06")

    assert (result.steps, result.failed, dict(result.by_person)) == (2, [], {})
    assert notices(office) == []
    assert bodies(office, "overdue")[0]["fell"] == {"owner": "", "head": ""}
    assert broken(office) == []


def test_a_role_held_higher_up_covers_the_school(office):
    write(office, delete(ROLE_GRANTS).where(ROLE_GRANTS.c.person_id == PERSON["owner1"]))
    grant = {"person_id": PERSON["inspector1"], "role": "owner",
             "organisation_id": ORGANISATION["P1"]}  # fmt: skip
    write(office, insert(ROLE_GRANTS).values(grant))
    reported(office)

    swept(office, "03-04")

    assert told(office) == ["inspector1"]
    assert "fell" not in bodies(office, "remind")[0]


def test_business_time_never_runs_backwards(office):
    swept(office, "03-06")
    reported(office, at=china("03-02T09:00"))

    early = swept(office, "03-03")

    assert early.as_of == china("03-06")
    assert steps_in(notices(office)[0]) == ["remind-1", "overdue"]
    assert [row.as_of for row in rows(office, SWEEPS)] == [china("03-06")] * 2
    assert {each.owed_at for each in notices(office)} == {china("03-06")}


@pytest.mark.parametrize(
    ("moment", "agreed", "runs"),
    [
        ("03-12T23:59", False, True),  # ten days after the 2nd, to the end of the day
        ("03-13T00:00", False, True),
        ("03-13T00:01", False, False),
        ("03-13T00:01", True, True),
        ("12-31T08:00", True, True),
    ],
)
def test_a_jump_of_more_than_ten_days_waits_for_a_word(office, moment, agreed, runs):
    reported(office)
    swept(office, "03-02T10:00")

    refused = _refusal(office, moment, jump_agreed=agreed)

    assert (refused is None) is runs
    assert bool(notices(office)) is runs


def test_a_refused_jump_says_since_when_and_how_many(office):
    reported(office)
    swept(office, "03-02T10:00")

    refused = _refusal(office, "06-01")

    assert "2026-03-02 02:00 UTC" in refused.problem.zh
    assert "1 case(s) are due" in refused.problem.en
    assert "--agree-jump" in refused.remedy.zh
    assert len(rows(office, SWEEPS)) == 1


def test_a_clock_a_year_ahead_is_not_taken_for_the_time_while_nothing_is_due(office):
    swept(office, "03-02T10:00")

    refused = _refusal(office, "12-31")
    reported(office, at=china("03-03T09:00"))
    swept(office, "03-03T10:00")

    assert refused is not None
    assert notices(office) == []


def test_a_rehearsal_names_the_same_people_as_the_sweep(office, tmp_path):
    overdue_ledger(office, tmp_path, 9)
    reported(office)
    claimed(office, unit="S3")
    _absent(office, "head1", "cluster2", away_from=china("03-01").date())

    rehearsed = swept(office, "03-14", dry_run=True, batch=4)
    nothing = notices(office, *LADDER, "list")
    real = swept(office, "03-14", batch=4)

    assert nothing == []
    assert rehearsed.by_recipient == real.by_recipient
    assert (rehearsed.orders, rehearsed.steps) == (real.orders, real.steps)
    counted = Counter(told(office))
    assert {name.partition("#")[0].lower(): n for name, n in real.by_recipient.items()} == counted
    assert real.by_recipient[f"CLUSTER2#{PERSON['cluster2']}"] == 11


def test_an_extension_begins_its_rungs_anew_and_only_those(office):
    number = rectifying(office, deadline="2026-03-10")
    swept(office, "03-09")
    act(
        office, number, Action.ASK_EXTENSION, "owner1", at=china("03-10T09:00"), reason="缺料",
        obstacle="funds", new_due="2026-03-30", plan="分两步", interim="围挡",
    )  # fmt: skip
    act(office, number, Action.GRANT_EXTENSION, "cluster1", at=china("03-10T10:00"),
        new_due="2026-03-30")  # fmt: skip

    heard = daily(office, "03-11", 30)

    assert list(heard.items())[:4] == [
        ("03-25", [("owner1", "remind-3")]),
        ("03-27", [("owner1", "remind-1")]),
        ("03-31", [("owner1", "overdue"), ("head1", "overdue")]),
        ("04-03", [("head1", "overdue-3"), ("cluster1", "overdue-3")]),
    ]


def test_a_reopened_case_climbs_from_the_bottom_again_and_one_level_higher(office):
    number = rectifying(office, deadline="2026-03-10")
    swept(office, "03-11")
    for action, by, typed in (
        (Action.CLAIM, "owner1", {}),
        (Action.PASS, "verifier1a", {"finding": "已换"}),
        (Action.CLOSE, "committee1", {}),
    ):
        files = [after_photo(office)] if action is Action.CLAIM else []
        act(office, number, action, by, at=china("03-11T09:00"), files=files, **typed)
    act(office, number, Action.REOPEN, "inspector1", at=china("03-12T09:00"), finding="复发",
        new_due="2026-03-20")  # fmt: skip

    heard = daily(office, "03-12", 15)

    assert heard == {
        "03-17": [("owner1", "remind-3"), ("head1", "remind-3")],
        "03-19": [("owner1", "remind-1"), ("head1", "remind-1")],
        "03-21": [("owner1", "overdue"), ("head1", "overdue"), ("cluster1", "overdue")],
        "03-26": [
            ("head1", "overdue-3"),
            ("cluster1", "overdue-3"),
            ("committee1", "overdue-3"),
            ("committee2", "overdue-3"),
        ],
    }
    assert told(office, "handed")[-2:] == ["owner1", "head1"]


def test_a_hazard_graded_major_climbs_the_ladder_of_major_ones(office):
    number = rectifying(office, deadline="2026-03-10")
    swept(office, "03-16")
    act(office, number, Action.GRADE, "cluster1", at=china("03-16T09:00"), level="major",
        reason="扩大")  # fmt: skip

    result = swept(office, "03-16T10:00")

    assert (result.failed, result.orders) == ([], 1)
    assert [each.level for each in rows(office, ORDERS)] == ["committee"]
    last = [each for each in notices(office) if each.owed_at == china("03-16T10:00")]
    assert [CODE[each.person_id] for each in last] == ["owner1", "head1", "cluster1", *COMMITTEE]
    assert {tuple(steps_in(each)) for each in last} == {
        ("overdue", "overdue.1", "overdue.2", "overdue.3", "overdue-3")
    }
    clocks = rows(office, CLOCKS)
    assert (clocks[-1].due_at, clocks[-1].cause) == (clocks[-2].due_at, "grade")
    assert broken(office) == []


def test_a_running_clock_is_told_by_the_policy_it_began_with(office):
    old = reported(office)
    quieter = default_text().replace('tell = ["holder", "superior"]', 'tell = ["committee"]')
    adopt_policy(office, quieter, by="admin", at=MONDAY_9AM)
    new = reported(office, unit="S3")

    swept(office, "03-06")

    by_case = {row.id: row.number for row in rows(office, CASES)}
    heard = [(by_case[each.case_id], CODE[each.person_id]) for each in notices(office)]
    assert heard == [
        (old, "owner1"), (old, "head1"),
        (new, "owner3"), (new, "committee1"), (new, "committee2"),
    ]  # fmt: skip


def test_a_rung_may_be_called_like_a_notice_of_a_move(office):
    policy = default_text().replace('key = "remind-1"', 'key = "handed"')
    adopt_policy(office, policy, by="admin", at=MONDAY_9AM)
    planned(office)  # handed to the head by the second event, with the second clock

    result = swept(office, "03-03")

    assert (result.failed, told(office)) == ([], ["head1"])
    assert told(office, "handed") == ["owner1", "head1"]


def test_of_two_policies_in_force_on_a_day_the_later_by_its_day_holds(office):
    later = default_text().replace("2020-01-01", "2026-03-01").replace("默认", "新")
    earlier = default_text().replace("2020-01-01", "2026-02-01").replace("默认", "旧")
    for policy in (later, earlier):
        adopt_policy(office, policy, by="admin", at=china("01-05"))

    with office.reading() as connection:
        in_force = office.rulebooks.at(connection, MONDAY_9AM)

    assert in_force.policy.title == "校园安全隐患整改新规则"


def _absent(office, code, stand_in, **days):
    values = {"stand_in_id": PERSON[stand_in], **days}
    write(office, update(PEOPLE).where(PEOPLE.c.code == code).values(values))


def _refusal(office, moment, **options):
    try:
        swept(office, moment, **options)
    except Refused as refused:
        return refused
    return None
