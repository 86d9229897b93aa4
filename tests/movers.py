"""What processes of their own do to an office: they race each other, or move until they are killed.

Started by ``multiprocessing`` from a server that has imported this module, so that a child takes
milliseconds to begin.
"""

from multiprocessing import get_context

from casework.errors import Refused
from casework.events import Door
from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.moves import move
from casework.office import Office
from rules.actions import Action
from tests.conftest import opened
from tests.offices import MONDAY_9AM, a_plan, act, after_photo, reported

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.movers"])

ANOTHER_DAY = "2026-03-25"


def office_at(engine, folder):
    """The office that ``an_office`` filled, seen from another process."""
    return Office(engine, EvidenceStore(folder / "evidence", Limits()))


def race(url, folder, order, start, told):
    """Do ``order`` = (action, by, typed, seen) to each number in turn, all racers at once.

    ``told`` gets the list of outcomes: "won", or what the refusal says.
    """
    numbers, action, by, typed, seen = order
    with opened(url) as engine:
        office = office_at(engine, folder)
        outcomes = []
        for number in numbers:
            start.wait(60)
            outcomes.append(_outcome(office, number, action, by, typed, seen))
    told.put((action, outcomes))


def _outcome(office, number, action, by, typed, seen):
    try:
        move(office, number, action, typed, by=by, at=MONDAY_9AM, door=Door.CLI, seen=seen)
    except Refused as refused:
        return refused.say("zh")
    return "won"


def move_until_killed(url, folder, acknowledged):
    """Open case after case and walk each through its life; send (number, seq) after each answer."""
    with opened(url) as engine:
        office = office_at(engine, folder)
        photos = {colour: after_photo(office, colour) for colour in ("green", "blue", "white")}
        while True:
            number = reported(office, owner="张三")
            acknowledged.send((number, 1))
            for action, by, typed, photo in _LIFE:
                files = [photos[photo]] if photo else []
                answer = act(office, number, action, by, files=files, **typed)
                acknowledged.send((number, answer.seq))


_LIFE = (
    (Action.ASSIGN, "head1", {"owner": "李四"}, ""),
    (Action.SUBMIT_PLAN, "owner1", a_plan(), ""),
    (Action.APPROVE_PLAN, "head1", {}, ""),
    (Action.PROGRESS, "owner1", {"text": "进行中"}, "white"),
    (Action.CLAIM, "owner1", {}, "green"),
    (Action.FAIL, "verifier1a", {"finding": "未固定", "new_due": ANOTHER_DAY}, ""),
    (Action.CLAIM, "owner1", {}, "blue"),
    (Action.PASS, "verifier1b", {"finding": "合格"}, ""),
    (Action.CLOSE, "cluster1", {}, ""),
    (Action.REOPEN, "inspector1", {"finding": "复发"}, ""),
)
