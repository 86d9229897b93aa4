"""Files and ledgers of registers through the API; personal data only for a reason, recorded."""

from io import BytesIO

from openpyxl import load_workbook

from casework.auditing.access import list_access
from tests.casework.registers.buses import DRIVER, added
from tests.casework.registers.test_register_ledgers import BAD, GOOD
from tests.offices import a_photo

PHONE = DRIVER["phone"].encode()


def looks(office):
    """Why somebody looked, the newest first."""
    return [each["why"] for each in list_access(office, by="auditor")]


def test_a_photo_is_attached_once_and_opened(sqlite_api):
    added(sqlite_api.office)
    head = sqlite_api.as_("head1")
    handle = head.post("/evidence?name=a.jpg", content=a_photo()).json()["evidence"]
    told = {"key": "苏E12345", "evidence": [handle]}

    done, again = (head.post("/registers/bus/attach", json=told) for _ in range(2))
    (file,) = head.get("/registers/bus/record", params={"key": "苏E12345"}).json()["files"]
    where = f"/registers/bus/file/{file['id']}?key=苏E12345"

    assert (done.json()["seq"], again.status_code) == (2, 403)
    assert head.get(where).headers["content-type"] == "image/jpeg"
    assert sqlite_api.as_("head3").get(where).status_code == 404


def test_what_shows_personal_data_takes_a_reason_that_is_recorded(sqlite_api):
    added(sqlite_api.office, "driver")
    head, committee = sqlite_api.as_("head1"), sqlite_api.as_("committee1")
    handle = head.post("/evidence?name=a.jpg", content=a_photo()).json()["evidence"]
    which = {"key": DRIVER["file_no"]}
    head.post("/registers/driver/attach", json={**which, "evidence": [handle]})
    (file,) = head.get("/registers/driver/record", params=which).json()["files"]
    where = f"/registers/driver/file/{file['id']}"

    refused = [
        committee.get(where, params=which),
        committee.post(where, json={**which, "why": " "}),
        head.post("/registers/driver/reveal", json={**which, "why": "好奇"}),
    ]
    shown = committee.post(where, json={**which, "why": "核对照片"})
    revealed = committee.post("/registers/driver/reveal", json={**which, "why": "核对电话"})
    masked = head.get("/registers/driver/record", params=which)

    assert [each.status_code for each in refused] == [422, 422, 403]
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert (PHONE in revealed.content, PHONE in masked.content) == (True, False)
    assert looks(sqlite_api.office)[:2] == ["核对电话", "核对照片"]


def test_a_ledger_leaves_masked_or_for_a_reason_whole(sqlite_api):
    added(sqlite_api.office, "driver")
    committee = sqlite_api.as_("committee1")

    masked = committee.get("/registers/driver/sheet", params={"form": "csv"})
    told = {"form": "csv", "why": "报备"}
    whole = committee.post("/registers/driver/sheet/reveal", json=told)
    silent = committee.post("/registers/driver/sheet/reveal", json={**told, "why": ""})
    own = sqlite_api.as_("head1").post("/registers/driver/sheet/reveal", json=told)

    assert (PHONE in masked.content, PHONE in whole.content) == (False, True)
    assert (silent.status_code, own.text.count("\n")) == (422, 1)
    assert sqlite_api.as_("reporter1").get("/registers/driver/sheet").status_code == 403


def test_a_ledger_is_checked_brought_in_and_the_same_the_second_time(sqlite_api):
    committee = sqlite_api.as_("committee1")
    for_real = {"dry_run": False}

    told = [
        committee.post("/registers/guard/sheet", params=params, content=GOOD.encode()).json()
        for params in ({}, for_real, for_real)
    ]
    bad = committee.post("/registers/guard/sheet", params=for_real, content=BAD.encode()).json()
    empty = committee.get("/registers/guard/template")

    assert [(each["landed"], each["added"], each["same"]) for each in told] == [
        (False, 2, 0), (True, 2, 0), (True, 0, 2),
    ]  # fmt: skip
    assert (bad["landed"], bad["rejected"]) == (False, 2)
    assert {each["field"] for each in bad["problems"]} >= {"name", "born_on"}
    assert load_workbook(BytesIO(empty.content)).active["A1"].value == "单位"
