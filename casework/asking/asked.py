"""What conditions are made from: the database, a moment, the policy, and the table of cases."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause

from models.tables import CASES
from rules.policy import Policy

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """``cases`` is the table of cases, or what has its columns as they were at ``as_of``: then
    ``past`` is true, and what happened later does not count.
    """

    connection: Connection
    as_of: datetime
    policy: Policy
    cases: FromClause = CASES
    past: bool = False

    @property
    def dialect(self) -> str:
        return self.connection.dialect.name

    def by_then(self, at: ColumnElement[datetime]) -> list[Condition]:
        """Return the condition that something had happened; none when nothing lies ahead."""
        return [at <= self.as_of] if self.past else []
