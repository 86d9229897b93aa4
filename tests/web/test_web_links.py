"""Every link a page offers leads somewhere: followed from each role's home until none is new."""

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest

# The least, a lead, and the two who see most: the others' links are among theirs.
ROLES = ["reporter1", "cluster1", "admin", "auditor"]
ONE_OF_A_KIND = 1
"""Of addresses that differ in numbers and parameters only, this many are followed."""


@pytest.mark.parametrize("code", ROLES)
def test_no_link_leads_nowhere(planted, code):
    broken, seen = _followed(planted.as_(code))

    assert broken == {}
    assert seen >= 20


def _followed(browser):
    """Return the links that do not answer 200, each with the page it stands on; and how many."""
    waiting, known, alike, broken = deque([("/", "")]), set(), Counter(), {}
    while waiting:
        address, source = waiting.popleft()
        path, names = (
            re.sub(r"\d+", "0", urlsplit(address).path),
            re.findall(r"[?&](\w+)=", address),
        )
        kind = (path, *sorted(set(names)))
        if address in known or alike[kind] == ONE_OF_A_KIND:
            continue
        known.add(address)
        alike[kind] += 1
        answer = browser.get(address, follow_redirects=True)
        if answer.status_code != 200:
            broken[address] = (answer.status_code, source)
        if answer.headers["content-type"].startswith("text/html"):
            waiting.extend((each, address) for each in _links(answer.text, address))
    return broken, len(known)


def _links(page, address):
    for found in re.findall(r'(?:href|src|hx-get)="([^"]*)"', page):
        whole = urljoin(f"http://localhost{address}", unescape(found))
        parts = urlsplit(whole)
        if parts.netloc == "localhost" and not parts.path.startswith("/static/"):
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path
