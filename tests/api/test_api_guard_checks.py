"""Checks of guards through the API: the same verbs, the same silence towards schools."""

from tests.casework.guardchecks.checking import CARD, TUESDAY, with_guards
from tests.casework.registers.buses import GUARD

HERE = "/guard-checks/BC2026-03"
SEEN = {"unit": "S1", "guard": "A0", "name": GUARD["name"], "card": CARD, "national": True}


def drawn(api):
    """The check of March, begun on Monday and drawn on Tuesday."""
    with_guards(api.office, first=1, second=1)
    committee = api.as_("committee1")
    begun = committee.post("/guard-checks", json={"period": "2026-03", "share": 100})
    api.clock.at = TUESDAY
    return begun, committee.post(f"{HERE}/draw")


def test_a_check_is_begun_drawn_recorded_and_published(sqlite_api):
    begun, draw = drawn(sqlite_api)
    inspector, committee = sqlite_api.as_("inspector1"), sqlite_api.as_("committee1")

    early = committee.post(f"{HERE}/publish")
    same = inspector.post(f"{HERE}/records", json=SEEN)
    absent = {"unit": "S3", "guard": "C0", "present": False, "note": "门卫室无人"}
    last = inspector.post(f"{HERE}/records", json=absent)
    published = committee.post(f"{HERE}/publish")
    opened = sqlite_api.as_("auditor").get(HERE).json()

    codes = [each.status_code for each in (begun, draw, early, same, last, published)]
    assert codes == [201, 200, 403, 200, 200, 200]
    assert (same.json()["identity"], last.json()["left"]) == ("match", 0)
    assert (opened["state"], opened["wrong"]) == ("published", None)
    assert {each["identity"] for each in opened["guards"]} == {"match", "absent"}
    assert CARD not in str(opened)
    assert GUARD["name"] not in str(opened)


def test_nobody_of_a_school_or_cluster_learns_of_it(sqlite_api):
    drawn(sqlite_api)

    for code in ("head1", "owner1", "cluster1"):
        client = sqlite_api.as_(code)
        asked = [client.get("/guard-checks"), client.get(HERE), client.post(f"{HERE}/draw"),
                 client.post(f"{HERE}/records", json=SEEN)]  # fmt: skip
        assert {each.status_code for each in asked} == {403}


def test_a_fault_names_its_field(sqlite_api):
    drawn(sqlite_api)
    client = sqlite_api.as_("inspector1")

    unnamed = client.post(f"{HERE}/records", json={**SEEN, "name": ""})
    unknown = client.post(f"{HERE}/records", json={**SEEN, "colour": "red"})
    month = sqlite_api.as_("committee1").post("/guard-checks", json={"period": "2026-13"})

    assert [each.status_code for each in (unnamed, unknown, month)] == [422, 422, 422]
    assert "name" in unnamed.text
