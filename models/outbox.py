"""What we owe people: notices written with their cause, contacts, and what was delivered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Text, text
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from models.base import BIG, choice


class NoticeState(StrEnum):
    """Waiting to be sent; sent; dead after every try; or dropped because it no longer held."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"


class ContactKind(StrEnum):
    """How a person is reached: typed, so that we build the address and nobody else."""

    EMAIL = "email"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEBHOOK = "webhook"
    SMS = "sms"


class Contact(SQLModel, table=True):
    """An address of a person, sealed with a key that is not in the database; ``shown`` is masked.

    Contacts are tried in the order of ``position``.
    """

    __table_args__ = (UniqueConstraint("person_id", "position"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    person_id: int = Field(foreign_key="person.id", sa_type=BIG)
    position: int
    kind: ContactKind = Field(sa_type=choice(ContactKind, "kind"))
    sealed: str = Field(sa_type=Text)
    shown: str = Field(max_length=120)
    active: bool = True
    added_at: datetime


class Notice(SQLModel, table=True):
    """Something one person must be told. ``key`` is unique: nobody is told twice of one thing.

    ``body`` holds what the sentence needs; ``receipt`` is ``case/seq/short hash``. One that is not
    about a case names the place it is about, and its body a ``title`` in both languages and the
    ``link`` of the page to go to.
    """

    __table_args__ = (
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_when"),
        CheckConstraint("(case_id IS NULL) = (unit_id IS NOT NULL)", name="about_something"),
        Index(
            "ix_notice_waiting", "next_at", "id",
            sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_notice_case", "case_id", "id"),
        Index("ix_notice_person", "person_id", "id"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    key: str = Field(max_length=120, unique=True)
    case_id: int | None = Field(default=None, foreign_key="cases.id", sa_type=BIG)
    unit_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=BIG)
    clock_no: int
    person_id: int = Field(foreign_key="person.id", sa_type=BIG)
    kind: str = Field(max_length=24)
    body: str = Field(sa_type=Text)
    urgent: bool = False
    receipt: str = Field(max_length=80)
    owed_at: datetime
    state: NoticeState = Field(sa_type=choice(NoticeState, "state"))
    next_at: datetime
    tries: int = 0
    lease_owner: str = Field(default="", max_length=80)
    lease_until: datetime | None = None
    sent_at: datetime | None = None
    reason: str = Field(default="", max_length=500)
    acknowledged_at: datetime | None = None


class Delivery(SQLModel, table=True):
    """One message that was tried: to whom, through which contact, and how it went."""

    __table_args__ = (Index("ix_delivery_person", "person_id", "at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    person_id: int = Field(foreign_key="person.id", sa_type=BIG)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=BIG)
    at: datetime
    sent: bool
    notices: int
    detail: str = Field(default="", max_length=500)


class Acknowledgement(SQLModel, table=True):
    """Somebody said that they know: repeats of that clock stop, the clock does not."""

    case_id: int = Field(foreign_key="cases.id", primary_key=True, sa_type=BIG)
    clock_no: int = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, sa_type=BIG)
    at: datetime


class NoticeTemplate(SQLModel, table=True):
    """An administrator's wording of a kind of notice; the newest row of a kind and language wins,
    an empty text gives the shipped one back.
    """

    __tablename__ = "notice_template"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    kind: str = Field(max_length=24, index=True)
    locale: str = Field(max_length=8)
    subject: str = Field(max_length=200)
    text: str = Field(sa_type=Text)
    adopted_at: datetime
    adopted_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)


class EngineRun(SQLModel, table=True):
    """A run of the engine besides sweeps: deliveries, demands, the watchdog."""

    __tablename__ = "engine_run"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    kind: str = Field(max_length=24, index=True)
    at: datetime = Field(index=True)
    done: int
    failed: int
