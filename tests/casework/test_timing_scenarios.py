"""Who hears what at which minute: a row is a minute of a story, and all that is told in it.

Each story is swept at every minute of its table, in turn, in an office of its own: what falls
between two rows shows in the second, so nobody else is told anything at any other time. A minute
ending in :59 is the last one before. "-" is silence.
"""

import json
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from sqlalchemy import delete, event, insert, select, update

from casework.office import Office
from casework.settings import adopt_policy
from casework.sweep import sweep
from models.engine import open_engine
from models.tables import ACKNOWLEDGEMENTS, CASES, NOTICES, PEOPLE, ROLE_GRANTS
from rules.actions import Action
from rules.case import Level
from rules.policy import default_text
from tests.conftest import opened
from tests.offices import (
    MONDAY_9AM,
    PERSON,
    act,
    after_photo,
    an_office,
    claimed,
    planned,
    rectifying,
    reported,
    verified,
)

CODE = {number: code for code, number in PERSON.items()}
AN_EXTENSION = {
    "reason": "缺料", "obstacle": "funds", "new_due": "2026-03-30", "plan": "分两步",
    "interim": "围挡",
}  # fmt: skip
HOURLY = default_text().replace(
    "[[ladders]]",
    """
[[ladders]]
name = "school-bus"
categories = ["school_bus"]

[[ladders.rungs]]
key = "day-before"
offset = "-24h"
tell = ["holder"]
source = "our choice"

[[ladders.rungs]]
key = "late"
offset = "0h"
tell = ["holder", "superior"]
source = "our choice"

[[ladders.rungs]]
key = "next-noon"
offset = "36h"
tell = ["cluster"]
source = "our choice"

[[ladders.rungs]]
key = "ten-days"
offset = "10d"
tell = ["committee"]
order = { level = "committee", term = "15wd", demands = "停运整改" }
source = "our choice"

[[ladders]]""",
    1,
)


class Story(NamedTuple):
    """A case from its beginning, what happens to it, and the table of its minutes."""

    title: str
    walk: Callable[..., str]
    begun: str
    options: MappingProxyType[str, Any]
    happens: tuple[tuple[datetime, Callable[[Office, str], object]], ...]
    table: str


def china(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=MONDAY_9AM.tzinfo)


def then(at, action, by, *, photo=False, **typed):
    def do(office, number):
        files = [after_photo(office)] if photo else []
        return act(office, number, action, by, at=china(at), files=files, **typed)

    return china(at), do


def known_to(at, code):
    """Somebody acknowledges the running clock."""

    def do(office, _number):
        with office.writing() as connection:
            case, clock = connection.execute(select(CASES.c.id, CASES.c.clock_no)).one()
            row = {"case_id": case, "clock_no": clock, "person_id": PERSON[code], "at": china(at)}
            connection.execute(insert(ACKNOWLEDGEMENTS).values(row))

    return china(at), do


def away(at, code, stand_in, since, until):
    """Somebody is away from one day to another, and another stands in."""
    days = [datetime.fromisoformat(day).date() for day in (since, until)]
    values = dict(zip(("away_from", "away_until"), days, strict=True))
    values["stand_in_id"] = PERSON[stand_in]
    return _written(at, update(PEOPLE).where(PEOPLE.c.code == code).values(values))


def without(at, code):
    """Nobody holds the roles of that person any more."""
    return _written(at, delete(ROLE_GRANTS).where(ROLE_GRANTS.c.person_id == PERSON[code]))


def governed_by(at, policy):
    """A policy is adopted before the story begins."""
    return china(at), lambda office, _number: adopt_policy(office, policy, by="admin", at=china(at))


def _written(at, statement):
    def do(office, _number):
        with office.writing() as connection:
            connection.execute(statement)

    return china(at), do


def story(title, walk, begun, *happens, table, **options):
    return Story(title, walk, begun, MappingProxyType(options), happens, table)


