"""Which subject of an issuer is which person: linked by an administrator, or by an address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError

from casework.accounts.history import Hand, remember
from casework.accounts.register import administrator, require_account
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.forms import clean
from casework.office import Office
from models import ContactKind
from models.tables import ACCOUNT_LINKS, ACCOUNTS, CONTACTS, PEOPLE
from notifications.sealing import Keys, Unopened
from rules.accounts import AccountAct
from rules.oidc import LONGEST_SUBJECT
from rules.wording import Wording

_KEPT = ACCOUNT_LINKS.c
_FIND = (
    select(PEOPLE.c.id, PEOPLE.c.code, ACCOUNTS.c.disabled_at, ACCOUNTS.c.totp_at)
    .join(ACCOUNTS, ACCOUNTS.c.person_id == PEOPLE.c.id)
    .join(ACCOUNT_LINKS, _KEPT.person_id == PEOPLE.c.id)
    .where(_KEPT.issuer == bindparam("issuer"), _KEPT.subject == bindparam("subject"))
)
_EMAILS = (
    select(CONTACTS.c.person_id, PEOPLE.c.code, CONTACTS.c.sealed)
    .join(ACCOUNTS, ACCOUNTS.c.person_id == CONTACTS.c.person_id)
    .join(PEOPLE, PEOPLE.c.id == CONTACTS.c.person_id)
    .where(CONTACTS.c.kind == ContactKind.EMAIL, CONTACTS.c.active)
)


def link_account(
    office: Office,
    code: str,
    issuer: str,
    subject: str,
    *,
    by: str | None,
    at: datetime,
    door: Door,
) -> None:
    """Let the issuer's subject sign in as the person; ``by`` None is whoever runs this machine.

    Raise Invalid for what is no subject, NotFound without an account, Refused for a subject or a
    person that is linked already, or without the role.
    """
    subject = _subject(subject)
    try:
        with office.writing() as connection:
            hand = administrator(connection, by, at, door)
            person = require_account(connection, code)
            _link(connection, (person.id, person.code), issuer, subject, hand)
    except IntegrityError as fault:
        raise Refused(
            Wording("该身份或该人员已有绑定", "the subject or the person is linked already"),
            remedy=Wording("请先解除原绑定。", "Unlink it first."),
            where="subject",
        ) from fault


def unlink_account(
    office: Office, code: str, issuer: str, *, by: str | None, at: datetime, door: Door
) -> None:
    """Let nobody sign in as the person by the issuer; raise NotFound without a link, Refused."""
    with office.writing() as connection:
        hand = administrator(connection, by, at, door)
        person = require_account(connection, code)
        mine = (_KEPT.person_id == person.id) & (_KEPT.issuer == issuer)
        if connection.execute(delete(ACCOUNT_LINKS).where(mine)).rowcount == 0:
            raise NotFound(
                Wording(f"{code} 没有绑定", f"{code} is not linked"),
                remedy=Wording("无须解除。", "There is nothing to do."),
                where="code",
            )
        remember(connection, person.id, person.code, AccountAct.UNLINK, hand, {"issuer": issuer})


def linked_subject(office: Office, code: str, issuer: str) -> str:
    """Return the subject that signs in as the person, '' for none."""
    mine = select(_KEPT.subject).join(PEOPLE, PEOPLE.c.id == _KEPT.person_id)
    with office.reading() as connection:
        found = connection.execute(mine.where(PEOPLE.c.code == code, _KEPT.issuer == issuer))
        return found.scalar() or ""


def find_linked(connection: Connection, issuer: str, subject: str) -> Any:  # noqa: ANN401 — a row or None
    """Return id, code, disabled_at and totp_at of the person a subject signs in as, or None."""
    return connection.execute(_FIND, {"issuer": issuer, "subject": subject}).first()


def link_by_email(
    connection: Connection, keys: Keys, issuer: str, subject: str, email: str, *, at: datetime
) -> bool:
    """Link the one person whose contact the verified address is; return whether there was one.

    Two who share an address are nobody. An address that a person has typed in is theirs to vouch
    for, so only the operator's setting lets it count.
    """
    people = {
        (row.person_id, row.code)
        for row in connection.execute(_EMAILS)
        if _opened(keys, row.sealed).casefold() == email.casefold()
    }
    if len(people) != 1 or not email:
        return False
    person = people.pop()
    taken = select(_KEPT.subject).where(_KEPT.person_id == person[0], _KEPT.issuer == issuer)
    if connection.execute(taken).first():
        return False
    hand = Hand(person[0], "", Door.PAGE, at)
    _link(connection, person, issuer, subject, hand, {"how": "email"})
    return True


def _link(
    connection: Connection,
    person: tuple[int, str],
    issuer: str,
    subject: str,
    hand: Hand,
    more: Mapping[str, str] | None = None,
) -> None:
    row = {"issuer": issuer, "subject": subject, "person_id": person[0], "linked_at": hand.at}
    connection.execute(insert(ACCOUNT_LINKS), row)
    said = {"issuer": issuer, **(more or {})}
    remember(
        connection, *person, AccountAct.LINK, hand, said, private={"subject": subject}
    )  # fmt: skip


def _subject(written: str) -> str:
    subject = clean(written, where="subject", longest=LONGEST_SUBJECT)
    if not subject:
        raise Invalid(
            Wording("没有填写身份标识", "the subject is missing"),
            remedy=Wording(
                "由本人用统一身份登录一次，页面会显示其标识（sub）。",
                "Let the person sign in by the provider once: the page shows it (sub).",
            ),
            where="subject",
        )
    return subject


def _opened(keys: Keys, sealed: str) -> str:
    try:
        return keys.unseal(sealed)
    except Unopened:
        return ""
