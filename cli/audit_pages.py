"""What auditors find, as pages."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from rich.console import Console

from casework.asking.facets import ON_TIME, Facet, count_facets
from casework.catching_up import CaughtUp, catch_up
from cli.case_pages import categories, show_query
from cli.desk import Desk
from cli.printing import Answer, Column, lines, plain_text, table
from rules.access import Role
from rules.case import Level, State
from rules.query.fields import FIELDS
from rules.wording import Wording

_WORDS: Mapping[str, type[StrEnum]] = {"level": Level, "state": State, "holder": Role}
_MOST_LINES = 10
_COLUMNS = (
    Column(Wording("分布", "by"), keep=True),
    Column(Wording("取值", "value"), ratio=1),
    Column(Wording("件数", "cases"), right=True),
)


def show_search(desk: Desk, query: str, after: str, size: int, *, facets: bool) -> Answer:
    found = show_query(desk, query, after, size, as_auditor=True)
    if not facets:
        return found
    with desk.office() as office:
        counted = count_facets(office, query, by=desk.by, as_of=desk.at)
        labels = categories(office, desk)

    def show(out: Console) -> None:
        found.show(out)
        _print_facets(out, desk, counted, labels)

    return Answer({**found.data, "facets": counted}, show)


def index_words(desk: Desk) -> Answer:
    with desk.office() as office:
        done = catch_up(office)
    return Answer(done._asdict(), lines(desk.say(said_of(done))))


def said_of(done: CaughtUp) -> Wording:
    """Return what was caught up, in words."""
    return Wording(
        f"已编入 {done.indexed} 件，{done.added} 次销号或重开已计入统计",
        f"indexed {done.indexed} case(s), "
        f"added {done.added} closing(s) or reopening(s) to the statistics",
    )


def _print_facets(
    out: Console,
    desk: Desk,
    counted: Mapping[str, Sequence[Facet]],
    categories_: Mapping[str, str],
) -> None:
    made = table(_COLUMNS, desk.locale)
    for name, facets in counted.items():
        label = desk.say(FIELDS[name].label)
        for each in facets[:_MOST_LINES]:
            made.add_row(label, plain_text(_called(name, each, desk, categories_)), str(each.count))
            label = ""
    out.print(made)


def _called(name: str, facet: Facet, desk: Desk, categories_: Mapping[str, str]) -> str:
    if name == "overdue":
        on_time = Wording("未逾期", "on time")
        return desk.say(on_time) if facet.value == ON_TIME else facet.value
    if name in _WORDS:
        label: Wording = _WORDS[name](facet.value).label  # type: ignore[attr-defined] # these three have labels
        return desk.say(label)
    return facet.name or categories_.get(facet.value, facet.value)
