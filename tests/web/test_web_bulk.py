"""Many cases from the list: previewed, confirmed, told row by row, without JavaScript."""

import csv
import re
from html import unescape
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from rules.actions import Action
from rules.bulk import MOST
from tests.offices import act, claimed, planned, rectifying, reported, verified

DESCRIPTION = "<b>配电箱</b>无门"


def hidden(page):
    """Return the hidden fields of the form that confirms."""
    form = page[page.index('method="post" action="/cases/bulk"') :]
    return {
        name: unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    }


def preview(browser, **asked):
    return browser.get("/cases/bulk", params=asked)


def test_from_the_list_to_a_result_row_by_row(site):
    numbers = [verified(site.office, description=DESCRIPTION), reported(site.office)]
    browser = site.as_("committee1")

    listed = browser.get("/cases").text
    foreseen = preview(browser, action="close", case=numbers).text
    sent = browser.post("/cases/bulk", data=hidden(foreseen))
    told = browser.get(sent.headers["location"]).text

    assert [f'name="case" value="{each}"' in listed for each in numbers] == [True, True]
    assert "确认：对 1 件“销号”" in foreseen
    assert "案件已上报，不能“销号”" in foreseen
    assert "&lt;b&gt;配电箱" in foreseen
    assert sent.status_code == 303
    assert "已办理 1 件，1 件没有办理" in told
    assert "案件已上报，不能“销号”" in told
    assert "已销号" in browser.get(f"/case/{numbers[0]}").text


def test_nothing_is_done_by_a_preview(sqlite_site):
    number = verified(sqlite_site.office)
    browser = sqlite_site.as_("committee1")

    preview(browser, action="close", case=number)

    assert "共 1 件" in browser.get("/cases?state=verified").text


def test_all_of_a_filter_and_the_way_back_to_it(sqlite_site):
    verified(sqlite_site.office)
    verified(sqlite_site.office, unit="S3")
    browser = sqlite_site.as_("committee1")

    foreseen = preview(browser, action="close", all="1", state="verified", place="P1").text
    sent = browser.post("/cases/bulk", data=hidden(foreseen))
    told = browser.get(sent.headers["location"]).text

    assert "确认：对 1 件“销号”" in foreseen
    assert 'href="/cases?place=P1&amp;state=verified"' in told
    assert "1 件全部办理" in told


def test_a_missing_reason_is_told_at_its_field(sqlite_site):
    number = reported(sqlite_site.office)
    browser = sqlite_site.as_("committee1")
    form = hidden(preview(browser, action="void", case=number).text)

    blank = browser.post("/cases/bulk", data=form)
    filled = browser.post("/cases/bulk", data={**form, "reason": "误报"})

    assert blank.status_code == 403
    assert "缺少“理由”" in blank.text
    assert 'id="field-reason-wrong"' in blank.text
    assert filled.status_code == 303


def test_what_was_filled_in_may_be_previewed_before_it_is_confirmed(sqlite_site):
    number = reported(sqlite_site.office)
    browser = sqlite_site.as_("committee1")
    form = hidden(preview(browser, action="grade", case=number).text)
    typed = {"level": "ordinary", "reason": "人员密集"}

    again = browser.post("/cases/bulk", data={**form, **typed, "step": "check"}).text

    assert "已经是一般隐患" in again
    assert "人员密集" in again


def test_sending_the_form_twice_does_it_once(site):
    number = rectifying(site.office)
    browser = site.as_("owner1")
    form = hidden(preview(browser, action="progress", case=number).text) | {"text": "已订货"}

    first, second = (browser.post("/cases/bulk", data=form) for _ in range(2))

    assert first.headers["location"] == second.headers["location"]
    assert browser.get(f"/case/{number}").text.count("报进展：已订货") <= 1


def test_a_case_that_moved_after_the_preview_is_left_alone(sqlite_site):
    number = rectifying(sqlite_site.office)
    browser = sqlite_site.as_("owner1")
    form = hidden(preview(browser, action="progress", case=number).text) | {"text": "已订货"}
    act(sqlite_site.office, number, Action.PROGRESS, "head1", text="别人先报")

    sent = browser.post("/cases/bulk", data=form)

    assert "您查看之后案件已变动" in browser.get(sent.headers["location"]).text


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_result_can_be_taken_away(sqlite_site, ending):
    numbers = [verified(sqlite_site.office), reported(sqlite_site.office)]
    browser = sqlite_site.as_("committee1")
    form = hidden(preview(browser, action="close", case=numbers).text)
    where = browser.post("/cases/bulk", data=form).headers["location"].partition("?")[0]

    rows = READ[ending](browser.get(f"{where}/results.{ending}").content)

    assert rows[0] == ["编号", "结果", "状态", "回执", "原因", "办法"]
    assert [row[:2] for row in rows[1:]] == [[numbers[0], "已办理"], [numbers[1], "未办理"]]
    assert browser.get(f"{where}/results.exe").status_code == 404


READ = {
    "csv": lambda content: list(csv.reader(StringIO(content.decode("utf-8-sig")))),
    "xlsx": lambda content: [
        [cell.value or "" for cell in row] for row in load_workbook(BytesIO(content)).active
    ],
}


def test_a_result_is_shown_to_whoever_asked_for_it(sqlite_site):
    form = hidden(
        preview(
            sqlite_site.as_("committee1"), action="close", case=verified(sqlite_site.office)
        ).text
    )
    where = sqlite_site.as_("committee1").post("/cases/bulk", data=form).headers["location"]

    assert sqlite_site.as_("committee2").get(where).status_code == 404


@pytest.mark.parametrize(
    ("by", "offered"),
    [("auditor", False), ("reporter1", False), ("verifier1a", False), ("owner1", True),
     ("head1", True), ("cluster1", True), ("committee1", True)],
)  # fmt: skip
def test_those_who_may_move_nothing_together_are_not_asked_to(sqlite_site, by, offered):
    planned(sqlite_site.office)
    browser = sqlite_site.as_(by)

    assert ('id="bulk"' in browser.get("/cases").text) is offered
    assert preview(browser, action="list", case="x").status_code == (
        200 if by == "committee1" else 422
    )


@pytest.mark.parametrize("by", ["cluster2", "head3", "owner2"])
def test_nothing_of_elsewhere_is_told_by_a_preview(sqlite_site, by):
    number = claimed(sqlite_site.office, description="只在第一小学")
    action = "progress" if by != "cluster2" else "close"

    page = preview(sqlite_site.as_(by), action=action, case=number).text

    assert "只在第一小学" not in page
    assert f"没有编号为 {number} 的案件" in page


@pytest.mark.parametrize("action", ["pass", "submit_plan", "nonsense", ""])
def test_what_is_done_case_by_case_is_no_choice(sqlite_site, action):
    assert preview(sqlite_site.as_("committee1"), action=action, case="x").status_code == 422


def test_nothing_ticked_is_told(sqlite_site):
    answer = preview(sqlite_site.as_("committee1"), action="close")

    assert answer.status_code == 422
    assert "没有选中案件" in answer.text


def test_more_than_the_bound_is_told_in_words(sqlite_site):
    numbers = " ".join(f"YH2026-{n:06d}" for n in range(1, MOST + 2))
    form = {"action": "close", "picks": numbers, "key": "k", "back": ""}

    answer = sqlite_site.as_("committee1").post("/cases/bulk", data=form)

    assert answer.status_code == 403
    assert "共 501 件，一次最多批量办理 500 件" in answer.text
