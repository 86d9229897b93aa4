"""The list of cases as a file: the same cases, inert, within one's reach, and on record."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from casework.auditing.access import list_access
from rules.looking import Look
from tests.offices import reported, verified

FORMULA = '=HYPERLINK("http://x","点我")'


def test_every_kind_of_file_holds_what_the_page_lists(site):
    number = reported(site.office, description="灭火器")
    verified(site.office, unit="S3", description="灭火器")
    browser = site.as_("committee1")
    filtered = "?text=灭火器&state=reported"

    page = browser.get(f"/cases{filtered}").text
    rows = list(
        csv.reader(StringIO(browser.get(f"/cases.csv{filtered}").content.decode("utf-8-sig")))
    )
    sheet = load_workbook(BytesIO(browser.get(f"/cases.xlsx{filtered}").content)).active
    objects = browser.get(f"/cases.json{filtered}").json()

    assert "共 1 件" in page
    assert [len(rows), sheet.max_row, len(objects)] == [2, 2, 1]
    assert number in rows[1]
    assert number in [cell.value for cell in sheet[2]]
    assert objects[0]["number"] == number


def test_a_list_of_nothing_is_an_empty_file(sqlite_site):
    browser = sqlite_site.as_("committee1")

    assert browser.get("/cases.json").json() == []
    assert browser.get("/cases.csv").status_code == 200


def test_the_page_leads_to_its_files_with_the_same_filter(sqlite_site):
    reported(sqlite_site.office)

    page = sqlite_site.as_("committee1").get("/cases?state=reported&overdue=").text

    assert 'href="/cases.csv?state=reported"' in page
    assert 'href="/cases.xlsx?state=reported"' in page


@pytest.mark.parametrize("code", ["owner2", "reporter3", "cluster2", "verifier2", "head3"])
@pytest.mark.parametrize("ending", ["csv", "json"])
def test_nothing_of_elsewhere_is_in_a_file(sqlite_site, code, ending):
    number = reported(sqlite_site.office)

    answer = sqlite_site.as_(code).get(f"/cases.{ending}")

    assert (answer.status_code, number in answer.text) == (200, False)


def test_that_a_file_was_taken_is_on_record(site):
    site.as_("auditor").get("/cases.csv?state=reported")

    (looked,) = list_access(site.office, by="auditor")
    assert (looked["look"], looked["door"]) == (Look.EXPORT.value, "page")
    assert "state=reported" in str(looked)


def test_a_filter_that_cannot_be_read_makes_no_file(sqlite_site):
    assert sqlite_site.as_("committee1").get("/cases.csv?state=nonsense").status_code == 422


def test_what_looks_like_a_formula_is_none(sqlite_site):
    reported(sqlite_site.office, description=FORMULA)
    browser = sqlite_site.as_("committee1")

    sheet = load_workbook(BytesIO(browser.get("/cases.xlsx").content)).active
    rows = _rows(browser, "/cases.csv")

    assert {cell.data_type for cell in sheet[2]} & {"f"} == set()
    assert [cell for cell in rows[1] if cell.startswith("=")] == []


def _rows(browser, path):
    return list(csv.reader(StringIO(browser.get(path).content.decode("utf-8-sig"))))
