"""双随机: which units are inspected and by whom, by the look-back's tickets and its honest order.

The seed is committed to the day before a period opens, when nobody knows the frame; on the day
the frame is frozen, the secret revealed, units and inspectors drawn. Anybody can draw it again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, select, update

from casework.inspections.plans import Held, write_plan
from casework.inspections.runs import Run, happening, units_under
from casework.lookback.assigning import teams_digest
from casework.lookback.committing import NEW_SECRET
from casework.lookback.rosters import Candidate, read_roster
from casework.people import Unit
from models import Place
from models.tables import INSPECTION_DRAWS, ORGANISATIONS
from rules.inspections.acts import PlanAct
from rules.inspections.periods import Period
from rules.inspections.plan import Sample, sample_sizes
from rules.lookback.draw import draw
from rules.lookback.inspectors import Assigned, assign
from rules.lookback.roster import Inspector, Visit
from rules.lookback.seeds import commitment_of, seed_from
from rules.proof import canonical

DRAWS = INSPECTION_DRAWS.c
_CLUSTERS = select(ORGANISATIONS.c.id, ORGANISATIONS.c.code).where(
    ORGANISATIONS.c.kind == Place.CLUSTER
)


class Visitors(NamedTuple):
    """A drawn unit, who was drawn to inspect it (nobody, if nobody could be), and on which day."""

    unit: Unit
    team: Sequence[int]
    day: date | None


@dataclass(slots=True)
class Carried:
    """How far a draw was carried now: ``teams`` is None unless it was drawn."""

    number: str
    committed: bool = False
    teams: list[Visitors] | None = None
    impossible: list[str] = field(default_factory=list)


def carry_on_draw(
    connection: Connection, held: Held, line: int, period: Period, run: Run
) -> tuple[Held, Carried]:
    """Commit to a period's draw, and draw it once its period has opened; each once."""
    number = f"{held.row.number}/{line + 1}/{period.key}"
    carried = Carried(number)
    row = _find(connection, held.row.id, line, period.key)
    if row is None:
        held = _commit(connection, held, (line, period, number), run)
        carried.committed = True
        row = _find(connection, held.row.id, line, period.key)
    if row is not None and row.drawn_at is None and period.opens_on <= run.today:
        held = _draw(connection, held, row, run, carried)
    return held, carried


def frame_digest(frame: Sequence[Sequence[str]]) -> str:
    """Return the hash of a frame: its lines of unit and stratum, in the order of the codes."""
    lines = (f"{code}\t{stratum}\n" for code, stratum in frame)
    return sha256("".join(lines).encode()).hexdigest()


def draw_units(frame: Sequence[Sequence[str]], seed: str, sample: Sample) -> list[list[str]]:
    """Return the drawn units as [code, stratum, ticket], by stratum and ticket."""
    units = [(code, stratum) for code, stratum in frame]
    found = draw(units, seed, sample_sizes(sample, units))
    return [[one.id, one.stratum, one.ticket] for key in sorted(found) for one in found[key]]


def _find(connection: Connection, plan: int, line: int, period: str) -> Row[Any] | None:
    wanted = select(INSPECTION_DRAWS).where(
        DRAWS.plan_id == plan, DRAWS.line == line, DRAWS.period == period
    )
    return connection.execute(wanted).first()


def _commit(connection: Connection, held: Held, which: tuple[int, Period, str], run: Run) -> Held:
    line, period, number = which
    secret = NEW_SECRET()
    commitment = commitment_of(secret, number)
    connection.execute(insert(INSPECTION_DRAWS), {
        "plan_id": held.row.id, "line": line, "period": period.key, "number": number,
        "opens_on": period.opens_on, "due_on": period.due_on, "commitment": commitment,
        "sealed_secret": run.keys.seal(secret), "secret": "", "committed_at": run.at,
        "frame": [], "frame_digest": "", "seed": "", "drawn": [], "drawn_at": None,
        "impossible": [], "published_at": None,
    })  # fmt: skip
    body = {"draw": number, "commitment": commitment}
    return write_plan(connection, held, happening(PlanAct.COMMIT, run, body))


