"""School buses through the API: a platform's feed that never falls over, and what came of it."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from casework.accounts.tokens import Scope
from client import Bihuan, Problem
from tests.casework.buses.roads import PLATE, a_bus, bulletins
from tests.offices import MONDAY_9AM

OUT = {"id": "a1", "plate": PLATE, "at": "2026-03-01 10:00:00", "speed": 30}
TOO_FAST = {"id": "a2", "plate": "苏E·12345", "at": "2026-03-01T08:00:00+08:00", "speed": 61.4}


@pytest.fixture
def buses(sqlite_api):
    a_bus(sqlite_api.office)
    return sqlite_api


def post(api, *events, code="committee1", scope=Scope.FEED, **more):
    body = {"events": [*events], **more}
    return api.as_(code, scope).post("/buses/sightings", json=body)


def test_a_batch_lands_once_and_bad_events_are_named(buses):
    bad = {"plate": PLATE, "at": "gestern", "colour": "red"}
    first = post(buses, OUT, TOO_FAST, {**OUT, "id": "a3", "speed": "fast"}, bad).json()
    again = post(buses, OUT, TOO_FAST, OUT).json()

    assert (first["received"], first["new"], first["offences"]) == (4, 2, 1)
    assert first["cases"] == ["YH2026-000001"]
    assert [(each["pointer"], each["detail"]) for each in first["bad"]] == [
        ("#/events/2/speed", "不是速度"), ("#/events/3/colour", "没有这一项"),
    ]  # fmt: skip
    assert (again["new"], again["known"], again["cases"], again["bad"]) == (0, 3, [], [])


@pytest.mark.parametrize("event", [
    {}, {"plate": "\x00", "at": "2026-03-01"}, {"plate": "ß" * 20, "at": "2026-03-01"},
    {"plate": [1], "at": "2026-03-01"}, {"plate": True, "at": "2026-03-01"},
    {"plate": "苏E1", "at": 17409}, {"plate": "苏E1", "at": "9999-12-31T23:59:59-23:59"},
    {"plate": "苏E1", "at": "2026-03-01", "speed": 1e300}, {"plate": "苏E1", "at": None},
    {"plate": "苏E1", "at": "2026-03-01", "id": "x" * 81}, {"a/b~": 1},
])  # fmt: skip
def test_an_event_that_says_nothing_is_named_and_nothing_falls(buses, event):
    answer = post(buses, event, OUT)

    assert (answer.status_code, answer.json()["new"]) == (200, 1), answer.text
    assert answer.json()["bad"][0]["pointer"].startswith("#/events/0/")


@pytest.mark.parametrize(("body", "status"), [
    ({"events": [OUT] * 2_001}, 422), ({"events": ["x"]}, 422), ({"events": [], "by": "me"}, 422),
    ({}, 422), ({"events": [{**OUT, "what": "x" * 1_100_000}]}, 413),
])  # fmt: skip
def test_what_is_no_batch_is_a_problem(buses, body, status):
    answer = buses.as_("committee1", Scope.FEED).post("/buses/sightings", json=body)

    assert (answer.status_code, answer.headers["content-type"]) == (
        status, "application/problem+json",
    )  # fmt: skip


@pytest.mark.parametrize(("code", "scope"), [("head1", Scope.FEED), ("committee1", Scope.MOVE)])
def test_only_the_committees_feeding_token_feeds(buses, code, scope):
    assert post(buses, OUT, code=code, scope=scope).status_code == 403


def test_what_it_led_to_is_read_as_far_as_one_sees(buses):
    stranger = {"id": "a9", "plate": "苏E99999", "at": "2026-03-01 08:00", "speed": 99}
    post(buses, OUT, TOO_FAST, stranger)
    bulletins(buses.office, MONDAY_9AM)
    whole, own, other = (asked(buses, code) for code in ("committee1", "head1", "head2"))

    (head,) = own.list_bus_bulletins()
    bulletin = own.open_bus_bulletin("2026-03-01")
    sheets = [
        own.get_bulletin_sheet("2026-03-01"), own.get_violation_sheet(form="csv"),
        whole.get_violation_sheet(),
    ]  # fmt: skip

    assert (head["violations"], head["buses"], head["whole"]) == (1, 1, False)
    assert [(each["what"], each["speed"]) for each in bulletin["rows"][0]["offences"]] == [
        ("超速行驶", 61)
    ]
    assert bulletin["rows"][0]["moves"] == {"off_day": 2}
    assert [[row["plate"] for row in each.list_bus_violations()["items"]]
            for each in (whole, own, other)] == [["苏E99999", PLATE], [PLATE], []]  # fmt: skip
    assert PLATE in ZipFile(BytesIO(sheets[0])).read("xl/worksheets/sheet1.xml").decode()
    assert [each.split(",")[1] for each in sheets[1].decode().splitlines()] == ["车牌", PLATE]
    assert "苏E99999".encode() in ZipFile(BytesIO(sheets[2])).read("xl/worksheets/sheet1.xml")
    with pytest.raises(Problem, match="2026-02-02"):
        own.open_bus_bulletin("2026-02-02")


def test_pages_of_violations_follow_one_another(buses):
    post(buses, *({**TOO_FAST, "id": f"b{n}"} for n in range(5)))
    api = asked(buses, "head1")

    ids = [each["id"] for each in api.follow(api.list_bus_violations(size=2, since="2026-03-01"))]

    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 5
    assert api.list_bus_violations(until="2026-02-28")["items"] == []
    assert api.list_bus_violations(text="12346")["items"] == []


def test_a_veto_is_put_and_lifted_by_the_committee_alone(buses):
    committee, head = asked(buses, "committee1"), asked(buses, "head1")
    veto = {"act": "veto", "key": PLATE, "reason": "屡次超员"}

    done = committee.act_on_bus_veto(veto)
    standing = head.list_bus_vetoes()
    with pytest.raises(Problem, match="403"):
        head.act_on_bus_veto({**veto, "act": "lift"})
    lifted = committee.act_on_bus_veto({**veto, "act": "lift", "reason": "整改到位"})

    assert (done["vetoed"], lifted["vetoed"]) == (True, False)
    assert done["receipt"].startswith(f"register:bus/{PLATE}/2/")
    assert [(each["key"], each["reason"], each["by"]) for each in standing] == [
        (PLATE, "屡次超员", "COMMITTEE1")
    ]
    assert [each["lifted_why"] for each in head.list_bus_vetoes(lifted=True)] == ["整改到位"]
    assert asked(buses, "head2").list_bus_vetoes(lifted=True) == []


def asked(api, code):
    return Bihuan("http://localhost", api.token(code), http=api.nobody())
