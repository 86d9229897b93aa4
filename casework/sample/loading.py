"""Load the sample: the default policy, the invented organisation, the school year's terms,
look-backs that are asked for by themselves, and what its schools keep besides cases.
"""

from datetime import date, datetime

from sqlalchemy import Table, select

from casework.lookback.scheduling import add_schedule
from casework.lookback.templates import save_template
from casework.office import Office
from casework.organisations import set_up
from casework.sample.assessments import assess_sample
from casework.sample.buses import drive_sample_buses
from casework.sample.chemicals import keep_sample_chemicals
from casework.sample.filings import file_sample_reports
from casework.sample.guard_checks import check_sample_guards
from casework.sample.guard_reviews import review_sample_guards
from casework.sample.inspections import plan_sample_inspections
from casework.sample.ledger import write_sample_ledger
from casework.sample.locations import list_sample_locations
from casework.sample.lookback_templates import MONTHLY, TEMPLATES, TIMING
from casework.sample.obligations import oblige_sample
from casework.sample.organisation import ADMIN, compose
from casework.sample.registers import keep_sample_registers
from casework.settings import adopt_policy, enter_term, list_policies
from models.tables import LOOKBACK_SCHEDULES, LOOKBACK_TEMPLATES, SCHOOL_TERMS
from rules.overrides import TermKind
from rules.policy import default_text
from rules.workdays import china_day

__all__ = ["ADMIN", "load_sample", "write_sample_ledger"]

_AUGUST = 8  # a school year begins in September; its terms are known in August


def load_sample(office: Office, *, at: datetime) -> None:
    """Found the sample and fill it, all at one moment. Loading again changes nothing."""
    found_sample(office, at=at)
    fill_sample(office, at=at)


def found_sample(office: Office, *, at: datetime) -> None:
    """Adopt the default policy if none is, add the organisation and, if none are, the terms and
    the templates of look-backs.
    """
    with office.reading() as connection:
        policies = list_policies(connection)
    if not policies:
        adopt_policy(office, default_text(), by=None, at=at)
    organisation = compose()
    set_up(office, organisation.places, organisation.people)
    if _has_none(office, SCHOOL_TERMS):
        _enter_year(office, at)
    if _has_none(office, LOOKBACK_TEMPLATES):
        for name, text in TEMPLATES.items():
            save_template(office, name, text, by=ADMIN, at=at)


def fill_sample(office: Office, *, at: datetime) -> None:
    """Schedule a monthly look-back in a sample that is founded, and let its schools keep
    registers, buses, chemicals, inspections, reports and assessments as of today.
    """
    if not _has_none(office, LOOKBACK_SCHEDULES):
        return
    add_schedule(office, MONTHLY, template=MONTHLY, timing=TIMING, by=ADMIN, at=at)
    list_sample_locations(office, at)
    keep_sample_registers(office, at)
    drive_sample_buses(office, at)
    check_sample_guards(office, at)
    review_sample_guards(office, at)
    keep_sample_chemicals(office, at)
    plan_sample_inspections(office, at)
    file_sample_reports(office, at)
    oblige_sample(office, at)
    assess_sample(office, at)


def _has_none(office: Office, table: Table) -> bool:
    with office.reading() as connection:
        return connection.execute(select(table).limit(1)).first() is None


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
