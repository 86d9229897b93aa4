"""Failed sign-ins are counted, by account and by address, and after too many there is a wait.

The count is in the database: it holds over restarts and for every process.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from casework.errors import Refused
from models.tables import SIGN_IN_FAILURES
from rules.wording import Wording

WITHIN = timedelta(minutes=10)
MOST_OF_ACCOUNT = 10
MOST_OF_ADDRESS = 100  # a whole school may share one address
_KEPT_FOR = timedelta(days=1)
_KEPT = SIGN_IN_FAILURES.c


class TooMany(Refused):
    """Asked too often; ``retry_after`` seconds are to pass."""

    retry_after = int(WITHIN.total_seconds())


def require_calm(connection: Connection, code: str, address: str, *, at: datetime) -> None:
    """Raise TooMany when too many sign-ins failed lately for the account or from the address."""
    recent = select(func.count()).where(_KEPT.at > at - WITHIN)
    of_account = connection.execute(recent.where(_KEPT.code == code)).scalar_one()
    of_address = connection.execute(recent.where(_KEPT.address == address)).scalar_one()
    if of_account >= MOST_OF_ACCOUNT or of_address >= MOST_OF_ADDRESS:
        raise TooMany(
            Wording("失败次数过多，暂不能登录", "too many sign-ins failed; there is a wait now"),
            remedy=Wording(
                "请 10 分钟后再试；忘记密码请联系管理员重设。",
                "Try again in 10 minutes; an administrator can reset a password.",
            ),
            where="code",
        )


def note_failure(connection: Connection, code: str, address: str, *, at: datetime) -> None:
    connection.execute(delete(SIGN_IN_FAILURES).where(_KEPT.at <= at - _KEPT_FOR))
    connection.execute(insert(SIGN_IN_FAILURES), {"code": code, "address": address, "at": at})


def forget_failures(connection: Connection, code: str) -> None:
    connection.execute(delete(SIGN_IN_FAILURES).where(_KEPT.code == code))
