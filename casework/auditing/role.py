"""The auditors' role on PostgreSQL: it reads the history, and can neither write nor unmask.

Personal data kept apart, addresses, sign-ins and keys are not granted: those are revealed through
casework only, which records it.
"""

import re
from collections.abc import Sequence

from sqlalchemy import Connection

from casework.errors import Invalid
from models import tables
from rules.wording import Wording

READABLE = (
    tables.ACKNOWLEDGEMENTS, tables.CALENDAR_OVERRIDES, tables.CASES, tables.CLOCKS,
    tables.CLOCK_STEPS, tables.DUTIES, tables.ENGINE_RUNS, tables.EVENTS, tables.EVIDENCE,
    tables.FILINGS, tables.FILING_FIGURES, tables.INSPECTIONS, tables.INSPECTION_CASES,
    tables.INSPECTION_RECORDS, tables.INSPECTION_SIGNATURES, tables.INSPECTION_TASKS,
    tables.LEDGER_IMPORTS, tables.STOCK_COUNTS, tables.STOCK_ENTRIES,
    tables.NOTICES, tables.ORDERS, tables.ORGANISATIONS, tables.PEOPLE, tables.PLANS,
    tables.POLICY_VERSIONS, tables.RECORD_EVENTS, tables.ROLE_GRANTS, tables.SCHOOL_TERMS,
    tables.SWEEPS, tables.CASE_TALLIES, tables.STAY_TALLIES, tables.TALLIES_PENDING,
)  # fmt: skip
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def role_statements(name: str) -> Sequence[str]:
    """Return the SQL that makes the role ``name``; an administrator of the database runs it.

    Raise Invalid for a name that is none.
    """
    if not _NAME.fullmatch(name):
        raise Invalid(
            Wording(f"“{name}”不能作角色名", f"{name!r} cannot be a role's name"),
            remedy=Wording(
                "请用小写字母、数字和下划线。", "Use lower-case letters, digits and underscores."
            ),
            where="NAME",
        )
    granted = ", ".join(sorted(each.name for each in READABLE))
    return (
        f"CREATE ROLE {name} LOGIN",
        f"ALTER ROLE {name} SET default_transaction_read_only = on",
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT ON {granted} TO {name}",
    )


def create_role(connection: Connection, name: str) -> None:
    """Make the role on the PostgreSQL behind ``connection``."""
    for statement in role_statements(name):
        connection.exec_driver_sql(statement)
