"""The API over the organisation of ``tests.offices``, and tokens of its people."""

from dataclasses import dataclass

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import insert
from starlette.routing import Mount
from starlette.testclient import TestClient

from casework.accounts.tokens import Scope, make_token
from casework.events import Door
from models.tables import ACCOUNTS
from notifications.sealing import Keys
from tests.api.serving import application
from tests.offices import MONDAY_9AM, PERSON
from web.api.app import ROOT
from web.api.rates import Rates
from web.settings import Settings

ALL = tuple(Scope)


@dataclass
class Clock:
    at: object = MONDAY_9AM

    def __call__(self):
        return self.at


@dataclass
class Api:
    """The API of an office; ``as_`` asks it as a person."""

    app: object
    office: object
    clock: Clock

    @property
    def served(self):
        """The application that answers under /api/v1."""
        mounts = [each for each in self.app.routes if isinstance(each, Mount)]
        return next(each.app for each in mounts if each.path == ROOT)

    def nobody(self, **kept):
        return TestClient(
            self.app, base_url="http://localhost/api/v1", raise_server_exceptions=False, **kept
        )

    def as_(self, code, *scopes, **kept):
        token = self.token(code, *scopes)
        return self.nobody(headers={"Authorization": f"Bearer {token}"}, **kept)

    def token(self, code, *scopes, days=30):
        return make_token(
            self.office, code, "test", scopes or ALL, days, at=self.clock.at, door=Door.PAGE
        )


@pytest.fixture(scope="module", autouse=True)
def _one_loop(one_loop):
    """For every file here."""


@pytest.fixture
def api(office):
    return an_api(office)


@pytest.fixture
def sqlite_api(sqlite_office):
    """The same on SQLite alone, for what no database can change."""
    return an_api(sqlite_office)


def an_api(office, *, with_accounts=True):
    """The API of an office; ``with_accounts`` gives everybody one."""
    if with_accounts:
        _open_accounts(office)
    clock = Clock()
    settings = Settings(Keys([Fernet.generate_key().decode()]), now=clock)
    made = Api(application(), office, clock)
    for each in (made.app, made.served):
        each.state.office, each.state.settings = office, settings
    made.served.state.rates = Rates()
    return made


def _open_accounts(office):
    rows = [
        {"person_id": person, "password": "-", "password_at": MONDAY_9AM, "totp": "",
         "totp_step": 0}
        for person in PERSON.values()
    ]  # fmt: skip
    with office.writing() as connection:
        connection.execute(insert(ACCOUNTS), rows)
