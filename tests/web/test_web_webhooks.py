"""The administrators' page of webhooks."""

import re
from dataclasses import replace

from tests.hooking import hooks_to
from tests.notifications.receivers import receiving

NEW = {"name": "系统", "url": "https://example.cn/hook?token=canary", "kinds": "close，list"}


def test_a_webhook_is_added_tried_paused_and_removed(site):
    admin = site.as_("admin")
    with receiving() as receiver:
        hooks = replace(hooks_to(receiver.address), keys=site.keys)
        site.app.state.settings = replace(site.app.state.settings, hooks=hooks)
        added = admin.post("/admin/webhooks/add", data={**NEW, "url": receiver.url})
        tried = admin.post("/admin/webhooks/test", data={"name": "系统"})

    shown = admin.get(tried.headers["location"]).text
    changed = admin.post("/admin/webhooks/rotate", data={"name": "系统", "hours": "24"}).text
    paused = admin.post("/admin/webhooks/pause", data={"name": "系统"})
    resting = admin.get(paused.headers["location"]).text
    removed = admin.post("/admin/webhooks/remove", data={"name": "系统"})

    assert re.search(r"whsec_[A-Za-z0-9+/=]{44}", added.text)
    assert "旧密钥并用到" in changed
    assert re.search(r"whsec_[A-Za-z0-9+/=]{44}", changed)
    assert [body["type"] for *_, body in receiver.got] == ["webhook.test"]
    assert ("HTTP 200" in shown, "whsec_" in shown) == (True, False)
    assert "已暂停" in resting
    assert "还没有接收方" in admin.get(removed.headers["location"]).text


def test_the_address_is_shown_masked(sqlite_site):
    admin = sqlite_site.as_("admin")
    admin.post("/admin/webhooks/add", data=NEW)

    page = admin.get("/admin/webhooks").text

    assert ("example.cn …" in page, "canary" in page) == (True, False)


def test_what_was_typed_stays_when_it_is_refused(sqlite_site):
    answer = sqlite_site.as_("admin").post("/admin/webhooks/add", data={**NEW, "kinds": "nonsense"})

    assert (answer.status_code, 'value="系统"' in answer.text) == (422, True)


def test_nobody_but_an_administrator_opens_it(sqlite_site):
    codes = ["committee1", "auditor", "cluster1", "head1"]

    assert {sqlite_site.as_(each).get("/admin/webhooks").status_code for each in codes} == {403}
