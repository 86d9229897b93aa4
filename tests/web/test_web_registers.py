"""The pages of registers: every kind by the same pages, each fault beside its field."""

from io import BytesIO

import pytest

from casework.auditing.access import list_access
from casework.events import Door
from casework.registers.acts import change_record
from casework.registers.checking import check_registers
from casework.registers.listing import list_records
from rules.registers.kinds import kinds
from rules.workdays import china_day
from tests.casework.registers.buses import BUS, DRIVER, GUARD, OF, added
from tests.offices import MONDAY_9AM, a_photo

TODAY = china_day(MONDAY_9AM)
BUS_AT = {"key": "苏E12345", "unit": "S1"}
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def filled(kind, **differs):
    return {f"field-{name}": value for name, value in {**OF[kind], **differs}.items()}


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_has_its_pages(sqlite_site, kind):
    browser = sqlite_site.as_("committee1")
    asked = ["", "/add", "/import", "/import/template.xlsx", "/export.csv", "/export.xlsx"]

    told = [browser.get(f"/registers/{kind}{page}") for page in asked]

    assert [each.status_code for each in told] == [200] * len(asked)
    of = kinds()[kind]
    typed = [each.key for each in of.fields if not each.counts and each.key != of.reviewed]
    assert [name for name in typed if f'id="field-{name}"' not in told[1].text] == []
    assert f'href="/registers/{kind}"' in browser.get("/registers").text


def test_the_counts_lead_to_lists_of_as_many(site):
    added(site.office, insured_until="2026-03-10")
    added(site.office, plate="苏E00002", permit_until="2026-02-01")
    added(site.office, plate="苏E00003")
    browser = site.as_("head1")

    index = browser.get("/registers").text

    assert '<b class="number">3</b>' in index
    for standing, key in (("lapsed", "苏E00002"), ("soon", "苏E12345"), ("well", "苏E00003")):
        listed = browser.get(f"/registers/bus?standing={standing}").text
        assert "共 1 条" in listed
        assert key in listed


def test_what_is_missing_counts_as_lapsed_and_who_is_too_young_until_the_day(site):
    added(site.office, "guard", certificate_no="")
    added(site.office, "guard", staff_no="A02", born_on="2008-03-03")
    browser = site.as_("head1")

    assert "共 2 条" in browser.get("/registers/guard?standing=lapsed").text
    site.clock.at = MONDAY_9AM.replace(day=3)
    assert "共 1 条" in site.as_("head1").get("/registers/guard?standing=lapsed").text


def test_pages_follow_by_what_runs_out_first_and_their_keys_tell_no_day(site):
    for number in range(30):
        born = f"1967-05-{30 - number:02}"
        added(site.office, "guard", staff_no=f"A{number:02}", born_on=born)
    browser = site.as_("head1")

    first = browser.get("/registers/guard?order=expiry").text
    after = first.split("after=")[1].split('"')[0]
    second = browser.get(f"/registers/guard?order=expiry&after={after}").text

    assert after.isdigit()
    assert [f"A{number:02}" in first for number in (29, 5, 4)] == [True, True, False]
    assert [f"A{number:02}" in second for number in (5, 4, 0)] == [False, True, True]


def test_a_record_is_added_changed_and_retired(site):
    browser = site.as_("head1")

    added_ = browser.post("/registers/bus/add", data={**filled("bus"), "unit": "S1"})
    page = browser.get(added_.headers["location"]).text
    changed = browser.post(
        "/registers/bus/change",
        data={**BUS_AT, "seen": "1", "field-seats": "40", "field-contact_phone": ""},
    )
    retired = browser.post("/registers/bus/retire", data={**BUS_AT, "reason": "报废"})
    after = browser.get(retired.headers["location"]).text

    assert "已登记" in page
    assert "校车安全管理条例 第20条" in page
    assert (added_.status_code, changed.status_code, retired.status_code) == (303, 303, 303)
    assert "138****5678" in after  # a personal field left blank stays
    assert "核载人数为 40" in after
    assert "报废" in after
    assert "变更</a>" not in after


