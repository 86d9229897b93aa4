"""Checks of guards on pages: held by the committee, recorded at the gate, public as counts."""

import pytest

from tests.casework.guardchecks.checking import CARD, with_guards
from tests.casework.registers.buses import GUARD

NUMBER = "BC2026-03"
A0 = {"unit": "S1", "guard": "A0"}


def begun(site, share="100"):
    with_guards(site.office, first=1, second=1)
    committee = site.as_("committee1")
    committee.post("/guard-checks", data={"period": "2026-03", "share": share})
    committee.post(f"/guard-checks/{NUMBER}/draw")
    return committee


def test_a_check_is_held_recorded_and_published(site):
    committee = begun(site)
    inspector = site.as_("inspector1")

    asked = inspector.get(f"/guard-checks/{NUMBER}/guard", params=A0).text
    found = {"present": "1", "name": GUARD["name"], "card": CARD, "national": "1", "school": "1"}
    inspector.post(f"/guard-checks/{NUMBER}/guard", data={**A0, **found})
    gone = {"present": "0", "note": "门卫室无人", "unit": "S3", "guard": "C0"}
    inspector.post(f"/guard-checks/{NUMBER}/guard", data=gone)
    shown = committee.get(f"/guard-checks/{NUMBER}").text
    published = committee.post(f"/guard-checks/{NUMBER}/publish")
    public = site.browser().get("/public").text

    assert GUARD["name"] not in asked
    assert "重算，抽中的人一致" in shown
    assert (published.status_code, published.headers["location"]) == (303, "/public")
    assert "随机抽查 2 人" in public
    assert not [each for each in ("A0", "C0", GUARD["name"], "第三幼儿园") if each in public]


def test_somebody_else_is_a_case_at_once(sqlite_site):
    begun(sqlite_site)
    inspector = sqlite_site.as_("inspector1")

    done = inspector.post(f"/guard-checks/{NUMBER}/guard",
                          data={**A0, "present": "1", "name": "张三"})  # fmt: skip
    page = inspector.get(f"/guard-checks/{NUMBER}/guard", params=A0).text

    assert done.status_code == 303
    assert "人证不符" in page
    assert '<a class="number" href="/case/' in page
    assert "张三" not in page


@pytest.mark.parametrize(("sent", "field"), [
    ({"present": "1"}, "name"), ({"present": "0"}, "note"),
    ({"present": "1", "name": "王", "v-other": "1"}, "note"),
])  # fmt: skip
def test_what_is_missing_stands_beside_its_field(sqlite_site, sent, field):
    begun(sqlite_site)

    answer = sqlite_site.as_("inspector1").post(
        f"/guard-checks/{NUMBER}/guard", data={**A0, **sent}
    )

    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text


@pytest.mark.parametrize("code", ["head1", "owner1", "cluster1", "verifier1a", "reporter1"])
def test_nobody_of_a_school_or_cluster_opens_them(sqlite_site, code):
    begun(sqlite_site)
    browser = sqlite_site.as_(code)

    told = [
        browser.get("/guard-checks"), browser.get(f"/guard-checks/{NUMBER}"),
        browser.get(f"/guard-checks/{NUMBER}/guard", params=A0),
        browser.post(f"/guard-checks/{NUMBER}/guard", data={**A0, "present": "0", "note": "x"}),
        browser.post(f"/guard-checks/{NUMBER}/publish"),
    ]  # fmt: skip

    assert [each.status_code for each in told] == [403] * 5
    assert "/guard-checks" not in browser.get("/more").text


def test_an_inspector_records_and_holds_nothing(sqlite_site):
    begun(sqlite_site)
    inspector = sqlite_site.as_("inspector1")

    assert inspector.post("/guard-checks", data={"period": "2026-04"}).status_code == 403
    assert "公开人数" not in inspector.get(f"/guard-checks/{NUMBER}").text
    assert inspector.get("/guard-checks/BC1999-01").status_code == 404


@pytest.mark.parametrize("period", ["2026-03", "2026-13", ""])
def test_a_month_that_cannot_be_begun_is_refused_with_the_reason(sqlite_site, period):
    committee = begun(sqlite_site)

    answer = committee.post("/guard-checks", data={"period": period, "share": "10"})

    assert answer.status_code in (403, 422)
    assert 'role="alert"' in answer.text
