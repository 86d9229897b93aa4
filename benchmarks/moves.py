"""A durable move against the same rows written by hand through the raw driver, and against peers.

The move is "pass": state, 26 columns of the case, one clock stopped, one started, one event with
its chain hash, one notice to whoever it waits for now; committed. The floor reads the case and who
that is, hashes, and writes the same six rows.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measures import Figure, alternate
from benchmarks.offices import START, an_office
from casework.attachments import Attachment
from casework.events import Door
from casework.moves import move
from casework.office import Office
from casework.reports import Report, report
from casework.writer import CHANGED
from models import Shows
from rules.actions import Action

PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
ROUNDS = 7


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield the ratio of a move to its floor on ``kind``; ``size`` moves a round."""
    with an_office(kind) as office:
        numbers = iter(_claimed_cases(office, size * ROUNDS * 2))
        taken, base = alternate(
            ROUNDS,
            lambda: [_pass(office, next(numbers)) for _ in range(size)],
            lambda: _pass_by_hand(office, [next(numbers) for _ in range(size)]),
        )
        note = f"{taken / size * 1e6:.0f} µs against {base / size * 1e6:.0f} µs"
        yield Figure(f"move / raw driver, {kind}", taken / base, "×", 2.0, note)
        peer = _django_fsm(office, size)
    if peer:
        note = f"{taken / size * 1e6:.0f} µs against {peer:.0f} µs"
        yield Figure(f"move / django-fsm-2, {kind}", taken / size * 1e6 / peer, "×", 1.0, note)


def _django_fsm(office: Office, size: int) -> float | None:
    """Return the microseconds of django-fsm-2's move, None where the peers are not installed."""
    python = os.environ.get("BIHUAN_PEERS_PYTHON")
    if not python:
        return None
    with TemporaryDirectory() as folder:
        where = _peer_database(office, folder)
        kind = office.engine.dialect.name
        script = str(Path(__file__).parent / "peer_django_fsm.py")
        command = [python, script, kind, where, str(size)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _peer_database(office: Office, folder: str) -> str:
    if office.engine.dialect.name == "sqlite":
        return f"{folder}/peer.db"
    with office.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CREATE DATABASE peer")
    return f"{office.engine.url.query['host']}|peer"


def _claimed_cases(office: Office, wanted: int) -> list[str]:
    photo = Attachment(office.evidence.put(PHOTO, name="after.png"), Shows.AFTER)
    numbers = []
    for each in range(wanted):
        told = Report("O1000", f"灭火器压力不足 {each}", "消防")
        number = report(office, told, by="owner", at=START, door=Door.API).number
        move(office, number, Action.FIX_ON_SPOT, by="owner", at=START, door=Door.API, files=[photo])
        numbers.append(number)
    return numbers


def _pass(office: Office, number: str) -> None:
    at = START + timedelta(hours=1)
    typed = {"finding": "合格"}
    move(office, number, Action.PASS, typed, by="verifier", at=at, door=Door.API)


def _pass_by_hand(office: Office, numbers: list[str]) -> None:
    connection = office.engine.raw_connection()
    mark = "?" if office.engine.dialect.name == "sqlite" else "%s"
    cursor = connection.cursor()
    statements = _statements(mark)
    for number in numbers:
        _one_by_hand(cursor, statements, number, sqlite=mark == "?")
        connection.commit()
    connection.close()


def _statements(mark: str) -> dict[str, str]:
    changed = ", ".join(f"{name} = {mark}" for name in CHANGED)
    return {
        "read": f"SELECT id, seq, head, clock_no, {', '.join(CHANGED)} FROM cases "
        f"WHERE number = {mark}",
        "case": f"UPDATE cases SET {changed} WHERE id = {mark} AND seq = {mark}",
        "stop": f"UPDATE clock SET stopped_at = {mark}, next_step = NULL, next_step_at = NULL "
        f"WHERE case_id = {mark} AND no = {mark}",
        "clock": 'INSERT INTO clock (case_id, no, cycle, stage, started_at, due_at, "limit", '
        "cause, calendar, policy, estimated, reason, next_step, next_step_at) "
        f"VALUES ({', '.join([mark] * 14)})",
        "event": "INSERT INTO case_event (case_id, seq, at, kind, actor_id, role, door, body, "
        f"algorithm, previous, hash) VALUES ({', '.join([mark] * 11)})",
        "holder": "SELECT person_id FROM role_grant WHERE role = 'cluster' AND organisation_id = "
        f"{mark}",
        "notice": 'INSERT INTO notice ("key", case_id, clock_no, person_id, kind, body, urgent, '
        "receipt, owed_at, state, next_at, tries, lease_owner, reason) "
        f"VALUES ({', '.join([mark] * 14)})",
    }


def _one_by_hand(cursor: Any, sql: dict[str, str], number: str, *, sqlite: bool) -> None:  # noqa: ANN401 — a driver's cursor
    if sqlite:
        cursor.execute("BEGIN IMMEDIATE")
    at = START + timedelta(hours=1)
    due = START + timedelta(days=7)
    said_at, said_due = (f"{at:%Y-%m-%d %H:%M:%S.%f}", f"{due:%Y-%m-%d %H:%M:%S.%f}")
    now, later = (said_at, said_due) if sqlite else (at, due)
    cursor.execute(sql["read"], (number,))
    case, seq, head, clock, *row = cursor.fetchone()
    changed = dict(zip(CHANGED, row, strict=True))
    if not sqlite:
        changed["hands"] = json.dumps(changed["hands"])
    body = json.dumps(
        {"given": {"finding": "合格"}, "changed": {"state": ["rectifying", "verified"]}}
    )
    record = {"case": number, "seq": seq + 1, "at": said_at, "body": body, "prev": head}
    digest = sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
    no = False if not sqlite else 0
    changed |= {
        "state": "verified", "claimed": no, "verified_by_id": 4, "holder": "cluster",
        "stage": "close_out", "clock_no": clock + 1, "due_at": later, "seq": seq + 1,
        "head": digest,
    }  # fmt: skip
    cursor.execute(sql["case"], (*changed.values(), case, seq))
    cursor.execute(sql["stop"], (now, case, clock))
    cursor.execute(
        sql["clock"],
        (case, clock + 1, 1, "close_out", now, later, "5wd", "pass", "cn", "p", no, "",
         "remind-3", later),
    )  # fmt: skip
    cursor.execute(
        sql["event"],
        (case, seq + 1, now, "pass", 4, "verifier", "api", body, "sha256-jcs-1", head, digest),
    )
    cursor.execute(sql["holder"], (changed["cluster_id"],))
    [(person,)] = cursor.fetchall()
    said = json.dumps({"action": "pass", "stage": "close_out", "finding": "合格"})
    cursor.execute(
        sql["notice"],
        (f"{case}:{seq + 1}:handed:{person}", case, clock + 1, person, "handed", said, no,
         f"{number}/{seq + 1}/{digest[:8]}", now, "waiting", now, 0, "", ""),
    )  # fmt: skip
