"""Whatever is changed in a sealed database is found and its place named, up to a stated limit."""

import json
import os
import shutil
from random import Random

import pytest
from sqlalchemy import select

from casework.errors import NotFound
from casework.events import Door, Happening
from casework.order_acts import serve_order
from casework.order_record import Hand
from casework.proving.changes import restart_log
from casework.proving.sealing import Rewritten
from casework.proving.verifying import verify
from casework.records import START, Subject, write_record
from models.tables import CASES, CHECKPOINTS, EVENTS, LEAVES, TREE_NODES
from rules.actions import Action
from rules.orders import Service
from rules.proof import Sealed, event_hash
from tests.conftest import opened
from tests.mutations import Forgery
from tests.offices import MONDAY_9AM, act, an_office, closed, rectifying, reported
from tests.sealing import faults, outside_of, sealed, unprotected, verified

SHARE = int(os.environ.get("BIHUAN_MUTATIONS_SHARE", "8"))
"""One mutation in so many is made; ``make chaos`` makes them all, again and again."""
ROUNDS = int(os.environ.get("BIHUAN_MUTATIONS_ROUNDS", "1"))
"""How often, each time with other values; some 1,900 are made in a round."""


def lived(office, folder):
    """Cases, an order with a note beside it, a record; sealed twice, and something after."""
    for _ in range(3):
        closed(office)
    number = rectifying(office)
    fields = {"kind": "supervision", "reason": "久拖", "demands": "限期", "new_due": "2026-04-30"}
    act(office, number, Action.LIST, "committee1", **fields)
    hand = Hand("committee1", MONDAY_9AM, Door.CLI)
    serve_order(office, number, Service.REFUSED, hand=hand, note="门卫拒收")
    sealed(office, folder)
    look = Subject("lookback", 1, "回头看1号")
    with office.writing() as connection:
        planned = Happening("planned", None, "admin", Door.CLI, MONDAY_9AM, {"why": "每月"})
        drawn = planned._replace(kind="drawn", private={"witness": "王五"})
        entry = write_record(connection, look, planned, START)
        write_record(connection, look, drawn, entry)
    rectifying(office)
    sealed(office, folder, days=1)
    reported(office)


@pytest.fixture
def forged(sqlite_office, tmp_path):
    """A sealed database, and somebody who owns it."""
    lived(sqlite_office, tmp_path)
    assert faults(sqlite_office, tmp_path) == []
    forgery = Forgery(tmp_path / "bihuan.db")
    yield forgery
    forgery.close()


def test_a_sealed_database_is_whole(office, tmp_path):
    lived(office, tmp_path)

    found = verified(office, tmp_path)

    assert found.faults == []
    assert (found.size, found.waiting, found.heads, found.outside) == (28, 1, 2, 2)
    assert (found.events, found.proven, found.proven_at) == (29, 28, "2026-03-03T01:00:00Z")


def test_both_databases_grow_the_same_tree(sqlite_database, postgresql_database, tmp_path):
    """The same events, copied with their hashes, give the same leaves, nodes and roots."""
    trees = []
    for n, url in enumerate((sqlite_database, postgresql_database)):
        folder = tmp_path / str(n)
        folder.mkdir()
        with opened(url) as engine:
            office = an_office(engine, folder)
            for _ in range(6):
                closed(office)
            sealed(office, folder)
            with office.reading() as connection:
                leaves = select(LEAVES).order_by(LEAVES.c.number)
                nodes = select(TREE_NODES).order_by(TREE_NODES.c.level, TREE_NODES.c.place)
                roots = select(CHECKPOINTS.c.size, CHECKPOINTS.c.root)
                trees.append(
                    [
                        [tuple(row) for row in connection.execute(each)]
                        for each in (leaves, nodes, roots)
                    ]
                )

    assert trees[0] == trees[1]


