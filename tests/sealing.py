"""Sealing in tests: keys and heads beside a test's office."""

from datetime import timedelta

from casework.proving import sealing
from casework.proving.sealing import seal
from casework.proving.verifying import verify
from tests.offices import MONDAY_9AM


def outside_of(folder, **environ):
    """Keys and heads under a folder, made at first use."""
    return sealing.outside_of(folder, environ)


def sealed(office, folder, *, days=0, **how):
    return seal(office, outside_of(folder), at=MONDAY_9AM + timedelta(days=days), **how)


def verified(office, folder, **how):
    return verify(office, outside_of(folder), **how)


def faults(office, folder, **how):
    """What a verification finds, in English."""
    return [each.what.en for each in verified(office, folder, **how).faults]


def unprotected(connection):
    """Take away what refuses rewriting, as somebody who owns the database can."""
    if connection.dialect.name == "sqlite":
        triggers = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).scalars()
        for name in triggers.all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        connection.exec_driver_sql("SET session_replication_role = replica")
