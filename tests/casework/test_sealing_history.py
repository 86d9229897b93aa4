"""Sealing: every event once, in a tree that only grows, under heads that leave the house."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.errors import Invalid
from casework.events import Door, Happening
from casework.health import check_health
from casework.proving.keys import FILE, read_seal_keys
from casework.proving.sealing import Rewritten, seal
from casework.records import START, Subject, write_record
from models.tables import CHECKPOINTS, EVENTS, LEAVES, TREE_NODES, UNSEALED
from rules.checkpoint import Checkpoint, open_note
from rules.merkle import node_hash, root
from tests.offices import MONDAY_9AM, closed, rectifying, reported
from tests.sealing import faults, outside_of, sealed, unprotected, verified


def problems(office, at):
    return [each.zh for each in check_health(office, at=at).problems]


def rows(office, table, *order):
    with office.reading() as connection:
        statement = select(table).order_by(*(table.c[name] for name in order))
        return connection.execute(statement).all()


def reckoned(hashes):
    """The root over hashes, each node anew."""

    def node(level, index):
        if not level:
            return hashes[index]
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return root(len(hashes), node)


def test_nothing_to_seal_makes_no_head(office, tmp_path):
    run = sealed(office, tmp_path)

    assert (run.new, run.size, run.note, run.ok) == (0, 0, "", True)
    assert rows(office, CHECKPOINTS, "size") == []


def test_every_event_becomes_one_leaf_with_its_hash(office, tmp_path):
    numbers = [closed(office) for _ in range(3)]

    run = sealed(office, tmp_path)

    events = rows(office, EVENTS, "case_id", "seq")
    leaves = rows(office, LEAVES, "number")
    assert (run.new, run.size, len(numbers)) == (18, 18, 3)
    assert [leaf.number for leaf in leaves] == list(range(18))
    assert [(leaf.subject_id, leaf.seq, leaf.hash.hex()) for leaf in leaves] == [
        (event.case_id, event.seq, event.hash) for event in events
    ]
    assert {leaf.subject for leaf in leaves} == {"case"}
    assert rows(office, UNSEALED, "seq") == []


def test_records_are_sealed_beside_cases(office, tmp_path):
    reported(office)
    with office.writing() as connection:
        told = Happening("planned", None, "admin", Door.CLI, MONDAY_9AM, {"why": "monthly"})
        write_record(connection, Subject("lookback", 7, "回头看1号"), told, START)

    sealed(office, tmp_path)

    assert [(leaf.subject, leaf.seq) for leaf in rows(office, LEAVES, "number")] == [
        ("case", 1), ("lookback", 1),
    ]  # fmt: skip
    assert faults(office, tmp_path) == []


def test_the_head_is_a_note_over_the_root_of_all_leaves(office, tmp_path):
    closed(office)

    run = sealed(office, tmp_path)

    outside = outside_of(tmp_path)
    text, signed = open_note(run.note, outside.keys.verifiers)
    head = Checkpoint.read(text)
    hashes = [leaf.hash for leaf in rows(office, LEAVES, "number")]
    assert (head.origin, head.size, head.root) == (outside.keys.origin, 6, reckoned(hashes))
    assert head.extension("time") == "2026-03-02T01:00:00Z"
    assert signed == [outside.keys.newest]


@pytest.mark.parametrize("batch", [1, 2, 7, 5_000])
def test_batches_of_any_size_make_the_same_tree(sqlite_office, tmp_path, batch):
    for _ in range(6):
        closed(sqlite_office)

    run = sealed(sqlite_office, tmp_path, batch=batch)

    hashes = [leaf.hash for leaf in rows(sqlite_office, LEAVES, "number")]
    assert (run.new, run.root) == (36, reckoned(hashes).hex())
    assert [(each.level, each.place) for each in rows(sqlite_office, TREE_NODES, "place")] == [
        (4, 0), (4, 1),
    ]  # fmt: skip
    assert faults(sqlite_office, tmp_path) == []


def test_a_later_seal_extends_the_tree(office, tmp_path):
    number = reported(office)
    first = sealed(office, tmp_path)
    rectifying(office)
    second = sealed(office, tmp_path, days=1)

    assert number
    assert (first.size, second.new, second.size) == (1, 3, 4)
    assert faults(office, tmp_path) == []
    assert faults(office, tmp_path, since=1) == []


def test_sealing_again_with_nothing_new_signs_nothing(office, tmp_path):
    reported(office)
    first = sealed(office, tmp_path)

    again = sealed(office, tmp_path, days=1)

    assert (again.new, again.note, again.at) == (0, first.note, first.at)
    assert len(rows(office, CHECKPOINTS, "size")) == 1


def test_two_sealers_at_once_make_one_head(office, tmp_path):
    for _ in range(5):
        closed(office)
    outside = outside_of(tmp_path)

    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(seal, office, outside, at=MONDAY_9AM, batch=3).result for _ in range(4)]
        sizes = {each().size for each in runs}

    assert sum(each().new for each in runs) == 30
    assert max(sizes) == 30
    assert faults(office, tmp_path) == []


def test_heads_are_kept_at_home_and_in_a_second_place(office, tmp_path):
    second = tmp_path / "share"
    second.mkdir()
    outside = outside_of(tmp_path, BIHUAN_HEADS_TO=str(second))
    reported(office)
    seal(office, outside, at=MONDAY_9AM)
    reported(office)
    seal(office, outside, at=MONDAY_9AM + timedelta(days=30))

    notes = [row.note for row in rows(office, CHECKPOINTS, "size")]
    for place in (tmp_path / "heads", second):
        kept = [path.read_text() for path in sorted(place.iterdir())]
        assert kept == [f"{note}\n" for note in notes]
    assert verified(office, tmp_path, heads=[second]).outside == 4


def test_a_place_that_was_away_gets_what_it_missed(office, tmp_path):
    second = tmp_path / "share"
    outside = outside_of(tmp_path, BIHUAN_HEADS_TO=str(second))
    reported(office)
    missed = seal(office, outside, at=MONDAY_9AM)
    second.mkdir()

    caught_up = seal(office, outside, at=MONDAY_9AM)

    assert (missed.ok, caught_up.ok) == (False, True)
    assert str(second) in missed.uncopied[0].en
    assert [path.read_text() for path in second.iterdir()] == [f"{missed.note}\n"]


def test_a_head_half_written_spoils_no_other(office, tmp_path):
    reported(office)
    sealed(office, tmp_path)
    (path,) = (tmp_path / "heads").iterdir()
    whole = path.read_text()
    path.write_text(whole + whole[: len(whole) // 2])
    reported(office)

    sealed(office, tmp_path)

    found = verified(office, tmp_path)
    assert (found.outside, found.proven, found.faults) == (2, 2, [])


def rewrite(office, statement):
    with office.writing() as connection:
        unprotected(connection)
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM leaf WHERE number >= 4", "the log was cut"),
        ("DELETE FROM tree_node", "history was rewritten"),
        ("UPDATE checkpoint SET note = replace(note, '17', '18')", "not signed by a key of ours"),
        ("DELETE FROM checkpoint; DELETE FROM leaf", "the log was cut"),
    ],
)
def test_no_head_is_signed_over_a_tree_that_does_not_extend_the_last(
    office, tmp_path, statement, said
):
    for _ in range(17):
        reported(office)
    sealed(office, tmp_path)
    for each in statement.split(";"):
        rewrite(office, each)
    reported(office)
    before = rows(office, CHECKPOINTS, "size")

    with pytest.raises(Rewritten, match=said):
        sealed(office, tmp_path)

    assert rows(office, CHECKPOINTS, "size") == before
    assert "历史与检查点不符" in problems(office, MONDAY_9AM)[-1]


def test_an_old_backup_is_not_sealed_over(sqlite_office, tmp_path):
    reported(sqlite_office)
    sealed(sqlite_office, tmp_path)
    shutil.copyfile(tmp_path / "bihuan.db", tmp_path / "backup.db")
    reported(sqlite_office)
    sealed(sqlite_office, tmp_path)
    sqlite_office.engine.dispose()
    for path in tmp_path.glob("bihuan.db-*"):
        path.unlink()
    shutil.copyfile(tmp_path / "backup.db", tmp_path / "bihuan.db")

    with pytest.raises(Rewritten, match="old backup restored"):
        sealed(sqlite_office, tmp_path)


def test_what_waits_without_being_there_is_left_and_told(office, tmp_path):
    reported(office)
    with office.writing() as connection:
        connection.exec_driver_sql("INSERT INTO unsealed VALUES ('case', 99, 1)")

    run = sealed(office, tmp_path)

    assert (run.new, run.unfit, run.ok) == (1, 1, False)
    assert faults(office, tmp_path) == [
        "event 1 of case 99 waits to be sealed and is gone, or has no hash"
    ]


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(hours=1), []),
        (timedelta(hours=1, seconds=1), ["封存已停：有 1 条经过未封存，上次封存 2026-03-02 09:00"]),
    ],
)
def test_no_seal_for_an_hour_while_something_waits_is_trouble(office, tmp_path, later, said):
    sealed(office, tmp_path)
    reported(office)

    assert problems(office, MONDAY_9AM + later) == said


def test_an_old_seal_is_no_trouble_while_nothing_waits(office, tmp_path):
    reported(office)
    sealed(office, tmp_path)

    assert problems(office, MONDAY_9AM + timedelta(hours=3)) == []
    assert check_health(office, at=MONDAY_9AM).last_seal == MONDAY_9AM


def test_an_engine_that_never_sealed_says_so(office):
    reported(office)

    assert problems(office, MONDAY_9AM) == ["封存已停：有 1 条经过未封存，上次封存 从未运行"]


def test_the_key_is_made_once_for_its_owner_only(tmp_path):
    first = read_seal_keys({"BIHUAN_SEAL_NAME": "school.example/log"}, tmp_path)

    again = read_seal_keys({}, tmp_path)

    assert again == first
    assert first.origin == "school.example/log"
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / FILE).parent.iterdir()] == ["seal.key"]


@pytest.mark.parametrize("given", ["x", "PRIVATE+KEY+x", "log+00000000+AA=="])
def test_what_is_no_key_is_refused(tmp_path, given):
    with pytest.raises(Invalid):
        read_seal_keys({"BIHUAN_SEAL_KEY": given}, tmp_path)


def test_a_public_key_alone_cannot_seal(tmp_path):
    public = read_seal_keys({}, tmp_path).newest.text

    with pytest.raises(Invalid):
        read_seal_keys({"BIHUAN_SEAL_KEY": public}, tmp_path)
