"""Who there is: committee → cluster → unit → department, and the people with roles over them."""

from datetime import date
from enum import StrEnum

from sqlalchemy import text
from sqlmodel import CheckConstraint, Field, Index, SQLModel

from models.base import BIG, choice
from rules.access import Role


class Place(StrEnum):
    """What an organisation is: 专委会, 片区, 责任单位, 责任处室."""

    COMMITTEE = "committee"
    CLUSTER = "cluster"
    UNIT = "unit"
    DEPARTMENT = "department"


class Organisation(SQLModel, table=True):
    """``path`` holds the ids from the root down to this one, ``/1/4/37/``."""

    __table_args__ = (
        CheckConstraint("path LIKE '/%/'", name="path_form"),
        CheckConstraint("(parent_id IS NULL) = (kind = 'committee')", name="only_a_root_is_free"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    kind: Place = Field(sa_type=choice(Place, "kind"))
    parent_id: int | None = Field(
        default=None, foreign_key="organisation.id", sa_type=BIG, index=True
    )
    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=200, index=True)
    unit_type: str = Field(default="", max_length=40)
    path: str = Field(max_length=200, unique=True)


class Person(SQLModel, table=True):
    """Somebody with roles; while away, the stand-in hears and acts in their place."""

    # Every move asks whether anybody is away at all.
    __table_args__ = (
        Index(
            "ix_person_stand_in", "stand_in_id",
            sqlite_where=text("stand_in_id IS NOT NULL"),
            postgresql_where=text("stand_in_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=80)
    stand_in_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    away_from: date | None = None
    away_until: date | None = None


class RoleGrant(SQLModel, table=True):
    """A role held over an organisation and all below it."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint("role <> 'ladder'", name="ladder_is_nobody"),)

    person_id: int = Field(foreign_key="person.id", primary_key=True, sa_type=BIG)
    organisation_id: int = Field(
        foreign_key="organisation.id", primary_key=True, sa_type=BIG, index=True
    )
    role: Role = Field(primary_key=True, sa_type=choice(Role, "role"))
