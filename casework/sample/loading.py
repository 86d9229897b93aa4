"""Load the sample: the default policy, the invented organisation, the school year's terms."""

from datetime import date, datetime

from sqlalchemy import func, select

from casework.office import Office
from casework.organisations import set_up
from casework.sample.ledger import write_sample_ledger
from casework.sample.organisation import ADMIN, compose
from casework.settings import adopt_policy, enter_term, list_policies
from models.tables import SCHOOL_TERMS
from rules.overrides import TermKind
from rules.policy import default_text
from rules.workdays import china_day

__all__ = ["ADMIN", "load_sample", "write_sample_ledger"]

_AUGUST = 8  # a school year begins in September; its terms are known in August


def load_sample(office: Office, *, at: datetime) -> None:
    """Adopt the default policy if none is, add the organisation and, if none are, the terms.

    Loading again changes nothing.
    """
    with office.reading() as connection:
        policies = list_policies(connection)
        terms = connection.execute(select(func.count()).select_from(SCHOOL_TERMS)).scalar_one()
    if not policies:
        adopt_policy(office, default_text(), by=None, at=at)
    organisation = compose()
    set_up(office, organisation.places, organisation.people)
    if not terms:
        _enter_year(office, at)


def _enter_year(office: Office, at: datetime) -> None:
    today = china_day(at)
    year = today.year if today.month >= _AUGUST else today.year - 1
    for kind, name, starts, ends in _terms(year):
        enter_term(
            office, kind, f"{year}-{year + 1} 学年{name}", starts=starts, ends=ends,
            by=ADMIN, at=at,
        )  # fmt: skip


def _terms(year: int) -> list[tuple[TermKind, str, date, date]]:
    """Return a plausible school year: our choice, about as most districts set it."""
    return [
        (TermKind.TERM, "第一学期", date(year, 9, 1), date(year + 1, 1, 25)),
        (TermKind.WINTER_BREAK, "寒假", date(year + 1, 1, 26), date(year + 1, 2, 22)),
        (TermKind.TERM, "第二学期", date(year + 1, 2, 23), date(year + 1, 7, 3)),
        (TermKind.SUMMER_BREAK, "暑假", date(year + 1, 7, 4), date(year + 1, 8, 31)),
    ]
