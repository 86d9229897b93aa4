"""Every role of every place asks every page for what is another school's: nothing comes out.

With the API's (``tests/api/test_api_leaks.py``) these are more than five thousand questions.
"""

import pytest

from tests.canaries import PAIRS, SOUGHT, STRANGERS, mark
from tests.leaking import addresses, held, leaks
from web.api.app import NOUNS as API
from web.app import NOUNS

LOOKS_OF_NOBODY = {"/acknowledge/{token}", "/verify/{code:path}"}
OWN_THINGS = ("/logout", "/preferences", "/login", "/setup", "/account/")
"""Forms about whoever sends them: signing out would end the asking."""


def _paths(method):
    return [
        route.path
        for noun in NOUNS
        for route in noun.pages.router.routes
        if method in route.methods
    ]


READ = _paths("GET")
WRITTEN = [path for path in _paths("POST") if not path.startswith(OWN_THINGS)]


@pytest.fixture(scope="module")
def district(planted):
    """A planted office, and a browser for each stranger."""
    return planted, planted.world, {code: planted.as_(code) for code in STRANGERS}


@pytest.mark.parametrize("path", READ)
def test_no_page_shows_what_is_another_schools(district, path):
    _, world, browsers = district

    def ask(code, address):
        answer = browsers[code].get(address)
        return answer.status_code, answer.content

    assert leaks(path, world, ask, may_answer=path in LOOKS_OF_NOBODY) == []


@pytest.mark.parametrize("path", WRITTEN)
def test_no_form_changes_what_is_another_schools(district, path):
    site, world, browsers = district
    before = {unit: held(site.office, unit) for unit in world}

    def ask(code, address):
        answer = browsers[code].post(address, data=_everything(world, code))
        return answer.status_code, answer.content

    assert leaks(path, world, ask, may_answer=path in LOOKS_OF_NOBODY, most=1) == []
    assert {unit: held(site.office, unit) for unit in world} == before


def test_those_who_belong_there_do_see_it(district):
    site, world, browsers = district
    its = world["S1"]

    seen = [browsers[code].get(f"/case/{its.case}") for code in ("owner1", "cluster1")]
    listed = browsers["head1"].get(f"/cases?text={SOUGHT}")

    assert [mark("S1") in each.text for each in (*seen, listed)] == [True] * 3
    assert mark("S3") in site.as_("committee1").get(f"/case/{world['S3'].case}").text


def test_the_questions_are_more_than_five_thousand(district):
    _, world, _ = district
    paths = [
        *READ,
        *WRITTEN,
        *(route.path for noun in API for route in noun.operations.router.routes),
    ]

    asked = [
        each
        for path in paths
        for _, unit in PAIRS
        for each in addresses(path, world[unit])[: 1 if path in WRITTEN else None]
    ]

    assert len(asked) >= 5_000


def _everything(world, code):
    """A form that answers whatever is asked for, naming things of schools that are not theirs."""
    its = world[STRANGERS[code][-1]]
    return {
        "unit": its.unit, "place": its.unit, "case": its.case, "notices": str(its.notice),
        "notice": str(its.notice), "number": its.case, "key": its.guard, "kind": "rectification",
        "category": "fire", "description": "他校代报的灭火器", "found_on": "2026-03-01",
        "reason": "试探", "finding": "试探", "measures": "试探", "duty": "试探", "funds": "1",
        "deadline": "2026-03-20", "contingency": "试探", "new_due": "2026-03-20", "how": "signed",
        "until": "2026-04-30", "name": f"试探{code}", "query": f"单位:{its.unit}", "why": "试探",
    }  # fmt: skip
