"""Administrators keep the organisation, its people, their accounts and contacts on pages."""

import re

import pytest
from sqlalchemy import insert

from models.tables import ROLE_GRANTS
from tests.offices import ORGANISATION, PERSON
from tests.web.test_web_texts import MARKUP

PAGES = ["/admin/organisation", "/admin/people", "/admin/person?code=owner1"]
ACTS = ["rename", "grant", "revoke", "stand-in", "return", "open", "reset", "disable", "contact",
        "forget"]  # fmt: skip
NOBODYS = {"name": "x", "role": "owner", "place": "S1", "stand_in": "head1",
           "since": "2026-03-03", "kind": "email", "address": "a@example.cn", "contact": "1",
           "code": "owner1"}  # fmt: skip


def do(browser, act, code="owner1", **typed):
    return browser.post(f"/admin/person/{act}", data={"code": code, **typed})


@pytest.mark.parametrize("code", ["head1", "cluster1", "committee1", "auditor"])
def test_it_is_for_administrators(sqlite_site, code):
    browser = sqlite_site.as_(code)

    assert {browser.get(path).status_code for path in PAGES} == {403}
    assert {do(browser, act).status_code for act in ACTS} == {403}
    assert browser.post("/admin/organisation/add").status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_who_administers_one_cluster_changes_nobody(sqlite_site, act):
    grant = {"person_id": PERSON["cluster1"], "organisation_id": ORGANISATION["P1"]}
    with sqlite_site.office.writing() as connection:
        connection.execute(insert(ROLE_GRANTS), grant | {"role": "admin"})
    browser = sqlite_site.as_("cluster1")

    assert {browser.get(path).status_code for path in PAGES} == {403}
    assert browser.post(f"/admin/person/{act}", data=NOBODYS).status_code == 403


def test_a_school_is_added_and_renamed(site):
    admin = site.as_("admin")
    school = {"kind": "unit", "parent": "P2", "code": "S4", "name": "第四小学"}

    added = admin.post("/admin/organisation/add", data=school)
    again = admin.post("/admin/organisation/add", data=school)
    admin.post("/admin/organisation/rename", data={"code": "S4", "name": "第四实验小学"})

    assert (added.status_code, again.status_code) == (303, 403)
    assert "代码“S4”已在使用" in again.text
    assert "第四实验小学" in admin.get("/admin/organisation").text


def test_a_person_is_added_invited_and_signs_in(site):
    admin = site.as_("admin")
    person = {"code": "li", "name": "李四", "role": "head", "place": "S1"}

    admin.post("/admin/people/add", data=person)
    invited = do(admin, "open", "li").text
    [password] = re.findall(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", invited)

    assert "李四" in admin.get("/admin/people?text=李").text
    assert site.as_("li", password).get("/").status_code == 200
    assert password not in admin.get("/admin/person?code=li").text
    assert do(admin, "disable", "li").status_code == 303
    assert "已停用" in admin.get("/admin/person?code=li").text
    assert "重新启用" in admin.get("/admin/person?code=li").text
    assert do(admin, "reset", "li").status_code == 200


def test_roles_and_a_stand_in_are_given_and_taken(sqlite_site):
    admin = sqlite_site.as_("admin")

    do(admin, "grant", role="verifier", place="P1")
    do(admin, "stand-in", stand_in="head1", since="2026-03-03", until="2026-03-06")
    given = admin.get("/admin/person?code=owner1").text
    do(admin, "revoke", role="verifier", place="P1")
    do(admin, "return")
    taken = admin.get("/admin/person?code=owner1").text

    assert ("验收人 · 第一片区" in given, "2026-03-03 – 2026-03-06" in given) == (True, True)
    assert ("验收人 · 第一片区" in taken, "2026-03-03" in taken) == (False, False)


def test_a_contact_is_shown_masked_and_forgotten(sqlite_site):
    admin = sqlite_site.as_("admin")

    do(admin, "contact", kind="email", address="zhangsan@example.cn")
    shown = admin.get("/admin/person?code=owner1").text
    [contact] = re.findall(r'name="contact" value="(\d+)"', shown)
    do(admin, "forget", contact=contact)

    assert "zhangsan@example.cn" not in shown
    assert "没有联系方式" in admin.get("/admin/person?code=owner1").text


@pytest.mark.parametrize(("act", "typed", "status", "said"), [
    ("stand-in", {"stand_in": "owner1", "since": "2026-03-03"}, 422, "代理人不能是本人"),
    ("stand-in", {"stand_in": "nobody", "since": "2026-03-03"}, 404, "没有代码为“nobody”"),
    ("stand-in", {"stand_in": "head1", "since": "soon"}, 422, "不是日期"),
    ("grant", {"role": "ladder", "place": "S1"}, 422, "选项无效"),
    ("grant", {"role": "owner", "place": "S1"}, 403, "已有这一角色"),
    ("contact", {"kind": "email", "address": "no address"}, 422, "邮"),
    ("open", {}, 403, "已有账号"),
    ("rename", {"name": " "}, 422, "名称不能为空"),
])  # fmt: skip
def test_what_is_refused_is_said_beside_its_form(sqlite_site, act, typed, status, said):
    answer = do(sqlite_site.as_("admin"), act, **typed)

    assert (answer.status_code, said in answer.text) == (status, True)


def test_the_last_administrator_cannot_be_taken_away(sqlite_site):
    answer = do(sqlite_site.as_("admin"), "revoke", "admin", role="admin", place="ZWH")

    assert "这是最后一名管理员" in answer.text


def test_hostile_names_stay_texts(sqlite_site):
    admin = sqlite_site.as_("admin")

    for number, text in enumerate(MARKUP):
        do(admin, "rename", name=text)
        admin.post("/admin/organisation/rename", data={"code": "S1", "name": text})
        seen = "".join(admin.get(path).text for path in PAGES)

        assert "<script>alert" not in seen, number
        assert "<svg onload" not in seen, number
        assert "<img src=x" not in seen, number
