"""The second factor: a code of the moment (TOTP, RFC 6238), and recovery codes for a lost phone."""

import secrets
from datetime import datetime
from typing import Any, NamedTuple

import pyotp
from sqlalchemy import Connection, Row, delete, insert, select, update

from casework.accounts.history import Hand, remember
from casework.accounts.register import require_account, require_password
from casework.accounts.secrets import digest
from casework.errors import Invalid, Refused
from casework.events import Door
from casework.office import Office
from models.tables import ACCOUNTS, RECOVERY_CODES
from notifications.sealing import Keys
from rules.accounts import AccountAct
from rules.wording import Wording

ISSUER = "闭环 Bihuan"
SECONDS = 30
RECOVERY_CODES_GIVEN = 10
_BEFORE_AND_AFTER = 1  # a step either way, for phones whose clocks differ
# Without 0/O and 1/l/I, which are read for each other.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Enrolment(NamedTuple):
    """What is put into a phone, as text and as the address of a QR code."""

    secret: str
    address: str


def begin(office: Office, keys: Keys, code: str) -> Enrolment:
    """Return the secret to put into a phone; it counts once ``complete`` is told its code.

    Asking again before that returns the same. Raise Refused when there is a second factor already.
    """
    with office.writing() as connection:
        kept = require_account(connection, code)
        if kept.totp_at is not None:
            raise Refused(
                Wording("两步验证已启用", "there is a second factor already"),
                remedy=Wording("如要更换，请先关闭。", "Drop it first to change it."),
                where="second",
            )
        secret = keys.unseal(kept.totp) if kept.totp else pyotp.random_base32()
        if not kept.totp:
            mine = update(ACCOUNTS).where(ACCOUNTS.c.person_id == kept.person_id)
            connection.execute(mine.values(totp=keys.seal(secret)))
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=code, issuer_name=ISSUER))


def complete(
    office: Office, keys: Keys, code: str, typed: str, *, at: datetime, door: Door
) -> list[str]:
    """Ask for the second factor from now on; return the recovery codes, which are shown once.

    Raise Invalid for a code that is not the phone's.
    """
    with office.writing() as connection:
        kept = require_account(connection, code)
        step = _step(keys, kept, typed, at)
        if step is None:
            raise Invalid(
                Wording("验证码不对", "the code is not the phone's"),
                remedy=Wording(
                    "请核对手机时间，输入当前 6 位数字。",
                    "Check the phone's clock and type the six digits it shows now.",
                ),
                where="second",
            )
        mine = update(ACCOUNTS).where(ACCOUNTS.c.person_id == kept.person_id)
        connection.execute(mine.values(totp_at=at, totp_step=step))
        hand = Hand(kept.person_id, "", door, at)
        remember(connection, kept.person_id, code, AccountAct.ENROL, hand)
        return _recovery_codes(connection, kept.person_id)


def drop(office: Office, code: str, password: str, *, at: datetime, door: Door) -> None:
    """Ask for a password only from now on; raise Invalid when it is not theirs."""
    with office.reading() as connection:
        kept = require_account(connection, code)
    require_password(kept.password, password, where="password")
    with office.writing() as connection:
        mine = update(ACCOUNTS).where(ACCOUNTS.c.person_id == kept.person_id)
        connection.execute(mine.values(totp="", totp_at=None, totp_step=0))
        _forget_recovery_codes(connection, kept.person_id)
        hand = Hand(kept.person_id, "", door, at)
        remember(connection, kept.person_id, code, AccountAct.DROP_SECOND, hand)


def is_enrolled(office: Office, code: str) -> bool:
    with office.reading() as connection:
        return require_account(connection, code).totp_at is not None


def fits(
    connection: Connection, keys: Keys, person_id: int, typed: str, hand: Hand, code: str
) -> bool:
    """Return whether it is the code of the moment, not used before, or an unused recovery code."""
    mine = ACCOUNTS.c.person_id == person_id
    kept = connection.execute(select(ACCOUNTS).where(mine).with_for_update()).one()
    step = _step(keys, kept, typed, hand.at)
    if step is not None and step > kept.totp_step:
        connection.execute(update(ACCOUNTS).where(mine).values(totp_step=step))
        return True
    recovery = update(RECOVERY_CODES).where(
        RECOVERY_CODES.c.person_id == person_id,
        RECOVERY_CODES.c.hash == digest(typed.strip().lower()),
        RECOVERY_CODES.c.used_at.is_(None),
    )
    if connection.execute(recovery.values(used_at=hand.at)).rowcount:
        remember(connection, person_id, code, AccountAct.RECOVER, hand)
        return True
    return False


def _step(keys: Keys, kept: Row[Any], typed: str, at: datetime) -> int | None:
    """Return the step of 30 seconds whose code was typed."""
    if not kept.totp:
        return None
    totp, now = pyotp.TOTP(keys.unseal(kept.totp)), int(at.timestamp()) // SECONDS
    typed = "".join(typed.split())
    around = range(now - _BEFORE_AND_AFTER, now + _BEFORE_AND_AFTER + 1)
    return next(
        (each for each in around if secrets.compare_digest(totp.at(each * SECONDS).encode(),
                                                           typed.encode(errors="replace"))), None
    )  # fmt: skip


def _recovery_codes(connection: Connection, person_id: int) -> list[str]:
    _forget_recovery_codes(connection, person_id)
    codes = [f"{_word()}-{_word()}-{_word()}" for _ in range(RECOVERY_CODES_GIVEN)]
    rows = [{"person_id": person_id, "hash": digest(each)} for each in codes]
    connection.execute(insert(RECOVERY_CODES), rows)
    return codes


def _word() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(5))


def _forget_recovery_codes(connection: Connection, person_id: int) -> None:
    connection.execute(delete(RECOVERY_CODES).where(RECOVERY_CODES.c.person_id == person_id))
