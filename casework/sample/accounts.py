"""Accounts for trying the sample out: one person of each role, with one password that is shown."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from casework.accounts.register import Key, open_accounts
from casework.events import Door
from casework.office import Office
from casework.sample.organisation import ADMIN, AUDITOR, COMMITTEE, INSPECTORS, compose
from rules.access import Role

_WORDS = (
    "apple", "bridge", "candle", "dragon", "engine", "forest", "garden", "hammer", "island",
    "jacket", "kettle", "lantern", "market", "needle", "orange", "pepper", "quartz", "ribbon",
    "saddle", "temple", "umbrella", "valley", "window", "yellow",
)  # fmt: skip
_UNIT = "XX0101"


class LogIn(NamedTuple):
    """Who signs in with which code."""

    role: Role
    code: str


def log_ins() -> Sequence[LogIn]:
    """Return a person of each role; those of a school and a cluster belong together."""
    team = compose().teams[_UNIT]
    return (
        LogIn(Role.REPORTER, team.reporter), LogIn(Role.OWNER, team.owner),
        LogIn(Role.HEAD, team.head), LogIn(Role.CLUSTER, team.lead),
        LogIn(Role.VERIFIER, team.verifiers[0]), LogIn(Role.INSPECTOR, INSPECTORS[0]),
        LogIn(Role.COMMITTEE, COMMITTEE[0]), LogIn(Role.ADMIN, ADMIN),
        LogIn(Role.AUDITOR, AUDITOR),
    )  # fmt: skip


def open_sample_accounts(office: Office, *, at: datetime) -> str:
    """Open an account for each of ``log_ins``; return their password, new for every sample."""
    password = "-".join(secrets.choice(_WORDS) for _ in range(4))
    keys = [Key(each.code, password) for each in log_ins()]
    open_accounts(office, keys, by=None, at=at, door=Door.CLI)
    return password
