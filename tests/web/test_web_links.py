"""Every link a page offers leads somewhere: followed from each role's home until none is new."""

import re
from collections import deque
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest

# The least, a lead, and the two who see most: the others' links are among theirs.
ROLES = ["reporter1", "cluster1", "admin", "auditor"]


@pytest.mark.parametrize("code", ROLES)
def test_no_link_leads_nowhere(planted, code):
    broken, seen = _followed(planted.as_(code))

    assert broken == {}
    assert seen >= 20


def _followed(browser):
    """Return the links that do not answer 200, each with the page it stands on; and how many."""
    waiting, known, broken, followed = deque([("/", "")]), set(), {}, 0
    while waiting:
        address, source = waiting.popleft()
        if known.issuperset(_said(address)):
            continue
        known.update(_said(address))
        followed += 1
        answer = browser.get(address, follow_redirects=True)
        if answer.status_code != 200:
            broken[address] = (answer.status_code, source)
        if answer.headers["content-type"].startswith("text/html"):
            waiting.extend((each, address) for each in _links(answer.text, address))
    return broken, followed


def _said(address):
    """Return what an address says: its path, numbers aside, with each parameter it names there.

    One link for each is followed. Of a list with ten filters the pages link to a thousand
    combinations, which differ in nothing that a link can get wrong.
    """
    parts = urlsplit(address)
    path = re.sub(r"\d+", "0", parts.path)
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    return {(path, name) for name in names or [""]}


def _links(page, address):
    for found in re.findall(r'(?:href|src|hx-get)="([^"]*)"', page):
        whole = urljoin(f"http://localhost{address}", unescape(found))
        parts = urlsplit(whole)
        if parts.netloc == "localhost" and not parts.path.startswith("/static/"):
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path