STORIES = (
    story(
        "an ordinary hazard told on Monday 2 March: its plan is due on Thursday the 5th",
        reported,
        "03-02 09:00",
        table="""
            03-02 09:10  -
            03-03 23:59  -
            03-04 00:00  owner1: remind-1
            03-04 00:01  -
            03-05 23:59  -
            03-06 00:00  owner1 head1: overdue
            03-06 00:10  -
            03-10 23:59  -
            03-11 00:00  head1 cluster1: overdue-3
            03-13 23:59  -
            03-14 00:00  head1 cluster1: overdue-3.1
            03-18 23:59  -
            03-19 00:00  head1 cluster1: overdue-3.2
            03-19 23:59  -
            03-20 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
            03-20 00:01  -
            12-31 23:59  -
        """,
    ),
    story(
        "told a minute before midnight: due the same Thursday",
        reported,
        "03-02 23:59",
        table="""
            03-03 23:59  -
            03-04 00:00  owner1: remind-1
            03-05 23:59  -
            03-06 00:00  owner1 head1: overdue
            03-10 23:59  -
            03-11 00:00  head1 cluster1: overdue-3
            03-13 23:59  -
            03-14 00:00  head1 cluster1: overdue-3.1
            03-18 23:59  -
            03-19 00:00  head1 cluster1: overdue-3.2
            03-19 23:59  -
            03-20 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "told at midnight: due a day later, Friday the 6th",
        reported,
        "03-03 00:00",
        table="""
            03-04 23:59  -
            03-05 00:00  owner1: remind-1
            03-06 23:59  -
            03-07 00:00  owner1 head1: overdue
            03-11 23:59  -
            03-12 00:00  head1 cluster1: overdue-3
            03-16 23:59  -
            03-17 00:00  head1 cluster1: overdue-3.1
            03-19 23:59  -
            03-20 00:00  head1 cluster1: overdue-3.2
            03-20 23:59  -
            03-21 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "told on a Thursday: due on Tuesday the 10th, over a weekend",
        reported,
        "03-05 09:00",
        table="""
            03-07 00:00  -
            03-08 00:00  -
            03-08 23:59  -
            03-09 00:00  owner1: remind-1
            03-10 23:59  -
            03-11 00:00  owner1 head1: overdue
            03-13 23:59  -
            03-14 00:00  head1 cluster1: overdue-3
            03-18 23:59  -
            03-19 00:00  head1 cluster1: overdue-3.1
            03-23 23:59  -
            03-24 00:00  head1 cluster1: overdue-3.2
            03-24 23:59  -
            03-25 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "元旦: told on the holiday; Sunday the 4th is worked: due on Tuesday the 6th",
        reported,
        "01-01 09:00",
        table="""
            01-04 23:59  -
            01-05 00:00  owner1: remind-1
            01-06 23:59  -
            01-07 00:00  owner1 head1: overdue
            01-09 23:59  -
            01-10 00:00  head1 cluster1: overdue-3
            01-14 23:59  -
            01-15 00:00  head1 cluster1: overdue-3.1
            01-19 23:59  -
            01-20 00:00  head1 cluster1: overdue-3.2
            01-20 23:59  -
            01-21 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "春节: due on the Friday before; Saturday the 14th is worked, 15 to 23 February off",
        reported,
        "02-10 09:00",
        table="""
            02-11 23:59  -
            02-12 00:00  owner1: remind-1
            02-13 23:59  -
            02-14 00:00  owner1 head1: overdue
            02-16 00:00  -
            02-20 08:00  -
            02-25 23:59  -
            02-26 00:00  head1 cluster1: overdue-3
            02-28 23:59  -
            03-01 00:00  head1 cluster1: overdue-3.1
            03-04 23:59  -
            03-05 00:00  head1 cluster1: overdue-3.2
            03-05 23:59  -
            03-06 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "春节: due on the first day back",
        reported,
        "02-12 09:00",
        table="""
            02-13 23:59  -
            02-14 00:00  owner1: remind-1
            02-15 00:00  -
            02-23 00:00  -
            02-24 23:59  -
            02-25 00:00  owner1 head1: overdue
            02-27 23:59  -
            02-28 00:00  head1 cluster1: overdue-3
            03-03 23:59  -
            03-04 00:00  head1 cluster1: overdue-3.1
            03-06 23:59  -
            03-07 00:00  head1 cluster1: overdue-3.2
            03-09 23:59  -
            03-10 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "春节: told within the holiday",
        reported,
        "02-18 09:00",
        unit="S3",
        table="""
            02-24 23:59  -
            02-25 00:00  owner3: remind-1
            02-26 23:59  -
            02-27 00:00  owner3 head3: overdue
            03-02 23:59  -
            03-03 00:00  head3 cluster2: overdue-3
            03-05 23:59  -
            03-06 00:00  head3 cluster2: overdue-3.1
            03-10 23:59  -
            03-11 00:00  head3 cluster2: overdue-3.2
            03-11 23:59  -
            03-12 00:00  head3 cluster2 committee1 committee2: overdue-10;
                         listed: owner3 head3 cluster2
        """,
    ),
    story(
        "春节: Saturday 28 February is made up",
        reported,
        "02-26 09:00",
        table="""
            02-27 23:59  -
            02-28 00:00  owner1: remind-1
            03-02 23:59  -
            03-03 00:00  owner1 head1: overdue
            03-05 23:59  -
            03-06 00:00  head1 cluster1: overdue-3
            03-10 23:59  -
            03-11 00:00  head1 cluster1: overdue-3.1
            03-13 23:59  -
            03-14 00:00  head1 cluster1: overdue-3.2
            03-16 23:59  -
            03-17 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "清明 (4 to 6 April): due on the second day back",
        reported,
        "04-02 09:00",
        table="""
            04-06 23:59  -
            04-07 00:00  owner1: remind-1
            04-08 23:59  -
            04-09 00:00  owner1 head1: overdue
            04-13 23:59  -
            04-14 00:00  head1 cluster1: overdue-3
            04-16 23:59  -
            04-17 00:00  head1 cluster1: overdue-3.1
            04-21 23:59  -
            04-22 00:00  head1 cluster1: overdue-3.2
            04-22 23:59  -
            04-23 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "劳动节 (1 to 5 May, Saturday the 9th made up)",
        reported,
        "04-29 09:00",
        table="""
            05-05 23:59  -
            05-06 00:00  owner1: remind-1
            05-07 23:59  -
            05-08 00:00  owner1 head1: overdue
            05-11 23:59  -
            05-12 00:00  head1 cluster1: overdue-3
            05-14 23:59  -
            05-15 00:00  head1 cluster1: overdue-3.1
            05-19 23:59  -
            05-20 00:00  head1 cluster1: overdue-3.2
            05-20 23:59  -
            05-21 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "端午 (19 to 21 June)",
        reported,
        "06-17 09:00",
        table="""
            06-21 23:59  -
            06-22 00:00  owner1: remind-1
            06-23 23:59  -
            06-24 00:00  owner1 head1: overdue
            06-26 23:59  -
            06-27 00:00  head1 cluster1: overdue-3
            07-01 23:59  -
            07-02 00:00  head1 cluster1: overdue-3.1
            07-06 23:59  -
            07-07 00:00  head1 cluster1: overdue-3.2
            07-07 23:59  -
            07-08 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "中秋 (25 to 27 September)",
        reported,
        "09-23 09:00",
        table="""
            09-25 00:00  -
            09-27 00:00  -
            09-27 23:59  -
            09-28 00:00  owner1: remind-1
            09-29 23:59  -
            09-30 00:00  owner1 head1: overdue
            10-09 23:59  -
            10-10 00:00  head1 cluster1: overdue-3
            10-13 23:59  -
            10-14 00:00  head1 cluster1: overdue-3.1
            10-16 23:59  -
            10-17 00:00  head1 cluster1: overdue-3.2
            10-19 23:59  -
            10-20 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "国庆 (1 to 7 October, Saturday the 10th made up): due on the second day back",
        reported,
        "09-29 09:00",
        table="""
            10-01 00:00  -
            10-07 00:00  -
            10-07 23:59  -
            10-08 00:00  owner1: remind-1
            10-09 23:59  -
            10-10 00:00  owner1 head1: overdue
            10-13 23:59  -
            10-14 00:00  head1 cluster1: overdue-3
            10-16 23:59  -
            10-17 00:00  head1 cluster1: overdue-3.1
            10-21 23:59  -
            10-22 00:00  head1 cluster1: overdue-3.2
            10-22 23:59  -
            10-23 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "国庆: due on the made-up Saturday",
        reported,
        "09-30 09:00",
        table="""
            10-08 23:59  -
            10-09 00:00  owner1: remind-1
            10-10 23:59  -
            10-11 00:00  owner1 head1: overdue
            10-14 23:59  -
            10-15 00:00  head1 cluster1: overdue-3
            10-19 23:59  -
            10-20 00:00  head1 cluster1: overdue-3.1
            10-22 23:59  -
            10-23 00:00  head1 cluster1: overdue-3.2
            10-23 23:59  -
            10-24 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "国庆: told within the holiday",
        reported,
        "10-03 09:00",
        table="""
            10-08 23:59  -
            10-09 00:00  owner1: remind-1
            10-10 23:59  -
            10-11 00:00  owner1 head1: overdue
            10-14 23:59  -
            10-15 00:00  head1 cluster1: overdue-3
            10-19 23:59  -
            10-20 00:00  head1 cluster1: overdue-3.1
            10-22 23:59  -
            10-23 00:00  head1 cluster1: overdue-3.2
            10-23 23:59  -
            10-24 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "a major hazard: faster, and listed by the committee",
        reported,
        "03-02 09:00",
        level=Level.MAJOR,
        table="""
            03-03 23:59  -
            03-04 00:00  owner1 head1: remind-1
            03-05 23:59  -
            03-06 00:00  owner1 head1 cluster1: overdue
            03-06 23:59  -
            03-07 00:00  owner1 head1 cluster1: overdue.1
            03-09 23:59  -
            03-10 00:00  owner1 head1 cluster1: overdue.2
            03-10 23:59  -
            03-11 00:00  owner1 head1 cluster1 committee1 committee2: overdue.3 overdue-3;
                         listed: owner1 head1 cluster1
            03-11 23:59  -
            03-12 00:00  owner1 head1 cluster1: overdue.4
            03-12 23:59  -
            03-13 00:00  owner1 head1 cluster1: overdue.5
            03-14 00:00  -
            03-20 00:00  -
        """,
    ),
    story(
        "a major hazard over 国庆",
        reported,
        "09-29 09:00",
        level=Level.MAJOR,
        table="""
            10-07 23:59  -
            10-08 00:00  owner1 head1: remind-1
            10-09 23:59  -
            10-10 00:00  owner1 head1 cluster1: overdue
            10-10 23:59  -
            10-11 00:00  owner1 head1 cluster1: overdue.1
            10-12 23:59  -
            10-13 00:00  owner1 head1 cluster1: overdue.2
            10-13 23:59  -
            10-14 00:00  owner1 head1 cluster1 committee1 committee2: overdue.3 overdue-3;
                         listed: owner1 head1 cluster1
            10-14 23:59  -
            10-15 00:00  owner1 head1 cluster1: overdue.4
            10-15 23:59  -
            10-16 00:00  owner1 head1 cluster1: overdue.5
        """,
    ),
    story(
        "rectification due on Friday 9 October",
        rectifying,
        "09-14 09:00",
        deadline="2026-10-09",
        table="""
            09-28 23:59  -
            09-29 00:00  owner1: remind-3
            10-07 23:59  -
            10-08 00:00  owner1: remind-1
            10-09 23:59  -
            10-10 00:00  owner1 head1: overdue
            10-13 23:59  -
            10-14 00:00  head1 cluster1: overdue-3
            10-16 23:59  -
            10-17 00:00  head1 cluster1: overdue-3.1
            10-21 23:59  -
            10-22 00:00  head1 cluster1: overdue-3.2
            10-22 23:59  -
            10-23 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "rectification due within 国庆, as a plan may say",
        rectifying,
        "09-14 09:00",
        deadline="2026-10-05",
        table="""
            09-27 23:59  -
            09-28 00:00  owner1: remind-3
            09-29 23:59  -
            09-30 00:00  owner1: remind-1
            10-05 00:00  -
            10-05 23:59  -
            10-06 00:00  owner1 head1: overdue
            10-10 23:59  -
            10-11 00:00  head1 cluster1: overdue-3
            10-14 23:59  -
            10-15 00:00  head1 cluster1: overdue-3.1
            10-19 23:59  -
            10-20 00:00  head1 cluster1: overdue-3.2
            10-20 23:59  -
            10-21 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "a major hazard's rectification due on the made-up Saturday",
        rectifying,
        "09-14 09:00",
        deadline="2026-10-10",
        level=Level.MAJOR,
        table="""
            09-27 23:59  -
            09-28 00:00  owner1: remind-5
            10-08 23:59  -
            10-09 00:00  owner1 head1: remind-1
            10-10 23:59  -
            10-11 00:00  owner1 head1 cluster1: overdue
            10-12 23:59  -
            10-13 00:00  owner1 head1 cluster1: overdue.1
            10-13 23:59  -
            10-14 00:00  owner1 head1 cluster1: overdue.2
            10-14 23:59  -
            10-15 00:00  owner1 head1 cluster1 committee1 committee2: overdue.3 overdue-3;
                         listed: owner1 head1 cluster1
            10-15 23:59  -
            10-16 00:00  owner1 head1 cluster1: overdue.4
            10-16 23:59  -
            10-17 00:00  owner1 head1 cluster1: overdue.5
        """,
    ),
    story(
        "rectification due on the last day of 春节",
        rectifying,
        "02-02 09:00",
        deadline="2026-02-23",
        unit="S3",
        table="""
            02-11 23:59  -
            02-12 00:00  owner3: remind-3
            02-13 23:59  -
            02-14 00:00  owner3: remind-1
            02-23 23:59  -
            02-24 00:00  owner3 head3: overdue
            02-26 23:59  -
            02-27 00:00  head3 cluster2: overdue-3
            03-02 23:59  -
            03-03 00:00  head3 cluster2: overdue-3.1
            03-05 23:59  -
            03-06 00:00  head3 cluster2: overdue-3.2
            03-06 23:59  -
            03-07 00:00  head3 cluster2 committee1 committee2: overdue-10;
                         listed: owner3 head3 cluster2
        """,
    ),
    story(
        "a head approves late: within two working days, over 国庆",
        planned,
        "09-29 09:00",
        table="""
            09-29 23:59  -
            09-30 00:00  head1: remind-1
            10-08 23:59  -
            10-09 00:00  head1 cluster1: overdue
            10-12 23:59  -
            10-13 00:00  cluster1 committee1 committee2: overdue-3
            10-15 23:59  -
            10-16 00:00  cluster1 committee1 committee2: overdue-3.1
            10-20 23:59  -
            10-21 00:00  cluster1 committee1 committee2: overdue-3.2
            10-21 23:59  -
            10-22 00:00  committee1 committee2: overdue-10
        """,
    ),
    story(
        "a cluster approves a major hazard's plan late",
        planned,
        "03-02 09:00",
        level=Level.MAJOR,
        table="""
            03-03 23:59  -
            03-04 00:00  cluster1: remind-1
            03-05 23:59  -
            03-06 00:00  cluster1 committee1 committee2: overdue
            03-10 23:59  -
            03-11 00:00  committee1 committee2: overdue-3
            03-13 23:59  -
            03-14 00:00  committee1 committee2: overdue-3.1
            03-18 23:59  -
            03-19 00:00  committee1 committee2: overdue-3.2
            03-19 23:59  -
            03-20 00:00  committee1 committee2: overdue-10
        """,
    ),
    story(
        "verifiers come late: ten days end within 国庆, so they have until Thursday the 8th",
        claimed,
        "09-24 09:00",
        table="""
            09-29 23:59  -
            09-30 00:00  verifier1a verifier1b: remind-1
            10-04 00:00  -
            10-05 00:00  -
            10-08 23:59  -
            10-09 00:00  verifier1a verifier1b cluster1: overdue
            10-12 23:59  -
            10-13 00:00  cluster1 committee1 committee2: overdue-3
            10-15 23:59  -
            10-16 00:00  cluster1 committee1 committee2: overdue-3.1
            10-20 23:59  -
            10-21 00:00  cluster1 committee1 committee2: overdue-3.2
            10-21 23:59  -
            10-22 00:00  committee1 committee2: overdue-10
        """,
    ),
    story(
        "one verifier of another cluster comes late",
        claimed,
        "03-02 09:00",
        unit="S3",
        table="""
            03-10 23:59  -
            03-11 00:00  verifier2: remind-1
            03-12 23:59  -
            03-13 00:00  verifier2 cluster2: overdue
            03-17 23:59  -
            03-18 00:00  cluster2 committee1 committee2: overdue-3
            03-20 23:59  -
            03-21 00:00  cluster2 committee1 committee2: overdue-3.1
            03-25 23:59  -
            03-26 00:00  cluster2 committee1 committee2: overdue-3.2
            03-26 23:59  -
            03-27 00:00  committee1 committee2: overdue-10
        """,
    ),
    story(
        "a cluster closes out late, over 国庆",
        verified,
        "09-29 09:00",
        table="""
            10-09 23:59  -
            10-10 00:00  cluster1: remind-1
            10-12 23:59  -
            10-13 00:00  cluster1 committee1 committee2: overdue
            10-15 23:59  -
            10-16 00:00  committee1 committee2: overdue-3
            10-20 23:59  -
            10-21 00:00  committee1 committee2: overdue-3.1
            10-23 23:59  -
            10-24 00:00  committee1 committee2: overdue-3.2
            10-26 23:59  -
            10-27 00:00  committee1 committee2: overdue-10
        """,
    ),
    story(
        "the committee closes out a major hazard late",
        verified,
        "03-02 09:00",
        level=Level.MAJOR,
        table="""
            03-05 23:59  -
            03-06 00:00  committee1 committee2: remind-1
            03-09 23:59  -
            03-10 00:00  committee1 committee2: overdue
            03-12 23:59  -
            03-13 00:00  committee1 committee2: overdue-3
            03-17 23:59  -
            03-18 00:00  committee1 committee2: overdue-3.1
            03-20 23:59  -
            03-21 00:00  committee1 committee2: overdue-3.2
            03-23 23:59  -
            03-24 00:00  committee1 committee2: overdue-10
        """,
    ),
    story(
        "an extension granted on the due day: the old rungs fall silent, new ones begin",
        rectifying,
        "03-02 09:00",
        then("03-10 09:00", Action.ASK_EXTENSION, "owner1", **AN_EXTENSION),
        then("03-10 10:00", Action.GRANT_EXTENSION, "cluster1", new_due="2026-03-30"),
        deadline="2026-03-10",
        table="""
            03-04 23:59  -
            03-05 00:00  owner1: remind-3
            03-08 23:59  -
            03-09 00:00  owner1: remind-1
            03-11 00:00  -
            03-14 00:00  -
            03-24 23:59  -
            03-25 00:00  owner1: remind-3
            03-26 23:59  -
            03-27 00:00  owner1: remind-1
            03-30 23:59  -
            03-31 00:00  owner1 head1: overdue
            04-02 23:59  -
            04-03 00:00  head1 cluster1: overdue-3
            04-08 23:59  -
            04-09 00:00  head1 cluster1: overdue-3.1
            04-13 23:59  -
            04-14 00:00  head1 cluster1: overdue-3.2
            04-14 23:59  -
            04-15 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "an extension refused: the clock runs on",
        rectifying,
        "03-02 09:00",
        then("03-10 09:00", Action.ASK_EXTENSION, "owner1", **AN_EXTENSION),
        then("03-10 10:00", Action.REFUSE_EXTENSION, "cluster1", reason="按期完成"),
        deadline="2026-03-10",
        table="""
            03-04 23:59  -
            03-05 00:00  owner1: remind-3
            03-08 23:59  -
            03-09 00:00  owner1: remind-1
            03-10 23:59  -
            03-11 00:00  owner1 head1: overdue
            03-13 23:59  -
            03-14 00:00  head1 cluster1: overdue-3
            03-18 23:59  -
            03-19 00:00  head1 cluster1: overdue-3.1
            03-23 23:59  -
            03-24 00:00  head1 cluster1: overdue-3.2
            03-24 23:59  -
            03-25 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "an extension asked for and not decided: the clock runs on",
        rectifying,
        "03-02 09:00",
        then("03-10 09:00", Action.ASK_EXTENSION, "owner1", **AN_EXTENSION),
        deadline="2026-03-10",
        table="""
            03-04 23:59  -
            03-05 00:00  owner1: remind-3
            03-08 23:59  -
            03-09 00:00  owner1: remind-1
            03-10 23:59  -
            03-11 00:00  owner1 head1: overdue
            03-13 23:59  -
            03-14 00:00  head1 cluster1: overdue-3
        """,
    ),
    story(
        "closed in time, and reopened with a new day: a ladder of its own, one level higher",
        rectifying,
        "03-02 09:00",
        then("03-06 09:00", Action.CLAIM, "owner1", photo=True),
        then("03-06 09:10", Action.PASS, "verifier1a", finding="已换"),
        then("03-06 09:20", Action.CLOSE, "cluster1"),
        then("03-12 09:00", Action.REOPEN, "inspector1", finding="复发", new_due="2026-03-20"),
        deadline="2026-03-10",
        table="""
            03-04 23:59  -
            03-05 00:00  owner1: remind-3
            03-09 00:00  -
            03-11 00:00  -
            03-12 08:00  -
            03-16 23:59  -
            03-17 00:00  owner1 head1: remind-3
            03-18 23:59  -
            03-19 00:00  owner1 head1: remind-1
            03-20 23:59  -
            03-21 00:00  owner1 head1 cluster1: overdue
            03-25 23:59  -
            03-26 00:00  head1 cluster1 committee1 committee2: overdue-3
            03-30 23:59  -
            03-31 00:00  head1 cluster1 committee1 committee2: overdue-3.1
            04-02 23:59  -
            04-03 00:00  head1 cluster1 committee1 committee2: overdue-3.2
            04-03 23:59  -
            04-04 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "acknowledged after the first repeat: the second stays away, the next rung does not",
        reported,
        "03-02 09:00",
        known_to("03-15 09:00", "head1"),
        table="""
            03-03 23:59  -
            03-04 00:00  owner1: remind-1
            03-05 23:59  -
            03-06 00:00  owner1 head1: overdue
            03-10 23:59  -
            03-11 00:00  head1 cluster1: overdue-3
            03-13 23:59  -
            03-14 00:00  head1 cluster1: overdue-3.1
            03-19 00:00  -
            03-19 23:59  -
            03-20 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "a major hazard acknowledged at once: no repeats, still listed",
        reported,
        "03-02 09:00",
        known_to("03-06 08:00", "owner1"),
        level=Level.MAJOR,
        table="""
            03-03 23:59  -
            03-04 00:00  owner1 head1: remind-1
            03-05 23:59  -
            03-06 00:00  owner1 head1 cluster1: overdue
            03-07 00:00  -
            03-10 00:00  -
            03-10 23:59  -
            03-11 00:00  head1 cluster1 committee1 committee2: overdue-3;
                         listed: owner1 head1 cluster1
            03-12 00:00  -
        """,
    ),
    story(
        "the head is away until the 13th: the stand-in hears, then the head again",
        reported,
        "03-02 09:00",
        away("03-02 09:00", "head1", "cluster2", "2026-03-05", "2026-03-13"),
        table="""
            03-03 23:59  -
            03-04 00:00  owner1: remind-1
            03-05 23:59  -
            03-06 00:00  owner1 cluster2: overdue
            03-10 23:59  -
            03-11 00:00  cluster2 cluster1: overdue-3
            03-13 23:59  -
            03-14 00:00  head1 cluster1: overdue-3.1
            03-18 23:59  -
            03-19 00:00  head1 cluster1: overdue-3.2
            03-19 23:59  -
            03-20 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "the owner is away and the head stands in: told once, not twice",
        reported,
        "03-02 09:00",
        away("03-02 09:00", "owner1", "head1", "2026-03-01", "2026-12-31"),
        table="""
            03-03 23:59  -
            03-04 00:00  head1: remind-1
            03-05 23:59  -
            03-06 00:00  head1: overdue
            03-10 23:59  -
            03-11 00:00  head1 cluster1: overdue-3
            03-13 23:59  -
            03-14 00:00  head1 cluster1: overdue-3.1
            03-18 23:59  -
            03-19 00:00  head1 cluster1: overdue-3.2
            03-19 23:59  -
            03-20 00:00  head1 cluster1 committee1 committee2: overdue-10; listed: head1 cluster1
        """,
    ),
    story(
        "listed by hand before the ladder would: told, not listed again",
        reported,
        "03-02 09:00",
        then("03-03 09:00", Action.LIST, "committee1", kind="guidance", reason="暂不能改"),
        table="""
            03-03 23:59  -
            03-04 00:00  owner1: remind-1
            03-05 23:59  -
            03-06 00:00  owner1 head1: overdue
            03-10 23:59  -
            03-11 00:00  head1 cluster1: overdue-3
            03-13 23:59  -
            03-14 00:00  head1 cluster1: overdue-3.1
            03-18 23:59  -
            03-19 00:00  head1 cluster1: overdue-3.2
            03-19 23:59  -
            03-20 00:00  head1 cluster1 committee1 committee2: overdue-10
        """,
    ),
    story(
        "transferred before the plan: the new school's people, a new plan's clock",
        reported,
        "03-02 09:00",
        then("03-04 09:00", Action.TRANSFER, "cluster1", unit="S3", reason="权属"),
        table="""
            03-03 23:59  -
            03-04 00:00  owner1: remind-1
            03-05 23:59  -
            03-06 00:00  owner3: remind-1
            03-09 23:59  -
            03-10 00:00  owner3 head3: overdue
            03-12 23:59  -
            03-13 00:00  head3 cluster2: overdue-3
            03-17 23:59  -
            03-18 00:00  head3 cluster2: overdue-3.1
            03-20 23:59  -
            03-21 00:00  head3 cluster2: overdue-3.2
            03-23 23:59  -
            03-24 00:00  head3 cluster2 committee1 committee2: overdue-10;
                         listed: owner3 head3 cluster2
        """,
    ),
    story(
        "transferred under rectification: the due day stays, the people change",
        rectifying,
        "03-02 09:00",
        then("03-17 09:00", Action.TRANSFER, "cluster1", unit="S3", reason="权属"),
        deadline="2026-03-20",
        table="""
            03-16 23:59  -
            03-17 00:00  owner1: remind-3
            03-18 23:59  -
            03-19 00:00  owner3: remind-1
            03-20 23:59  -
            03-21 00:00  owner3 head3: overdue
            03-25 23:59  -
            03-26 00:00  head3 cluster2: overdue-3
            03-30 23:59  -
            03-31 00:00  head3 cluster2: overdue-3.1
            04-02 23:59  -
            04-03 00:00  head3 cluster2: overdue-3.2
            04-03 23:59  -
            04-04 00:00  head3 cluster2 committee1 committee2: overdue-10;
                         listed: owner3 head3 cluster2
        """,
    ),
    story(
        "a claim that failed: rungs of the verifier's new day",
        claimed,
        "03-02 09:00",
        then("03-03 09:00", Action.FAIL, "verifier1a", finding="仍漏", new_due="2026-03-16"),
        table="""
            03-10 23:59  -
            03-11 00:00  owner1: remind-3
            03-11 10:00  -
            03-12 23:59  -
            03-13 00:00  owner1: remind-1
            03-16 23:59  -
            03-17 00:00  owner1 head1: overdue
            03-19 23:59  -
            03-20 00:00  head1 cluster1: overdue-3
            03-24 23:59  -
            03-25 00:00  head1 cluster1: overdue-3.1
            03-27 23:59  -
            03-28 00:00  head1 cluster1: overdue-3.2
            03-30 23:59  -
            03-31 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "no access: the verifiers' ten days begin again",
        claimed,
        "03-02 09:00",
        then("03-10 09:00", Action.NO_ACCESS, "verifier1a", finding="上锁"),
        table="""
            03-11 00:00  -
            03-13 00:00  -
            03-18 23:59  -
            03-19 00:00  verifier1a verifier1b: remind-1
            03-20 23:59  -
            03-21 00:00  verifier1a verifier1b cluster1: overdue
            03-25 23:59  -
            03-26 00:00  cluster1 committee1 committee2: overdue-3
            03-30 23:59  -
            03-31 00:00  cluster1 committee1 committee2: overdue-3.1
            04-02 23:59  -
            04-03 00:00  cluster1 committee1 committee2: overdue-3.2
            04-03 23:59  -
            04-04 00:00  committee1 committee2: overdue-10
        """,
    ),
    story(
        "a plan returned: the school's three days begin again",
        planned,
        "03-02 09:00",
        then("03-03 09:00", Action.RETURN_PLAN, "head1", reason="重写"),
        table="""
            03-02 23:59  -
            03-03 00:00  head1: remind-1
            03-04 23:59  -
            03-05 00:00  owner1: remind-1
            03-05 00:10  -
            03-06 23:59  -
            03-07 00:00  owner1 head1: overdue
            03-11 23:59  -
            03-12 00:00  head1 cluster1: overdue-3
            03-16 23:59  -
            03-17 00:00  head1 cluster1: overdue-3.1
            03-19 23:59  -
            03-20 00:00  head1 cluster1: overdue-3.2
            03-20 23:59  -
            03-21 00:00  head1 cluster1 committee1 committee2: overdue-10;
                         listed: owner1 head1 cluster1
        """,
    ),
    story(
        "graded major six days late: the major ladder's rungs at once, in one notice, and listed",
        rectifying,
        "03-02 09:00",
        then("03-16 09:10", Action.GRADE, "cluster1", level="major", reason="扩大"),
        deadline="2026-03-10",
        table="""
            03-04 23:59  -
            03-05 00:00  owner1: remind-3
            03-08 23:59  -
            03-09 00:00  owner1: remind-1
            03-10 23:59  -
            03-11 00:00  owner1 head1: overdue
            03-13 23:59  -
            03-14 00:00  head1 cluster1: overdue-3
            03-16 09:09  -
            03-16 09:10  owner1 head1 cluster1 committee1 committee2:
                         overdue overdue.1 overdue.2 overdue.3 overdue-3;
                         listed: owner1 head1 cluster1
            03-16 23:59  -
            03-17 00:00  owner1 head1 cluster1: overdue.4
            03-17 23:59  -
            03-18 00:00  owner1 head1 cluster1: overdue.5
            03-24 00:00  -
            03-25 00:00  -
        """,
    ),
    story(
        "nobody is the owner: the head hears instead",
        reported,
        "03-02 09:00",
        without("03-02 09:00", "owner1"),
        table="""
            03-03 23:59  -
            03-04 00:00  head1: remind-1
            03-05 23:59  -
            03-06 00:00  head1: overdue
            03-10 23:59  -
            03-11 00:00  head1 cluster1: overdue-3
            03-13 23:59  -
            03-14 00:00  head1 cluster1: overdue-3.1
            03-18 23:59  -
            03-19 00:00  head1 cluster1: overdue-3.2
            03-19 23:59  -
            03-20 00:00  head1 cluster1 committee1 committee2: overdue-10; listed: head1 cluster1
        """,
    ),
    story(
        "closed: silence",
        verified,
        "03-02 09:00",
        then("03-05 09:00", Action.CLOSE, "cluster1"),
        table="""
            03-05 23:59  -
            03-06 00:00  -
            03-10 00:00  -
            03-13 00:00  -
            12-31 23:59  -
        """,
    ),
    story(
        "void: silence",
        reported,
        "03-02 09:00",
        then("03-03 09:00", Action.VOID, "cluster1", reason="误报"),
        table="""
            03-03 23:59  -
            03-04 00:00  -
            03-06 00:00  -
            03-20 00:00  -
        """,
    ),
    story(
        "three days without a sweep: what was missed comes as one notice, when the sweep is back",
        reported,
        "03-02 09:00",
        table="""
            03-03 23:59  -
            03-06 23:59  owner1 head1: remind-1 overdue
            03-09 08:00  -
        """,
    ),
    story(
        "weeks without a sweep: everybody who was missed hears once, and it is listed then",
        reported,
        "03-02 09:00",
        table="""
            03-02 09:10  -
            03-25 08:00  owner1 head1 cluster1 committee1 committee2:
                         remind-1 overdue overdue-3 overdue-3.1 overdue-3.2 overdue-10;
                         listed: owner1 head1 cluster1
            03-25 08:01  -
            04-30 00:00  -
        """,
    ),
    story(
        "a policy of hours and calendar days: weekends count",
        reported,
        "03-02 09:00",
        governed_by("03-02 08:00", HOURLY),
        category="校车",
        table="""
            03-04 23:59  -
            03-05 00:00  owner1: day-before
            03-05 23:59  -
            03-06 00:00  owner1 head1: late
            03-07 11:59  -
            03-07 12:00  cluster1: next-noon
            03-15 23:59  -
            03-16 00:00  committee1 committee2: ten-days; listed: owner1 head1 cluster1
            03-16 00:01  -
        """,
    ),
)


