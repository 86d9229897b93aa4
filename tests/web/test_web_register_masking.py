"""No personal value of any register stands in any page or file, for any role, unless revealed."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from casework.events import Door
from casework.registers.acts import change_record, retire_record
from casework.registers.attaching import attach_files
from casework.registers.checking import check_registers
from rules.registers.kinds import kinds
from tests.api.conftest import an_api
from tests.casework.registers.buses import OF, added
from tests.conftest import opened
from tests.offices import MONDAY_9AM, a_photo, an_office
from tests.web.conftest import a_site

ROLES = ["reporter1", "owner1", "head1", "cluster1", "verifier1a", "inspector1", "committee1",
         "admin", "auditor"]  # fmt: skip
BY = {"by": "head1", "at": MONDAY_9AM, "door": Door.CLI}
SECRETS = sorted({
    typed[name]
    for kind, typed in OF.items()
    for name in kinds()[kind].personal & typed.keys()
} | {"13612340000", "王小明身份证"})  # fmt: skip
"""Every personal value there is, one that was changed, and a file's name."""
PAGES = [
    "/registers", "/registers/expiring?days=180", "/registers/expiring?days=180&kind=driver",
    *(
        f"/registers/{kind}{page}"
        for kind in kinds()
        for page in ("", "?retired=1&order=added", "/export.csv", "/export.xlsx", "/add", "/import",
                     *(f"/{each}?key={OF[kind][kinds()[kind].unique]}&unit=S1"
                       for each in ("record", "change", "retire")))
    ),
    "/", "/cases", "/cases.csv", "/cases.xlsx", "/cases.json", "/notices", "/audit",
    "/audit?q=校车驾驶人", "/audit/access", "/audit/export.csv?q=", "/more",
]  # fmt: skip


@pytest.fixture(scope="module")
def district(tmp_path_factory, sqlite_template, hashed):
    """A record of every kind, changed, checked, with a file, and one retired."""
    folder = tmp_path_factory.mktemp("masked")
    path = folder / "bihuan.db"
    path.write_bytes(sqlite_template.read_bytes())
    with opened(f"sqlite:///{path}") as engine:
        site = a_site(an_office(engine, folder), hashed)
        _fill(site.office)
        yield site


@pytest.mark.parametrize("code", ROLES)
def test_no_page_and_no_file_holds_what_is_masked(district, code):
    browser = district.as_(code)

    told = {page: browser.get(page) for page in [*PAGES, *_cases(browser)]}

    assert max(each.status_code for each in told.values()) < 500
    assert [(page, secret) for page, each in told.items() for secret in _found(each)] == []


@pytest.mark.parametrize("code", ["head1", "committee1", "auditor"])
def test_no_answer_of_the_api_holds_what_is_masked(district, code):
    api = an_api_of(district)
    client = api.as_(code)
    asked = [
        "/registers", "/registers/expiring?days=3000",
        *(f"/registers/{kind}?retired=1" for kind in kinds()),
        *(f"/registers/{kind}/record?key={OF[kind][kinds()[kind].unique]}" for kind in kinds()),
        "/cases", "/notices",
    ]  # fmt: skip

    told = [client.get(each) for each in asked]

    assert [each.status_code for each in told] == [200] * len(asked)
    assert [secret for each in told for secret in _found(each)] == []


def test_what_is_revealed_is_there(district):
    browser = district.as_("committee1")
    at = {"key": OF["driver"]["file_no"], "unit": "S1", "why": "核对身份"}

    answer = browser.post("/registers/driver/reveal", data=at)

    assert OF["driver"]["name"] in answer.text
    assert OF["driver"]["born_on"] in answer.text


def test_every_kind_that_has_personal_fields_is_looked_at():
    personal = {kind for kind, each in kinds().items() if each.personal}

    assert personal <= OF.keys()
    assert all(kinds()[kind].personal <= OF[kind].keys() | {"id_card"} for kind in personal)


def _fill(office):
    for kind in kinds():
        added(office, kind)
    added(office, "driver", file_no="320500999999", born_on="1966-03-02")  # 60 years today
    added(office, "driver", file_no="320500888888")
    retire_record(office, "driver", "320500888888", "离职", **BY)
    change_record(office, "guard", "A01", {"phone": "13612340000"}, **BY)
    for kind, key in (("driver", OF["driver"]["file_no"]), ("guard", "A01")):
        photo = office.evidence.put(a_photo(), name="王小明身份证.jpg")
        attach_files(office, kind, key, [photo], **BY)
    check_registers(office, as_of=MONDAY_9AM, ran_at=MONDAY_9AM, door=Door.FLOW)


def an_api_of(site):
    """The API over the same office, whose people have accounts already."""
    return an_api(site.office, with_accounts=False)


def _cases(browser):
    rows = browser.get("/cases.json").json()
    numbers = [next(value for value in row.values() if str(value).startswith("YH")) for row in rows]
    return [f"/case/{number}" for number in numbers] + [
        f"/audit/case/{number}" for number in numbers
    ]


def _found(answer):
    parts = [answer.content]
    if answer.content[:2] == b"PK":
        with ZipFile(BytesIO(answer.content)) as book:
            parts = [book.read(name) for name in book.namelist()]
    return [secret for secret in SECRETS for part in parts if secret.encode() in part]
