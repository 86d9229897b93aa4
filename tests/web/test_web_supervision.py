"""Supervisors' pages: the board of orders and its acts, the inbox, the heat, the notice log."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from casework.demands import demand_progress
from casework.notice_list import list_notices
from casework.sweep import sweep
from models import NoticeState
from models.tables import NOTICES
from rules.actions import Action
from rules.standing import Stand
from tests.offices import MONDAY_9AM, act, rectifying, reported, verified

LATER = MONDAY_9AM + timedelta(days=40)
MARKUP = '"><script>alert(1)</script>'


def listed(office, number, **typed):
    given = {"kind": "挂牌督办", "reason": "久拖不改", "supervisor": "cluster", **typed}
    act(office, number, Action.LIST, "committee1", **given)
    return number


def address_in(page):
    return re.search(r'href="(/order/\d+-\d+)"', page)[1]


def stands(page):
    """Return the number beside each heading of the board."""
    return dict(re.findall(r'href="/orders\?stand=(\w+)">[^<]+<span class="number">(\d+)', page))


def late(site):
    """A case that its owner let lie, found by a sweep."""
    number = reported(site.office)
    site.clock.at = LATER
    sweep(site.office, as_of=LATER, ran_at=LATER)
    return number


def test_an_order_is_worked_from_its_issue_to_its_release_on_its_page(site):
    listed(site.office, rectifying(site.office))
    board = site.as_("cluster1")
    order = address_in(board.get("/orders").text)
    cluster, owner, committee = board, site.as_("owner1"), site.as_("committee1")

    assert stands(board.get("/orders").text) == {
        "issued": "1", "in_force": "0", "asked": "0", "ready": "0", "released": "0"
    }  # fmt: skip
    acts = [
        (cluster, "serve_order", {"how": "refused", "note": "门卫在场"}, "in_force"),
        (owner, "acknowledge_order", {}, "in_force"),
        (owner, "ask_order_extension", {"new_due": "2026-05-20", "reason": "配件未到"}, "asked"),
        (cluster, "grant_order_extension", {}, "in_force"),
        (committee, "publish_order", {}, "in_force"),
    ]
    for browser, act_, data, stand in acts:
        answer = browser.post(f"{order}/{act_}", data=data)
        assert answer.headers.get("location") == f"{order}?done={act_}", answer.text
        assert stands(board.get("/orders").text)[stand] == "1"

    page = cluster.get(order).text
    assert "拒绝签收" in page
    assert "门卫在场" in page
    assert "2026-05-20" in page


def test_a_verified_case_is_released_on_the_orders_page(site):
    number = verified(site.office)
    listed(site.office, number)
    committee = site.as_("committee1")
    board = committee.get("/orders").text
    order = address_in(board)

    refused = committee.post(f"{order}/release", data={})
    done = committee.post(f"{order}/release", data={"phrase-reason": "验收合格"})

    assert stands(board)["ready"] == "1"
    assert refused.status_code == 403
    assert 'id="field-reason-wrong"' in refused.text
    assert done.headers["location"] == f"{order}?done=release"
    assert stands(committee.get("/orders").text) == {
        "issued": "0", "in_force": "0", "asked": "0", "ready": "0", "released": "1"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "act_", "data", "status", "said"),
    [
        ("owner1", "serve_order", {"how": "signed"}, 403, "您无权“送达督办通知书”"),
        ("cluster1", "acknowledge_order", {}, 403, "您无权“签认督办”"),
        ("cluster1", "serve_order", {"how": "shouted"}, 422, "选项无效"),
        ("owner1", "ask_order_extension", {"new_due": "2026-03-03", "reason": "x"}, 403,
         'id="field-new_due-wrong"'),
        ("owner1", "ask_order_extension", {"new_due": "2026-02-30", "reason": "x"}, 422,
         'id="field-new_due-wrong"'),
        ("owner1", "ask_order_extension", {"new_due": "2026-05-20", "reason": " "}, 422,
         'id="field-reason-wrong"'),
        ("cluster1", "grant_order_extension", {}, 403, "没有待批的督办延期申请"),
        ("committee1", "release", {"reason": "x"}, 403, "alert"),
        ("committee1", "nonsense", {}, 422, "选项无效"),
    ],
)  # fmt: skip
def test_a_refusal_is_told_in_the_rules_words(sqlite_site, code, act_, data, status, said):
    listed(sqlite_site.office, rectifying(sqlite_site.office))
    browser = sqlite_site.as_(code)
    order = address_in(browser.get("/orders").text)

    answer = browser.post(f"{order}/{act_}", data=data)

    assert (answer.status_code, said in answer.text) == (status, True), answer.text


@pytest.mark.parametrize(
    ("code", "acts"),
    [
        ("cluster1", {"serve_order", "publish_order"}),
        ("owner1", {"acknowledge_order", "ask_order_extension"}),
        ("committee1", {"serve_order", "publish_order"}),
        ("reporter1", set()),
        ("auditor", set()),
    ],
)
def test_a_page_offers_what_the_rules_offer(sqlite_site, code, acts):
    listed(sqlite_site.office, rectifying(sqlite_site.office))
    browser = sqlite_site.as_(code)
    order = address_in(browser.get("/orders").text)

    page = browser.get(order).text

    assert (
        set(re.findall(r"\?do=(\w+)", page)) | set(re.findall(rf'action="{order}/(\w+)"', page))
        == acts
    )


@pytest.mark.parametrize("code", ["cluster2", "owner2", "verifier2"])
def test_an_order_of_another_place_is_not_found(sqlite_site, code):
    listed(sqlite_site.office, rectifying(sqlite_site.office))
    browser = sqlite_site.as_(code)

    assert browser.get("/order/2026-1").status_code == 404
    assert browser.post("/order/2026-1/serve_order", data={"how": "signed"}).status_code == 404
    assert "/order/" not in browser.get("/orders").text


def test_an_order_is_found_by_its_number_and_by_its_cases(sqlite_site):
    number = listed(sqlite_site.office, rectifying(sqlite_site.office))
    browser = sqlite_site.as_("cluster1")
    written = re.search(r"<strong>(校安督.+?)</strong>", browser.get("/orders").text)[1]

    found = [browser.get(f"/order/{each}").status_code for each in ("2026-1", written, number)]

    assert found == [200, 200, 200]
    assert browser.get("/order/2026-2").status_code == 404
    assert browser.get("/order/2026-999999999").status_code == 404


def test_the_board_pages_and_filters_in_its_address(sqlite_site):
    for _ in range(26):
        listed(sqlite_site.office, rectifying(sqlite_site.office))
    listed(sqlite_site.office, rectifying(sqlite_site.office, unit="S3"), supervisor="committee")
    browser = sqlite_site.as_("committee1")

    first, second, other = (
        browser.get(f"/orders?stand=issued&{query}").text
        for query in ("place=P1", "place=P1&page=2", "level=committee")
    )

    assert [page.count('class="order-card') for page in (first, second, other)] == [25, 1, 1]
    assert "共 26 件" in second


@pytest.mark.parametrize("query", ["stand=x", "level=x", "place=nowhere", "stand=issued&page=x",
                                   "stand=issued&page=99999999999999999999"])  # fmt: skip
def test_a_board_that_cannot_be_read_is_said_so(sqlite_site, query):
    answer = sqlite_site.as_("cluster1").get(f"/orders?{query}")

    assert answer.status_code in (404, 422)


def test_missed_reports_show_on_the_board_and_the_order(sqlite_site):
    listed(sqlite_site.office, rectifying(sqlite_site.office), new_due="2026-05-20")
    for days in (8, 16):
        moment = MONDAY_9AM + timedelta(days=days)
        demand_progress(sqlite_site.office, as_of=moment, ran_at=moment)
    sqlite_site.clock.at = MONDAY_9AM + timedelta(days=17)
    browser = sqlite_site.as_("cluster1")

    board = browser.get("/orders").text

    assert "缺报进展 1 次" in board
    page = browser.get(address_in(board)).text
    assert "缺报 1 次" in page
    assert page.index("进展报告") < page.index("by-time") < page.index("督办经过")


def test_what_was_escalated_is_acknowledged_one_by_one_or_together(site):
    first, second = late(site), reported(site.office, at=MONDAY_9AM)
    sweep(site.office, as_of=LATER, ran_at=LATER)
    browser = site.as_("cluster1")
    page = browser.get("/escalations").text
    ids = re.findall(r'name="notice-(\d+)"', page)

    browser.post("/escalations/acknowledge", data={f"notice-{ids[0]}": "1"})
    after_one = browser.get("/escalations").text
    shown = re.search(r'name="shown" value="([^"]*)"', after_one)[1]
    told = browser.post("/escalations/acknowledge", data={"shown": shown, "all": "1"})

    assert {first, second} <= set(re.findall(r"/case/([^\"]+)\"", page))
    assert re.findall(r'name="notice-(\d+)"', after_one) == ids[1:]
    assert told.headers["location"] == f"/escalations?done={len(ids) - 1}"
    assert "没有待您知悉的升级" in browser.get("/escalations").text
    assert browser.get("/escalations?read=1").text.count("已知悉") == len(ids)


def test_nobody_acknowledges_what_was_escalated_to_another(sqlite_site):
    late(sqlite_site)
    (theirs, *_) = re.findall(
        r'name="notice-(\d+)"', sqlite_site.as_("cluster1").get("/escalations").text
    )

    answer = sqlite_site.as_("cluster2").post(
        "/escalations/acknowledge", data={f"notice-{theirs}": "1"}
    )

    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["notice-x", "notice-", "notice-" + "9" * 30, "notice-٣"])
def test_a_notice_that_is_none_is_refused(sqlite_site, name):
    answer = sqlite_site.as_("cluster1").post("/escalations/acknowledge", data={name: "1"})

    assert answer.status_code == 422


def test_the_heat_counts_what_its_links_list(site):
    late(site)
    reported(site.office, at=LATER)
    listed(site.office, rectifying(site.office, unit="S3", at=LATER), new_due="2026-06-01")
    browser = site.as_("committee1")

    page = browser.get("/heat").text
    counted = re.findall(r'<dd><a href="([^"]+)">(\d+)</a>', page)

    assert [n for _, n in counted] == ["2", "1", "1", "1", "0", "1"]
    for link, n in counted:
        assert f"共 {n} 件" in browser.get(link.replace("&amp;", "&")).text


def test_a_cluster_lead_sees_the_units_of_the_cluster_and_no_other(sqlite_site):
    page = sqlite_site.as_("cluster1").get("/heat").text

    assert re.findall(r"place=(\w+)[^>]*>([^\d<]+)</a></h2>", page) == [
        ("S1", "第一小学"), ("S2", "第二中学")
    ]  # fmt: skip


def test_a_notice_that_was_given_up_is_sent_again(site):
    late(site)
    (notice, *_) = list_notices(site.office, by="admin")
    with site.office.writing() as connection:
        dead = {"state": NoticeState.DEAD, "tries": 8, "reason": "mail: <b>refused</b>"}
        connection.execute(update(NOTICES).where(NOTICES.c.id == notice["id"]).values(dead))
    browser = site.as_("admin")

    page = browser.get("/notice-log?state=dead").text
    again = browser.post("/notice-log/resend", data={"notice": str(notice["id"])})

    assert "mail: &lt;b&gt;refused&lt;/b&gt;" in page
    assert again.headers["location"] == f"/notice-log?again={notice['id']}"
    assert "没有符合条件的通知" in browser.get("/notice-log?state=dead").text


def test_a_cluster_lead_reads_the_log_of_their_cluster_and_sends_nothing(sqlite_site):
    office = sqlite_site.office
    own, other = reported(office), reported(office, unit="S3")
    browser = sqlite_site.as_("cluster1")

    page = browser.get("/notice-log").text

    assert (own in page, other in page, "重发</button>" in page) == (True, False, False)
    assert own not in sqlite_site.as_("cluster2").get("/notice-log").text
    assert browser.post("/notice-log/resend", data={"notice": "1"}).status_code == 403
    assert "/notice-log" in browser.get("/more").text


@pytest.mark.parametrize("code", ["owner1", "verifier1a", "inspector1", "auditor"])
def test_the_notice_log_is_for_who_leads_or_may_sweep(sqlite_site, code):
    browser = sqlite_site.as_(code)

    assert browser.get("/notice-log").status_code == 403
    assert browser.post("/notice-log/resend", data={"notice": "1"}).status_code == 403
    assert "/notice-log" not in browser.get("/more").text


@pytest.mark.parametrize("query", ["state=x", "case=%00", "before=x", "person=" + "长" * 3000])
def test_a_log_that_cannot_be_read_is_said_so(sqlite_site, query):
    answer = sqlite_site.as_("admin").get(f"/notice-log?{query}")

    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


def test_hostile_text_stays_text_on_every_page(sqlite_site):
    number = rectifying(sqlite_site.office, description=MARKUP, location=MARKUP)
    listed(sqlite_site.office, number, reason=MARKUP, demands=MARKUP)
    sqlite_site.clock.at = LATER
    sweep(sqlite_site.office, as_of=LATER, ran_at=LATER)
    browser = sqlite_site.as_("committee1")

    typed = browser.post("/order/2026-1/refuse_order_extension", data={"reason": MARKUP}).text
    pages = [browser.get(each).text for each in ("/orders", "/order/2026-1", "/escalations")]

    assert [page for page in [*pages, typed] if "<script>alert" in page] == []
    assert all("&lt;script&gt;alert" in page for page in pages)


def test_home_counts_escalations_and_orders_and_leads_to_the_same_lists(sqlite_site):
    late(sqlite_site)
    browser = sqlite_site.as_("cluster1")

    found = re.findall(
        r'href="(/(?:escalations|orders)[^"]*)"><b class="number">(\d+)<', browser.get("/").text
    )

    assert [link for link, _ in found] == ["/escalations", "/orders?stand=issued"]
    escalated, issued = (n for _, n in found)
    assert f"未知悉 {escalated}" in browser.get("/escalations").text
    assert f"共 {issued} 件" in browser.get("/orders?stand=issued").text


def test_home_says_nothing_of_supervision_where_there_is_none(sqlite_site):
    assert 'id="supervision"' not in sqlite_site.as_("cluster2").get("/").text


def test_every_stand_has_its_words():
    assert len({each.label for each in Stand}) == len(Stand)
