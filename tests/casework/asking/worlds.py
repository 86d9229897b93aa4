"""A few hundred cases of real hazards, some moved on, the same in every office they are put in."""

import csv
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from casework.importing import import_ledger
from models.tables import CASES, ORGANISATIONS
from rules.actions import Action
from tests.offices import MONDAY_9AM, TEAM, a_plan, act, after_photo

HAZARDS = Path("casework/sample/school_hazards.csv")
HEADER = "单位,隐患描述,类别,部位,整改措施,发现日期,隐患等级,风险等级,检查类型,检查人,责任人,来源"
UNITS = ("第一小学", "第二中学", "第三幼儿园")
CODES = ("S1", "S2", "S3")


def populate(office, folder, *, most=160):
    """Import real hazards and walk every fifth of them some way; return how many there are."""
    path = folder / "hazards.csv"
    with HAZARDS.open(encoding="utf-8", newline="") as file:
        rows = [_row(n, row) for n, row in zip(range(most), csv.DictReader(file), strict=False)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER.split(","), *rows])
    found = import_ledger(
        office, path, by="committee1", at=MONDAY_9AM, partial=True, default_unit="S1"
    )
    for n in range(1, found.cases, 5):
        _walk(office, n, n // 5 % 6)
    return found.cases


def number(n):
    return f"YH2026-{n:06d}"


def _row(n, row):
    return (
        UNITS[n % 3], f"{row['hazard']}({n})", row["category"], row["location"], row["measure"],
        f"2026-{n % 2 + 1:02d}-{n % 28 + 1:02d}", ("一般", "一般", "重大")[n % 3],
        ("红", "橙", "黄", "蓝")[n % 4], ("自查", "督查", "联检")[n % 3], f"检查组{n % 7}",
        f"责任人{n}", f"{row['unit_type']} {row['source_date']}",
    )  # fmt: skip


def _walk(office, n, how_far):
    """Plan, approve, progress, claim, pass, close: as many of these as ``how_far`` says."""
    called = number(n)
    team = TEAM[_unit_of(office, called)]
    at = MONDAY_9AM + timedelta(hours=n % 90)
    steps = (
        (Action.SUBMIT_PLAN, team.owner, a_plan() | {"measures": f"更换并登记第{n}处消火栓"}),
        (Action.APPROVE_PLAN, team.cluster, {}),
        (Action.PROGRESS, team.owner, {"text": f"已采购ABC干粉灭火器{n}具,“周五”安装"}),
        (Action.CLAIM, team.owner, {}),
        (Action.PASS, team.verifier, {"finding": f"现场复核合格,编号 No.{n}"}),
    )
    for action, by, typed in steps[:how_far]:
        files = [after_photo(office)] if action is Action.CLAIM else []
        act(office, called, action, by, at=at, files=files, **typed)


def _unit_of(office, called):
    unit = select(ORGANISATIONS.c.code).join(CASES, CASES.c.unit_id == ORGANISATIONS.c.id)
    with office.reading() as connection:
        return connection.execute(unit.where(CASES.c.number == called)).scalar_one()
