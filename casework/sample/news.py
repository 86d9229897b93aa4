"""What happened on a day of the story, and how it is told: counts first, then what stands out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from casework.sweep import Swept
from rules.actions import Action
from rules.ladder import StepKind
from rules.lookback.findings import Finding
from rules.orders import OrderAct
from rules.wording import NOTHING, Locale, Wording
from rules.workdays import CHINA

MOST_A_DAY = 5  # lines; the counts above them are complete

_STANDS_OUT = frozenset(
    {
        Action.GRADE, Action.TRANSFER, Action.VOID, Action.RETURN_PLAN, Action.ASK_EXTENSION,
        Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION, Action.FAIL, Action.NO_ACCESS,
        Action.REOPEN, Action.LIST, Action.RELEASE,
    }
)  # fmt: skip
# What is told first when a day has too much to tell.
_FIRST = (Action.LIST, Action.REOPEN, Action.RELEASE, Action.FAIL, Action.GRADE)
_UNNUMBERED = "—"
_WEEKDAYS_ZH = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Item:
    """One move, or one that was refused. ``said`` are words somebody wrote, in their language."""

    at: datetime
    number: str
    unit: str
    who: str
    action: Action
    is_major: bool = False
    said: str = ""
    refused: Wording = NOTHING

    @property
    def stands_out(self) -> bool:
        return self.is_major or bool(self.refused.zh) or self.action in _STANDS_OUT

    @property
    def rank(self) -> int:
        """Return its place when a day has too much to tell: the lowest is told."""
        return _FIRST.index(self.action) if self.action in _FIRST else len(_FIRST)

    def tell(self) -> Wording:
        level = Wording("·重大", " (major)") if self.is_major else NOTHING
        said = f":{self.said}" if self.said else ""
        refused, name = self.refused, self.action.label
        deed = Wording(f"{name.zh}{said}", f"{name.en}{said}")
        if refused.zh:
            deed = Wording(
                f"{name.zh}——不予受理：{refused.zh}", f"{name.en} — refused: {refused.en}"
            )
        head = f"{self.at.astimezone(CHINA):%H:%M} {self.number or _UNNUMBERED} {self.unit}"
        return Wording(
            f"    {head}{level.zh} {self.who} {deed.zh}",
            f"    {head}{level.en} {self.who}: {deed.en}",
        )


@dataclass(slots=True)
class DayNews:
    """What a day brings: moves of cases, acts on orders, visits, and what look-backs came to.

    ``told`` are told in full, whatever else there is: lines without indentation, by their moment.
    """

    items: list[Item] = field(default_factory=list)
    acts: Counter[OrderAct] = field(default_factory=Counter)
    found: Counter[Finding] = field(default_factory=Counter)
    told: list[tuple[datetime, Wording]] = field(default_factory=list)

    def tell(self, at: datetime, wording: Wording) -> None:
        self.told.append((at, wording))


def tell_day(day: date, news: DayNews, swept: Swept | None, locale: Locale) -> Iterator[str]:
    """Yield a line of counts, what look-backs came to, and up to ``MOST_A_DAY`` items; nothing on
    a day without news.
    """
    counted = _counts(news, swept)
    if not counted and not news.told:
        return
    shown = " · ".join(f"{name.say(locale)} {count}" for name, count in counted)
    yield f"{_day(day).say(locale)} | {shown}".rstrip(" |")
    for at, wording in news.told:
        yield f"    {at.astimezone(CHINA):%H:%M} {wording.say(locale)}"
    told = sorted((item for item in news.items if item.stands_out), key=lambda item: item.rank)
    for item in sorted(told[:MOST_A_DAY], key=lambda item: item.at):
        yield item.tell().say(locale)
    if len(told) > MOST_A_DAY:
        more = len(told) - MOST_A_DAY
        yield Wording(f"    ……另有 {more} 件", f"    … and {more} more").say(locale)


def _counts(news: DayNews, swept: Swept | None) -> list[tuple[Wording, int]]:
    done = Counter(item.action for item in news.items if not item.refused.zh)
    refused = sum(bool(item.refused.zh) for item in news.items)
    counts = [(action.label, done[action]) for action in Action if done[action]]
    counts += [(_REFUSED, refused)] if refused else []
    steps = swept.by_kind if swept else Counter[str]()
    counts += [(name, steps[kind]) for kind, name in _STEPS.items() if steps[kind]]
    counts += [(_ORDERED, swept.orders)] if swept and swept.orders else []
    counts += [(act.label, news.acts[act]) for act in OrderAct if news.acts[act]]
    visited = news.found.total()
    return (
        counts
        + ([(_VISITED, visited)] if visited else [])
        + [(found.label, news.found[found]) for found in _NOT_AS_HOPED if news.found[found]]
    )


_REFUSED = Wording("不予受理", "refused")
_ORDERED = Wording("逾期挂牌", "listed by the ladder")
_VISITED = Wording("回头看复查", "looked back at")
# That a hazard holds is what the others leave over; one that relapsed is counted as reopened.
_NOT_AS_HOPED = (Finding.NO_ACCESS, Finding.NOT_APPLICABLE)
_STEPS = {
    StepKind.REMIND.value: Wording("到期提醒", "reminders"),
    StepKind.OVERDUE.value: Wording("逾期催办", "overdue steps"),
}


def _day(day: date) -> Wording:
    return Wording(
        f"{day.month}月{day.day}日 周{_WEEKDAYS_ZH[day.weekday()]}", f"{day:%a} {day.isoformat()}"
    )