def lines_of(story_):
    """The minutes of a story's table, each with what is told; a line may go on in the next."""
    return _ROW.findall(" ".join(story_.table.split()))


_ROW = re.compile(r"(\d\d-\d\d \d\d:\d\d) (.*?)(?= \d\d-\d\d |$)")
ROWS = [(each, minute, told) for each in STORIES for minute, told in lines_of(each)]


@pytest.fixture(scope="module")
def play(sqlite_template, tmp_path_factory):
    """Return what is told at each minute of a story, played once however many rows ask."""
    folder = tmp_path_factory.mktemp("stories")
    filled = folder / "filled.db"
    shutil.copyfile(sqlite_template, filled)
    with opened(f"sqlite:///{filled}") as engine:
        evidence = an_office(engine, folder).evidence
    played = {}

    def play_once(each):
        if each.title not in played:
            path = folder / f"{len(played)}.db"
            shutil.copyfile(filled, path)
            engine = open_engine(f"sqlite:///{path}")
            event.listen(engine, "connect", _without_waiting_for_the_disk)
            played[each.title] = _told(Office(engine, evidence), each)
            engine.dispose()
        return played[each.title]

    return play_once


@pytest.mark.parametrize(
    ("each", "minute", "told"),
    ROWS,
    ids=[f"{each.title} | {minute} | {told}" for each, minute, told in ROWS],
)
def test_these_people_hear_this_at_that_minute_and_nobody_else(play, each, minute, told):
    assert play(each)[minute] == told


