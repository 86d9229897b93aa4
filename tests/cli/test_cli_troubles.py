"""What goes wrong is one line with a remedy, an exit code, and never a traceback."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from cli.main import main
from tests.offices import reported

BIHUAN = Path(sys.executable).with_name("bihuan")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["dance"], "没有命令 'dance'。"),
        (["casse", "list"], "没有命令 'casse'，是否想用 'case'。"),
        (["case", "list", "--overdue=x"], "选项 --overdue 不带值。"),
        (["case", "list", "--bad"], "没有选项 --bad"),
        (["case", "list", "--size"], "选项 --size 需要一个值"),
        (["case", "list", "--size", "many"], "--size 的值无效：须为整数。"),
        (["case", "list", "--size", "0"], "--size 的值无效：须不小于 1。"),
        (["case", "list", "--lang", "fr"], "--lang 的值无效"),
        (["case", "show"], "缺少 NUMBER"),
        (["case", "show", "a", "b"], "多余的参数"),
        (["case", "report"], "缺少 --unit"),
    ],
)
def test_a_line_that_is_not_understood(bihuan, home, words, said):
    told = bihuan(*words)

    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("错误：")
    assert said in told.err
    assert "--help。" in told.err


def test_a_line_that_is_not_understood_in_english_and_json(bihuan, home):
    told = bihuan("case", "list", "--bad", "--json", "--lang", "en")

    assert (told.code, told.out) == (2, "")
    assert told.error["problem"].startswith("No such option: --bad")
    assert told.error["remedy"] == "See `bihuan case list --help`."


@pytest.mark.parametrize("words", [[], ["case"], ["db"]])
def test_a_noun_alone_shows_its_help(bihuan, bare_home, words):
    told = bihuan(*words)

    assert (told.code, told.err) == (2, "")
    assert "Commands" in told.out


def test_an_error_as_json_is_one_object_and_stdout_stays_empty(bihuan, home):
    told = bihuan("case", "show", "YH-0", "--as", "admin", "--json")

    assert (told.code, told.out) == (3, "")
    assert told.error == {
        "where": "number",
        "problem": "没有编号为 YH-0 的案件",
        "remedy": "可用 bihuan case list 查找。",
    }


def test_an_error_in_english(bihuan, home):
    told = bihuan("case", "show", "YH-0", "--as", "admin", "--lang", "en")

    assert told.err == ("error: number: there is no case YH-0. `bihuan case list` finds cases.\n")


def test_a_home_that_was_never_set_up(bihuan, bare_home):
    told = bihuan("case", "list", "--as", "admin")

    assert told.code == 4
    assert "请先运行 bihuan init" in told.err


@pytest.mark.parametrize("words", [["people"], ["policy", "show"], ["calendar", "show"]])
def test_a_database_that_does_not_answer(bihuan, home, monkeypatch, words):
    monkeypatch.setenv("BIHUAN_DATABASE_URL", "postgresql://127.0.0.1:1/none")

    told = bihuan(*words)

    assert (told.code, told.out) == (4, "")
    assert "数据库不可用" in told.err


def test_an_address_that_is_none(bihuan, home, monkeypatch):
    monkeypatch.setenv("BIHUAN_DATABASE_URL", "what's this")

    told = bihuan("people")

    assert told.code == 4
    assert "BIHUAN_DATABASE_URL" in told.err


def test_a_file_that_is_no_database(bihuan, home):
    (home / "bihuan.db").write_bytes(b"not a database at all, just words" * 40)

    told = bihuan("people")

    assert (told.code, told.out) == (4, "")
    assert "数据库不可用：file is not a database" in told.err


def test_a_fault_of_ours_leaves_its_traceback_in_a_log(bihuan, office, home):
    reported(office)
    with office.writing() as connection:
        connection.execute(text("UPDATE cases SET due_at = 'never'"))

    told = bihuan("case", "list", "--as", "owner1")

    log = home / "log" / "bihuan.log"
    assert (told.code, told.out) == (4, "")
    assert str(log) in told.err
    assert told.err.count("\n") == 1
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_made(bihuan, bare_home):
    bare_home.write_text("a file stands here", encoding="utf-8")

    told = bihuan("init")

    assert (told.code, told.out) == (4, "")
    assert "系统拒绝" in told.err


def test_a_reader_who_leaves_is_no_error(office, home):
    for _ in range(3):
        reported(office)
    environ = {**os.environ, "BIHUAN_HOME": str(home)}

    for words in (["units"], ["version", "--json"]):
        command = subprocess.Popen(
            [BIHUAN, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ
        )
        command.stdout.close()
        said = command.stderr.read()
        command.stderr.close()

        assert (command.wait(), said) == (141, b"")


def test_an_interrupted_command_says_nothing_and_exits_130(bare_home):
    # Whoever runs the tests in the background may have SIGINT ignored, and children inherit that.
    script = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from cli.main import main; sys.exit(main(['demo', '--days', '3650']))"
    )
    command = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    command.stdout.readline()

    command.send_signal(signal.SIGINT)
    _, said = command.communicate()

    assert (command.returncode, said) == (130, b"")


def test_a_terminal_without_chinese_shows_marks_instead(home):
    environ = {**os.environ, "BIHUAN_HOME": str(home), "PYTHONIOENCODING": "ascii", "LANG": "C"}

    done = subprocess.run([BIHUAN, "units"], capture_output=True, env=environ, check=False)

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"???" in done.stdout


def test_colours_are_for_terminals_that_want_them(home, capsys, monkeypatch):
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    main(["db", "check"])
    coloured = capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    main(["db", "check"])

    assert "\x1b[1;32m" in coloured
    assert "32m" not in capsys.readouterr().out
