"""The sample's inspections: planned when it is loaded, some made when it is served."""

from collections import Counter
from datetime import datetime

from casework.inspections.listing import Wanted, list_tasks
from casework.inspections.plans import list_plans
from casework.office import Office
from casework.sample.inspections import inspect_sample
from casework.sample.loading import ADMIN, load_sample
from models.tables import CASES
from rules.workdays import china_day

TUESDAY = datetime.fromisoformat("2026-11-24T09:00+08:00")


def test_schools_check_and_something_is_found(sqlite_office):
    office = Office(sqlite_office.engine, sqlite_office.evidence)
    load_sample(office, at=TUESDAY)

    inspect_sample(office, TUESDAY)

    rows = list_tasks(office, Wanted(size=500), by=ADMIN, today=china_day(TUESDAY)).rows
    with office.reading() as connection:
        found = CASES.select().where(CASES.c.inspection_id.is_not(None))
        cases = connection.execute(found).all()
    assert len(list_plans(office, by=ADMIN)) == 3
    assert Counter(each["state"].value for each in rows)["recorded"] == 9
    assert {each.category for each in cases} == {"fire"}
