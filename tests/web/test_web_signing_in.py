"""Signing in, sessions, the second factor, tokens, the first account."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from casework.accounts.register import disable_account
from casework.accounts.throttle import MOST_OF_ACCOUNT, WITHIN
from casework.accounts.tokens import Scope, find_bearer, list_tokens, make_token
from casework.errors import Invalid
from casework.events import Door
from casework.records import read_records
from models.tables import ACCOUNTS, SIGNED_IN
from rules.proof import first_break
from tests.offices import MONDAY_9AM, PERSON
from tests.web.conftest import PASSWORD
from web.app import make_app
from web.settings import Settings

HOUR = timedelta(hours=1)


def cookie(browser):
    return browser.cookies.get("bihuan")


def test_a_wrong_password_and_a_stranger_get_the_same_answer(site):
    browser = site.browser()

    wrong = browser.post("/login", data={"code": "owner1", "password": "x" * 12})
    nobody = browser.post("/login", data={"code": "nobody", "password": "x" * 12})

    assert (wrong.status_code, nobody.status_code) == (422, 422)
    assert wrong.text.replace("owner1", "") == nobody.text.replace("nobody", "")


def test_after_too_many_failures_even_the_right_password_waits(site):
    browser = site.browser()
    for _ in range(MOST_OF_ACCOUNT):
        browser.post("/login", data={"code": "owner1", "password": "x" * 12})

    waiting = browser.post("/login", data={"code": "owner1", "password": PASSWORD})
    site.clock.at += WITHIN
    later = browser.post("/login", data={"code": "owner1", "password": PASSWORD})

    assert (waiting.status_code, later.status_code) == (429, 303)


@pytest.mark.parametrize(
    ("away", "status"),
    [(8 * HOUR - timedelta(seconds=1), 200), (8 * HOUR, 303)],
)
def test_a_session_ends_when_it_is_left_alone(sqlite_site, away, status):
    browser = sqlite_site.as_("owner1")

    sqlite_site.clock.at = MONDAY_9AM + away

    assert browser.get("/").status_code == status


def test_a_session_ends_after_a_week_however_busy(sqlite_site):
    browser = sqlite_site.as_("owner1")
    answers = []
    for hours in range(7, 7 * 24 + 8, 7):
        sqlite_site.clock.at = MONDAY_9AM + hours * HOUR
        answers.append(browser.get("/").status_code)

    assert answers == [200] * 23 + [303, 303]


def test_a_session_that_was_brought_along_is_not_taken_over(sqlite_site):
    """Fixation: whoever plants a cookie knows nothing after the victim has signed in."""
    planted = sqlite_site.browser()
    planted.cookies.set("bihuan", "planted", domain="localhost.local")

    planted.post("/login", data={"code": "owner1", "password": PASSWORD})
    thief = sqlite_site.browser()
    thief.cookies.set("bihuan", "planted")

    assert thief.get("/").status_code == 303


def test_signing_in_again_ends_the_session_before(sqlite_site):
    browser = sqlite_site.as_("owner1")
    old = cookie(browser)
    browser.post("/login", data={"code": "owner1", "password": PASSWORD})
    thief = sqlite_site.browser()
    thief.cookies.set("bihuan", old)

    assert thief.get("/").status_code == 303
    assert browser.get("/").status_code == 200


def test_the_database_holds_no_token(site):
    token = cookie(site.as_("owner1"))

    with site.office.reading() as connection:
        rows = connection.execute(select(SIGNED_IN)).all()
    assert len(rows) == 1
    assert token not in str(rows)


def test_one_sees_and_ends_ones_own_sessions_only(sqlite_site):
    mine, other, foreign = (sqlite_site.as_(code) for code in ("owner1", "owner1", "owner2"))
    page = mine.get("/account").text

    assert page.count("/account/sessions/end") == 1
    assert mine.post("/account/sessions/end", data={"id": "3"}).status_code == 404
    assert mine.post("/account/sessions/end", data={"id": "2"}).status_code == 303
    assert [each.get("/").status_code for each in (mine, other, foreign)] == [200, 303, 200]


def test_signing_out_and_disabling_end_a_session_at_once(site):
    left, disabled = site.as_("owner1"), site.as_("owner2")
    token = cookie(left)

    left.post("/logout")
    disable_account(site.office, "owner2", by="admin", at=MONDAY_9AM, door=Door.PAGE)

    left.cookies.set("bihuan", token)
    assert (left.get("/").status_code, disabled.get("/").status_code) == (303, 303)
    again = disabled.post("/login", data={"code": "owner2", "password": PASSWORD})
    assert again.status_code == 422


def test_behind_tls_the_cookie_is_bound_to_the_host(sqlite_site):
    settings = Settings(sqlite_site.keys, https=True, now=sqlite_site.clock)
    site = type(sqlite_site)(
        make_app(sqlite_site.office, settings), sqlite_site.office, sqlite_site.clock, None
    )

    answer = site.browser().post("/login", data={"code": "owner1", "password": PASSWORD})

    kept = answer.headers["set-cookie"]
    assert kept.startswith("__Host-bihuan=")
    assert all(word in kept for word in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"))
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("asked", "led"),
    [("/cases?state=plan", "/cases?state=plan"), ("//evil.example", "/"), ("/\\evil.example", "/"),
     ("https://evil.example", "/"), ("/login", "/"), ("/a\r\nX: y", "/"), ("", "/")],
)  # fmt: skip
def test_nobody_is_led_away_after_signing_in(sqlite_site, asked, led):
    sent = {"code": "owner1", "password": PASSWORD, "next": asked}

    assert sqlite_site.browser().post("/login", data=sent).headers["location"] == led


@pytest.mark.parametrize(
    "password", ["short", "x" * 12, "owner1-owner1-x", "a" * 129]
)  # fmt: skip
def test_a_password_that_is_easily_guessed_is_refused_with_a_remedy(sqlite_site, password):
    browser = sqlite_site.as_("owner1")

    sent = {"old": PASSWORD, "password": password, "again": password}
    answer = browser.post("/account/password", data=sent)

    assert answer.status_code == 422
    assert "不相干的词" in answer.text


def test_changing_the_password_ends_every_session(site):
    browser, other = site.as_("owner1"), site.as_("owner1")
    new = "银杏 操场 周五 黄昏 晴"

    browser.post("/account/password", data={"old": PASSWORD, "password": new, "again": new})

    assert other.get("/").status_code == 303
    assert site.as_("owner1", new).get("/").status_code == 200


def enrolled(site, code):
    """Enrol a second factor; return the phone, the recovery codes and the browser."""
    browser = site.as_(code)
    browser.post("/account/second/begin")
    with site.office.reading() as connection:
        kept = select(ACCOUNTS.c.totp).where(ACCOUNTS.c.person_id == PERSON[code])
        phone = pyotp.TOTP(site.keys.unseal(connection.execute(kept).scalar_one()))
    page = browser.post("/account/second/complete", data={"second": phone.at(site.clock.at)}).text
    codes = [part.partition("<")[0] for part in page.split('<code class="secret">')[1:]]
    return phone, codes, browser


def test_a_second_factor_is_asked_for_and_each_code_counts_once(site):
    phone, codes, _ = enrolled(site, "owner1")
    assert len(codes) == 10
    site.clock.at += timedelta(minutes=1)
    browser, again = site.as_("owner1"), site.as_("owner1")
    now = {"second": phone.at(site.clock.at)}

    before = browser.get("/").status_code
    wrong = browser.post("/login/second", data={"second": "000000"}).status_code
    right = browser.post("/login/second", data=now).status_code
    replayed = again.post("/login/second", data=now).status_code

    assert (before, wrong, right, browser.get("/").status_code) == (303, 422, 303, 200)
    assert replayed == 422


def test_a_recovery_code_opens_once(site):
    _, codes, _ = enrolled(site, "owner1")

    answers = [
        site.as_("owner1").post("/login/second", data={"second": codes[0]}).status_code
        for _ in range(2)
    ]

    assert answers == [303, 422]


def test_a_password_waits_ten_minutes_for_its_second_factor(sqlite_site):
    phone, _, _ = enrolled(sqlite_site, "owner1")
    browser = sqlite_site.as_("owner1")

    sqlite_site.clock.at += timedelta(minutes=10)
    late = browser.post("/login/second", data={"second": phone.at(sqlite_site.clock.at)})

    assert late.status_code == 401


def test_the_second_factor_is_dropped_with_the_password_only(sqlite_site):
    _, _, browser = enrolled(sqlite_site, "owner1")

    assert browser.post("/account/second/drop", data={"password": "x"}).status_code == 422
    assert browser.post("/account/second/drop", data={"password": PASSWORD}).status_code == 303


def test_a_token_is_shown_once_ends_on_its_day_and_can_be_revoked(site):
    browser = site.as_("owner1")
    sent = {"name": "月报程序", "scope-read": "1", "days": "30"}
    page = browser.post("/account/tokens/make", data=sent).text
    token = page.split('<code class="secret">')[1].partition("<")[0]
    ends = MONDAY_9AM + timedelta(days=30)

    assert find_bearer(site.office, token, at=MONDAY_9AM) == ("owner1", {Scope.READ})
    assert find_bearer(site.office, token, at=ends - HOUR) == ("owner1", {Scope.READ})
    assert find_bearer(site.office, token, at=ends) is None
    assert token not in browser.get("/account").text
    (kept,) = list_tokens(site.office, "owner1")
    browser.post("/account/tokens/drop", data={"id": kept["id"]})
    assert find_bearer(site.office, token, at=MONDAY_9AM) is None


@pytest.mark.parametrize("days", [0, 367])
def test_a_token_ends_within_a_year(sqlite_site, days):
    with pytest.raises(Invalid, match="366 days"):
        make_token(
            sqlite_site.office, "owner1", "x", [Scope.READ], days, at=MONDAY_9AM, door=Door.PAGE
        )


def test_what_happens_to_an_account_is_chained(site):
    enrolled(site, "owner1")

    with site.office.reading() as connection:
        told = read_records(connection, "account", PERSON["owner1"])

    assert [sealed.kind for sealed, _ in told] == ["sign_in", "enrol_second_factor"]
    assert first_break(told) is None


@pytest.fixture
def unfounded(site):
    """The same people, none of whom has an account."""
    with site.office.writing() as connection:
        connection.execute(ACCOUNTS.delete())
    return site


@pytest.mark.parametrize("token", ["", "another"])
def test_the_set_up_page_opens_with_its_token_only(unfounded, token):
    assert unfounded.browser().get("/setup", params={"token": token}).status_code == 404


def test_the_first_account_is_opened_once(unfounded):
    browser = unfounded.browser()
    sent = {"token": "the-token", "code": "admin", "name": "", "password": PASSWORD,
            "again": PASSWORD}  # fmt: skip

    assert browser.get("/setup?token=the-token").status_code == 200
    assert browser.post("/setup", data=sent | {"code": "owner1"}).status_code == 403
    assert browser.post("/setup", data=sent).headers["location"] == "/login"
    assert browser.post("/setup", data=sent).status_code == 404
    assert unfounded.as_("admin").get("/").status_code == 200
