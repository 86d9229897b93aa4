"""A webhook's secret is changed while it works: for a while both sign, then the new one alone."""

from datetime import timedelta

import pytest

from casework.errors import Invalid, NotFound, Refused
from casework.records import read_records
from casework.webhooks.acts import remove_webhook
from casework.webhooks.rotating import rotate_secret
from casework.webhooks.store import SUBJECT
from casework.webhooks.trying import try_webhook
from client import is_signed
from rules.proof import first_break
from tests.hooking import KEYS, added, hand, hooks_to, posted, row_of
from tests.notifications.receivers import receiving
from tests.offices import MONDAY_9AM, reported

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def receiver():
    with receiving() as found:
        yield found


def rotated(office, *, at=MONDAY_9AM, by="admin", **how):
    return rotate_secret(office, KEYS, "系统", hand(by, at), **how).secret


def believed(office, receiver, secrets, at):
    """Which of these secrets' holders believe a test that is posted at a moment."""
    try_webhook(office, hooks_to(receiver.address), "系统", hand(at=at))
    headers, body = receiver.got[-1][1], receiver.bodies[-1]
    return [is_signed(each, headers, body, at=at.timestamp()) for each in secrets]


def test_both_secrets_sign_an_event_and_the_history_tells_of_the_change(office, tmp_path, receiver):
    old = added(office, tmp_path, receiver.url)
    new = rotated(office)
    reported(office)

    done = posted(office, tmp_path, hooks_to(receiver.address))

    _, headers, _ = receiver.got[0]
    at = MONDAY_9AM.timestamp()
    assert (done.sent, old != new) == (1, True)
    assert all(is_signed(each, headers, receiver.bodies[0], at=at) for each in (old, new))
    with office.reading() as connection:
        history = read_records(connection, SUBJECT, row_of(office).id)
    assert [event.kind for event, _ in history] == ["add_webhook", "rotate_webhook_secret"]
    assert first_break(history) is None
    assert "whsec_" not in str(history) + str(row_of(office))


@pytest.mark.parametrize(("hours", "after", "old_signs"), [
    (24, DAY - MINUTE, True), (24, DAY, False), (0, timedelta(0), False),
    (720, 30 * DAY - MINUTE, True),
])  # fmt: skip
def test_the_old_secret_signs_until_its_time_is_up(
    sqlite_office, tmp_path, receiver, hours, after, old_signs
):
    old = added(sqlite_office, tmp_path, receiver.url)
    new = rotated(sqlite_office, hours=hours)

    found = believed(sqlite_office, receiver, [old, new], MONDAY_9AM + after)

    assert found == [old_signs, True]


def test_a_secret_that_got_lost_is_changed_again_and_the_first_still_signs(
    sqlite_office, tmp_path, receiver
):
    first = added(sqlite_office, tmp_path, receiver.url)
    lost, third = rotated(sqlite_office), rotated(sqlite_office)
    leaked = believed(sqlite_office, receiver, [first, lost, third], MONDAY_9AM)
    last = rotated(sqlite_office, hours=0)

    assert leaked == [True, True, True]
    assert believed(sqlite_office, receiver, [first, lost, third, last], MONDAY_9AM) == [
        False, False, False, True,
    ]  # fmt: skip


def test_a_header_holds_four_signatures_at_most(sqlite_office, tmp_path, receiver):
    secrets = [added(sqlite_office, tmp_path, receiver.url)]
    secrets += [rotated(sqlite_office) for _ in range(5)]

    assert believed(sqlite_office, receiver, secrets, MONDAY_9AM) == [False] * 2 + [True] * 4


def test_a_removed_webhook_keeps_no_secret_at_all(sqlite_office, tmp_path, receiver):
    added(sqlite_office, tmp_path, receiver.url)
    rotated(sqlite_office)

    remove_webhook(sqlite_office, "系统", hand())

    row = row_of(sqlite_office)
    assert (row.sealed_secret, row.old_secrets) == ("", [])


@pytest.mark.parametrize(("asked", "fault"), [
    ({"hours": 721}, Invalid), ({"hours": -1}, Invalid), ({"by": "committee1"}, Refused),
])  # fmt: skip
def test_what_may_not_be_is_refused(sqlite_office, tmp_path, receiver, asked, fault):
    added(sqlite_office, tmp_path, receiver.url)

    with pytest.raises(fault):
        rotated(sqlite_office, **asked)


def test_there_is_no_secret_of_nothing(sqlite_office):
    with pytest.raises(NotFound):
        rotated(sqlite_office)
