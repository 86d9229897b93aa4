"""Signing in by another house's account, against a provider with keys of its own."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import RSAKey
from sqlalchemy import update

from casework.accounts.linking import link_account, unlink_account
from casework.accounts.provider import BadProvider, Provider, read_provider
from casework.accounts.register import disable_account
from casework.accounts.throttle import MOST_OF_ADDRESS, note_failure
from casework.contacts import add_contact
from casework.events import Door
from casework.records import read_records
from models import ContactKind
from models.tables import ACCOUNTS
from rules.proof import first_break
from tests.offices import MONDAY_9AM, PERSON
from tests.web.identity import CLIENT, SECRET, issuing, two_keys

BACK = "/login/oidc/back"


@pytest.fixture(scope="module")
def keys():
    return two_keys()


@pytest.fixture
def issuer(sqlite_site, keys):
    with issuing(keys, sqlite_site.clock) as found:
        trust(sqlite_site, found)
        yield found


def trust(site, issuer, **more):
    """Let the pages trust the provider, asked anew."""
    made = Provider(issuer.url, CLIENT, SECRET, "教育局统一身份", **more)
    site.app.state.settings = replace(site.app.state.settings, provider=made)


def linked(site, issuer, code="owner1", subject="u-1"):
    link_account(
        site.office, code, issuer.url, subject, by="admin", at=MONDAY_9AM, door=Door.PAGE
    )  # fmt: skip


def sent_away(browser, onward="/cases"):
    answer = browser.get("/login/oidc", params={"next": onward})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def let_through(address):
    """The provider lets somebody through; return where it sends the browser."""
    return httpx2.get(address, trust_env=False).headers["location"].removeprefix("http://localhost")


def signed_in(browser, onward="/cases"):
    return browser.get(let_through(sent_away(browser, onward)))


def test_whoever_is_linked_is_let_in_and_led_on(site, keys):
    with issuing(keys, site.clock) as issuer:
        trust(site, issuer)
        linked(site, issuer)
        browser = site.browser()
        button = browser.get("/login?next=/cases").text
        answer = signed_in(browser, "/case/x?y=1")

    assert "用“教育局统一身份”登录" in button
    assert (answer.status_code, answer.headers["location"]) == (303, "/case/x?y=1")
    assert "OWNER1" in browser.get("/").text
    with site.office.reading() as connection:
        history = read_records(connection, "account", PERSON["owner1"])
    assert first_break(history) is None
    assert [(event.kind, "u-1" in event.body) for event, _ in history] == [
        ("link_account", False), ("sign_in", False),
    ]  # fmt: skip


def test_what_is_asked_is_bound_to_one_browser_by_pkce_state_and_nonce(sqlite_site, issuer):
    browser = sqlite_site.browser()
    first, second = (parse_qs(urlsplit(sent_away(browser)).query) for _ in range(2))

    assert first["code_challenge_method"] == ["S256"]
    assert first["redirect_uri"] == ["http://localhost/login/oidc/back"]
    assert set(first["scope"][0].split()) == {"openid", "profile", "email"}
    once = ("state", "nonce", "code_challenge")
    assert not [name for name in once if first[name] == second[name]]
    assert SECRET not in str(browser.cookies)


@pytest.mark.parametrize("changed", [
    {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": [CLIENT, "another"]},
    {"exp": int(MONDAY_9AM.timestamp()) - 61}, {"iss": "https://elsewhere.example"}, {"sub": None},
    {"iss": ["http://127.0.0.1"]},
])  # fmt: skip
def test_a_token_that_says_something_else_lets_nobody_in(sqlite_site, issuer, changed):
    linked(sqlite_site, issuer)
    issuer.changed = changed
    browser = sqlite_site.browser()

    answer = signed_in(browser)

    assert (answer.status_code, "统一身份登录未通过" in answer.text) == (422, True)
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize("sign", ["unsigned", "by_the_public_key"])
def test_an_algorithm_that_proves_nothing_lets_nobody_in(sqlite_site, issuer, sign):
    linked(sqlite_site, issuer)
    issuer.sign = getattr(issuer, sign)

    answer = signed_in(sqlite_site.browser())

    assert "身份令牌的签名无效" in answer.text


@pytest.mark.parametrize("header", [{"kid": "key-1"}, {"kid": "made-up"}, {}])
def test_a_key_of_somebody_else_lets_nobody_in(sqlite_site, issuer, header):
    linked(sqlite_site, issuer)
    issuer.signed_by(RSAKey.generate_key(2048), **header)

    answer = signed_in(sqlite_site.browser())

    assert (answer.status_code, "身份令牌的签名无效" in answer.text) == (422, True)


@pytest.mark.parametrize(("keys_every", "status", "asked"), [(0.0, 303, 2), (30.0, 422, 1)])
def test_a_rotated_key_is_fetched_and_made_up_ones_make_us_ask_no_more_often(
    sqlite_site, issuer, keys_every, status, asked
):
    trust(sqlite_site, issuer, keys_every=keys_every)
    linked(sqlite_site, issuer)
    before = signed_in(sqlite_site.browser())
    issuer.rotate()
    after = signed_in(sqlite_site.browser())

    assert (before.status_code, after.status_code, issuer.asked_for_keys) == (303, status, asked)


def test_somebody_unknown_is_told_what_to_give_an_administrator(sqlite_site, issuer):
    answer = signed_in(sqlite_site.browser())

    assert (answer.status_code, "u-1" in answer.text) == (403, True)


def test_an_answer_to_another_browser_or_of_another_provider_is_none(sqlite_site, issuer):
    linked(sqlite_site, issuer)
    mine, theirs = sqlite_site.browser(), sqlite_site.browser()
    back = let_through(sent_away(mine))
    sent_away(theirs)

    stolen, mixed = theirs.get(back), mine.get(back + "&iss=https://elsewhere.example")
    never_asked = sqlite_site.browser().get(BACK + "?code=x&state=")

    assert [each.status_code for each in (stolen, mixed, never_asked)] == [422] * 3


def test_an_answer_counts_once_and_for_ten_minutes(sqlite_site, issuer):
    linked(sqlite_site, issuer)
    browser, slow = sqlite_site.browser(), sqlite_site.browser()
    back = let_through(sent_away(browser))
    once, twice = browser.get(back), browser.get(back)
    late = let_through(sent_away(slow))
    sqlite_site.clock.at = MONDAY_9AM + timedelta(minutes=10, seconds=1)

    assert [once.status_code, twice.status_code, slow.get(late).status_code] == [303, 422, 422]


def test_nobody_is_led_away_afterwards(sqlite_site, issuer):
    linked(sqlite_site, issuer)

    answer = signed_in(sqlite_site.browser(), "//evil.example/")

    assert answer.headers["location"] == "/"


def test_an_address_links_only_where_the_operator_says_so_and_it_is_vouched_for(
    sqlite_site, issuer
):
    add_contact(
        sqlite_site.office, sqlite_site.keys, "owner1", ContactKind.EMAIL, "Owner1@example.cn",
        by="admin", at=MONDAY_9AM,
    )  # fmt: skip
    unasked = signed_in(sqlite_site.browser())
    trust(sqlite_site, issuer, link_by_email=True)
    issuer.who["email_verified"] = False
    unverified = signed_in(sqlite_site.browser())
    issuer.who["email_verified"] = True
    verified = signed_in(sqlite_site.browser())
    trust(sqlite_site, issuer)
    again = signed_in(sqlite_site.browser())

    seen = [each.status_code for each in (unasked, unverified, verified, again)]
    assert seen == [403, 403, 303, 303]


def test_an_address_that_two_have_is_nobodys(sqlite_site, issuer):
    trust(sqlite_site, issuer, link_by_email=True)
    for code in ("owner1", "owner2"):
        add_contact(
            sqlite_site.office, sqlite_site.keys, code, ContactKind.EMAIL, "owner1@example.cn",
            by="admin", at=MONDAY_9AM,
        )  # fmt: skip

    assert signed_in(sqlite_site.browser()).status_code == 403


def test_a_disabled_account_or_a_link_that_was_cut_lets_nobody_in(sqlite_site, issuer):
    linked(sqlite_site, issuer)
    linked(sqlite_site, issuer, "head1", "u-2")
    hand = {"by": "admin", "at": MONDAY_9AM, "door": Door.PAGE}
    disable_account(sqlite_site.office, "owner1", **hand)
    unlink_account(sqlite_site.office, "head1", issuer.url, **hand)

    disabled = signed_in(sqlite_site.browser())
    issuer.who["sub"] = "u-2"
    cut = signed_in(sqlite_site.browser())

    assert (disabled.status_code, cut.status_code) == (403, 403)


def test_too_many_failures_from_an_address_wait(sqlite_site, issuer):
    with sqlite_site.office.writing() as connection:
        for nth in range(MOST_OF_ADDRESS - 1):
            note_failure(connection, f"x{nth}", "testclient", at=MONDAY_9AM)

    tries = [signed_in(sqlite_site.browser()).status_code for _ in range(2)]

    assert tries == [403, 429]


def test_a_provider_that_does_not_answer_leaves_the_password(sqlite_site, issuer):
    issuer.about = {"issuer": "https://somebody.else.example"}
    browser = sqlite_site.browser()

    answer = browser.get("/login/oidc")

    assert (answer.status_code, 'name="password"' in answer.text) == (503, True)


def test_an_administrator_links_and_unlinks_on_the_persons_page(sqlite_site, issuer):
    admin = sqlite_site.as_("admin")
    told = {"code": "owner1", "subject": "u-1"}
    done = admin.post("/admin/person/link", data=told)
    taken = admin.post("/admin/person/link", data={**told, "code": "head1"})
    let_in = signed_in(sqlite_site.browser())
    page = admin.get("/admin/person?code=owner1").text
    admin.post("/admin/person/unlink", data={"code": "owner1"})

    assert [done.status_code, taken.status_code, let_in.status_code] == [303, 403, 303]
    assert ("已绑定" in page, "u-1" in page) == (True, True)
    assert signed_in(sqlite_site.browser()).status_code == 403


def test_without_a_provider_there_is_no_such_page(sqlite_site):
    browser = sqlite_site.browser()

    assert browser.get("/login/oidc").status_code == 404
    assert "/login/oidc" not in browser.get("/login").text


@pytest.mark.parametrize(("environ", "known"), [
    ({}, None),
    ({"ISSUER": "https://id.example", "CLIENT_ID": "b"}, "https://id.example"),
    ({"ISSUER": "http://localhost:9000", "CLIENT_ID": "b"}, "http://localhost:9000"),
])  # fmt: skip
def test_the_operator_names_a_provider(environ, known):
    found = read_provider({f"BIHUAN_OIDC_{name}": value for name, value in environ.items()})

    assert (found and found.issuer) == known


@pytest.mark.parametrize("environ", [
    {"ISSUER": "http://id.example", "CLIENT_ID": "b"}, {"ISSUER": "https://id.example"},
    {"ISSUER": "file:///etc", "CLIENT_ID": "b"}, {"ISSUER": "id.example", "CLIENT_ID": "b"},
])  # fmt: skip
def test_what_is_no_provider_is_refused_at_the_start(environ):
    with pytest.raises(BadProvider):
        read_provider({f"BIHUAN_OIDC_{name}": value for name, value in environ.items()})


def test_a_second_factor_is_still_asked_for(sqlite_site, issuer):
    linked(sqlite_site, issuer)
    with sqlite_site.office.writing() as connection:
        mine = ACCOUNTS.c.person_id == PERSON["owner1"]
        connection.execute(update(ACCOUNTS).where(mine).values(totp_at=MONDAY_9AM))
    browser = sqlite_site.browser()

    answer = signed_in(browser)

    assert answer.headers["location"] == "/login/second?next=%2Fcases"
    assert browser.get("/").status_code == 303
