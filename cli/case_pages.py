"""Cases as pages: the list, and what the policy calls their categories."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console

from casework.asking.search import count_found, search
from casework.case_list import Filter, count_cases, list_cases
from casework.list_pages import Order
from casework.office import Office
from cli import words
from cli.desk import Desk
from cli.looking import record_look
from cli.printing import Answer, Column, plain_text, styled, table
from rules.access import Role
from rules.case import Level
from rules.looking import Look
from rules.wording import Wording

_WIDE = 100
_NUMBER = Column(Wording("编号", "number"), keep=True)
_UNIT = Column(Wording("单位", "unit"), ratio=2)
_HAZARD = Column(Wording("隐患", "hazard"), ratio=3)
_STATE = Column(Wording("状态", "state"), ratio=1)
_DUE = Column(Wording("时限", "due"), keep=True)
_CATEGORY = Column(Wording("品目", "category"), ratio=2)
_HOLDER = Column(Wording("在等", "waits for"), ratio=1)


def show_list(desk: Desk, wanted: Filter, order: Order, after: str, size: int) -> Answer:
    with desk.office() as office:
        wanted = _by_key(office, desk, wanted)
        page = list_cases(
            office, wanted, by=desk.by, as_of=desk.at, order=order, after=after, size=size
        )
        total = count_cases(office, wanted, by=desk.by, as_of=desk.at)
        labels = categories(office, desk)
    data = {"total": total, "cases": page.rows, "after": page.after}
    return Answer(data, lambda out: _print_list(out, desk, page.rows, labels, total, page.after))


def show_query(
    desk: Desk, query: str, after: str, size: int, *, as_auditor: bool = False
) -> Answer:
    """Show a page of what a query finds; that an auditor asked is recorded before it is shown."""
    with desk.office() as office:
        found = search(office, query, by=desk.by, as_of=desk.at, after=after, size=size)
        count = count_found(office, query, by=desk.by, as_of=desk.at)
        labels = categories(office, desk)
        if as_auditor:
            seen = {"rows": len(found.rows)}
            record_look(office, desk, Look.SEARCH, seen, typed=found.query)
    data = {
        "query": found.query, "total": count.number, "more": count.more, "cases": found.rows,
        "after": found.after,
    }  # fmt: skip
    total = f"{count.number}{'+' if count.more else ''}"
    return Answer(data, lambda out: _print_list(out, desk, found.rows, labels, total, found.after))


def categories(office: Office, desk: Desk) -> dict[str, str]:
    """Return what the policy in force calls its categories, by key."""
    with office.reading() as connection:
        policy = office.rulebooks.at(connection, desk.at).policy
    return {each.key: each.label.say(desk.locale) for each in policy.categories}


def print_cases(
    out: Console,
    desk: Desk,
    rows: Sequence[Mapping[str, Any]],
    labels: Mapping[str, str],
    *,
    at: datetime,
) -> None:
    """Print rows of a list as they stood at a moment."""
    wide = out.width >= _WIDE
    columns = [_NUMBER, _UNIT, _HAZARD, *([_CATEGORY] if wide else []), _STATE]
    made = table([*columns, *([_HOLDER] if wide else []), _DUE], desk.locale)
    for row in rows:
        made.add_row(*_cells(row, desk, labels, at, wide=wide))
    if rows:
        out.print(made)


def _by_key(office: Office, desk: Desk, wanted: Filter) -> Filter:
    """Let a category be asked for by any name the policy knows it under."""
    if not wanted.category:
        return wanted
    with office.reading() as connection:
        known = office.rulebooks.at(connection, desk.at).policy.category(wanted.category)
    return Filter(**{**_plain(wanted), "category": known.key if known else wanted.category})


def _plain(wanted: Filter) -> dict[str, Any]:
    return {name: getattr(wanted, name) for name in Filter.__dataclass_fields__}


def _print_list(
    out: Console,
    desk: Desk,
    rows: Sequence[Mapping[str, Any]],
    labels: Mapping[str, str],
    total: int | str,
    after: str,
) -> None:
    print_cases(out, desk, rows, labels, at=desk.at)
    count = Wording(f"共 {total} 件，本页 {len(rows)} 件", f"{total} in all, {len(rows)} here")
    out.print(desk.say(count))
    if after:
        out.print(plain_text(desk.say(Wording("下一页：--after ", "next page: --after ")) + after))


def _cells(
    row: Mapping[str, Any], desk: Desk, labels: Mapping[str, str], at: datetime, *, wide: bool
) -> list[Any]:
    holder = Role(row["holder"]).label.say(desk.locale) if row["holder"] else words.NONE
    due = styled(desk.say(words.due(row["due_at"], at)), words.style_of_due(row["due_at"], at))
    hazard = plain_text(_hazard(row, desk))
    cells = [row["number"], plain_text(row["unit"]), hazard]
    cells += [labels.get(row["category"], row["category"])] if wide else []
    cells += [desk.say(words.state(row))]
    return [*cells, *([holder] if wide else []), due]


def _hazard(row: Mapping[str, Any], desk: Desk) -> str:
    level = Level(row["level"])
    mark = f"【{desk.say(level.label)}】" if level is Level.MAJOR else ""
    place = f"{row['location']}:" if row["location"] else ""
    return f"{mark}{place}{row['description']}"