def test_every_mutation_is_found_and_its_place_named(forged, sqlite_office, tmp_path):
    chance = Random(20260302)  # noqa: S311 — it picks what is changed, it keeps no secret
    mutations = (each for _ in range(ROUNDS) for each in forged.all(chance))
    missed, nameless, made = [], [], 0
    for n, mutation in enumerate(mutations):
        if n % SHARE:
            continue
        with forged.made(mutation) as happened:
            found = verified(sqlite_office, tmp_path).faults
        if not happened:
            continue
        made += 1
        if not found:
            missed.append(mutation.what)
        elif not any(each.name or each.leaf is not None for each in found):
            nameless.append((mutation.what, found[0].what.en))

    assert (missed, nameless) == ([], [])
    assert made * SHARE > 1_800 * ROUNDS
    assert faults(sqlite_office, tmp_path) == []


def change(office, *statements):
    with office.writing() as connection:
        unprotected(connection)
        for each in statements:
            connection.exec_driver_sql(each)


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("UPDATE case_event SET role = 'head' WHERE case_id = 2 AND seq = 3",
         ("YH2026-000002", 3, "role", "it was cluster")),
        ("UPDATE case_event SET kind = 'fail' WHERE case_id = 1 AND seq = 5",
         ("YH2026-000001", 5, "kind", "it was pass")),
        ("UPDATE case_event SET actor_id = 2001 WHERE case_id = 1 AND seq = 2",
         ("YH2026-000001", 2, "actor", "it was 2002")),
        ("UPDATE case_event SET door = 'page' WHERE case_id = 3 AND seq = 1",
         ("YH2026-000003", 1, "door", "it was cli")),
        ("UPDATE case_event SET body = body || ' ' WHERE case_id = 1 AND seq = 4",
         ("YH2026-000001", 4, "body", "")),
        ("UPDATE case_event SET hash = previous WHERE case_id = 1 AND seq = 4",
         ("YH2026-000001", 4, "hash", "it was ")),
        ("UPDATE case_event SET previous = hash WHERE case_id = 1 AND seq = 4",
         ("YH2026-000001", 4, "previous", "it was ")),
        ("DELETE FROM case_event WHERE case_id = 2 AND seq = 2",
         ("YH2026-000002", 2, "", "is gone")),
        ("UPDATE cases SET seq = 9 WHERE id = 2", ("YH2026-000002", 7, "", "should have 9")),
        ("UPDATE record_event SET role = 'owner' WHERE seq = 2",
         ("lookback:回头看1号", 2, "role", "it was admin")),
        ("UPDATE record_private SET value = '赵六'", ("回头看1号", 2, "witness", "digest")),
        ("UPDATE private_value SET value = '赵六'", ("YH2026-000004", 5, "note", "digest")),
    ],
)  # fmt: skip
def test_the_first_bad_place_is_named_on_both_databases(office, tmp_path, statement, first):
    lived(office, tmp_path)
    change(office, statement)

    fault = verified(office, tmp_path).faults[0]

    assert (fault.name, fault.seq, fault.column) == first[:3]
    assert first[3] in fault.what.en


def test_what_was_rewritten_since_a_head_is_found_from_that_head_on(office, tmp_path):
    lived(office, tmp_path)
    change(office, "UPDATE case_event SET role = 'admin' WHERE case_id = 5 AND seq = 2")

    found = verified(office, tmp_path, since=23)

    assert [(each.name, each.seq) for each in found.faults] == [("YH2026-000005", 2)]
    assert found.events < 12


def test_there_is_no_verifying_since_no_head(office, tmp_path):
    with pytest.raises(NotFound, match="no head over 7"):
        verified(office, tmp_path, since=7)


def resealed(office, folder):
    """Rewrite the whole tree and sign it anew, so that all of it fits."""
    change(
        office, "DELETE FROM leaf", "DELETE FROM tree_node", "DELETE FROM checkpoint",
        "INSERT INTO unsealed SELECT 'case', case_id, seq FROM case_event WHERE TRUE "
        "ON CONFLICT DO NOTHING",
    )  # fmt: skip
    shutil.rmtree(folder / "heads")
    sealed(office, folder, days=1)


