"""Whoever asks for many at once, at whichever door, is given one answer: row by row the same."""

import csv
import re
import shutil
from contextlib import ExitStack
from datetime import datetime
from html import unescape
from io import StringIO

import pytest

from casework.accounts.passwords import hash_password
from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.office import Office
from rules.case import State
from rules.words import CLAIMED
from tests.api.conftest import an_api
from tests.conftest import opened
from tests.offices import claimed, planned, rectifying, reported, verified
from tests.web.conftest import PASSWORD, a_site

AT = "2026-03-02T10:00:00+08:00"
NOW = datetime.fromisoformat(AT)
SCENES = (reported, planned, rectifying, claimed, verified)
ASKED = [
    ("close", "committee1", {}),
    ("close", "cluster1", {"reason": "统一销号"}),
    ("void", "committee1", {"reason": "误报"}),
    ("grade", "committee1", {"level": "major", "reason": "人员密集"}),
    ("grade", "cluster1", {"level": "ordinary", "reason": "x"}),
    ("assign", "head1", {"owner": "王小明", "department": "总务处"}),
    ("transfer", "committee1", {"unit": "S2", "reason": "属第二中学"}),
    ("approve_plan", "head1", {}),
    ("return_plan", "cluster1", {"reason": "措施不具体"}),
    ("progress", "owner1", {"text": "已订货"}),
    ("list", "committee1", {"kind": "supervision", "reason": "久拖", "new_due": "2026-03-12"}),
    ("grant_extension", "committee1", {"new_due": "2026-03-30"}),
]


@pytest.fixture(scope="module")
def hashed():
    return hash_password(PASSWORD, code="")


@pytest.fixture
def doors(office, peopled, tmp_path, hashed):
    """The command line's office, and the API's and the pages' that began the same."""
    with ExitStack() as held:
        others = []
        for name in ("api", "page"):
            folder = tmp_path / name
            folder.mkdir()
            shutil.copyfile(peopled, folder / "bihuan.db")
            engine = held.enter_context(opened(f"sqlite:///{folder / 'bihuan.db'}"))
            others.append(Office(engine, EvidenceStore(folder / "evidence", Limits())))
        api, site = an_api(others[0]), a_site(others[1], hashed)
        for each in (office, *others):
            _set_scene(each)
        api.clock.at = site.clock.at = NOW
        yield api, site


@pytest.mark.parametrize(("action", "by", "fields"), ASKED)
def test_the_command_line_the_api_and_the_page_say_the_same(bihuan, doors, action, by, fields):
    api, site = doors
    numbers = [f"YH2026-{n:06d}" for n in range(1, len(SCENES) + 2)]

    typed = [f"--set={name}={value}" for name, value in fields.items()]
    told = bihuan("case", "bulk", action, *numbers, "--as", by, "--at", AT, "--json", *typed).json
    asked = {"action": action, "fields": fields, "cases": [{"number": each} for each in numbers]}
    answer = api.as_(by).post("/cases/bulk", json=asked).json()
    shown = _on_the_page(site.as_(by), action, fields, numbers)

    by_line = [(*_row(each), each["problem"], each["remedy"]) for each in told["items"]]
    assert by_line == [(*_row(each), each["detail"], each["remedy"]) for each in answer["items"]]
    assert by_line == shown
    assert (told["done"], told["refused"]) == (answer["done"], answer["refused"])


def _set_scene(office):
    for scene in SCENES:
        scene(office)
    reported(office, unit="S3")


def _row(item):
    receipt = item["receipt"].rpartition("/")[0]  # the last part is the history's, door included
    return item["number"], item["done"], item["state"] or "", receipt


def _on_the_page(browser, action, fields, numbers):
    page = browser.get("/cases/bulk", params={"action": action, "case": numbers}).text
    if 'name="picks"' not in page:
        return _refused(page)
    picks = re.search(r'name="picks" value="([^"]*)"', page)[1]
    sent = {**fields, "action": action, "picks": picks, "key": "k", "back": ""}
    where = browser.post("/cases/bulk", data=sent).headers["location"]
    content = browser.get(f"{where}/results.csv").content.decode("utf-8-sig")
    labels = {CLAIMED.zh: State.RECTIFYING.value, **{each.label.zh: each.value for each in State}}
    return [
        (number, result == "已办理", labels.get(state, ""), receipt.rpartition("/")[0], why, remedy)
        for number, result, state, receipt, why, remedy in list(csv.reader(StringIO(content)))[1:]
    ]


def _refused(page):
    """Return the rows of a preview in which nothing can be done: it offers no button."""
    found = re.findall(
        r'number">(YH2026-\d+)</div>.*?wrong-words">(.*?)</span> <span class="small">(.*?)</span>',
        page, re.DOTALL,
    )  # fmt: skip
    return [
        (number, False, "", "", unescape(why), unescape(remedy)) for number, why, remedy in found
    ]
