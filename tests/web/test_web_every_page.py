"""Every page of the route table in a real browser: nothing bars anybody, nothing complains.

In both themes, at both widths, in both languages. `make screenshots` keeps the pictures.
"""

import pytest
from sqlalchemy import insert

from models.tables import ACCOUNTS, PEOPLE, ROLE_GRANTS
from rules.access import Role
from tests.leaking import addresses
from tests.offices import MONDAY_9AM, ORGANISATION
from tests.web.browsing import a_page, barriers, is_as_wide_as_its_window, keep_picture
from web.app import NOUNS
from web.serving import running_app

FILES = (
    "csv",
    "xlsx",
    "json",
    "xes",
    "bundle",
    "archive",
    "{ending}",
    "{form}",
    "{evidence}",
    "js",
    "progress",
    "{file}",
    "{sha256}",
)
"""How addresses of files end; the rest are pages."""
# Whoever asked for it alone sees what came of it: test_web_list_journey.py.
NOBODYS = (
    "/cases/bulk/{run}",
    "/import/{upload}",
    "/acknowledge/{token}", "/verify/{code:path}", "/login/second", "/setup", "/login",
    "/login/oidc", "/login/oidc/back",
)  # fmt: skip
PATHS = [
    route.path for noun in NOUNS for route in noun.pages.router.routes
    if "GET" in route.methods and not route.path.endswith(FILES) and route.path not in NOBODYS
]  # fmt: skip
_A_GUARD = "?key=A-S1&unit=S1"
ASKED = {
    "/cases/bulk": "?action=close&all=1",
    "/admin/person": "?code=owner1", "/admin/wording": "?kind=overdue",
    "/registers/{written}/record": _A_GUARD, "/registers/{written}/change": _A_GUARD,
    "/registers/{written}/retire": _A_GUARD, "/guard-checks/{check}/guard": "?guard=A-S3&unit=S3",
    "/guard-reviews/guard": "?guard=A-S1&unit=S1",
    "/duty": "?kind=report&key=weekly/S1", "/locations/sheet": "?unit=S1",
}  # fmt: skip
"""What a page cannot do without."""
WAYS = [(1280, "light", "en"), (390, "dark", "zh")]


@pytest.fixture(scope="module")
def district(planted, hashed):
    """A planted office on a port, and somebody of every role."""
    _let_in_everybody(planted.office, hashed)
    with running_app(planted.app, host="127.0.0.1", port=8850) as planted.address:
        yield planted


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: f"{way[0]}-{way[1]}-{way[2]}")
def way(request, chromium, district):
    width, scheme, lang = request.param
    with a_page(
        chromium, district, "everybody", width=width, color_scheme=scheme, lang=lang
    ) as page:
        yield page, f"{width}-{scheme}-{lang}"


@pytest.mark.parametrize("path", PATHS)
def test_no_page_bars_anybody(way, district, path):
    page, name = way
    address = addresses(path, district.world["S1"])[0] + ASKED.get(path, "")

    answer = page.goto(district.address + address)
    keep_picture(page, f"{path}-{name}")

    assert (answer.status, barriers(page), is_as_wide_as_its_window(page)) == (200, [], True)


def _let_in_everybody(office, hashed):
    with office.writing() as connection:
        person = {"id": 2199, "code": "everybody", "name": "EVERYBODY"}
        connection.execute(insert(PEOPLE), person)
        grants = [
            {"person_id": 2199, "role": role, "organisation_id": ORGANISATION["ZWH"]}
            for role in Role if role is not Role.LADDER
        ]  # fmt: skip
        connection.execute(insert(ROLE_GRANTS), grants)
        account = {"password": hashed, "password_at": MONDAY_9AM, "totp": "", "totp_step": 0}
        connection.execute(insert(ACCOUNTS), account | {"person_id": 2199})
