"""``bihuan db``: is the database whole, and can a copy of it be trusted?"""

import pysqlite3
import pytest

from casework.backup import back_up
from casework.errors import Refused
from casework.home import Home
from casework.upkeep import check_database
from models import schema
from tests.conftest import opened
from tests.offices import a_photo, an_office, closed, reported


def change(home, *statements):
    connection = pysqlite3.connect(str(home / "bihuan.db"))
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


OPEN_HISTORY = "DROP TRIGGER case_event_refuses_update"
OPEN_TAIL = "DROP TRIGGER case_event_refuses_delete"


def test_a_whole_database_is_called_whole(bihuan, office):
    closed(office)

    told = bihuan("db", "check")
    plain = bihuan("db", "check", "--json").json

    assert told.code == 0
    assert told.out.startswith("数据库完整\n")
    assert (plain["whole"], plain["database"], plain["version"]) == (
        True, "sqlite", pysqlite3.sqlite_version,
    )  # fmt: skip
    assert (plain["cases_checked"], plain["counts"]["case_event"], plain["faults"]) == (1, 6, [])
    assert plain["revision"] == plain["newest"] == schema.newest()


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ([OPEN_HISTORY], "缺少触发器 case_event_refuses_update"),
        (
            [OPEN_HISTORY, "UPDATE case_event SET role = 'head' WHERE seq = 3"],
            "第 3 条经过与此前不符",
        ),
        (
            [OPEN_HISTORY, "UPDATE case_event SET at = '2026-01-01 00:00:00' WHERE seq = 2"],
            "第 2 条",
        ),
        ([OPEN_TAIL, "DELETE FROM case_event WHERE seq = 6"], "应有 6 条经过，历史到第 5 条为止"),
        ([OPEN_TAIL, "DELETE FROM case_event"], "YH2026-000001 没有经过"),
        ([OPEN_HISTORY, "UPDATE case_event SET at = 'dawn' WHERE seq = 2"], "的经过无法读取"),
        (["DELETE FROM cases"], "指向不存在的 cases"),
        (["UPDATE cases SET unit_id = 9"], "指向不存在的 organisation"),
        (["DROP INDEX ix_cases_due"], "表结构不符"),
        (["UPDATE alembic_version SET version_num = '0001'"], "请运行 bihuan db upgrade"),
    ],
)
def test_what_was_done_to_a_database_is_found(bihuan, home, office, statements, said):
    closed(office)
    office.engine.dispose()
    change(home, *statements)

    told = bihuan("db", "check")

    assert told.code == 1
    assert said in told.out


def test_faults_are_told_in_english(bihuan, home):
    change(home, OPEN_HISTORY)

    told = bihuan("db", "check", "--json", "--lang", "en")

    assert told.json["faults"] == ["trigger case_event_refuses_update is gone: history is open"]


def test_a_chain_is_followed_past_the_first_window(home, office):
    for unit in ("S1", "S2", "S3"):
        reported(office, unit=unit)
    office.engine.dispose()
    change(home, OPEN_HISTORY, "UPDATE case_event SET role = 'head' WHERE case_id = 3")

    found = check_database(Home(home, f"sqlite:///{home / 'bihuan.db'}"), window=2)

    assert found.cases_checked == 3
    assert "YH2026-000003" in found.faults[-1].zh


def test_a_file_that_is_no_database_is_a_fault(bihuan, bare_home):
    bare_home.mkdir()
    (bare_home / "bihuan.db").write_bytes(b"not a database at all, just words" * 40)

    told = bihuan("db", "check")

    assert told.code == 1
    assert "数据库文件损坏" in told.out


def test_what_holds_on_postgresql_too(office_on_postgresql, postgresql_database, tmp_path):
    closed(office_on_postgresql)

    found = check_database(Home(tmp_path, postgresql_database))

    assert (found.faults, found.backend, found.cases_checked) == ([], "postgresql", 1)
    assert found.version.startswith(("1", "2"))


def test_postgresql_is_backed_up_by_its_own_tool(tmp_path):
    home = Home(tmp_path, "postgresql://wang:secret@db.example:5432/bihuan")

    with pytest.raises(Refused, match="backed up by its own tool") as refused:
        back_up(home, tmp_path / "a.dump")

    assert refused.value.remedy.en == (
        f"Run: pg_dump --format=custom --file={tmp_path / 'a.dump'} "
        "postgresql://wang@db.example:5432/bihuan"
    )


def test_a_backup_is_a_whole_database(bihuan, home, office, tmp_path):
    number = reported(office)

    told = bihuan("db", "backup", "copy.db")

    assert told.code == 0
    assert "evidence" in told.out
    assert sorted(each.name for each in tmp_path.glob("*copy.db*")) == ["copy.db"]
    with opened(f"sqlite:///{tmp_path / 'copy.db'}") as engine, engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT number FROM cases").scalar_one()
    assert found == number


def test_a_backup_can_be_made_while_somebody_writes(bihuan, office):
    with office.writing():
        told = bihuan("db", "backup", "copy.db", "--json")

    assert told.code == 0
    assert told.json["size"] > 0


def test_backups_that_cannot_be_made(bihuan, home, tmp_path):
    (tmp_path / "there.db").write_bytes(a_photo())

    assert bihuan("db", "backup", "there.db").code == 1
    assert (tmp_path / "there.db").read_bytes() == a_photo()
    assert bihuan("db", "backup", tmp_path / "none" / "copy.db").code == 3
    assert bihuan("db", "backup").code == 2


@pytest.mark.parametrize("words", [["check"], ["backup", "copy.db"], ["upgrade"]])
def test_nothing_is_made_where_nothing_was_set_up(bihuan, bare_home, words):
    told = bihuan("db", *words)

    assert (told.code, told.out) == (4, "")
    assert "请先运行 bihuan init" in told.err
    assert not bare_home.exists()


def test_an_older_database_is_upgraded(bihuan, bare_home):
    bare_home.mkdir()
    with opened(f"sqlite:///{bare_home / 'bihuan.db'}") as engine:
        schema.upgrade(engine, "0001")

    before = bihuan("case", "list", "--as", "admin")
    told = bihuan("db", "upgrade")

    assert (before.code, told.code) == (4, 0)
    assert "请运行 bihuan db upgrade" in before.err
    assert told.out == f"数据库已是 {schema.newest()}\n"
    assert bihuan("db", "check").code == 0


def test_an_upgrade_catches_up_with_what_waited(bihuan, office):
    reported(office)

    told = bihuan("db", "upgrade", "--json")

    assert (told.code, told.json["indexed"]) == (0, 1)


@pytest.fixture
def office_on_postgresql(postgresql_database, tmp_path):

    with opened(postgresql_database) as engine:
        yield an_office(engine, tmp_path)
