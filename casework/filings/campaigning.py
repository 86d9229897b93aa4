"""Start a campaign 专项 from a form: its text is written of what is picked, and adopted."""

from collections.abc import Container, Mapping, Sequence
from datetime import date

from casework.adopting import Version, adopt_text, texts_in_force
from casework.errors import Invalid
from casework.filings.campaigns import CAMPAIGNS
from casework.filings.compiling import compile_period
from casework.filings.templates import find_template
from casework.forms import clean, read_day
from casework.lookback.looks import Hand
from casework.office import Office
from rules.filings.campaigns import Campaign, written_as
from rules.filings.periods import PeriodKind, read_period
from rules.wording import Wording
from rules.workdays import china_day


def start_campaign(
    office: Office, typed: Mapping[str, str], places: Sequence[str], hand: Hand
) -> Version[Campaign]:
    """Start a campaign of one period; what has begun already is compiled at once.

    ``typed`` has template, name, first, last, due_on (or '') and reason; ``places`` are codes of
    clusters or units, none for everybody. Raise Refused without the role, NotFound, Invalid.
    """
    first, last = (read_day(typed.get(each, ""), where=each) for each in ("first", "last"))
    due = read_day(typed["due_on"], where="due_on") if typed.get("due_on") else None
    with office.reading() as connection:
        template = find_template(connection, typed.get("template", ""))
        known = texts_in_force(connection, CAMPAIGNS)
    _require_ahead(last, hand)
    name = clean(typed.get("name", ""), where="name", longest=40)
    name = name or f"{first.year}年{template.zh}"
    key = _free_key(f"{template.key[:13]}_{first:%Y%m%d}", known)
    text = written_as(key, name, template, (first, last, due), places)
    started = adopt_text(office, CAMPAIGNS, text, typed.get("reason", ""), hand)
    if first <= china_day(hand.at):
        period = read_period(PeriodKind.CAMPAIGN, f"{first}..{last}").key
        compile_period(office, template.key, period, by=hand.by, at=hand.at, door=hand.door)
    return started


def _free_key(stem: str, known: Container[str]) -> str:
    return next(
        key for nth in range(1, 100) if (key := f"{stem}_{nth}" if nth > 1 else stem) not in known
    )


def _require_ahead(last: date, hand: Hand) -> None:
    if last < china_day(hand.at):
        raise Invalid(
            Wording(f"{last} 已过，这一期不会汇编", f"{last} is past: nothing would be compiled"),
            remedy=Wording("请填今天或以后结束的一期。", "Give a last day from today on."),
            where="last",
        )
