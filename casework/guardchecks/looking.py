"""Checks as they may be seen: by who holds and inspects them, and as counts by anybody."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.guardchecks.assigning import teams_differ, teams_of
from casework.guardchecks.checks import Hand, find_check, hold, receipt, require_overseer, write
from casework.guardchecks.drawing import draw_from, record_of
from casework.office import Office
from casework.people import find_actor, names_of
from casework.records import read_records
from casework.registers.places import held_under
from casework.registers.store import FOUND
from models.tables import CASES, GUARD_CHECKS, GUARD_VISITS, ORGANISATIONS, REGISTER_RECORDS
from rules.access import PERMITS, Actor, Verb
from rules.guardchecks.acts import CheckAct, CheckState
from rules.guardchecks.findings import Identity
from rules.lookback.frame import StratumBy, read_stratum
from rules.lookback.seeds import check_reveal, order_is_honest, seed_from
from rules.registers.kinds import kinds
from rules.registers.masking import masked
from rules.wording import Wording

_CHECKS, _VISITS = GUARD_CHECKS.c, GUARD_VISITS.c
_SHOWN = (
    _CHECKS.number, _CHECKS.period, _CHECKS.state, _CHECKS.share, _CHECKS.commitment, _CHECKS.seed,
    _CHECKS.frame_digest, _CHECKS.frame_size, _CHECKS.drawn, _CHECKS.committed_at,
    _CHECKS.drawn_at, _CHECKS.published_at,
)  # fmt: skip


def list_checks(office: Office, *, by: str) -> Sequence[Mapping[str, Any]]:
    """Return every check, the newest first; raise Refused for who may not see them."""
    with office.reading() as connection:
        require_overseer(find_actor(connection, by))
        rows = connection.execute(select(*_SHOWN).order_by(_CHECKS.period.desc())).mappings()
        return [dict(row) for row in rows]


def open_check(office: Office, number: str, *, by: str) -> dict[str, Any]:
    """Return a check, the guards drawn where ``by`` may look (masked), and what was found.

    Raise Refused or NotFound.
    """
    with office.reading() as connection:
        actor = find_actor(connection, by)
        require_overseer(actor)
        row = find_check(connection, number)
        visits = _visits(connection, row.id, actor)
        return {
            **{column.name: getattr(row, column.name) for column in _SHOWN},
            "visits": visits, "counts": _counts(connection, row.id), "wrong": _wrong(row),
            "receipt": f"guard_check:{row.number}/{row.seq}/{row.head[:8]}",
        }  # fmt: skip


def verify_check(office: Office, number: str, *, by: str) -> Wording | None:
    """Return what is wrong with a check's draw, None when nothing is.

    The commitment, the seed and everybody drawn are reckoned anew from the frozen frame.
    """
    with office.reading() as connection:
        require_overseer(find_actor(connection, by))
        row = find_check(connection, number)
        events = [each.kind for each, _ in read_records(connection, "guard_check", row.id)]
        teams = teams_differ(connection, row.id, row.seed)
        stored = connection.execute(
            select(_VISITS.record_id, _VISITS.stratum, _VISITS.no, _VISITS.ticket).where(
                _VISITS.check_id == row.id
            )
        ).all()
    if row.state is CheckState.COMMITTED:
        return None
    if fault := order_is_honest(events) or _wrong(row) or teams:
        return fault
    drawn = draw_from(office, row.frame_digest, row.seed, row.share)
    again = {
        (record_of(each.id), each.stratum, each.rank, each.ticket)
        for several in drawn.values() for each in several
    }  # fmt: skip
    same = again == {tuple(each) for each in stored}
    return None if same else Wording("抽中名单与重算不同", "another draw than the seed gives")


def publish_check(office: Office, number: str, hand: Hand) -> str:
    """Publish the counts of a check that is done; return the receipt. Raise Refused, NotFound."""
    with office.writing() as connection:
        check = hold(connection, number, CheckState.DONE, hand)
        counts = _counts(connection, check.id)
        write(
            connection, check, CheckAct.PUBLISH, {"counts": counts},
            {"state": CheckState.PUBLISHED, "published_at": hand.at},
        )  # fmt: skip
    return receipt(check)


def list_published(office: Office) -> Sequence[Mapping[str, Any]]:
    """Return what anybody may read of published checks: counts by cluster, nobody named."""
    with office.reading() as connection:
        rows = connection.execute(
            select(_CHECKS.id, *_SHOWN)
            .where(_CHECKS.state == CheckState.PUBLISHED)
            .order_by(_CHECKS.period.desc())
        ).mappings()
        return [
            {**{name: value for name, value in row.items() if name != "id"},
             "counts": _counts(connection, row["id"])}
            for row in rows
        ]  # fmt: skip


def _visits(connection: Connection, check: int, actor: Actor) -> list[dict[str, Any]]:
    """Return the drawn guards where ``actor`` may look, those still to be seen first."""
    seen = held_under(connection, actor, PERMITS[Verb.CHECK_GUARDS])
    rows = connection.execute(
        FOUND.add_columns(
            _VISITS.stratum, _VISITS.no, _VISITS.identity, _VISITS.national_seen,
            _VISITS.school_seen, _VISITS.violations, _VISITS.note, _VISITS.by_id, _VISITS.at,
            CASES.c.number.label("case_number"),
        )
        .join(GUARD_VISITS, _VISITS.record_id == REGISTER_RECORDS.c.id)
        .outerjoin(CASES, CASES.c.id == _VISITS.case_id)
        .where(_VISITS.check_id == check, seen)
        .order_by(_VISITS.identity.is_not(None), ORGANISATIONS.c.path, REGISTER_RECORDS.c.key)
    ).all()  # fmt: skip
    teams, guard = teams_of(connection, check), kinds()["guard"]
    people = {person for _, team in teams.values() for person in team}
    names = names_of(connection, {*(row.by_id for row in rows), *people})
    return [
        {
            "guard": row.key, "unit": row.unit_name, "unit_code": row.unit_code,
            "values": masked(guard, {**row.facts, **row.personal}), "no": row.no,
            "stratum": row.stratum, "identity": row.identity, "national": row.national_seen,
            "school": row.school_seen, "violations": row.violations, "note": row.note,
            **_team(teams.get(row.unit_id), names, actor),
            "by": names.get(row.by_id or 0, ""), "at": row.at, "case": row.case_number or "",
        }
        for row in rows
    ]  # fmt: skip


def _team(
    team: tuple[date, Sequence[int]] | None, names: Mapping[int, str], actor: Actor
) -> dict[str, Any]:
    day, people = team or (None, ())
    return {
        "inspectors": [names[each] for each in people], "planned_on": day,
        "mine": actor.id in people,
    }  # fmt: skip


def _counts(connection: Connection, check: int) -> list[dict[str, Any]]:
    """Return for each stratum how many were drawn, and what was found, by number alone."""
    rows = connection.execute(
        select(_VISITS.stratum, _VISITS.identity, _VISITS.national_seen, _VISITS.school_seen,
               _VISITS.violations)
        .where(_VISITS.check_id == check)
    ).all()  # fmt: skip
    names = _cluster_names(connection)
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        cluster = read_stratum(row.stratum).get(StratumBy.CLUSTER, "")
        each = found.setdefault(
            row.stratum,
            {"cluster": names.get(cluster, cluster), "drawn": 0,
             **dict.fromkeys((*Identity, "no_national", "no_school", "violations"), 0)},
        )  # fmt: skip
        each["drawn"] += 1
        if row.identity is not None:
            each[row.identity.value] += 1
        each["no_national"] += row.national_seen is False
        each["no_school"] += row.school_seen is False
        each["violations"] += bool(row.violations)
    return [{f"{name}": value for name, value in found[key].items()} for key in sorted(found)]


def _cluster_names(connection: Connection) -> dict[str, str]:
    places = ORGANISATIONS.c
    rows = connection.execute(select(places.code, places.name)).tuples()
    return dict(rows.all())


def _wrong(row: Any) -> Wording | None:  # noqa: ANN401 — a row's columns are not typed
    """Return what is wrong with seed and commitment of a check that is drawn."""
    if row.state is CheckState.COMMITTED:
        return None
    if not check_reveal(row.commitment, row.secret, row.number):
        return Wording("种子与承诺不符", "the seed is not the one committed to")
    if seed_from(row.secret, None, row.frame_digest) != row.seed:
        return Wording("种子与名单不符", "the seed is not that of the frame")
    return None
