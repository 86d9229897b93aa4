"""Hostile text stays text, every word is there in both languages, assets are what they say."""

import hashlib
import json
import re

import pytest

from casework.events import Door
from casework.links import link_token
from casework.notice_list import list_notices
from rules.actions import Action
from tests.casework.test_hostile_text import KEPT
from tests.offices import MONDAY_9AM, PERSON, act, rectifying, reported
from web.pages.reporting import ICONS
from web.rendering import STATIC, TEMPLATES

MARKUP = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>',
    "{{ 7 * 7 }}", "{% raw %}", "${7*7}", "javascript:alert(1)", "</textarea><b>x",
]  # fmt: skip
VENDOR = STATIC / "vendor"
FILES = sorted(TEMPLATES.glob("*.html"))


@pytest.mark.parametrize("start", range(0, 400, 100))
def test_no_text_becomes_a_part_of_the_page(sqlite_site, start):
    browser = sqlite_site.as_("head1")
    plain = _elements(browser.get(f"/case/{reported(sqlite_site.office)}").text)

    for text in [*MARKUP, *KEPT[start : start + 12]]:
        number = reported(sqlite_site.office, description=text, location=text, measure=text)
        page = browser.get(f"/case/{number}").text
        found = browser.get("/cases", params={"text": text}).text

        assert _elements(page) - {"strong"} == plain - {"strong"}, text
        assert "alert(1)>" not in re.sub(r"&[a-z#0-9]+;", "", found).replace("alert(1)&gt;", "")
        assert "49" not in re.sub(r"[^7 ]", "", text) or "49" not in page


def test_what_was_typed_into_a_refused_form_comes_back_as_text(sqlite_site):
    number = rectifying(sqlite_site.office)
    browser = sqlite_site.as_("owner1")

    for text in MARKUP:
        sent = {"reason": text, "obstacle": text, "new_due": text}
        answer = browser.post(f"/case/{number}/ask_extension", data=sent)

        assert answer.status_code == 422
        assert "<script>alert" not in answer.text
        assert "<svg onload" not in answer.text
        assert "</textarea><b>" not in answer.text


@pytest.mark.parametrize("path", [
    "/case/%00", "/case/%F0%9F%92%A9", "/case/..%2F..%2Fetc", "/case/x/evidence/999999999999999",
    "/case/x/evidence/99999999999999999999999", "/nowhere", "/case/" + "x" * 3000,
    "/cases?text=%00", "/cases?text=" + "长" * 3000, "/cases?after=W10", "/acknowledge/1.2.3.4",
    "/report?unit=%00&category=%22%3E", "/?lang=xx", "/static/../app.py", "/static/%2e%2e/app.py",
])  # fmt: skip
def test_no_address_makes_the_server_fail(sqlite_site, path):
    answer = sqlite_site.as_("committee1").get(path)

    assert answer.status_code < 500


@pytest.mark.parametrize(
    "text", ["\x00", "\ud800", "x" * 6000, "\x1b[31m"], ids=["nul", "half", "long", "escape"]
)
def test_no_form_makes_the_server_fail(sqlite_site, text):
    number = rectifying(sqlite_site.office)
    browser = sqlite_site.as_("owner1")
    body = {"text": text.encode("utf-8", "surrogatepass"), "key": b"k"}

    for path in (f"/case/{number}/progress", "/report", "/login", "/preferences",
                 "/account/password", "/account/tokens/make", "/notices/acknowledge"):  # fmt: skip
        assert browser.post(path, data=body).status_code < 500, path


def test_a_link_shows_before_it_acknowledges(site):
    number = rectifying(site.office)
    act(site.office, number, Action.LIST, "committee1", kind="挂牌督办", reason="久拖")
    (notice, *_) = list_notices(site.office, by="owner1", person="owner1")
    token = link_token(site.keys, PERSON["owner1"], [notice["id"]], MONDAY_9AM)
    browser = site.browser()

    looked = browser.get(f"/acknowledge/{token}")
    before = list_notices(site.office, by="owner1")[0]["acknowledged_at"]
    done = browser.post(f"/acknowledge/{token}")

    assert (looked.status_code, before, done.status_code) == (200, None, 200)
    assert "灭火器" not in looked.text  # a link may be passed on: it tells no hazard
    assert list_notices(site.office, by="owner1")[0]["acknowledged_at"] == MONDAY_9AM
    assert browser.get("/acknowledge/" + token[:-2]).status_code == 403
    assert Door.PAGE.value == "page"


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_word_of_a_template_is_there_in_both_languages(file):
    """What is not said through ``t`` holds no letters, in the text and in what is read aloud."""
    source = file.read_text(encoding="utf-8").replace("%}narrow{%", "%}{%")  # a width, not a word
    said = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', said)
    text = re.sub(r"<!doctype html>|<[^>]*>", "", said)

    assert re.findall(r"[A-Za-z\u3400-\u9fff]+", text + "".join(spoken)) == []


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_both_languages_are_given_wherever_a_text_is(file):
    source = file.read_text(encoding="utf-8")
    pairs = re.findall(r"""\bt\((?:"([^"]*)"|'([^']*)')(?:, (?:"([^"]*)"|'([^']*)'))?""", source)

    assert [pair for pair in pairs if not (pair[2] or pair[3])] == []
    assert [
        pair for pair in pairs if not re.search(r"[\u3001-\u9fff：]|English", pair[0] + pair[1])
    ] == []


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_a_template_holds_no_script_no_style_and_no_outside_address(file):
    source = file.read_text(encoding="utf-8")

    assert (
        re.findall(r"<style|\sstyle=|\son\w+=|<script>|(?:src|href)=\"(?:https?:)?//", source) == []
    )


@pytest.mark.parametrize("entry", json.loads((VENDOR / "vendor.json").read_text()))
def test_what_is_vendored_is_what_it_says(entry):
    data = (VENDOR / entry["file"]).read_bytes()

    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert (VENDOR / entry["licence_file"]).is_file()


def test_nothing_is_vendored_that_is_not_listed():
    listed = json.loads((VENDOR / "vendor.json").read_text())
    known = {each[name] for each in listed for name in ("file", "licence_file")}

    assert {path.name for path in VENDOR.iterdir()} - known == {"vendor.json"}


def test_every_icon_that_is_drawn_is_there():
    source = "".join(path.read_text(encoding="utf-8") for path in FILES)
    drawn = set(re.findall(r'icon\("([a-z0-9-]+)"', source))
    drawn |= set(re.findall(r'tab\("[^"]*", "([a-z0-9-]+)"', source))
    drawn |= set(re.findall(r'empty\(t\([^()]*\), "([a-z0-9-]+)"', source))
    sprite = set(re.findall(r'id="([a-z0-9-]+)"', (VENDOR / "icons.svg").read_text()))

    assert (drawn | set(ICONS.values())) - sprite == set()


def _elements(page):
    """The kinds of elements and attributes a page is made of."""
    tags = re.findall(r"<([a-z]+)((?:\s[^<>]*)?)>", page)
    return {tag for tag, _ in tags} | {
        name for _, rest in tags for name in re.findall(r"\s(on\w+)=", rest)
    }