def test_there_are_more_than_two_hundred_scenarios():
    assert len(ROWS) > 200


def _told(office, each):
    """Live through a story, sweeping at every minute of its table."""
    begun = china(each.begun)
    ahead = [(at, do) for at, do in each.happens if at > begun]
    for _, do in (one for one in each.happens if one[0] <= begun):
        do(office, "")
    number = each.walk(office, at=begun, **each.options)
    heard = {}
    for minute, _ in lines_of(each):
        while ahead and ahead[0][0] <= china(minute):
            ahead.pop(0)[1](office, number)
        sweep(office, as_of=china(minute), ran_at=china(minute), jump_agreed=True)
        heard[minute] = _said(office, china(minute))
    return heard


def _said(office, at):
    """Who was told which steps at that moment, and who of an order, as the tables write it."""
    with office.reading() as connection:
        wanted = select(NOTICES).where(NOTICES.c.owed_at == at).order_by(NOTICES.c.id)
        new = connection.execute(wanted).all()
    rungs = [each for each in new if each.kind in ("remind", "overdue")]
    steps = {" ".join(json.loads(each.body)["steps"]) for each in rungs}
    said = [f"{_names(rungs)}: {one}" for one in steps]
    orders = [each for each in new if each.kind == "list"]
    return "; ".join(said + ([f"listed: {_names(orders)}"] if orders else [])) or "-"


def _names(notices):
    return " ".join(CODE[each.person_id] for each in notices)


def _without_waiting_for_the_disk(connection, _record):
    """Nothing is killed here, so nothing needs to be on disk."""
    connection.execute("PRAGMA synchronous=OFF")
