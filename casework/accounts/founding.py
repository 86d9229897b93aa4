"""The first account: whoever sets an installation up becomes its administrator."""

from datetime import datetime

from sqlalchemy import select

from casework.accounts.passwords import hash_password
from casework.accounts.register import Key, has_accounts, open_accounts
from casework.errors import Refused
from casework.events import Door
from casework.forms import clean
from casework.office import Office
from casework.organisations import PersonEntry, PlaceEntry, set_up
from casework.settings import adopt_policy, list_policies
from models import Place
from models.tables import ORGANISATIONS, PEOPLE, ROLE_GRANTS
from rules.access import Role
from rules.policy import default_text
from rules.wording import Wording

_COMMITTEE = PlaceEntry(Place.COMMITTEE, "ZWH", "学校安全专委会")


def open_first_account(office: Office, key: Key, name: str, *, at: datetime, door: Door) -> None:
    """Open the administrator's account, with a committee, a person and a policy if there is none.

    Raise Refused once there is an account, or when the code belongs to somebody else.
    """
    hash_password(key.password, code=key.code)  # a bad one leaves nothing behind
    with office.reading() as connection:
        if has_accounts(connection):
            raise Refused(
                Wording("已有账号，不能再次初始化", "there are accounts already"),
                remedy=Wording("请登录。", "Sign in."),
            )
        committee = connection.execute(_COMMITTEES).scalar()
        policies = list_policies(connection)
    if not policies:
        adopt_policy(office, default_text(), by=None, at=at)
    code, name = clean(key.code, where="code", longest=40), clean(name, where="name", longest=80)
    place = committee or _COMMITTEE.code
    person = PersonEntry(code, name or code, [(Role.ADMIN, place)])
    set_up(office, [] if committee else [_COMMITTEE], [] if _is_admin(office, code) else [person])
    open_accounts(office, [Key(code, key.password)], by=None, at=at, door=door)


_COMMITTEES = select(ORGANISATIONS.c.code).where(ORGANISATIONS.c.kind == Place.COMMITTEE).limit(1)


def _is_admin(office: Office, code: str) -> bool:
    """Return whether the code is an administrator's already; raise Refused for anybody else's."""
    with office.reading() as connection:
        roles = (
            connection.execute(
                select(ROLE_GRANTS.c.role)
                .select_from(PEOPLE)
                .outerjoin(ROLE_GRANTS, ROLE_GRANTS.c.person_id == PEOPLE.c.id)
                .where(PEOPLE.c.code == code)
            )
            .scalars()
            .all()
        )
    if roles and Role.ADMIN not in roles:
        raise Refused(
            Wording(f"{code} 不是管理员", f"{code} is not an administrator"),
            remedy=Wording("请填管理员的代码。", "Give an administrator's code."),
            where="code",
        )
    return bool(roles)