def read_first(office, case):
    with office.reading() as connection:
        row = connection.execute(select(EVENTS).where(EVENTS.c.case_id == case)).one()
        number = connection.execute(select(CASES.c.number).where(CASES.c.id == case)).scalar_one()
    return Sealed(
        number, row.seq, row.at, row.kind, row.actor_id, row.role, row.door, row.body,
        row.previous, row.algorithm,
    )  # fmt: skip


def test_the_limit_whoever_has_database_and_key_can_rewrite_what_no_head_outside_covers(
    office, tmp_path
):
    """Stated, not hidden: a head kept elsewhere is what finds it, and nothing else does."""
    number = closed(office)
    reported(office)
    kept = sealed(office, tmp_path)
    elsewhere = tmp_path / "auditor.txt"
    elsewhere.write_text(kept.note)
    first = read_first(office, 2)
    forged = event_hash(first._replace(role="admin"))
    change(
        office,
        "UPDATE case_event SET role = 'admin' WHERE case_id = 2",
        f"UPDATE case_event SET hash = '{forged}' WHERE case_id = 2",  # noqa: S608 — our own hash
        f"UPDATE cases SET head = '{forged}' WHERE id = 2",  # noqa: S608 — likewise
    )
    resealed(office, tmp_path)

    unseen = verified(office, tmp_path)
    seen = verified(office, tmp_path, heads=[elsewhere])

    assert number
    assert (unseen.faults, unseen.proven) == ([], 7)
    assert "could still be rewritten unseen" in unseen.remarks[0].en
    assert "leaves 0 to 6 were rewritten" in seen.faults[-1].what.en


def test_without_a_head_outside_nothing_is_proven_and_that_is_said(office, tmp_path):
    reported(office)
    sealed(office, tmp_path)
    shutil.rmtree(tmp_path / "heads")

    found = verified(office, tmp_path)

    assert (found.faults, found.proven) == ([], 0)
    assert "could have rewritten everything unseen" in found.remarks[0].en


def test_a_restored_backup_is_refused_until_its_loss_is_told(sqlite_office, tmp_path):
    reported(sqlite_office)
    sealed(sqlite_office, tmp_path)
    with sqlite_office.engine.connect() as connection:
        connection.connection.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))
    closed(sqlite_office)
    lost = sealed(sqlite_office, tmp_path, days=1)
    sqlite_office.engine.dispose()
    shutil.copyfile(tmp_path / "backup.db", tmp_path / "bihuan.db")
    reported(sqlite_office)

    before = faults(sqlite_office, tmp_path)
    with pytest.raises(Rewritten):
        sealed(sqlite_office, tmp_path, days=2)
    run = restart_log(
        sqlite_office, outside_of(tmp_path), by="admin", reason="磁盘损坏", at=MONDAY_9AM
    )
    after = verified(sqlite_office, tmp_path)
    for _ in range(9):
        reported(sqlite_office)
    sealed(sqlite_office, tmp_path, days=3)

    assert "old backup restored" in before[-1]
    assert (lost.size, run.size, after.faults) == (7, 3, [])
    assert "1 head(s) were given up" in after.remarks[0].en
    assert "磁盘损坏" in after.remarks[0].zh
    assert faults(sqlite_office, tmp_path) == []


def test_a_head_signed_by_somebody_else_is_told(office, tmp_path):
    reported(office)
    sealed(office, tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    stranger = outside_of(other)
    (tmp_path / "strange.txt").write_text(verify_note(office, stranger))

    told = faults(office, tmp_path, heads=[tmp_path / "strange.txt"])

    assert ["not signed by any key we know" in each for each in told] == [True]


def verify_note(office, stranger):
    """The head that the database has, signed with another key."""
    with office.reading() as connection:
        note = connection.execute(select(CHECKPOINTS.c.note)).scalar_one()
    text = note.partition("\n\n")[0] + "\n"
    return text + "\n" + stranger.keys.signers[0].sign(text)


def test_faults_are_plain_for_machines(office, tmp_path):
    reported(office)
    sealed(office, tmp_path)
    change(office, "UPDATE case_event SET role = 'admin'")

    found = verify(office, outside_of(tmp_path)).faults[0].plain()

    assert json.loads(json.dumps(found))["column"] == "role"
