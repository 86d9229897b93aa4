"""pm4py, a process miner nobody of us wrote, opens our event log and sees what we wrote.

It runs as a program of its own, where ``BIHUAN_MINING_PYTHON`` names a Python that has it.
"""

import json
import os
import subprocess
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from casework.auditing.process import export_xes
from casework.case_list import Filter
from models.tables import CASES, EVENTS, PEOPLE
from rules.actions import Action
from tests.offices import MONDAY_9AM, act, closed, rectifying, reported

MINER = os.environ.get("BIHUAN_MINING_PYTHON")
PEER = "benchmarks/peer_pm4py.py"


@pytest.mark.skipif(not MINER, reason="BIHUAN_MINING_PYTHON names no Python: see `make mining`")
def test_a_process_miner_sees_every_case_event_actor_and_order(office, tmp_path):
    number = closed(office)
    later = MONDAY_9AM + timedelta(days=1)
    act(office, number, Action.REOPEN, "inspector1", at=later, finding="复发")
    rectifying(office, unit="S3", description='围墙<开裂> & "松动"')
    reported(office, unit="S2")
    path = tmp_path / "log.xes"

    export_xes(office, path, Filter(), by="auditor", as_of=later)

    assert mined(path) == written(office)


def mined(path):
    run = subprocess.run([MINER, PEER, path], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def written(office):
    """The same of our own tables."""
    events = (
        select(CASES.c.number, EVENTS.c.kind, PEOPLE.c.code)
        .join(EVENTS, EVENTS.c.case_id == CASES.c.id)
        .outerjoin(PEOPLE, PEOPLE.c.id == EVENTS.c.actor_id)
        .order_by(CASES.c.id, EVENTS.c.seq)
    )
    with office.reading() as connection:
        rows = connection.execute(events).all()
    numbers = list(dict.fromkeys(row.number for row in rows))
    lives = [[row.kind for row in rows if row.number == each] for each in numbers]
    follows = Counter(pair for life in lives for pair in pairwise(life))
    return {
        "traces": numbers, "events": len(rows),
        "activities": Counter(row.kind for row in rows),
        "resources": Counter(row.code for row in rows if row.code),
        "starts": Counter(life[0] for life in lives), "ends": Counter(life[-1] for life in lives),
        "follows": sorted([*pair, count] for pair, count in follows.items()),
    }  # fmt: skip
