"""Signing in: a password, then the second factor if there is one."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from casework.accounts import second_factor
from casework.accounts.history import Hand, remember
from casework.accounts.passwords import is_password
from casework.accounts.register import LONGEST_CODE, find_account
from casework.accounts.sessions import Caller, Session, confirm_session, open_session
from casework.accounts.throttle import forget_failures, note_failure, require_calm
from casework.errors import Invalid, NotFound
from casework.events import Door
from casework.forms import clean
from casework.office import Office
from notifications.sealing import Keys
from rules.accounts import AccountAct
from rules.wording import Wording


class Opened(NamedTuple):
    """The token of a session, and whether its second factor is still to come."""

    token: str
    pending: bool


def sign_in(
    office: Office, code: str, password: str, caller: Caller, *, at: datetime, door: Door
) -> Opened:
    """Open a session for whoever has this code and password.

    Raise Invalid, with the same words for every cause; TooMany after too many failures.
    """
    code = clean(code, where="code", longest=LONGEST_CODE)
    address = caller.address[:64]
    with office.reading() as connection:
        require_calm(connection, code, address, at=at)
        try:
            found = find_account(connection, code)
        except NotFound:
            found = None
    # The transaction is over: the hash takes its time and locks nothing.
    usable = found is not None and found.disabled_at is None
    fits = is_password(found.password if found else None, password)
    if found is None or not (fits and usable):
        with office.writing() as connection:
            note_failure(connection, code, address, at=at)
        raise _wrong(Wording("代码或密码不对", "the code or the password is wrong"), "password")
    pending = found.totp_at is not None
    with office.writing() as connection:
        token = open_session(connection, found.person_id, caller, at=at, pending=pending)
        if not pending:
            let_in(connection, found.person_id, code, at, door)
    return Opened(token, pending)


def pass_second_factor(
    office: Office, keys: Keys, session: Session, typed: str, caller: Caller, *, at: datetime,
    door: Door,
) -> str:  # fmt: skip
    """Return the new token of a session that waited for its second factor.

    ``typed`` is the code of the moment or a recovery code. Raise Invalid or TooMany.
    """
    address = caller.address[:64]
    with office.reading() as connection:
        require_calm(connection, session.code, address, at=at)
    hand = Hand(session.person_id, "", door, at)
    with office.writing() as connection:
        if second_factor.fits(connection, keys, session.person_id, typed, hand, session.code):
            token = confirm_session(connection, session.id, at=at)
            let_in(connection, session.person_id, session.code, at, door)
            return token
        note_failure(connection, session.code, address, at=at)
    raise _wrong(Wording("验证码不对或已用过", "the code is wrong or used"), "second")


def let_in(
    connection: Connection, person_id: int, code: str, at: datetime, door: Door, *, by: str = ""
) -> None:
    """Remember that somebody signed in; ``by`` says how when it was not by a password."""
    forget_failures(connection, code)
    hand, said = Hand(person_id, "", door, at), {"by": by} if by else {}
    remember(connection, person_id, code, AccountAct.SIGN_IN, hand, said)


def _wrong(problem: Wording, where: str) -> Invalid:
    return Invalid(
        problem,
        remedy=Wording(
            "请重新输入；忘记密码请联系管理员重设。",
            "Type it again; an administrator can reset a password.",
        ),
        where=where,
    )
