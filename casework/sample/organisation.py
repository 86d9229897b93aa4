"""An invented district: a committee, 16 clusters of five schools each, and who works there.

Codes can be read: ``PQ01`` is the first cluster, ``XX0102`` its second school, ``zr-XX0102`` that
school's owner (责任人). The same seed gives the same names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from casework.organisations import PersonEntry, PlaceEntry
from casework.sample.chance import SEED, dice
from casework.sample.names import (
    CLUSTERS,
    COMMITTEE_NAME,
    EVERYWHERE,
    IN_TURN,
    People,
    school_name,
)
from models import Place
from rules.access import Role

ROOT = "ZWH"
ADMIN = "admin"
AUDITOR = "auditor"
COMMITTEE = ("zw-01", "zw-02", "zw-03")
INSPECTORS = tuple(f"jc-{number:02d}" for number in range(1, 9))


@dataclass(frozen=True, slots=True)
class Team:
    """Who acts for a school, by code: the sample's cast for one unit."""

    unit: str
    name: str
    unit_type: str
    cluster: str
    cluster_name: str
    reporter: str
    owner: str
    head: str
    lead: str
    verifiers: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Organisation:
    """What ``organisations.set_up`` takes, and the same by unit and by person."""

    places: tuple[PlaceEntry, ...]
    people: tuple[PersonEntry, ...]
    teams: Mapping[str, Team]
    names: Mapping[str, str]

    def named(self, unit_name: str) -> Team | None:
        return next((team for team in self.teams.values() if team.name == unit_name), None)


@lru_cache(maxsize=4)
def compose(seed: int = SEED) -> Organisation:
    teams = [team for number in range(1, len(CLUSTERS) + 1) for team in _teams(number)]
    people = tuple(_people(teams, People(dice("people", seed))))
    return Organisation(
        tuple(_places(teams)),
        people,
        {team.unit: team for team in teams},
        {person.code: person.name for person in people},
    )


def _teams(number: int) -> list[Team]:
    turn = number % len(IN_TURN)
    kinds = (*EVERYWHERE, IN_TURN[turn], IN_TURN[(turn + 1) % len(IN_TURN)])
    return [_team(number, nth, kind) for nth, kind in enumerate(kinds, start=1)]


def _team(number: int, nth: int, unit_type: str) -> Team:
    prefix, unit, cluster = CLUSTERS[number - 1], f"XX{number:02d}{nth:02d}", f"PQ{number:02d}"
    return Team(
        unit, school_name(prefix, unit_type), unit_type, cluster, f"{prefix}片区",
        reporter=f"sb-{unit}", owner=f"zr-{unit}", head=f"fz-{unit}", lead=f"pq-{cluster}",
        verifiers=(f"ys-{cluster}-1", f"ys-{cluster}-2"),
    )  # fmt: skip


def _places(teams: list[Team]) -> list[PlaceEntry]:
    clusters = {team.cluster: team.cluster_name for team in teams}
    return [
        PlaceEntry(Place.COMMITTEE, ROOT, COMMITTEE_NAME),
        *(PlaceEntry(Place.CLUSTER, code, name, ROOT) for code, name in clusters.items()),
        *(PlaceEntry(Place.UNIT, t.unit, t.name, t.cluster, t.unit_type) for t in teams),
    ]


def _people(teams: list[Team], names: People) -> list[PersonEntry]:
    jobs = dict.fromkeys([*_above(), *_in_clusters(teams), *_in_schools(teams)])
    return [PersonEntry(code, names.name(), ((role, place),)) for code, role, place in jobs]


Job = tuple[str, Role, str]


def _above() -> list[Job]:
    return [
        (ADMIN, Role.ADMIN, ROOT),
        (AUDITOR, Role.AUDITOR, ROOT),
        *((code, Role.COMMITTEE, ROOT) for code in COMMITTEE),
        *((code, Role.INSPECTOR, ROOT) for code in INSPECTORS),
    ]


def _in_clusters(teams: list[Team]) -> list[Job]:
    return [
        job
        for team in teams
        for job in (
            (team.lead, Role.CLUSTER, team.cluster),
            *((code, Role.VERIFIER, team.cluster) for code in team.verifiers),
        )
    ]


def _in_schools(teams: list[Team]) -> list[Job]:
    return [
        job
        for team in teams
        for job in (
            (team.reporter, Role.REPORTER, team.unit),
            (team.owner, Role.OWNER, team.unit),
            (team.head, Role.HEAD, team.unit),
        )
    ]
