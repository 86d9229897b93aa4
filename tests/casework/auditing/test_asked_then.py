"""A query asked as of a moment finds what it found at that moment, on either database."""

from datetime import timedelta
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.asking.index import catch_up
from casework.asking.search import count_found, search
from casework.auditing.past_list import count_as_of, list_as_of
from casework.case_list import Filter
from casework.errors import Invalid
from rules.actions import Action
from rules.query import QueryTrouble, Sort
from rules.query.fields import FIELDS
from tests.casework.auditing.pasts import live
from tests.offices import MONDAY_9AM, act, planned, reported

DAY = timedelta(days=1)
VALUES = {
    "unit": ("S1", "第一小学", "S3", "S1,S2"), "cluster": ("P1", "第二片区"),
    "type": ("小学", "初中,幼儿园"), "category": ("消防", "fire"), "level": ("major", "一般"),
    "risk": ("red", "yellow"),
    "state": ("rectifying", "closed", "verified,plan", "reported"),
    "stage": ("plan", "verification,close_out"), "holder": ("owner", "cluster,head"),
    "number": ("YH2026", "YH2026-000001"), "found": ("2026-03", "..2026-03-01"),
    "reported": ("2026-03-02", ">2026-03-05"),
    "closed": ("2026-03", "2026-03-18..", "..2026-03-20"),
    "due": ("2026-03", "2026Q2", "..2026-03-10"), "overdue": ("yes", "no", ">3d", "1..9天"),
    "late": ("yes", "no", ">2d", "..30天"), "extended": ("yes", "no", ">0"),
    "relapsed": ("yes", "no", "1"), "listed": ("now", "ever", "never", "supervision"),
    "drawn": ("yes", "no", ">0"), "voided": ("yes", "no"), "claimed": ("yes", "no"),
    "by": ("head1", "committee1,cluster1", "verifier1a"), "inspection": ("督查",),
    "source": ("台账",), "finished": ("yes", "no"),
}  # fmt: skip
WORDS = ("灭火器", "开裂", "专人看守", "未固定", "确有其事", "误报", "不存在", '"第"')
POSITIVE = [f"{name}:{value}" for name, values in VALUES.items() for value in values]
ASKED = [
    *(f"{name}:{values[0]}" for name, values in VALUES.items()),
    *(f"-{name}:{values[-1]}" for name, values in VALUES.items()), *WORDS,
    "-未固定", "-误报", "专人看守 -未固定", "unit:S1 state:rectifying 看守",
]  # fmt: skip
CLAUSES = st.sampled_from([f"{sign}{each}" for sign in ("", "-") for each in (*POSITIVE, *WORDS)])
QUERIES = st.tuples(
    st.lists(CLAUSES, max_size=3), st.sampled_from(["", *(f"sort:{each}" for each in Sort)])
).map(lambda parts: " ".join([*parts[0], parts[1]]).strip())


def found_now(office, query, at):
    return [row["number"] for row in search(office, query, by="auditor", as_of=at).rows]


def found_then(office, query, at):
    return [
        row["number"] for row in list_as_of(office, Filter(), at, by="auditor", query=query).rows
    ]


@pytest.fixture
def remembered(office):
    """What every query found on some days, written down on that day."""
    days = islice(live(office), 6, None, 6)
    return {now: {each: found_now(office, each, now) for each in ASKED} for now in days}


def test_every_field_can_be_asked_as_of_a_moment():
    assert set(VALUES) == set(FIELDS)


def test_each_query_finds_then_what_it_found_on_that_day(office, remembered):
    catch_up(office)

    for now, found in remembered.items():
        assert {each: found_then(office, each, now) for each in ASKED} == found
    assert sum(len(each) for found in remembered.values() for each in found.values()) > 200


@pytest.fixture
def lived(office):
    return list(live(office))[-1]


@settings(
    max_examples=settings.default.max_examples // 5,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=QUERIES)
def test_as_of_now_any_query_finds_counts_and_sorts_as_it_does_now(office, lived, query):
    counted = count_as_of(office, Filter(), lived, by="auditor", query=query)

    assert found_then(office, query, lived) == found_now(office, query, lived)
    assert counted.total == count_found(office, query, by="auditor", as_of=lived).number


@pytest.mark.parametrize("sort", [each for each in Sort if each is not Sort.CLOSED])
def test_pages_of_the_past_follow_each_other_in_every_order(office, sort):
    for day in (2, 0, 1):
        planned(office, at=MONDAY_9AM + day * DAY, description=f"隐患{day}")
    now = MONDAY_9AM + 9 * DAY
    asked = {"by": "auditor", "query": f"sort:{sort}"}

    first = list_as_of(office, Filter(), now, size=2, **asked)
    rest = list_as_of(office, Filter(), now, size=2, after=first.after, **asked)

    assert [row["number"] for row in [*first.rows, *rest.rows]] == (
        found_now(office, f"sort:{sort}", now)
    )


def test_a_word_written_later_is_not_found_before(office):
    number = planned(office)
    act(office, number, Action.APPROVE_PLAN, "cluster1", at=MONDAY_9AM + DAY)
    act(office, number, Action.PROGRESS, "owner1", at=MONDAY_9AM + 2 * DAY, text="已联系厂家")

    then = [found_then(office, "厂家", MONDAY_9AM + day * DAY) for day in (1, 2)]

    assert then == [[], [number]]


def test_a_fault_of_the_query_points_at_its_word(office):
    with pytest.raises(QueryTrouble) as refused:
        list_as_of(office, Filter(), MONDAY_9AM, by="auditor", query="状态:整改中 unit:无名")

    assert (refused.value.column, refused.value.word) == (13, "无名")


def test_what_asks_for_an_extension_is_told_of_now_only(office):
    with pytest.raises(Invalid) as refused:
        count_as_of(office, Filter(asking=True), MONDAY_9AM, by="auditor")

    assert refused.value.where == "asking"


def test_a_query_of_the_past_stays_within_what_one_may_see(office):
    reported(office, unit="S3")

    assert list_as_of(office, Filter(), MONDAY_9AM, by="cluster1", query="灭火器").rows == []
