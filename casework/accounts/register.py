"""Accounts: opened, given another password, disabled, listed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from casework.accounts.history import Hand, remember
from casework.accounts.passwords import hash_password, is_password
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.forms import clean
from casework.office import Office
from casework.people import find_actor, require
from models import Place
from models.tables import ACCESS_TOKENS, ACCOUNTS, ORGANISATIONS, PEOPLE, SIGNED_IN
from rules.access import Role, Verb
from rules.accounts import AccountAct
from rules.wording import Wording

LONGEST_CODE = 40  # as models.organisation keeps it

_FIND = (
    select(PEOPLE.c.id, PEOPLE.c.code, ACCOUNTS)
    .outerjoin(ACCOUNTS, ACCOUNTS.c.person_id == PEOPLE.c.id)
    .where(PEOPLE.c.code == bindparam("code"))
)
_OPERATOR = "operator"


class Key(NamedTuple):
    """A password to be set for whoever has the code."""

    code: str
    password: str


def open_accounts(
    office: Office, keys: Sequence[Key], *, by: str | None, at: datetime, door: Door
) -> None:
    """Open accounts for people; ``by`` None is whoever runs this machine.

    Raise Invalid for a password, NotFound for a person, Refused for one who has an account.
    """
    hashed = {key.code: hash_password(key.password, code=key.code) for key in keys}
    with office.writing() as connection:
        hand = administrator(connection, by, at, door)
        for code, password in hashed.items():
            found = find_account(connection, code)
            if found.person_id is not None:
                raise _has_one(code)
            row = {"person_id": found.id, "password": password, "password_at": at, "totp": "",
                   "totp_step": 0}  # fmt: skip
            connection.execute(insert(ACCOUNTS), row)
            remember(connection, found.id, code, AccountAct.OPEN, hand)


def reset_password(office: Office, key: Key, *, by: str | None, at: datetime, door: Door) -> None:
    """Give an account another password and end its sessions; it is enabled again.

    Raise Invalid for the password, NotFound without such an account, Refused without the role.
    """
    password = hash_password(key.password, code=key.code)
    with office.writing() as connection:
        hand = administrator(connection, by, at, door)
        person_id = require_account(connection, key.code).person_id
        _set_password(connection, person_id, password, at)
        remember(connection, person_id, key.code, AccountAct.SET_PASSWORD, hand)


def change_password(
    office: Office, code: str, old: str, new: str, *, at: datetime, door: Door
) -> None:
    """Change one's own password and end all sessions; raise Invalid for either of the two."""
    with office.reading() as connection:
        kept = require_account(connection, code)
    require_password(kept.password, old, where="old")
    password = hash_password(new, code=code)
    with office.writing() as connection:
        _set_password(connection, kept.person_id, password, at)
        hand = Hand(kept.person_id, "", door, at)
        remember(connection, kept.person_id, code, AccountAct.SET_PASSWORD, hand)


def disable_account(office: Office, code: str, *, by: str | None, at: datetime, door: Door) -> None:
    """Let nobody sign in with an account, and end its sessions and tokens."""
    with office.writing() as connection:
        hand = administrator(connection, by, at, door)
        person_id = require_account(connection, code).person_id
        mine = ACCOUNTS.c.person_id == person_id
        connection.execute(update(ACCOUNTS).where(mine).values(disabled_at=at))
        connection.execute(delete(ACCESS_TOKENS).where(ACCESS_TOKENS.c.person_id == person_id))
        connection.execute(delete(SIGNED_IN).where(SIGNED_IN.c.person_id == person_id))
        remember(connection, person_id, code, AccountAct.DISABLE, hand)


def list_accounts(connection: Connection) -> Sequence[Mapping[str, Any]]:
    """Return the accounts by code: name, when disabled, whether there is a second factor."""
    seen = select(SIGNED_IN.c.person_id, func.max(SIGNED_IN.c.seen_at).label("seen_at"))
    last = seen.group_by(SIGNED_IN.c.person_id).subquery()
    rows = connection.execute(
        select(
            PEOPLE.c.code, PEOPLE.c.name, ACCOUNTS.c.password_at, ACCOUNTS.c.totp_at,
            ACCOUNTS.c.disabled_at, last.c.seen_at,
        )
        .join(PEOPLE, PEOPLE.c.id == ACCOUNTS.c.person_id)
        .outerjoin(last, last.c.person_id == ACCOUNTS.c.person_id)
        .order_by(PEOPLE.c.code)
    )  # fmt: skip
    return [dict(row) for row in rows.mappings()]


def has_accounts(connection: Connection) -> bool:
    return connection.execute(select(ACCOUNTS.c.person_id).limit(1)).first() is not None


def find_account(connection: Connection, code: str) -> Row[Any]:
    """Return a person with their account's columns, which are None without one.

    Raise NotFound when there is no such person.
    """
    code = clean(code, where="code", longest=LONGEST_CODE)
    row = connection.execute(_FIND, {"code": code}).first()
    if row is None:
        raise NotFound(
            Wording(f"没有代码为“{code}”的人员", f"there is nobody with the code {code!r}"),
            remedy=Wording("可用 bihuan people 查看。", "`bihuan people` lists them."),
            where="code",
        )
    return row


def require_account(connection: Connection, code: str) -> Row[Any]:
    row = find_account(connection, code)
    if row.person_id is None:
        raise NotFound(
            Wording(f"{code} 没有账号", f"{code} has no account"),
            remedy=Wording("可用 bihuan user create 开通。", "`bihuan user create` opens one."),
            where="code",
        )
    return row


def require_password(kept: str, password: str, *, where: str) -> None:
    """Raise Invalid unless it is the password kept."""
    if not is_password(kept, password):
        raise Invalid(
            Wording("密码不对", "the password is wrong"),
            remedy=Wording("请重新输入现用密码。", "Type the password you use now."),
            where=where,
        )


def administrator(connection: Connection, by: str | None, at: datetime, door: Door) -> Hand:
    """Return the hand of who administers; raise Refused for anybody else."""
    if by is None:
        return Hand(None, _OPERATOR, door, at)
    actor = find_actor(connection, by)
    committee = select(ORGANISATIONS.c.path).where(ORGANISATIONS.c.kind == Place.COMMITTEE)
    require(actor, Verb.ADMINISTER, connection.execute(committee).scalar() or "")
    return Hand(actor.id, Role.ADMIN.value, door, at)


def _set_password(connection: Connection, person_id: int, password: str, at: datetime) -> None:
    mine = ACCOUNTS.c.person_id == person_id
    values = {"password": password, "password_at": at, "disabled_at": None}
    connection.execute(update(ACCOUNTS).where(mine).values(values))
    connection.execute(delete(SIGNED_IN).where(SIGNED_IN.c.person_id == person_id))


def _has_one(code: str) -> Refused:
    return Refused(
        Wording(f"{code} 已有账号", f"{code} has an account already"),
        remedy=Wording("可用 bihuan user reset 重设密码。", "`bihuan user reset` sets a password."),
        where="code",
    )
