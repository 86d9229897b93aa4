"""Notices to whoever looks: known of one by one, or all at once."""

import pytest

from casework.notice_list import list_notices
from tests.offices import reported


def test_all_notices_are_known_of_at_once(sqlite_site):
    reported(sqlite_site.office)
    reported(sqlite_site.office)
    browser = sqlite_site.as_("owner1")
    told = [str(each["id"]) for each in list_notices(sqlite_site.office, by="owner1")]

    before = browser.get("/notices").text
    answer = browser.post("/notices/acknowledge", data={"notice": ",".join(told)})

    after = browser.get("/notices").text
    assert (len(told), answer.status_code) == (2, 303)
    assert f'value="{",".join(told)}"' in before
    assert "全部知悉（2）" in before
    assert (after.count(">已知悉<"), "全部知悉" in after) == (2, False)


@pytest.mark.parametrize("notice", ["", "1,", "x", "1;2", "9" * 19])
def test_what_no_page_of_ours_sends_is_refused(sqlite_site, notice):
    answer = sqlite_site.as_("owner1").post("/notices/acknowledge", data={"notice": notice})

    assert answer.status_code == 422
    assert "选项无效" in answer.text
