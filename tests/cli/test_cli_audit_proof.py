"""``bihuan audit seal, verify, prove, key, heads, restart``."""

import shutil

import pytest

from tests.offices import closed, reported
from tests.sealing import unprotected
from verify.bihuan_verify import main as bihuan_verify


@pytest.fixture
def number(office):
    return closed(office)


def test_sealing_tells_how_much_and_under_which_head(bihuan, number):
    first = bihuan("audit", "seal", "--at", "2026-03-02T09:00")
    again = bihuan("audit", "seal", "--json").json

    assert first.code == 0
    assert "封存 6 条经过" in first.out
    assert "检查点：共 6 条" in first.out
    assert (again["new"], again["size"], again["ok"]) == (0, 6, True)
    assert again["note"].startswith("bihuan/")


def test_nothing_to_seal_says_so(bihuan, home):
    assert bihuan("audit", "seal").out == "封存 0 条经过\n"


def test_a_whole_history_is_called_whole_with_its_limit(bihuan, number):
    bihuan("audit", "seal")

    told, plain = bihuan("audit", "verify"), bihuan("audit", "verify", "--json").json

    assert told.code == 0
    assert "历史完整，未被改写" in told.out
    assert "持有数据库和密钥的人仍可改写而不被发现" in told.out.replace("\n", "")
    assert (plain["ok"], plain["leaves"], plain["proven"], plain["faults"]) == (True, 6, 6, [])
    newer = bihuan("audit", "verify", "--since", "6", "--json").json
    assert (newer["ok"], newer["events"], newer["heads"], newer["outside"]) == (True, 0, 1, 1)
    assert bihuan("audit", "verify", "--since", "5").code == 3


def test_a_rewritten_history_is_told_with_its_place(bihuan, office, number):
    bihuan("audit", "seal")
    with office.writing() as connection:
        unprotected(connection)
        connection.exec_driver_sql("UPDATE case_event SET role = 'admin' WHERE seq = 3")

    told, plain = bihuan("audit", "verify"), bihuan("audit", "verify", "--json")

    assert (told.code, plain.code) == (1, 1)
    assert "发现 1 处不符" in told.out
    assert f"{number} 第 3 条经过被改动：role（原为 cluster）" in told.out
    assert (plain.json["faults"][0]["name"], plain.json["faults"][0]["seq"]) == (number, 3)


def test_a_head_seen_in_a_digest_holds_the_history_to_it(bihuan, number):
    note = bihuan("audit", "seal", "--json").json["note"].split("\n")
    seen = " ".join(note[1:3])

    assert bihuan("audit", "verify", "--seen", seen, "--json").json["outside"] == 2
    assert bihuan("audit", "verify", "--seen", f"5 {note[2]}").code == 1
    assert bihuan("audit", "verify", "--seen", "x").code == 1


def test_a_bundle_is_written_once_and_checked_offline(bihuan, number, tmp_path, capsys):
    bihuan("audit", "seal")
    kept = next((tmp_path / "home" / "heads").iterdir())
    path = tmp_path / "proof.zip"
    words = ("audit", "prove", number, "--as", "auditor", "--to", path, "--head", kept)

    told, again = bihuan(*words), bihuan(*words)
    key = bihuan("audit", "key", "--json").json["key"]

    assert told.code == 0
    assert f"{number}：6 条经过，6 条有证明" in told.out
    assert (again.code, "已存在" in again.err) == (1, True)
    assert bihuan_verify([str(path), "--key", key, "--head", str(kept)]) == 0
    assert "与您所存的检查点（6 条" in capsys.readouterr().out


def test_what_cannot_be_written_reveals_nothing(bihuan, number, tmp_path):
    bihuan("audit", "seal")
    (tmp_path / "proof.zip").write_text("mine")
    words = ("audit", "prove", number, "--as", "auditor", "--reveal", "信访核实")

    told = bihuan(*words, "--to", tmp_path / "proof.zip")
    nowhere = bihuan(*words, "--to", tmp_path / "none" / "proof.zip")

    assert (told.code, nowhere.code) == (1, 3)
    assert bihuan("audit", "verify", "--json").json["waiting"] == 0


def test_heads_that_are_none_are_refused(bihuan, number, tmp_path):
    bihuan("audit", "seal")
    (tmp_path / "x.txt").write_text("x")

    told = bihuan("audit", "prove", number, "--as", "auditor", "--head", tmp_path / "x.txt")

    assert (told.code, "没有检查点" in told.err) == (3, True)
    assert bihuan("audit", "verify", "--heads", tmp_path / "none").code == 3


def test_the_key_is_shown_on_one_line_and_changed_by_an_administrator(bihuan, number, home):
    bihuan("audit", "seal")
    before = bihuan("audit", "key", "--json").json["key"]

    refused = bihuan("audit", "key", "--rotate", "--reason", "例行", "--as", "auditor")
    done = bihuan("audit", "key", "--rotate", "--reason", "例行", "--as", "admin", "--json").json
    shown = bihuan("audit", "key")

    assert (refused.code, done["ok"], done["size"]) == (1, True, 7)
    assert before in shown.out.split("\n")[1]
    assert bihuan("audit", "key", "--json").json["older"] == [before]
    assert bihuan("audit", "verify").code == 0
    assert [each["size"] for each in bihuan("audit", "heads", "--json").json] == [7, 6]
    assert "检查点" in bihuan("case", "show", number, "--as", "auditor").out


def test_going_on_after_a_restored_backup_is_told(bihuan, office, home, number, tmp_path):
    bihuan("audit", "seal")
    bihuan("db", "backup", tmp_path / "backup.db")
    reported(office)
    bihuan("audit", "seal")
    office.engine.dispose()
    shutil.copyfile(tmp_path / "backup.db", home / "bihuan.db")

    refused = bihuan("audit", "seal")
    done = bihuan("audit", "restart", "--reason", "磁盘损坏", "--as", "admin")
    verified = bihuan("audit", "verify")

    assert (refused.code, "恢复了旧备份" in refused.err) == (1, True)
    assert (done.code, verified.code) == (0, 0)
    assert "磁盘损坏" in verified.out
    assert bihuan("audit", "restart", "--reason", "x", "--as", "admin").code == 1