def _draw(connection: Connection, held: Held, row: Row[Any], run: Run, carried: Carried) -> Held:
    """Freeze the frame, reveal the secret, draw the units, then their inspectors."""
    sample = held.plan.sample or Sample()
    units = {each.code: each for each in units_under(connection, held.plan.lines[row.line].place)}
    frame = _frame(connection, list(units.values()), sample)
    digest, secret = frame_digest(frame), run.keys.unseal(row.sealed_secret)
    seed = seed_from(secret, None, digest)
    drawn = draw_units(frame, seed, sample)
    held = _tell_draw(connection, held, row.number, run, [
        (PlanAct.FREEZE, {"digest": digest, "size": len(frame)}),
        (PlanAct.REVEAL, {"secret": secret}),
        (PlanAct.DRAW, {"seed": seed, "drawn": [code for code, *_ in drawn]}),
    ])  # fmt: skip
    given = draw_input(connection, [units[code] for code, *_ in drawn], row.due_on, run)
    assigned = given.assign(sample, seed)
    carried.teams, carried.impossible = given.seat(assigned), _impossible(assigned, units)
    held = write_plan(connection, held, happening(PlanAct.ASSIGN, run, {
        "draw": row.number, "assigned": len(assigned.visits),
        "teams": teams_digest(assigned.visits),
        "impossible": [[each.case, each.rule.value] for each in assigned.impossible],
    }, {"input": canonical(given.plain())}))  # fmt: skip
    columns = {
        "sealed_secret": "", "secret": secret, "frame": frame, "frame_digest": digest,
        "seed": seed, "drawn": drawn, "drawn_at": run.at,
        "impossible": [[each.case, each.wording.zh, each.wording.en]
                       for each in assigned.impossible],
    }  # fmt: skip
    here = (DRAWS.plan_id == row.plan_id, DRAWS.line == row.line, DRAWS.period == row.period)
    connection.execute(update(INSPECTION_DRAWS).where(*here).values(**columns))
    return held


def _tell_draw(
    connection: Connection,
    held: Held,
    number: str,
    run: Run,
    steps: Sequence[tuple[PlanAct, dict[str, Any]]],
) -> Held:
    for act, body in steps:
        held = write_plan(connection, held, happening(act, run, {"draw": number, **body}))
    return held


def _frame(connection: Connection, units: Sequence[Unit], sample: Sample) -> list[list[str]]:
    """Return every unit with its stratum: its cluster, or one for all."""
    clusters = dict(connection.execute(_CLUSTERS).tuples().all())
    return sorted(
        [each.code, clusters.get(each.cluster_id, "") if sample.by_cluster else ""]
        for each in units
    )


@dataclass(frozen=True, slots=True)
class DrawInput:
    """All that a draw of inspectors depends on besides the rules and the seed."""

    units: Sequence[Unit]
    visits: Sequence[Visit]
    roster: Sequence[Candidate]

    def assign(self, sample: Sample, seed: str) -> Assigned:
        inspectors = [each.inspector for each in self.roster]
        return assign(self.visits, inspectors, sample.inspectors, seed)

    def seat(self, assigned: Assigned) -> list[Visitors]:
        ids = {each.inspector.code: each.id for each in self.roster}
        return [
            Visitors(unit, [ids[code] for code in seat.inspectors], seat.day)
            if (seat := assigned.visits.get(unit.code))
            else Visitors(unit, (), None)
            for unit in self.units
        ]

    def plain(self) -> dict[str, Any]:
        """Return plain JSON values, for whoever wants to draw the inspectors again."""
        return {
            "visits": [[v.case, v.unit, v.cluster, sorted(v.beyond)] for v in self.visits],
            "roster": [
                [c.inspector.code, c.inspector.unit, c.inspector.cluster,
                 sorted(each.isoformat() for each in c.inspector.days),
                 sorted(c.inspector.others)]
                for c in self.roster
            ],
        }  # fmt: skip


def draw_input(connection: Connection, units: Sequence[Unit], until: date, run: Run) -> DrawInput:
    """Return who could inspect these units until a day, and what keeps each from which."""
    clusters = dict(connection.execute(_CLUSTERS).tuples().all())
    roster = read_roster(connection, run.calendar, run.today, max(until, run.today))
    visits = [
        Visit(
            unit.code, unit.code, clusters.get(unit.cluster_id, ""), frozenset(),
            frozenset(
                each.inspector.code for each in roster
                if not any(unit.path.startswith(over) for over in each.reach)
            ),
        )
        for unit in units
    ]  # fmt: skip
    return DrawInput(units, visits, roster)


def _impossible(assigned: Assigned, units: dict[str, Unit]) -> list[str]:
    return [f"{units[each.case].name}: {each.wording.zh}" for each in assigned.impossible]


def assign_again(told: Mapping[str, Any], sample: Sample, seed: str) -> str:
    """Draw the inspectors again from what ``DrawInput.plain`` told; return the teams' digest."""
    visits = [
        Visit(case, unit, cluster, frozenset(), frozenset(beyond))
        for case, unit, cluster, beyond in told["visits"]
    ]
    roster = [
        Inspector(code, unit, cluster, frozenset(map(date.fromisoformat, days)), frozenset(others))
        for code, unit, cluster, days, others in told["roster"]
    ]
    return teams_digest(assign(visits, roster, sample.inspectors, seed).visits)
