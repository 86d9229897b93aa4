"""Webhooks from the command line, up to a delivery that posts."""

import pytest

from client import is_signed
from tests.notifications.receivers import answer, receiving
from tests.offices import MONDAY_9AM, reported

AT = MONDAY_9AM.isoformat()


@pytest.fixture
def receiver(monkeypatch):
    with receiving() as found:
        monkeypatch.setenv("BIHUAN_ALLOW_HOSTS", found.address)
        yield found


def test_a_webhook_hears_of_what_happens_after_it_was_added(bihuan, office, receiver):
    reported(office)
    who = ("--as", "admin", "--at", AT)
    added = bihuan("webhook", "add", "系统", receiver.url, *who, "--json").json
    tried = bihuan("webhook", "test", "系统", *who)
    changed = bihuan("webhook", "rotate", "系统", *who, "--json").json
    reported(office, description="之后的")
    delivered = bihuan("deliver", "--as-of", AT, "--json")
    listed = bihuan("webhook", "list", "--as", "admin")
    receipts = bihuan("webhook", "show", "系统", "--as", "admin", "--json").json

    assert tried.code == 0
    assert (delivered.json["events"], delivered.json["events_failed"]) == (1, 0)
    assert [each["kind"] for each in receipts] == ["case.report", "webhook.test"]
    _, headers, _ = receiver.got[-1]
    for each in (added, changed):
        assert is_signed(each["secret"], headers, receiver.bodies[-1], at=MONDAY_9AM.timestamp())
    assert changed["until"].startswith("2026-03-03")
    assert "启用" in listed.out
    assert receiver.url not in listed.out


def test_a_receiver_that_fails_is_told_and_left_waiting(bihuan, office, receiver):
    bihuan("webhook", "add", "系统", receiver.url, "--as", "admin", "--at", AT)
    reported(office)
    receiver.answer = answer(500)

    delivered = bihuan("deliver", "--as-of", AT)
    paused = bihuan("webhook", "pause", "系统", "--as", "admin", "--at", AT)
    resumed = bihuan("webhook", "resume", "系统", "--as", "admin", "--at", AT)
    removed = bihuan("webhook", "remove", "系统", "--as", "admin", "--at", AT)

    assert (delivered.code, "HTTP 500" in delivered.out) == (1, True)
    assert (paused.code, resumed.code, removed.code) == (0, 0, 0)
    assert bihuan("webhook", "list", "--as", "admin", "--json").json == []


def test_others_than_administrators_are_refused(bihuan, office):
    told = bihuan("webhook", "add", "x", "https://example.cn/", "--as", "committee1", "--json")

    assert (told.code, told.out) == (1, "")
