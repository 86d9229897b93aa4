"""Who may ask for what: every route says so, and is held to it."""

import re

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount

from tests.offices import claimed
from web.app import NOUNS, make_app
from web.permission import Anyone, Permit

# What anybody may ask for: to sign in or set up, to use a signed link, to read what is public.
OPEN = {
    "/login", "/login/second", "/logout", "/preferences", "/setup", "/acknowledge/{token}",
    "/style", "/public", "/verify", "/verify/{code:path}", "/report/worker.js",
    "/login/oidc", "/login/oidc/back",
}  # fmt: skip


def permissions():
    """Yield every route as it is registered, with its permissions."""
    for noun in NOUNS:
        for route in noun.pages.router.routes:
            called = [each.call for each in route.dependant.dependencies]
            yield route, [each.permission for each in called if isinstance(each, Permit)]


@pytest.fixture(scope="module")
def anybody(planted):
    """One browser without and one with somebody signed in, for what changes nothing."""
    return planted.browser(), planted.as_("admin")


ROUTES = [(route.path, sorted(route.methods), found) for route, found in permissions()]


@pytest.mark.parametrize(("path", "methods", "found"), ROUTES)
def test_every_route_declares_one_permission(path, methods, found):
    assert len(found) == 1, f"{methods} {path}"


def test_only_these_are_open_to_anybody():
    assert {path for path, _, found in ROUTES if found == [Anyone.ANYBODY]} == OPEN


def test_the_application_has_no_routes_but_those(sqlite_site):
    app = make_app(sqlite_site.office, sqlite_site.app.state.settings)
    others = [
        each for each in app.routes
        if not isinstance(each, APIRoute | Mount) and type(each).__name__ != "_IncludedRouter"
    ]  # fmt: skip

    assert others == []
    assert [each.path for each in app.routes if isinstance(each, Mount)] == ["/api/v1", "/static"]


@pytest.mark.parametrize("path", [
    path for path, methods, found in ROUTES if "GET" in methods and found != [Anyone.ANYBODY]
])  # fmt: skip
def test_whoever_is_not_signed_in_is_asked_to(anybody, path):
    nobody, _ = anybody

    answer = nobody.get(re.sub(r"\{\w+\}", "1", path))

    assert (answer.status_code, answer.headers["location"][:12]) == (303, "/login?next=")


@pytest.mark.parametrize("path", [
    path for path, methods, found in ROUTES if "POST" in methods and found != [Anyone.ANYBODY]
])  # fmt: skip
def test_a_form_of_nobody_is_refused(anybody, path):
    nobody, _ = anybody

    answer = nobody.post(re.sub(r"\{\w+\}", "1", path))

    assert answer.status_code == 401


@pytest.mark.parametrize("path", [path for path, methods, _ in ROUTES if "POST" in methods])
@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "", "Origin": "http://elsewhere.example"},
    {"Sec-Fetch-Site": "nonsense", "Origin": "http://localhost"},
])  # fmt: skip
def test_a_form_of_another_site_is_refused_whoever_is_signed_in(anybody, path, headers):
    _, admin = anybody

    answer = admin.post(re.sub(r"\{\w+\}", "1", path), headers=headers)

    assert answer.status_code == 403
    assert "请求不是从本系统页面发出的" in answer.text


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://localhost", 303), ("http://localhost:81", 403), ("null", 403), ("", 403)],
)
def test_an_older_browser_says_where_it_comes_from_by_origin(sqlite_site, origin, status):
    browser = sqlite_site.browser()
    del browser.headers["Sec-Fetch-Site"]

    answer = browser.post("/preferences", data={"lang": "en"}, headers={"Origin": origin})

    assert answer.status_code == status


def test_an_auditor_may_not_report(sqlite_site):
    auditor = sqlite_site.as_("auditor")

    assert auditor.get("/report").status_code == 403
    assert 'href="/report"' not in auditor.get("/").text


@pytest.mark.parametrize("code", ["owner2", "reporter3", "cluster2", "verifier2", "head3"])
def test_what_lies_elsewhere_shows_in_no_page_count_or_search(sqlite_site, code):
    number = claimed(sqlite_site.office, description="只在第一小学")
    browser = sqlite_site.as_(code)

    seen = [
        browser.get(page).text
        for page in ("/", "/cases", "/cases?text=只在第一小学", "/cases?place=S1", "/notices")
    ]

    assert [page for page in seen if number in page or "只在第一小学</a>" in page] == []
    assert "共 0 件" in seen[2]
    assert browser.get(f"/case/{number}/evidence/1").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example"])
def test_another_host_name_is_not_answered(sqlite_site, host):
    assert sqlite_site.browser().get("/login", headers={"Host": host}).status_code == 400
