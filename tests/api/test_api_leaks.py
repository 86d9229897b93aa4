"""Every role of every place asks for what is another school's: no operation tells it."""

import pytest

from tests.api.conftest import an_api
from tests.api.serving import Unlimited
from tests.canaries import SOUGHT, STRANGERS, mark, plant
from tests.conftest import opened
from tests.leaking import held, leaks
from tests.offices import an_office
from web.api.app import NOUNS

READ = [
    route.path for noun in NOUNS for route in noun.operations.router.routes
    if "GET" in route.methods
]  # fmt: skip
WRITTEN = [
    (route.path, min(route.methods)) for noun in NOUNS for route in noun.operations.router.routes
    if "GET" not in route.methods
]  # fmt: skip


@pytest.fixture(scope="module")
def district(tmp_path_factory, sqlite_template):
    """A planted office, and a client for each stranger."""
    folder = tmp_path_factory.mktemp("district")
    path = folder / "bihuan.db"
    path.write_bytes(sqlite_template.read_bytes())
    with opened(f"sqlite:///{path}") as engine:
        api = an_api(an_office(engine, folder))
        api.served.state.rates = Unlimited()
        world = plant(api.office)
        yield api, world, {code: api.as_(code) for code in STRANGERS}


@pytest.mark.parametrize("path", READ)
def test_no_operation_tells_what_is_another_schools(district, path):
    _, world, clients = district

    def ask(code, address):
        answer = clients[code].get(address)
        return answer.status_code, answer.content

    assert leaks(path, world, ask, may_answer=False) == []


@pytest.mark.parametrize(("path", "method"), WRITTEN)
def test_no_operation_changes_what_is_another_schools(district, path, method):
    api, world, clients = district
    before = {unit: held(api.office, unit) for unit in world}

    def ask(code, address):
        answer = clients[code].request(method, address, json=_everything(world, code))
        return answer.status_code, answer.content

    assert leaks(path, world, ask, may_answer=False, most=1) == []
    assert {unit: held(api.office, unit) for unit in world} == before


@pytest.mark.parametrize("code", STRANGERS)
def test_counts_tell_no_more_than_the_list(district, code):
    _, _, clients = district
    client = clients[code]

    counted = client.get(f"/cases/count?text={SOUGHT}").json()["number"]
    listed = client.get(f"/cases?text={SOUGHT}").json()["items"]

    assert counted == len(listed) > 0


def test_those_who_belong_there_are_told(district):
    _, world, clients = district

    assert mark("S1") in clients["owner1"].get(f"/cases/{world['S1'].case}").text


def _everything(world, code):
    """A body with a field of every name that an operation takes."""
    its = world[STRANGERS[code][-1]]
    return {
        "unit": its.unit, "category": "fire", "description": "他校代报的灭火器",
        "action": "void", "fields": {"reason": "试探"}, "act": "publish", "reason": "试探",
        "notices": [its.notice], "case": its.case,
    }  # fmt: skip
