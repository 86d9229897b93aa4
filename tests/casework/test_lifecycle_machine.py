"""Whatever anybody tries in whatever order, the office does what the rules decide, and no more."""

import shutil
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event

from casework.cases import find_case
from casework.errors import Refused
from casework.events import Door
from casework.forms import read_form
from casework.moves import bounds_of, move
from casework.office import Office
from casework.people import find_actor
from casework.sweep import sweep
from models.engine import open_engine
from rules.access import ENGINE
from rules.actions import Action, Given
from rules.case import Level
from rules.consequences import evolve
from rules.decisions import Refusal
from rules.lifecycle import available, decide
from rules.moves import TABLE
from tests.conftest import opened
from tests.invariants import broken
from tests.offices import MONDAY_9AM, PERSON, TEAM, after_photo, an_office, reported

# The policy's limits stand among them: 60 days for an extension, 90 and 365 for a plan.
DAYS_AHEAD = st.sampled_from([-1, 0, 1, 10, 30, 60, 61, 89, 91, 92, 120, 365, 368])
WORDS = {
    Given.LEVEL: ["ordinary", "major"],
    Given.UNIT: [*TEAM, "P1"],
    Given.OBSTACLE: ["funds", "inside"],
    Given.KIND: ["supervision", "guidance"],
    Given.CAUSE: ["serious", "cannot_fix_at_once"],
    Given.SUPERVISOR: ["cluster", "committee"],
}
PHOTOS = ("green", "blue", "white", "black", "gold", "pink", "tan", "navy")
LEADS_ON = {
    Action.SUBMIT_PLAN, Action.APPROVE_PLAN, Action.FIX_ON_SPOT, Action.ASK_EXTENSION,
    Action.GRANT_EXTENSION, Action.CLAIM, Action.PASS, Action.FAIL, Action.RELEASE, Action.CLOSE,
    Action.REOPEN,
}  # fmt: skip


