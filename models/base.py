"""What every table shares: names for constraints, and how enums and moments are stored.

Enums are stored by value with a CHECK; datetimes are aware and kept in UTC by SQLModel's own type;
``alembic check`` sees neither added enum values nor triggers, so a test compares those.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Integer, MetaData
from sqlalchemy import Enum as SAEnum
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA: MetaData = SQLModel.metadata

BIG = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit key; SQLite gives row ids only to INTEGER PRIMARY KEY."""


def choice(words: type[StrEnum], name: str) -> Any:  # noqa: ANN401 — SQLModel's sa_type takes what it cannot name
    """Return a column type that stores the enum's values and lets the database refuse others."""
    return SAEnum(
        words,
        native_enum=False,
        length=24,
        values_callable=lambda kind: [word.value for word in kind],
        create_constraint=True,
        name=name,
    )
