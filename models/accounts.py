"""Who can sign in, and what they hold while they are: sessions, second factors, tokens.

Tokens and recovery codes are kept as SHA-256, passwords as argon2id: the database gives none away.
"""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import CheckConstraint, Field, Index, SQLModel

from models.base import BIG


class Account(SQLModel, table=True):
    """How a person signs in. ``totp`` is sealed; ``totp_step`` is the last code's, once only."""

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=BIG)
    password: str = Field(max_length=200)
    password_at: datetime
    totp: str = Field(default="", sa_type=Text)
    totp_at: datetime | None = None
    totp_step: int = Field(default=0, sa_type=BIG)
    disabled_at: datetime | None = None


class RecoveryCode(SQLModel, table=True):
    """A code that stands in for the second factor, once."""

    __tablename__ = "recovery_code"

    person_id: int = Field(primary_key=True, foreign_key="account.person_id", sa_type=BIG)
    hash: str = Field(primary_key=True, max_length=64)
    used_at: datetime | None = None


class SignedIn(SQLModel, table=True):
    """A session: from where, since when, last seen when; ``pending`` until the second factor."""

    __tablename__ = "signed_in"
    __table_args__ = (CheckConstraint("length(hash) = 64", name="hash_form"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    hash: str = Field(max_length=64, unique=True)
    person_id: int = Field(foreign_key="account.person_id", sa_type=BIG, index=True)
    opened_at: datetime
    seen_at: datetime
    pending: bool = False
    address: str = Field(max_length=64)
    agent: str = Field(max_length=200)


class AccessToken(SQLModel, table=True):
    """A personal access token for the API: what it may do, and until when."""

    __tablename__ = "access_token"
    __table_args__ = (CheckConstraint("length(hash) = 64", name="hash_form"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    hash: str = Field(max_length=64, unique=True)
    person_id: int = Field(foreign_key="account.person_id", sa_type=BIG, index=True)
    name: str = Field(max_length=80)
    scope: str = Field(max_length=80)
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class SignInFailure(SQLModel, table=True):
    """A sign-in that failed, counted against the account and the address it came from."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_code_at", "code", "at"),
        Index("ix_sign_in_failure_address_at", "address", "at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    at: datetime
    code: str = Field(max_length=40)
    address: str = Field(max_length=64)
