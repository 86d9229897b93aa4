"""``bihuan lookback schedule``: added, changed, paused, listed, and shown on Prefect's pages."""

import json

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings
from typer.main import get_command

from casework.errors import NotFound, Refused
from casework.lookback.templates import save_template
from cli.lookback_schedule import schedule_app
from rules.faults import Unfit
from tests.lookbacks import MONTHLY
from tests.offices import MONDAY_9AM

NOBODY = "http://127.0.0.1:9/api"
AT = ("--at", "2026-03-02T09:00")
EVERY_MONTH = ("add", "每月", "--template", "每月", "--timing", "每月:5", *AT)


@pytest.fixture
def schedule(office, monkeypatch, capsys):
    """A command of the group, by the admin; what it said."""
    monkeypatch.setenv("BIHUAN_AS", "admin")
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    save_template(office, "每月", MONTHLY, by="admin", at=MONDAY_9AM)

    def run(*words):
        get_command(schedule_app).main(list(words), "bihuan", standalone_mode=False)
        return capsys.readouterr()

    return run


def test_a_schedule_is_added_and_listed_with_the_days_to_come(schedule):
    said = schedule(*EVERY_MONTH).out
    listed = json.loads(schedule("list", "--as-of", "2026-03-02", "--json").out)

    assert "已新增排期 每月" in said
    assert "每月 5 日" in said
    assert "2026-03-05、2026-04-07、2026-05-06" in said
    assert listed == [{
        "name": "每月", "template": "每月", "timing": "monthly:5", "clusters": "",
        "active": True, "since": "2026-03-02T09:00:00+08:00",
        "next": ["2026-03-05", "2026-04-07", "2026-05-06"],
    }]  # fmt: skip


def test_it_is_changed_paused_resumed_and_removed(schedule):
    schedule(*EVERY_MONTH)
    changed = json.loads(schedule("change", "每月", "--clusters", "each", *AT, "--json").out)
    paused = schedule("pause", "每月", *AT).out
    resumed = json.loads(schedule("resume", "每月", *AT, "--json").out)
    removed = schedule("remove", "每月", *AT, "--lang", "en").out

    assert (changed["clusters"], changed["timing"]) == ("each", "monthly:5")
    assert "已暂停排期 每月" in paused
    assert resumed["active"] is True
    assert removed == "removed the schedule '每月'\n"
    assert schedule("list").out == "还没有排期。\n"


def test_a_timing_that_is_none_is_refused(schedule):
    with pytest.raises(Unfit, match="yearly"):
        schedule("add", "年", "--template", "每月", "--timing", "yearly:1")


def test_a_server_that_does_not_answer_is_a_note_and_no_failure(schedule, monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", NOBODY)

    with temporary_settings({PREFECT_API_URL: NOBODY}):  # whatever server ran here before
        said = schedule(*EVERY_MONTH, "--json")

    assert json.loads(said.out)["name"] == "每月"
    assert "提示：Prefect 页面上的排期未能更新" in said.err


def test_what_is_due_is_drawn_once_without_a_server(schedule):
    schedule(*EVERY_MONTH)
    before = json.loads(schedule("run", "--as-of", "2026-03-03", "--json").out)
    early = schedule("run", "--as-of", "2026-03-03").out
    committed = json.loads(schedule("run", "--as-of", "2026-03-04T08:00", "--json").out)
    [number] = committed["committed"]
    due = json.loads(schedule("run", "--as-of", "2026-03-05T08:00", "--json").out)
    again = json.loads(schedule("run", "--as-of", "2026-03-05T09:00", "--json").out)

    assert (before["committed"], before["drawn"], before["failures"]) == ([], [], [])
    assert early == "没有到期的排期。\n"
    assert number == "校安回〔2026〕1号"
    assert (due["drawn"], again["drawn"]) == ([number], [])


def test_one_schedule_is_run_alone(schedule):
    schedule(*EVERY_MONTH)
    schedule("add", "每季", "--template", "每月", "--timing", "monthly:5", *AT)

    done = json.loads(schedule("run", "--only", "每季", "--as-of", "2026-03-04", "--json").out)

    assert len(done["committed"]) == 1


def test_a_schedule_that_is_none_is_not_run(schedule):
    with pytest.raises(NotFound):
        schedule("run", "--only", "另一个", "--as-of", "2026-03-04")


def test_nothing_is_drawn_as_of_a_moment_to_come(schedule):
    with pytest.raises(Refused, match="a moment to come"):
        schedule("run", "--as-of", "2999-01-01")
