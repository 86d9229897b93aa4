"""Very many whole lives of cases, made by set-based SQL: two years of a district.

A case is reported, assigned, planned, approved, worked on, claimed, passed and closed, each a few
days after the last; the youngest are still under way. One in twenty takes half a year to rectify,
one in fifty is graded, one in fifty transferred, one in a hundred listed. Bodies say what the
writer's say; hashes are blank, which no measurement here reads.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from benchmarks.offices import CATEGORIES, CLUSTERS, SCHOOLS, settle
from casework.office import Office

# Closed cases wait to be summed up, as a closing leaves them.
CLOSED_WAIT = (
    "INSERT INTO tally_pending (case_id, seq, sign, clock_no, unit_id, cluster_id, level,"
    " voided, cycle) SELECT id, seq, 1, clock_no, unit_id, cluster_id, level, voided, cycle"
    " FROM cases WHERE closed_at IS NOT NULL"
)
TWO_YEARS = timedelta(days=730)
_DAY = 86_400
_NO_HASH = "0" * 64
_UNIT = f"1000 + n % {CLUSTERS * SCHOOLS}"
_CLUSTER = f"2 + (n % {CLUSTERS * SCHOOLS}) / {SCHOOLS}"
# Where each stage ends: a number of quarter days after the one before, from the case's own number.
_STAYS = (
    "1 + (n * 7919) % 20",
    "1 + (n * 104729) % 12",
    "8 + (n * 1299709) % 80 + CASE WHEN n % 20 = 7 THEN 700 ELSE 0 END",
    "2 + (n * 15485863) % 24",
    "1 + (n * 32452843) % 12",
)
# What each clock allowed: quarter days.
_LIMITS = (12, 8, 60, 20, 8)
_STAGES = ("plan", "approval", "rectification", "verification", "close_out")
_HOLDERS = ("owner", "cluster", "owner", "verifier", "cluster")
_CAUSES = ("report", "submit_plan", "approve_plan", "claim", "pass")
_ROLES = ("owner", "owner", "cluster", "owner", "verifier", "cluster")


def fill_with_lives(office: Office, count: int, *, until: datetime) -> None:
    """Add ``count`` cases reported in the two years before ``until``, with all that followed."""
    sqlite = office.engine.dialect.name == "sqlite"
    with office.writing() as connection:
        for statement in _statements(count, until, sqlite=sqlite):
            connection.execute(text(statement.replace(":", "\\:")))  # no parameters, only JSON
        connection.execute(
            text("INSERT INTO number_series VALUES ('cases', 0, :count)"), {"count": count}
        )
    settle(office)


def counts(connection: Connection) -> Sequence[int]:
    """Return how many cases, events and clocks there are, and how many cases are open."""
    tables = ("cases", "case_event", "clock")
    found = [
        connection.execute(text(f"SELECT count(*) FROM {each}")).scalar_one() for each in tables
    ]
    open_ = connection.execute(text("SELECT count(*) FROM cases WHERE due_at IS NOT NULL"))
    return [*found, open_.scalar_one()]


def _statements(count: int, until: datetime, *, sqlite: bool) -> Iterator[str]:
    now = int(until.timestamp())
    first = now - int(TWO_YEARS.total_seconds())
    series = (
        f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count})"
        if sqlite
        else f"WITH s(n) AS (SELECT generate_series(1, {count}::bigint))"
    )
    begun = f"{first} + (n * {_DAY * 730}) / {count + 1}"
    ends = [begun]
    for stay in _STAYS:
        ends.append(f"{ends[-1]} + ({stay}) * {_DAY // 4}")
    columns = ", ".join(f"{each} AS t{at}" for at, each in enumerate(ends))
    yield f"CREATE TEMPORARY TABLE life AS {series} SELECT n, {columns} FROM s"
    yield _cases(now, sqlite=sqlite)
    for at in range(len(_STAGES)):
        yield _clocks(at, now, sqlite=sqlite)
    for seq, kind, when, role, body in _events():
        yield (
            "INSERT INTO case_event (case_id, seq, at, kind, actor_id, role, door, body, algorithm,"
            f" previous, hash) SELECT n, {seq}, {_at(when, sqlite=sqlite)}, {kind}, 1, '{role}',"
            f" 'cli', {body}, 'sha256-jcs-1', '{_NO_HASH}', '{_NO_HASH}' FROM life"
            f" WHERE {when} <= {now}"
        )
    yield _orders(now, sqlite=sqlite)
    yield CLOSED_WAIT
    yield "DROP TABLE life"


def _at(seconds: str, *, sqlite: bool) -> str:
    """Return a moment as each database keeps it."""
    if sqlite:
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', {seconds}, 'unixepoch')"
    return f"to_timestamp({seconds})"


def _no(*, sqlite: bool) -> str:
    return "0" if sqlite else "false"


def _by_stage(now: int, values: Sequence[str], *, closed: str) -> str:
    """Return a CASE over the stage that runs at ``now``."""
    whens = " ".join(f"WHEN t{at + 1} > {now} THEN {value}" for at, value in enumerate(values))
    return f"CASE {whens} ELSE {closed} END"


def _cases(now: int, *, sqlite: bool) -> str:
    no = _no(sqlite=sqlite)
    yes = "1" if sqlite else "true"
    due = _by_stage(
        now,
        [_at(f"t{at} + {limit} * {_DAY // 4}", sqlite=sqlite) for at, limit in enumerate(_LIMITS)],
        closed="NULL",
    )
    states = ("'reported'", "'plan'", "'rectifying'", "'rectifying'", "'verified'")
    kinds = " ".join(f"WHEN {number} THEN '{name}'" for number, name in enumerate(CATEGORIES))
    number = "printf('L%09d', n)" if sqlite else "'L' || lpad(n::text, 9, '0')"
    day = f"substr({_at('t0', sqlite=True)}, 1, 10)" if sqlite else "to_timestamp(t0)::date"
    holders = _by_stage(now, [f"'{each}'" for each in _HOLDERS], closed="NULL")
    return f"""
        INSERT INTO cases (id, number, unit_id, cluster_id, department, owner, category, level,
          description, location, measure, source, found_on, reported_at, fingerprint, state,
          claimed, voided, listed, plan_by_head, cycle, hands, extensions, after_evidence, holder,
          stage, clock_no, due_at, closed_at, seq, head)
        SELECT n, {number}, {_UNIT}, {_CLUSTER}, '总务处', '',
          CASE n % {len(CATEGORIES)} {kinds} END, 'ordinary',
          '教学楼三层灭火器压力不足,编号 ' || n, '教学楼', '', '', {day},
          {_at("t0", sqlite=sqlite)}, {number}, {_by_stage(now, states, closed="'closed'")},
          CASE WHEN t3 <= {now} AND t4 > {now} THEN {yes} ELSE {no} END, {no},
          CASE WHEN n % 100 = 3 AND t4 > {now} THEN 'supervision' END, {no}, 1, '[1]', 0, 1,
          {holders}, {_by_stage(now, [f"'{each}'" for each in _STAGES], closed="NULL")},
          {_by_stage(now, [str(at + 1) for at in range(5)], closed="5")}, {due},
          CASE WHEN t5 <= {now} THEN {_at("t5", sqlite=sqlite)} END, 10, '{_NO_HASH}'
        FROM life"""


def _clocks(at: int, now: int, *, sqlite: bool) -> str:
    began, ended, due = f"t{at}", f"t{at + 1}", f"t{at} + {_LIMITS[at]} * {_DAY // 4}"
    return f"""
        INSERT INTO clock (case_id, no, cycle, stage, started_at, due_at, "limit", cause, calendar,
          policy, estimated, reason, stopped_at)
        SELECT n, {at + 1}, 1, '{_STAGES[at]}', {_at(began, sqlite=sqlite)},
          {_at(due, sqlite=sqlite)}, '3wd', '{_CAUSES[at]}', 'state-council-2026-1', 'policy',
          {_no(sqlite=sqlite)}, '',
          CASE WHEN {ended} <= {now} THEN {_at(ended, sqlite=sqlite)} END
        FROM life WHERE {began} <= {now}"""


def _events() -> Iterator[tuple[int, str, str, str, str]]:
    """Yield (seq, kind, moment, role, body) of the ten events of a life."""

    def changed(at: int, before: str, after: str) -> str:
        clock = f'"clock":{{"due":"2026-03-05T16:00:00+00:00","limit":"3wd","no":{at + 1},' + (
            f'"stage":"{_STAGES[at]}"}},' if at < len(_STAGES) else '"stage":""},'
        )
        state = f'"changed":{{"state":["{before}","{after}"]}},'
        return (
            f"""'{{{state}{clock if at < len(_STAGES) else ""}"given":{{"reason":"按期办理"}}}}'"""
        )

    told = """'{"category":"fire","clock":{"due":"2026-03-05T16:00:00+00:00","limit":"3wd","no":1,"stage":"plan"},"description":"教学楼三层灭火器压力不足","level":"ordinary","unit":"O' || (1000 + n % 480) || '"}'"""  # noqa: E501 — one body
    graded = """CASE n % 50 WHEN 11 THEN '{"changed":{"level":["major","ordinary"]},"given":{"level":"ordinary","reason":"已降险"}}' WHEN 23 THEN '{"changed":{"unit_id":[1005,1007]},"given":{"reason":"归口","unit":"O1007"}}' ELSE '{"changed":{},"given":{"department":"总务处"}}' END"""  # noqa: E501 — one body
    kind = "CASE n % 50 WHEN 11 THEN 'grade' WHEN 23 THEN 'transfer' ELSE 'assign' END"
    plain = """'{"changed":{},"given":{"text":"已联系厂家,本周更换"}}'"""
    yield 1, "'report'", "t0", "owner", told
    yield 2, kind, "t0 + 3600", "cluster", graded
    yield 3, "'submit_plan'", "t1", "owner", changed(1, "reported", "plan")
    yield 4, "'approve_plan'", "t2", "cluster", changed(2, "plan", "rectifying")
    yield 5, "'progress'", "t2 + (t3 - t2) / 3", "owner", plain
    yield 6, "'progress'", "t2 + (t3 - t2) * 2 / 3", "owner", plain
    yield 7, "'claim'", "t3", "owner", changed(3, "rectifying", "rectifying")
    yield 8, "'pass'", "t4", "verifier", changed(4, "rectifying", "verified")
    yield 9, "'acknowledge'", "t4 + 600", "cluster", """'{"clock_no":5,"notice":1}'"""
    yield 10, "'close'", "t5", "cluster", changed(5, "verified", "closed")


def _orders(now: int, *, sqlite: bool) -> str:
    """List one case in a hundred while it is rectified; it is released when verified."""
    year = "2026"
    number = f"'校安督〔{year}〕' || n || '号'"
    return f"""
        INSERT INTO supervision_order (id, case_id, number, year, n, kind, level, cause, reason,
          demands, policy, issued_at, due_at, served_note, missed_reports, extension_reason,
          extensions, released_at, release_reason)
        SELECT n, n, {number}, {year}, n, 'supervision', 'cluster', 'ladder', '逾期', '按期整改',
          'policy', {_at("t2 + 3600", sqlite=sqlite)}, {_at(f"t2 + 30 * {_DAY}", sqlite=sqlite)},
          '', 0, '', 0, CASE WHEN t4 <= {now} THEN {_at("t4", sqlite=sqlite)} END, ''
        FROM life WHERE n % 100 = 3 AND t2 + 3600 <= {now}"""
