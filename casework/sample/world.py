"""The office while the story runs: its cases, its people's agenda, and what they do to a case.

Nothing here writes to a case: every move goes through ``casework.moves`` as at any door, so what
the rules refuse is refused here too.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from cryptography.fernet import Fernet

from casework.answers import Moved
from casework.cases import find_case
from casework.errors import Refused
from casework.events import Door
from casework.moves import bounds_of, move
from casework.office import Office
from casework.sample.agenda import Agenda, working_moment
from casework.sample.choices import choose
from casework.sample.lives import PACES, Life, Scene, whose
from casework.sample.news import DayNews, Item
from casework.sample.organisation import Organisation
from casework.sample.photos import Album
from casework.sample.tally import Lateness, blame
from casework.sample.turns import Turn
from models import Shows
from notifications.sealing import Keys
from rules.access import Role
from rules.actions import Action
from rules.deadlines import Stage, days_late
from rules.wording import NOTHING, Wording

# Working days that work itself takes before anybody reports on it; our choice.
_WORK = {True: (4, 9), False: (1, 4)}
_WHAT_WAS_SAID = ("finding", "reason", "text")


def own_keys() -> Keys:
    return Keys([Fernet.generate_key().decode()])


@dataclass(frozen=True, slots=True)
class Call:
    """A visit that inspectors are about to make: of which look-back, which case, and who."""

    lookback: str
    number: str
    inspectors: tuple[str, ...]
    is_ordinary: bool


@dataclass(slots=True)
class World:
    """``looks`` are look-backs not yet published, ``month`` the first day of the last month that
    had its look-back; ``relapsed`` once any has found a relapse.
    """

    office: Office
    organisation: Organisation
    chance: Random
    paces: dict[str, str]
    album: Album
    agenda: Agenda = field(default_factory=Agenda)
    lives: dict[str, Life] = field(default_factory=dict)
    news: DayNews = field(default_factory=DayNews)
    late: Lateness = field(default_factory=Lateness)
    keys: Keys = field(default_factory=own_keys)
    looks: list[str] = field(default_factory=list)
    calls: dict[str, Call] = field(default_factory=dict)
    month: date = date.min
    relapsed: bool = False

    def take_up(self, life: Life, at: datetime) -> None:
        """Remember a new case; its school looks at it at its own pace."""
        self.lives[life.number] = life
        self._come_back(life, Role.OWNER, at)

    def take_up_again(self, life: Life, at: datetime) -> None:
        """Bring a hazard that relapsed back to its school, which is watched from now on."""
        life.done[Action.REOPEN] += 1
        life.pressed, life.effort = True, life.done[Action.PROGRESS] + 1
        self._come_back(life, Role.OWNER, at, works=True)

    def visit(self, life: Life, at: datetime) -> None:
        """Let whoever holds the case do what they choose."""
        scene = self.look_at(life, at)
        turn = choose(scene)
        if turn:
            self.play(scene, turn)

    def look_at(self, life: Life, at: datetime) -> Scene:
        with self.office.reading() as connection:
            stored = find_case(connection, life.number)
            book = self.office.rulebooks.at(connection, at, stored.stamps)
        life.pressed |= stored.facts.listed is not None
        bounds = bounds_of(stored.facts, stored.due_at, book, at)
        return Scene(life, stored, bounds, at, self.chance)

    def play(self, scene: Scene, turn: Turn) -> bool:
        """Try a move; tell what came of it, and say who comes back to the case when."""
        life, at = scene.life, scene.at
        shows = [Shows.AFTER] if turn.shows_after else []
        files = [self.album.photograph(each, scene.today) for each in shows]
        try:
            moved = move(
                self.office, life.number, turn.action, turn.typed,
                by=turn.by, at=at, door=Door.PAGE, files=files,
            )  # fmt: skip
        except Refused as refusal:
            self._tell(scene, turn, refusal.problem)
            self._come_back(life, scene.facts.holder, at)
            return False
        self._tell(scene, turn)
        self._remember(scene, turn, moved)
        return True

    def _tell(self, scene: Scene, turn: Turn, refused: Wording = NOTHING) -> None:
        said = next((turn.typed[name] for name in _WHAT_WAS_SAID if name in turn.typed), "")
        self.news.items.append(
            Item(
                scene.at, scene.life.number, scene.life.team.name,
                self.organisation.names[turn.by], turn.action,
                is_major=scene.is_major, said=said, refused=refused,
            )
        )  # fmt: skip

    def _remember(self, scene: Scene, turn: Turn, moved: Moved) -> None:
        life = scene.life
        life.done[turn.action] += 1
        self._reckon_lateness(scene, moved)
        if turn.action is Action.TRANSFER:
            life.team = self.organisation.teams[turn.typed["unit"]]
        if moved.stage is None:
            return
        holder = Role(moved.holder) if moved.holder else None
        if turn.action is Action.ASK_EXTENSION:
            holder = Role.COMMITTEE if scene.is_major else Role.CLUSTER
        works = moved.stage == Stage.RECTIFICATION and turn.action is not Action.ASK_EXTENSION
        self._come_back(life, holder, scene.at, works=works)

    def _reckon_lateness(self, scene: Scene, moved: Moved) -> None:
        """Hold the lateness of a clock against whom it ran for, once it stops or is set anew."""
        due_at, holder = scene.stored.due_at, scene.facts.holder
        if due_at is None or holder is None:
            return
        if moved.due_at is None or datetime.fromisoformat(moved.due_at) != due_at:
            blame(self.late, holder, scene.life.team, days_late(due_at, scene.at))

    def _come_back(
        self, life: Life, holder: Role | None, after: datetime, *, works: bool = False
    ) -> None:
        pace = "prompt" if life.pressed else self.paces[whose(holder, life.team)]
        workdays = self.chance.randint(*PACES[pace])
        if works:
            workdays += self.chance.randint(*_WORK[life.hazard.obstacle is not None])
        self.agenda.put(life.number, working_moment(after, workdays, self.chance))
