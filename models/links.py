"""Whose account another house's accounts are: by issuer and subject, which never change."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from models.base import BIG


class AccountLink(SQLModel, table=True):
    """The issuer's ``subject`` signs in as the person. One of each issuer for a person."""

    __tablename__ = "account_link"
    __table_args__ = (UniqueConstraint("person_id", "issuer"),)

    issuer: str = Field(primary_key=True, max_length=200)
    subject: str = Field(primary_key=True, max_length=255)
    person_id: int = Field(foreign_key="account.person_id", sa_type=BIG)
    linked_at: datetime
