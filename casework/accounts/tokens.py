"""Personal access tokens: for programs that act as a person, within a scope, until a day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, delete, insert, select, update

from casework.accounts.history import Hand, remember
from casework.accounts.register import require_account
from casework.accounts.secrets import digest, new_secret
from casework.errors import Invalid, NotFound
from casework.events import Door
from casework.forms import clean
from casework.office import Office
from models.tables import ACCESS_TOKENS, ACCOUNTS, PEOPLE
from rules.accounts import AccountAct
from rules.wording import Wording

PREFIX = "bihuan_"
"""Lets a scanner of leaked secrets know one of ours."""
LONGEST_DAYS = 366
_NOTED_EVERY = timedelta(minutes=5)
_KEPT = ACCESS_TOKENS.c
_FIND = (
    select(_KEPT.id, PEOPLE.c.code, _KEPT.scope, _KEPT.expires_at, _KEPT.used_at)
    .join(PEOPLE, PEOPLE.c.id == _KEPT.person_id)
    .join(ACCOUNTS, ACCOUNTS.c.person_id == _KEPT.person_id)
    .where(_KEPT.hash == bindparam("hash"), ACCOUNTS.c.disabled_at.is_(None))
)


class Scope(StrEnum):
    """What a token may do of what its person may."""

    READ = "read"
    REPORT = "report"
    MOVE = "move"
    AUDIT = "audit"
    ADMINISTER = "administer"
    FEED = "feed"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    Scope.READ: Wording("查看", "read"),
    Scope.REPORT: Wording("上报", "report"),
    Scope.MOVE: Wording("办理", "move"),
    Scope.AUDIT: Wording("审计", "audit"),
    Scope.ADMINISTER: Wording("管理", "administer"),
    Scope.FEED: Wording("报送数据", "feed data"),
}
_FORMERLY = {"work": frozenset({Scope.READ, Scope.REPORT, Scope.MOVE})}
"""What tokens made before there were several scopes may do."""


class Bearer(NamedTuple):
    """Whose token it is, and its scopes."""

    code: str
    scopes: frozenset[Scope]


def make_token(
    office: Office,
    code: str,
    name: str,
    scopes: Collection[Scope],
    days: int,
    *,
    at: datetime,
    door: Door,
) -> str:
    """Return a new token, which is shown once; raise Invalid for its name, scopes or days."""
    name = clean(name, where="name", longest=80)
    _require_sense(name, scopes, days)
    token, kept = new_secret(PREFIX), _kept(scopes)
    with office.writing() as connection:
        person_id = require_account(connection, code).person_id
        row = {
            "hash": digest(token), "person_id": person_id, "name": name, "scope": kept,
            "made_at": at, "expires_at": at + timedelta(days=days),
        }  # fmt: skip
        connection.execute(insert(ACCESS_TOKENS), row)
        hand, body = Hand(person_id, "", door, at), {"scope": kept, "days": days}
        remember(connection, person_id, code, AccountAct.MAKE_TOKEN, hand, body)
    return token


def find_bearer(office: Office, token: str, *, at: datetime) -> Bearer | None:
    """Return whose token it is; None for one that is not ours, revoked or expired."""
    with office.reading() as connection:
        row: Row[Any] | None = connection.execute(_FIND, {"hash": digest(token)}).first()
    if row is None or at >= row.expires_at:
        return None
    if row.used_at is None or at - row.used_at >= _NOTED_EVERY:
        with office.writing() as connection:
            used = update(ACCESS_TOKENS).where(_KEPT.id == row.id)
            connection.execute(used.values(used_at=at))
    return Bearer(row.code, _scopes(row.scope))


def list_tokens(office: Office, code: str) -> Sequence[Mapping[str, Any]]:
    """Return one's tokens, the newest first, without what they are."""
    mine = (
        select(_KEPT.id, _KEPT.name, _KEPT.scope, _KEPT.made_at, _KEPT.expires_at, _KEPT.used_at)
        .join(PEOPLE, PEOPLE.c.id == _KEPT.person_id)
        .where(PEOPLE.c.code == code)
        .order_by(_KEPT.id.desc())
    )
    with office.reading() as connection:
        rows = connection.execute(mine).mappings().all()
    return [{**row, "scopes": [each for each in Scope if each in _scopes(row["scope"])]}
            for row in rows]  # fmt: skip


def drop_token(office: Office, code: str, token_id: int, *, at: datetime, door: Door) -> None:
    """Revoke one of one's own tokens; raise NotFound for any other."""
    with office.writing() as connection:
        person_id = require_account(connection, code).person_id
        mine = delete(ACCESS_TOKENS).where(_KEPT.id == token_id, _KEPT.person_id == person_id)
        if connection.execute(mine).rowcount:
            hand = Hand(person_id, "", door, at)
            remember(connection, person_id, code, AccountAct.DROP_TOKEN, hand)
            return
    raise NotFound(
        Wording("没有这个令牌", "there is no such token"),
        remedy=Wording("它可能已经撤销。", "It may be revoked already."),
        where="token",
    )


def _require_sense(name: str, scopes: Collection[Scope], days: int) -> None:
    if not name:
        raise Invalid(
            Wording("缺少用途", "the token has no name"),
            remedy=Wording("写明给什么程序用。", "Say which program uses it."),
            where="name",
        )
    if not scopes:
        raise Invalid(
            Wording("没有选权限", "the token has no scope"),
            remedy=Wording("至少选一项。", "Choose at least one."),
            where="scope",
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(
            Wording(f"有效期须为 1 至 {LONGEST_DAYS} 天", f"it lasts 1 to {LONGEST_DAYS} days"),
            remedy=Wording("请改填天数。", "Give another number of days."),
            where="days",
        )


def _kept(scopes: Collection[Scope]) -> str:
    """Return the scopes as they are stored, in the order that the enum names them."""
    return " ".join(each.value for each in Scope if each in scopes)


def _scopes(kept: str) -> frozenset[Scope]:
    return _FORMERLY.get(kept) or frozenset(Scope(each) for each in kept.split())
