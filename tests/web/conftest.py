"""The pages over the organisation of ``tests.offices``, and people signed in to them."""

import os
import shutil
from dataclasses import dataclass, replace

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import sync_playwright
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import insert
from starlette.testclient import TestClient

from models.tables import ACCOUNTS
from notifications.sealing import Keys
from tests.canaries import plant
from tests.conftest import opened
from tests.offices import MONDAY_9AM, PERSON, an_office
from tests.sealing import outside_of, sealed
from web.app import make_app
from web.settings import Settings

PASSWORD = "青椒-班车-云梯-三月-雨"  # noqa: S105 — it opens nothing
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Clock:
    """What the pages are told the time is."""

    at: object = MONDAY_9AM

    def __call__(self):
        return self.at


@dataclass
class Site:
    """The pages of an office."""

    app: object
    office: object
    clock: Clock
    keys: Keys

    def browser(self, **kept):
        """Return a browser in which nobody is signed in."""
        return TestClient(
            self.app, base_url="http://localhost", follow_redirects=False, headers=OURS, **kept
        )

    def as_(self, code, password=PASSWORD):
        """Return a browser in which the person with this code is signed in."""
        browser = self.browser()
        answer = browser.post("/login", data={"code": code, "password": password})
        assert answer.status_code == 303, answer.text
        return browser


@pytest.fixture(scope="module", autouse=True)
def _one_loop(one_loop):
    """For every file here."""


@pytest.fixture(scope="session")
def hashed():
    """The password of everybody, quick to compare: what ``hash_password`` makes takes 25 ms."""
    quick = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
    return PasswordHash((quick,)).hash(PASSWORD)


@pytest.fixture(scope="module")
def chromium():
    """A browser of the operating system's; without one its tests are skipped, but not in CI.

    For a module and no longer: while it is open its event loop runs, and flows could not.
    """
    if CHROMIUM is None:
        reason = "no chromium: apt-get install chromium fonts-wqy-microhei"
        if os.environ.get("BIHUAN_TEST_BROWSER"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def site(office, hashed):
    return a_site(office, hashed)


@pytest.fixture
def sqlite_site(sqlite_office, hashed):
    """The same on SQLite alone, for what no database can change."""
    return a_site(sqlite_office, hashed)


@pytest.fixture(scope="module")
def planted(tmp_path_factory, sqlite_template, hashed):
    """A site over a planted and sealed office; ``world`` is what each school has."""
    folder = tmp_path_factory.mktemp("planted")
    path = folder / "bihuan.db"
    path.write_bytes(sqlite_template.read_bytes())
    with opened(f"sqlite:///{path}") as engine:
        site = a_site(an_office(engine, folder), hashed)
        site.app.state.settings = replace(site.app.state.settings, outside=outside_of(folder))
        site.world = plant(site.office)
        sealed(site.office, folder)
        yield site


def a_site(office, hashed):
    rows = [
        {"person_id": person, "password": hashed, "password_at": MONDAY_9AM, "totp": "",
         "totp_step": 0}
        for person in PERSON.values()
    ]  # fmt: skip
    with office.writing() as connection:
        connection.execute(insert(ACCOUNTS), rows)
    clock, keys = Clock(), Keys([Fernet.generate_key().decode()])
    settings = Settings(keys, now=clock, setup_token="the-token")  # noqa: S106 — nobody's
    return Site(make_app(office, settings), office, clock, keys)