def test_every_fault_stands_beside_its_field(sqlite_site):
    wrong = filled("bus", plate="12345", seats="6", insured_until="2026-02-30")

    answer = sqlite_site.as_("head1").post("/registers/bus/add", data={**wrong, "unit": "S1"})

    assert answer.status_code == 422
    assert [f'id="field-{name}-wrong"' in answer.text for name in BUS] == [
        name in ("plate", "seats", "insured_until") for name in BUS
    ]
    assert 'value="12345"' in answer.text


def test_a_form_shows_no_personal_value_and_can_clear_one(site):
    added(site.office, "driver")
    browser = site.as_("head1")
    at = {"key": DRIVER["file_no"], "unit": "S1"}

    form = browser.get("/registers/driver/change", params=at).text
    browser.post("/registers/driver/change", data={**at, "field-phone": "", "clear-phone": "1"})

    assert DRIVER["phone"] not in form
    assert "现为 139****5678" in form
    (row,) = list_records(site.office, "driver", by="head1", today=TODAY).rows
    assert "phone" not in row["values"]


def test_what_somebody_else_changed_meanwhile_is_not_written_over(sqlite_site):
    added(sqlite_site.office)
    change_record(
        sqlite_site.office, "bus", "苏E12345", {"seats": "40"}, by="owner1", at=MONDAY_9AM,
        door=Door.CLI,
    )  # fmt: skip

    answer = sqlite_site.as_("head1").post(
        "/registers/bus/change", data={**BUS_AT, "seen": "1", "field-seats": "30"}
    )

    assert answer.status_code == 409
    assert 'name="seen" value="2"' in answer.text


def test_personal_data_is_shown_for_a_reason_that_is_recorded(site):
    added(site.office, "driver")
    at = {"key": DRIVER["file_no"], "unit": "S1"}

    without = site.as_("committee1").post("/registers/driver/reveal", data=at)
    shown = site.as_("committee1").post("/registers/driver/reveal", data={**at, "why": "核对"})
    head = site.as_("head1").post("/registers/driver/reveal", data={**at, "why": "想看看"})

    assert (without.status_code, shown.status_code, head.status_code) == (422, 200, 403)
    assert [DRIVER["id_card"] in each.text for each in (without, shown, head)] == [
        False, True, False,
    ]  # fmt: skip
    assert [each["why"] for each in list_access(site.office, by="auditor")] == ["核对"]


def test_files_are_attached_and_sealed_in_the_history(site):
    added(site.office)
    browser = site.as_("head1")
    sent = {"files": ("行驶证.jpg", BytesIO(a_photo()), "image/jpeg")}

    done = browser.post("/registers/bus/attach", data=BUS_AT, files=sent)
    page = browser.get(done.headers["location"]).text
    again = browser.post(
        "/registers/bus/attach", data=BUS_AT, files={"files": ("b.jpg", BytesIO(a_photo()))}
    )
    photo = browser.get("/registers/bus/file/1", params=BUS_AT)

    assert done.status_code == 303
    assert "附件已添加" in page
    assert page.count('class="hash"') == 1
    assert (again.status_code, photo.headers["content-type"]) == (403, "image/jpeg")
    assert site.as_("head2").get("/registers/bus/file/1", params=BUS_AT).status_code == 404


def test_a_file_of_a_person_is_opened_with_a_reason_by_who_may(sqlite_site):
    added(sqlite_site.office, "guard")
    at = {"key": "A01", "unit": "S1"}
    sent = {"files": ("李大力身份证.jpg", BytesIO(a_photo()), "image/jpeg")}
    head, committee = sqlite_site.as_("head1"), sqlite_site.as_("committee1")

    head.post("/registers/guard/attach", data=at, files=sent)
    page = committee.get("/registers/guard/record", params=at).text
    told = [
        committee.get("/registers/guard/file/1", params=at),
        committee.post("/registers/guard/file/1", data=at),
        head.post("/registers/guard/file/1", data={**at, "why": "想看看"}),
        committee.post("/registers/guard/file/1", data={**at, "why": "核对"}),
    ]

    assert "李大力" not in page
    assert [each.status_code for each in told] == [422, 422, 403, 200]
    assert [each["why"] for each in list_access(sqlite_site.office, by="auditor")] == ["核对"]


