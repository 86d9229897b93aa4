"""Events reach a real receiver: signed, in order, none lost and none twice, nobody named."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.health import check_health
from casework.records import read_records
from casework.webhooks.acts import pause_webhook, remove_webhook, resume_webhook
from casework.webhooks.store import SUBJECT
from casework.webhooks.trying import try_webhook
from client import is_signed
from models import WebhookState
from rules.actions import Action
from rules.proof import first_break
from tests.hooking import added, hand, hooks_to, posted, row_of, tried
from tests.notifications.receivers import answer, dribble, hang, hang_up, receiving
from tests.offices import MONDAY_9AM, act, planned, rectifying, reported

HOUR = timedelta(hours=1)


@pytest.fixture
def receiver():
    with receiving() as found:
        yield found


class Dying:
    """Whoever posts by it dies in the midst of it."""

    def send_bytes(self, *_):
        raise KeyboardInterrupt


def types(receiver):
    return [body["type"] for _, _, body in receiver.got]


def names(receiver):
    return [headers["webhook-id"] for _, headers, _ in receiver.got]


def test_what_happens_is_posted_in_order_and_signed(office, tmp_path, receiver):
    secret = added(office, tmp_path, receiver.url)
    number = planned(office)
    done = posted(office, tmp_path, hooks_to(receiver.address))
    again = posted(office, tmp_path, hooks_to(receiver.address))

    assert (done.sent, done.failed, again.sent) == (2, 0, 0)
    assert types(receiver) == ["case.report", "case.submit_plan"]
    _, headers, body = receiver.got[1]
    data = body["data"]
    assert is_signed(secret, headers, receiver.bodies[1], at=MONDAY_9AM.timestamp() + 60)
    assert (data["case"], data["seq"], data["unit"], data["cluster"]) == (number, 2, "S1", "P1")
    assert data["changed"]["state"] == ["reported", "plan"]
    assert data["link"] == f"https://bihuan.example/case/{number}"
    assert data["receipt"].startswith(f"{number}/2/")


def test_no_word_and_no_name_of_anybody_leaves(sqlite_office, tmp_path, receiver):
    added(sqlite_office, tmp_path, receiver.url)
    number = rectifying(sqlite_office, description="王老师说的话", location="何处", owner="李某")
    act(sqlite_office, number, Action.PROGRESS, "owner1", text="张某已联系")
    posted(sqlite_office, tmp_path, hooks_to(receiver.address))

    told = b"".join(receiver.bodies).decode()
    assert len(receiver.got) == 4
    assert not [word for word in ("王老师", "何处", "李某", "张某", "OWNER1", "owner1", "总务处")
                if word in told]  # fmt: skip


def test_what_happened_before_is_not_told(sqlite_office, tmp_path, receiver):
    reported(sqlite_office)
    added(sqlite_office, tmp_path, receiver.url)
    reported(sqlite_office, description="后来的")
    posted(sqlite_office, tmp_path, hooks_to(receiver.address))

    assert [body["data"]["case"] for *_, body in receiver.got] == ["YH2026-000002"]


@pytest.mark.parametrize(("wanted", "heard"), [
    ({"place": "P1"}, ["case.report", "case.submit_plan"]),
    ({"place": "S3"}, ["case.report"]),
    ({"place": "S2"}, []),
    ({"kinds": ["submit_plan"]}, ["case.submit_plan"]),
    ({"kinds": ["case.close"], "place": "P1"}, []),
])  # fmt: skip
def test_only_what_is_wanted_where_it_is_wanted(sqlite_office, tmp_path, receiver, wanted, heard):
    added(sqlite_office, tmp_path, receiver.url, **wanted)
    planned(sqlite_office, unit="S1")
    reported(sqlite_office, unit="S3")
    posted(sqlite_office, tmp_path, hooks_to(receiver.address))

    assert types(receiver) == heard


@pytest.mark.parametrize(("behaves", "says"), [
    (answer(500), "HTTP 500"),
    (answer(301, headers=[("Location", "http://127.0.0.1:1/elsewhere")]), "HTTP 301"),
    (hang_up, "RemoteProtocolError"),
    (answer(200, length=99), "RemoteProtocolError"),
], ids=["fails", "redirects", "hangs up", "cut short"])  # fmt: skip
def test_a_failure_waits_and_the_same_is_sent_before_any_other(
    office, tmp_path, receiver, behaves, says
):
    added(office, tmp_path, receiver.url)
    planned(office)
    receiver.answer = behaves
    first = posted(office, tmp_path, hooks_to(receiver.address))
    too_soon = posted(office, tmp_path, hooks_to(receiver.address))
    receiver.answer = answer()
    later = posted(office, tmp_path, hooks_to(receiver.address), after=HOUR)

    assert (first.failed, too_soon.sent, later.sent) == (1, 0, 2)
    assert [sent for _, sent, _ in tried(office)] == [False, True, True]
    assert tried(office)[0][2] == says
    assert names(receiver)[0] == names(receiver)[1]  # the receiver can tell that it is the same


@pytest.mark.parametrize("behaves", [hang, dribble])
def test_a_slow_receiver_is_left_and_tried_again(sqlite_office, tmp_path, receiver, behaves):
    added(sqlite_office, tmp_path, receiver.url)
    reported(sqlite_office)
    receiver.answer = behaves(receiver)

    done = posted(sqlite_office, tmp_path, hooks_to(receiver.address, seconds=0.2))

    assert (done.failed, tried(sqlite_office)[0][2]) == (1, "ReadTimeout")


def test_one_receiver_that_fails_keeps_no_other_waiting(sqlite_office, tmp_path, receiver):
    with receiving() as bad:
        bad.answer = answer(503)
        added(sqlite_office, tmp_path, bad.url, "坏的")
        added(sqlite_office, tmp_path, receiver.url, "好的")
        reported(sqlite_office)
        done = posted(sqlite_office, tmp_path, hooks_to(receiver.address, bad.address))

    assert (done.sent, done.failed, len(receiver.got)) == (1, 1, 1)


def test_after_every_try_it_is_given_up_and_goes_on_once_resumed(office, tmp_path, receiver):
    added(office, tmp_path, receiver.url)
    planned(office)
    receiver.answer = answer(500)
    hooks = hooks_to(receiver.address)
    for tries in range(40):
        posted(office, tmp_path, hooks, after=7 * HOUR * tries)
    dead, sick = row_of(office), check_health(office, at=MONDAY_9AM)
    receiver.answer = answer()
    silent = posted(office, tmp_path, hooks, after=400 * HOUR)
    resume_webhook(office, "系统", hand(at=MONDAY_9AM + 401 * HOUR))
    back = posted(office, tmp_path, hooks, after=402 * HOUR)

    assert (dead.state, dead.reason) == (WebhookState.DEAD, "HTTP 500")
    assert len(receiver.got) == dead.tries + 2
    assert [each.en for each in sick.problems if "webhook" in each.en]
    assert (silent.sent, back.sent, row_of(office).state) == (0, 2, WebhookState.ACTIVE)
    with office.reading() as connection:
        history = read_records(connection, SUBJECT, dead.id)
    assert first_break(history) is None
    assert [event.kind for event, _ in history] == [
        "add_webhook", "give_up_webhook", "resume_webhook",
    ]  # fmt: skip


def test_a_receiver_that_says_it_is_gone_is_given_up_at_once(sqlite_office, tmp_path, receiver):
    added(sqlite_office, tmp_path, receiver.url)
    reported(sqlite_office)
    receiver.answer = answer(410)

    done = posted(sqlite_office, tmp_path, hooks_to(receiver.address))

    assert (done.dead, row_of(sqlite_office).state) == (1, WebhookState.DEAD)


def test_an_address_inside_is_refused_unless_the_operator_allows_it(
    sqlite_office, tmp_path, receiver
):
    added(sqlite_office, tmp_path, receiver.url)
    reported(sqlite_office)

    done = posted(sqlite_office, tmp_path, hooks_to("127.0.0.1:1"))
    refused = tried(sqlite_office)[0][2]
    later = posted(sqlite_office, tmp_path, hooks_to(receiver.address), after=HOUR)

    assert (done.failed, done.dead, later.sent) == (1, 0, 1)
    assert "public network" in refused


def test_what_happens_during_a_pause_is_told_after_it(sqlite_office, tmp_path, receiver):
    added(sqlite_office, tmp_path, receiver.url)
    pause_webhook(sqlite_office, "系统", hand())
    reported(sqlite_office)
    paused = posted(sqlite_office, tmp_path, hooks_to(receiver.address))
    resume_webhook(sqlite_office, "系统", hand())
    back = posted(sqlite_office, tmp_path, hooks_to(receiver.address))

    assert (paused.sent, back.sent) == (0, 1)


def test_a_pause_while_a_message_is_under_way_sends_it_no_second_time(
    sqlite_office, tmp_path, receiver
):
    added(sqlite_office, tmp_path, receiver.url)
    planned(sqlite_office)

    def pause(handler):
        pause_webhook(sqlite_office, "系统", hand())
        answer()(handler)

    receiver.answer = pause
    first = posted(sqlite_office, tmp_path, hooks_to(receiver.address))
    receiver.answer = answer()
    resume_webhook(sqlite_office, "系统", hand())
    second = posted(sqlite_office, tmp_path, hooks_to(receiver.address), after=HOUR)

    assert (first.sent, second.sent) == (1, 1)
    assert len(set(names(receiver))) == 2


def test_a_removed_webhook_leaves_neither_address_nor_secret(sqlite_office, tmp_path, receiver):
    added(sqlite_office, tmp_path, receiver.url)
    remove_webhook(sqlite_office, "系统", hand())
    reported(sqlite_office)
    posted(sqlite_office, tmp_path, hooks_to(receiver.address))
    gone = row_of(sqlite_office)

    assert (gone.sealed_url, gone.sealed_secret, receiver.got) == ("", "", [])
    added(sqlite_office, tmp_path, receiver.url)  # its name is free again


def test_two_that_post_at_once_send_each_event_once(office, tmp_path, receiver):
    added(office, tmp_path, receiver.url)
    planned(office)
    within = []

    def meanwhile(handler):
        receiver.answer = answer()
        within.append(posted(office, tmp_path, hooks_to(receiver.address), owner="another").sent)
        answer()(handler)

    receiver.answer = meanwhile
    done = posted(office, tmp_path, hooks_to(receiver.address))

    assert (done.sent, within, len(receiver.got)) == (2, [0], 2)


def test_a_run_that_died_is_taken_over_after_its_lease(office, tmp_path, receiver):
    added(office, tmp_path, receiver.url)
    reported(office)

    dying = replace(hooks_to(receiver.address), poster=Dying())
    with pytest.raises(KeyboardInterrupt):
        posted(office, tmp_path, dying, owner="dead")
    early = posted(office, tmp_path, hooks_to(receiver.address), after=timedelta(minutes=1))
    late = posted(office, tmp_path, hooks_to(receiver.address), after=timedelta(minutes=6))

    assert (early.sent, late.sent) == (0, 1)


def test_a_webhook_is_tried_out_without_telling_anything(sqlite_office, tmp_path, receiver):
    secret = added(sqlite_office, tmp_path, receiver.url)
    reported(sqlite_office)

    receipt = try_webhook(sqlite_office, hooks_to(receiver.address), "系统", hand())

    assert receipt == (True, "HTTP 200", False)
    assert types(receiver) == ["webhook.test"]
    _, headers, _ = receiver.got[0]
    assert is_signed(secret, headers, receiver.bodies[0], at=MONDAY_9AM.timestamp())
    assert posted(sqlite_office, tmp_path, hooks_to(receiver.address)).sent == 1
