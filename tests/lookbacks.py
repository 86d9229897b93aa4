"""Look-backs to test with: a template, closed cases, and acts by whoever may do them."""

from datetime import timedelta

from cryptography.fernet import Fernet
from sqlalchemy import insert

from casework.events import Door
from casework.lookback.assigning import assign_inspectors
from casework.lookback.committing import commit_seed
from casework.lookback.drawing import draw_lookback
from casework.lookback.looking import open_lookback
from casework.lookback.looks import Hand
from casework.lookback.planning import Asked, plan_lookback
from casework.lookback.recording import Found, record_finding, sign_finding
from casework.lookback.templates import save_template
from models.tables import PEOPLE, ROLE_GRANTS
from notifications.sealing import Keys
from rules.access import Role
from rules.lookback.findings import Finding, InspectionMode
from tests.offices import MONDAY_9AM, ORGANISATION, after_photo, closed

KEYS = Keys([Fernet.generate_key().decode()])
TUESDAY = MONDAY_9AM + timedelta(days=1)
INSPECTORS = ("inspector1", "inspector2", "inspector3", "inspector4")
MONTHLY = """
title = "每月回头看"
period = "2026-03"
strata = ["cluster"]

[size]
rule = "percentage"
percent = "30"
floor = 3
"""


def hand(by="admin", at=TUESDAY):
    return Hand(by, at, Door.CLI)


def with_inspectors(office):
    """Three more inspectors of the committee's, so that two can be drawn for any visit."""
    with office.writing() as connection:
        for number, code in enumerate(INSPECTORS[1:], start=2101):
            connection.execute(insert(PEOPLE), {"id": number, "code": code, "name": code.upper()})
            grant = {"person_id": number, "organisation_id": ORGANISATION["ZWH"]}
            connection.execute(insert(ROLE_GRANTS), grant | {"role": Role.INSPECTOR})


def closed_cases(office, count=12):
    """Cases closed on the Monday, in turn at the three schools."""
    units = ("S1", "S2", "S3")
    return [
        closed(office, unit=units[n % 3], description=f"第{n}处灭火器压力不足")
        for n in range(count)
    ]


def planned_look(office, text=MONTHLY, **asked):
    save_template(office, "每月", text, by="admin", at=MONDAY_9AM)
    return plan_lookback(office, Asked("每月", **asked), hand()).number


def drawn_look(office, text=MONTHLY, **asked):
    number = planned_look(office, text, **asked)
    commit_seed(office, number, hand(), KEYS)
    draw_lookback(office, number, hand(), KEYS)
    return number


def assigned_look(office, text=MONTHLY, **asked):
    number = drawn_look(office, text, **asked)
    assign_inspectors(office, number, hand())
    return number


def visits_of(office, number):
    return open_lookback(office, number, by="admin").visits


def found(office, number, visit, finding=Finding.HOLDS, *, at=TUESDAY, note="看过现场"):
    """Both inspectors find the same; return what the second one's signature answers."""
    first, *others = [each["code"] for each in visit["team"]]
    seen = Found(finding, InspectionMode.SURPRISE, note, [after_photo(office, colour_of(visit))])
    answer = record_finding(office, number, visit["number"], seen, hand(first, at))
    for each in others:
        answer = sign_finding(office, number, visit["number"], finding, hand(each, at))
    return answer


def colour_of(visit):
    """Another photo for every case."""
    return (visit["case_id"] % 256, visit["case_id"] // 256 % 256, 7)