@pytest.mark.parametrize("code", ["head2", "owner3", "cluster2", "verifier2"])
def test_nothing_of_elsewhere_is_listed_counted_opened_or_changed(sqlite_site, code):
    added(sqlite_site.office, insured_until="2026-03-10")
    browser = sqlite_site.as_(code)

    lists = [
        browser.get(page).text
        for page in ("/registers", "/registers/bus", "/registers/bus?text=E12345",
                     "/registers/expiring", "/registers/bus/export.csv")
    ]  # fmt: skip
    told = [
        browser.get("/registers/bus/record", params=BUS_AT),
        browser.get("/registers/bus/change", params=BUS_AT),
        browser.post("/registers/bus/change", data={**BUS_AT, "field-seats": "40"}),
        browser.post("/registers/bus/retire", data={**BUS_AT, "reason": "x"}),
        browser.post("/registers/bus/reveal", data={**BUS_AT, "why": "x"}),
    ]

    assert [page for page in lists if "苏E12345" in page.replace('value="E12345"', "")] == []
    assert "共 0 条" in lists[1]
    assert [each.status_code for each in told] == [404] * 5


def test_a_reporter_sees_buses_and_no_drivers(sqlite_site):
    added(sqlite_site.office)
    browser = sqlite_site.as_("reporter1")

    assert "苏E12345" in browser.get("/registers/bus").text
    assert browser.get("/registers/driver").status_code == 403
    assert browser.get("/registers/expiring?kind=driver").status_code == 403
    assert browser.post("/registers/bus/add", data=filled("bus")).status_code >= 400
    assert '/registers/driver"' not in browser.get("/registers").text


def test_hostile_text_stays_text(sqlite_site):
    added(sqlite_site.office, route=HOSTILE, vehicle_owner=HOSTILE)
    added(sqlite_site.office, "guard", staff_no=HOSTILE[:40], company=HOSTILE)
    browser = sqlite_site.as_("head1")

    seen = [
        browser.get("/registers/bus").text, browser.get("/registers/guard").text,
        browser.get("/registers/bus/record", params=BUS_AT).text,
        browser.get("/registers/bus", params={"text": HOSTILE}).text,
        browser.get("/registers/guard/record", params={"key": HOSTILE[:40], "unit": "S1"}).text,
    ]  # fmt: skip

    assert [page for page in seen if "<script>alert" in page or "<img src=x" in page] == []
    assert all("&lt;script&gt;alert" in page for page in seen)


@pytest.mark.parametrize("query", [
    "standing=nonsense", "order=x", "after=x", "after=99999999999999999999", "place=nowhere",
    "text=%00", "days=5",
])  # fmt: skip
def test_a_choice_that_is_none_of_ours_is_refused(sqlite_site, query):
    browser = sqlite_site.as_("head1")
    page = "/registers/expiring" if query == "days=5" else "/registers/bus"

    assert browser.get(f"{page}?{query}").status_code in (404, 422)


def test_a_case_raised_is_linked_from_its_record(sqlite_site):
    added(sqlite_site.office, "guard", certificate_no="")
    checked = check_registers(
        sqlite_site.office, as_of=MONDAY_9AM, ran_at=MONDAY_9AM, door=Door.FLOW
    )

    page = sqlite_site.as_("head1").get(
        "/registers/guard/record", params={"key": GUARD["staff_no"], "unit": "S1"}
    )

    assert f'href="/case/{checked.cases[0]}"' in page.text
