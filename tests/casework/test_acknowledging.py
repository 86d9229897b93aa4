"""Who says that they know is remembered and told; repeats stop, the clock runs on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.acknowledging import acknowledge, acknowledge_by_link
from casework.errors import NotFound, Refused
from casework.events import Door
from casework.links import VALID_FOR, link_token, read_token
from casework.sweep import sweep
from models.tables import ACKNOWLEDGEMENTS, CASES, EVENTS
from notifications.channels import Channels
from rules.actions import Action
from tests.invariants import broken
from tests.offices import MONDAY_9AM, PERSON, a_plan, act, rectifying, reported
from tests.outbox import KEYS, MINUTE, Kept, delivered, nothing_owed, notices, owed, reachable

DAY = timedelta(days=1)


@pytest.fixture
def number(office):
    found = reported(office)
    nothing_owed(office)
    return found


def acknowledged(office, *ids, by="owner1", at=MONDAY_9AM):
    return acknowledge(office, ids, by=by, at=at, door=Door.CLI)


def events(office):
    with office.reading() as connection:
        rows = connection.execute(select(EVENTS).order_by(EVENTS.c.case_id, EVENTS.c.seq))
        return [(row.kind, row.actor_id, row.role) for row in rows]


def test_it_is_told_in_the_history_and_the_case_stays_as_it_was(office, number):
    [notice] = owed(office, number, "owner1")
    with office.reading() as connection:
        before = connection.execute(select(CASES)).one()._asdict()

    [done] = acknowledged(office, notice)

    assert (done.number, done.at, done.new) == (number, MONDAY_9AM, True)
    assert events(office)[-1] == ("acknowledge", PERSON["owner1"], "owner")
    with office.reading() as connection:
        after = connection.execute(select(CASES)).one()._asdict()
    assert {name for name in before if before[name] != after[name]} == {"seq", "head"}
    assert broken(office) == []


def test_again_changes_nothing(office, number):
    [first, second] = owed(office, number, "owner1") + owed(office, number, "owner1")

    acknowledged(office, first)
    again = acknowledged(office, first, second, at=MONDAY_9AM + DAY)

    assert [each.at for each in again] == [MONDAY_9AM, MONDAY_9AM + DAY]
    assert [each.new for each in again] == [False, False]
    assert len(events(office)) == 2
    with office.reading() as connection:
        assert len(connection.execute(select(ACKNOWLEDGEMENTS)).all()) == 1


def test_another_person_or_another_clock_is_another_acknowledgement(office):
    number = reported(office)
    nothing_owed(office)
    [mine, theirs] = owed(office, number, "owner1", "head1")
    acknowledged(office, mine)
    acknowledged(office, theirs, by="head1")
    act(office, number, Action.SUBMIT_PLAN, "owner1", **a_plan())
    [later] = owed(office, number, "owner1")

    assert acknowledged(office, later)[0].new
    assert [kind for kind, *_ in events(office)].count("acknowledge") == 3


def test_a_notice_of_somebody_else_is_not_found(office, number):
    [notice] = owed(office, number, "owner1")

    with pytest.raises(NotFound):
        acknowledged(office, notice, by="head1")
    with pytest.raises(NotFound):
        acknowledged(office, notice, notice + 999)

    assert notices(office)[0].acknowledged_at is None
    assert len(events(office)) == 1


def test_the_link_of_a_message_acknowledges_all_that_it_told(office, number):
    reachable(office, "owner1")
    owed(office, number, "owner1")
    owed(office, number, "owner1")
    channel = Kept()
    delivered(office, Channels(KEYS, {"email": channel}, "https://b.example"))
    [message] = channel.messages
    token = message.text.rpartition("/acknowledge/")[2].split()[0]

    done = acknowledge_by_link(office, KEYS, token, at=MONDAY_9AM + DAY, door=Door.PAGE)
    again = acknowledge_by_link(office, KEYS, token, at=MONDAY_9AM + 2 * DAY, door=Door.PAGE)

    assert [each.new for each in done] == [True, False]
    assert [each.at for each in again] == [MONDAY_9AM + DAY] * 2
    assert all(each.acknowledged_at == MONDAY_9AM + DAY for each in notices(office))
    assert f"https://b.example/case/{number}" in message.text


def test_a_repeat_stops_and_the_clock_does_not(office):
    number = rectifying(office)
    nothing_owed(office)
    late = MONDAY_9AM + timedelta(days=22)
    sweep(office, as_of=late, ran_at=late, jump_agreed=True)
    mine = [each for each in notices(office) if each.person_id == PERSON["head1"]]
    acknowledged(office, mine[-1].id, by="head1", at=late)
    much_later = late + timedelta(days=20)

    sweep(office, as_of=much_later, ran_at=much_later, jump_agreed=True)

    told = [each.key for each in notices(office)]
    assert not [key for key in told if ".1:" in key or ".2:" in key]
    assert [key for key in told if "overdue-10" in key]
    assert all(f"{number}/" in each.receipt for each in notices(office))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1],
        lambda token: "9" + token,
        lambda token: token.replace(".7-8.", ".7-9."),
        lambda _token: "",
        lambda _token: "...",
        lambda _token: "１.２.３.４",
    ],
)
def test_a_link_that_we_did_not_sign_is_refused(spoil):
    token = link_token(KEYS, 2003, [7, 8], MONDAY_9AM)

    assert read_token(KEYS, f" {token}\n", MONDAY_9AM) == (2003, (7, 8))
    with pytest.raises(Refused, match="not one of ours"):
        read_token(KEYS, spoil(token), MONDAY_9AM)


def test_a_link_expires():
    token = link_token(KEYS, 2003, [7], MONDAY_9AM)

    assert read_token(KEYS, token, MONDAY_9AM + VALID_FOR - MINUTE) == (2003, (7,))
    with pytest.raises(Refused, match="expired"):
        read_token(KEYS, token, MONDAY_9AM + VALID_FOR)