class Lives(RuleBasedStateMachine):
    """Cases that people act on as time goes by; each move is decided here first."""

    numbers = Bundle("numbers")
    serial = count()

    def __init__(self, filled):
        super().__init__()
        folder, evidence, self.photos, self.actors = filled
        self.path = folder / f"{next(self.serial)}.db"
        shutil.copyfile(folder / "bihuan.db", self.path)
        engine = open_engine(f"sqlite:///{self.path}")
        event.listen(engine, "connect", _without_waiting_for_the_disk)
        self.office = Office(engine, evidence)
        self.now = MONDAY_9AM
        self.handed_in = set()
        self.some_photos = st.lists(st.sampled_from(self.photos), max_size=2, unique_by=id)

    @initialize(target=numbers)
    def begin(self):
        return reported(self.office)

    @rule(target=numbers, unit=st.sampled_from(list(TEAM)), level=st.sampled_from(Level))
    def report(self, unit, level):
        return reported(self.office, unit=unit, level=level, at=self.now, owner="张三")

    @rule(hours=st.sampled_from([1, 15, 24, 72, 240, 720]))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def sweep(self):
        swept = sweep(self.office, as_of=self.now, ran_at=self.now, jump_agreed=True)
        assert swept.failed == []

    @rule(
        number=numbers,
        by=st.sampled_from([None, *PERSON]),
        action=st.sampled_from(Action),
        data=st.data(),
    )
    def try_anything(self, number, by, action, data):
        self.attempt(number, by, action, data.draw(self.forms(action)), data.draw(self.some_photos))

    @rule(number=numbers, data=st.data())
    def do_what_is_offered(self, number, data):
        by, action = data.draw(st.sampled_from(self.offers(number)))
        self.attempt(number, by, action, data.draw(self.forms(action)), data.draw(self.some_photos))

    @rule(number=numbers, days=st.sampled_from([14, 30]), data=st.data())
    def do_what_leads_on(self, number, days, data):
        """Towards the end of a life and round again, where aimless walks seldom get."""
        leading = [each for each in self.offers(number) if each[1] in LEADS_ON]
        by, action = data.draw(st.sampled_from(leading or self.offers(number)))
        day = f"{self.now + timedelta(days=days):%Y-%m-%d}"
        good = {Given.DEADLINE: day, Given.NEW_DUE: day, Given.OBSTACLE: "funds"}
        typed = {each.value: good.get(each, "一句话") for each in TABLE[action].needs}
        self.attempt(number, by, action, typed, self.a_new_photo(number))

    def offers(self, number):
        stored, bounds = self.look(number)
        return [
            (by, offer.action)
            for by, actor in self.actors.items()
            for offer in available(
                stored.facts, by=actor.id, roles=actor.roles_over(stored.unit_path), bounds=bounds
            )
        ]

    def attempt(self, number, by, action, typed, files):
        """Do it, and compare with what the rules said beforehand."""
        expected = self.expected(number, by, action, typed, files)
        answer = self.answer(number, by, action, typed, files)
        if isinstance(expected, str):
            assert answer == expected
            return
        told = (answer.state, answer.claimed, answer.stage, answer.holder)
        assert told == (expected.state, expected.claimed, expected.stage, expected.holder)
        assert self.look(number)[0].facts == expected
        self.handed_in |= {(number, expected.cycle, each.stored.sha256) for each in files}

    def answer(self, number, by, action, typed, files):
        """What the office answers, or the sentence of its refusal."""
        how = {"by": by, "at": self.now, "door": Door.CLI, "files": files}
        try:
            return move(self.office, number, action, typed, **how)
        except Refused as refused:
            return refused.problem.en

    def expected(self, number, by, action, typed, files):
        """The facts after the move, or the sentence of its refusal."""
        (stored, bounds), actor = self.look(number), self.actors[by]
        given = read_form(action, typed) | ({Given.EVIDENCE: len(files)} if files else {})
        roles = actor.roles_over(stored.unit_path)
        decision = decide(
            stored.facts, action, by=actor.id, roles=roles, given=given, bounds=bounds
        )
        if isinstance(decision, Refusal):
            return decision.wording.en
        if action is Action.TRANSFER and given[Given.UNIT] == "P1":
            return "第一片区 is not a responsible unit"
        if action is Action.TRANSFER and PLACED[given[Given.UNIT]] == stored.unit_path:
            return f"the case is with {NAMED[given[Given.UNIT]]} already"
        after = evolve(stored.facts, decision)
        if {(number, after.cycle, each.stored.sha256) for each in files} & self.handed_in:
            return "the same photo or file was handed in before"
        return after

    def look(self, number):
        with self.office.reading() as connection:
            stored = find_case(connection, number)
            book = self.office.rulebooks.at(connection, self.now)
        return stored, bounds_of(stored.facts, stored.due_at, book, self.now)

    def forms(self, action):
        """Every field filled as it may be, and sometimes one left out."""
        row = TABLE[action]
        fields = [each for each in (*row.needs, *row.may) if each is not Given.EVIDENCE]
        needed = {each.value: self.values(each) for each in fields if each in row.needs}
        return st.fixed_dictionaries(
            needed, optional={each.value: self.values(each) for each in fields if each in row.may}
        ) | st.fixed_dictionaries({}, optional=needed)

    def a_new_photo(self, number):
        used = {sha256 for case, _, sha256 in self.handed_in if case == number}
        return [each for each in self.photos if each.stored.sha256 not in used][:1]

    def values(self, field):
        if field in (Given.DEADLINE, Given.NEW_DUE):
            return DAYS_AHEAD.map(lambda days: f"{self.now + timedelta(days=days):%Y-%m-%d}")
        return st.sampled_from(WORDS.get(field, ["一句话", ""]))

    def teardown(self):
        wrong = broken(self.office)
        self.office.engine.dispose()
        self.path.unlink()
        assert wrong == []


PLACED = {"S1": "/1001/1002/1004/", "S2": "/1001/1002/1005/", "S3": "/1001/1003/1006/"}
NAMED = {"S1": "第一小学", "S2": "第二中学", "S3": "第三幼儿园"}


def _without_waiting_for_the_disk(connection, _record):
    """Nothing is killed here, so nothing needs to be on disk: ten times the moves in a second."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture(scope="module")
def filled(sqlite_template, tmp_path_factory):
    """A folder with an office's SQLite file, its evidence store, photos and people."""
    folder = tmp_path_factory.mktemp("filled")
    shutil.copyfile(sqlite_template, folder / "bihuan.db")
    with opened(f"sqlite:///{folder / 'bihuan.db'}") as engine:
        office = an_office(engine, folder)
        photos = [after_photo(office, colour) for colour in PHOTOS]
        with office.reading() as connection:
            actors = {code: find_actor(connection, code) for code in PERSON}
    return folder, office.evidence, photos, {**actors, None: ENGINE}


def test_the_office_does_what_the_rules_decide(filled):
    run_state_machine_as_test(
        lambda: Lives(filled),
        settings=settings(max_examples=settings.default.max_examples // 2, stateful_step_count=40),
    )
