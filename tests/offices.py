"""An office to test in: a small organisation, its people, and cases walked to where a test begins.

Builders state only what matters; the rest is fixed here. Every walk goes through casework itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image
from sqlalchemy import insert

from casework.attachments import Attachment
from casework.events import Door
from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.moves import move
from casework.office import Office
from casework.reports import Report, report
from models import Shows
from models.tables import ORGANISATIONS, PEOPLE, ROLE_GRANTS
from rules.actions import Action

MONDAY_9AM = datetime.fromisoformat("2026-03-02T09:00+08:00")

# Ids lie high, so that rows which a test adds never meet them.
ORGANISATION = {"ZWH": 1001, "P1": 1002, "P2": 1003, "S1": 1004, "S2": 1005, "S3": 1006}
_ORGANISATION_COLUMNS = ("id", "kind", "parent_id", "code", "name", "unit_type", "path")
_ORGANISATION_ROWS = (
    (1001, "committee", None, "ZWH", "学校安全专委会", "", "/1001/"),
    (1002, "cluster", 1001, "P1", "第一片区", "", "/1001/1002/"),
    (1003, "cluster", 1001, "P2", "第二片区", "", "/1001/1003/"),
    (1004, "unit", 1002, "S1", "第一小学", "小学", "/1001/1002/1004/"),
    (1005, "unit", 1002, "S2", "第二中学", "初中", "/1001/1002/1005/"),
    (1006, "unit", 1003, "S3", "第三幼儿园", "幼儿园", "/1001/1003/1006/"),
)

_GRANTS = (
    ("reporter1", "reporter", "S1"), ("owner1", "owner", "S1"), ("head1", "head", "S1"),
    ("reporter2", "reporter", "S2"), ("owner2", "owner", "S2"), ("head2", "head", "S2"),
    ("reporter3", "reporter", "S3"), ("owner3", "owner", "S3"), ("head3", "head", "S3"),
    ("cluster1", "cluster", "P1"), ("verifier1a", "verifier", "P1"),
    ("verifier1b", "verifier", "P1"),
    ("cluster2", "cluster", "P2"), ("verifier2", "verifier", "P2"),
    ("inspector1", "inspector", "ZWH"),
    ("committee1", "committee", "ZWH"), ("committee2", "committee", "ZWH"),
    ("admin", "admin", "ZWH"), ("auditor", "auditor", "ZWH"),
)  # fmt: skip
PERSON = {code: number for number, (code, _, _) in enumerate(_GRANTS, start=2001)}
"""Each person's id by code. The name is the code in capitals."""


@dataclass(frozen=True, slots=True)
class Team:
    """Who acts for a unit, by code."""

    reporter: str
    owner: str
    head: str
    cluster: str
    verifier: str


TEAM = {
    "S1": Team("reporter1", "owner1", "head1", "cluster1", "verifier1a"),
    "S2": Team("reporter2", "owner2", "head2", "cluster1", "verifier1a"),
    "S3": Team("reporter3", "owner3", "head3", "cluster2", "verifier2"),
}


def an_office(engine, folder):
    """The organisation above in a migrated, empty database; evidence under ``folder``."""
    office = Office(engine, EvidenceStore(folder / "evidence", Limits()))
    with office.writing() as connection:
        rows = [dict(zip(_ORGANISATION_COLUMNS, row, strict=True)) for row in _ORGANISATION_ROWS]
        connection.execute(insert(ORGANISATIONS), rows)
        people = [{"id": PERSON[code], "code": code, "name": code.upper()} for code in PERSON]
        connection.execute(insert(PEOPLE), people)
        grants = [
            {"person_id": PERSON[code], "role": role, "organisation_id": ORGANISATION[place]}
            for code, role, place in _GRANTS
        ]
        connection.execute(insert(ROLE_GRANTS), grants)
    return office


def act(office, number, action, by, *, at=MONDAY_9AM, files=(), **typed):
    """Move a case through the command line's door; return what ``move`` answers."""
    return move(office, number, action, typed, by=by, at=at, door=Door.CLI, files=files)


def reported(office, *, unit="S1", at=MONDAY_9AM, **told):
    """Report a hazard and return the case's number. ``told`` are fields of ``Report``."""
    fields = {"description": "灭火器压力不足", "category": "消防", **told}
    reporter = TEAM[unit].reporter
    answer = report(office, Report(unit, **fields), by=reporter, at=at, door=Door.CLI, again=True)
    return answer.number


def planned(office, *, unit="S1", at=MONDAY_9AM, deadline=None, **told):
    """The plan waits for approval; its deadline is 18 days on unless given (text, ISO)."""
    number = reported(office, unit=unit, at=at, **told)
    plan = a_plan(deadline or f"{at + timedelta(days=18):%Y-%m-%d}")
    act(office, number, Action.SUBMIT_PLAN, TEAM[unit].owner, at=at, **plan)
    return number


def rectifying(office, *, unit="S1", at=MONDAY_9AM, **told):
    number = planned(office, unit=unit, at=at, **told)
    act(office, number, Action.APPROVE_PLAN, TEAM[unit].cluster, at=at)
    return number


def claimed(office, *, unit="S1", at=MONDAY_9AM, **told):
    number = rectifying(office, unit=unit, at=at, **told)
    files = [after_photo(office)]
    act(office, number, Action.CLAIM, TEAM[unit].owner, at=at, files=files)
    return number


def verified(office, *, unit="S1", at=MONDAY_9AM, **told):
    number = claimed(office, unit=unit, at=at, **told)
    act(office, number, Action.PASS, TEAM[unit].verifier, at=at, finding="已更换,压力正常")
    return number


def closed(office, *, unit="S1", at=MONDAY_9AM, **told):
    number = verified(office, unit=unit, at=at, **told)
    act(office, number, Action.CLOSE, "committee1", at=at)
    return number


def a_plan(deadline="2026-03-20"):
    """The five assurances, as typed."""
    return {
        "duty": "总务处", "measures": "更换灭火器", "funds": "500元",
        "deadline": deadline, "contingency": "专人看守",
    }  # fmt: skip


def a_photo(colour="green", size=(32, 24)):
    """A JPEG's bytes; another colour is another photo."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def after_photo(office, colour="green"):
    """A stored photo that shows what became of the hazard."""
    return Attachment(office.evidence.put(a_photo(colour), name=f"{colour}.jpg"), Shows.AFTER)


def before_photo(office, colour="red"):
    """A stored photo that shows the hazard."""
    return Attachment(office.evidence.put(a_photo(colour), name=f"{colour}.jpg"), Shows.BEFORE)
