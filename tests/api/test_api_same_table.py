"""One door's answer is every door's: moves asked of the API, and of casework."""

import shutil
from datetime import datetime

import pytest

from casework.attachments import Attachment
from casework.events import Door
from casework.moves import move
from models import Shows
from rules.actions import Action
from rules.wording import Trouble
from tests.api.conftest import an_api
from tests.cli.test_cli_same_table import AT, MOVES
from tests.conftest import opened
from tests.offices import a_photo, an_office, claimed, rectifying, reported
from web.troubles import status_of

NOW = datetime.fromisoformat(AT)


@pytest.fixture
def twins(sqlite_template, tmp_path):
    """An API, and another office that began the same."""
    made = []
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copyfile(sqlite_template, folder / "bihuan.db")
        made.append(folder)
    with (
        opened(f"sqlite:///{made[0]}/bihuan.db") as one,
        opened(f"sqlite:///{made[1]}/bihuan.db") as other,
    ):
        yield an_api(an_office(one, made[0])), an_office(other, made[1])


@pytest.mark.parametrize("case", MOVES)
def test_the_api_answers_as_casework_does(twins, case):
    api, twin = twins
    scene, action, by, fields = case
    number, same = scene(api.office), scene(twin)
    api.clock.at = NOW

    told = api.as_(by).post(f"/cases/{number}/moves", json={"action": action, "fields": fields})

    assert _answer(told) == _asked(twin, same, action, by, fields)


@pytest.mark.parametrize(("scene", "action"), [(reported, "fix_on_spot"), (rectifying, "claim")])
def test_evidence_is_taken_as_casework_takes_it(twins, scene, action):
    api, twin = twins
    number, same = scene(api.office), scene(twin)
    files = [Attachment(twin.evidence.put(a_photo("blue"), name="blue.jpg"), Shows.AFTER)]
    api.clock.at = NOW
    client = api.as_("owner1")

    stored = client.post("/evidence", params={"name": "blue.jpg"}, content=a_photo("blue")).json()
    wanted = {"action": action, "evidence": [stored["evidence"]]}
    told = client.post(f"/cases/{number}/moves", json=wanted)

    assert told.status_code == 200
    assert _answer(told) == _asked(twin, same, action, "owner1", {}, files)


def test_what_was_done_came_in_by_this_door(twins):
    api, _ = twins
    number = claimed(api.office)
    client = api.as_("verifier1a")

    client.post(f"/cases/{number}/moves", json={"action": "pass", "fields": {"finding": "好"}})

    assert client.get(f"/cases/{number}").json()["history"][-1]["door"] == "api"


def _answer(told):
    if told.status_code == 200:
        return (200, told.json())
    said = told.json()
    return (told.status_code, said["field"], said["detail"], said["remedy"])


def _asked(office, number, action, by, fields, files=()):
    try:
        moved = move(
            office, number, Action(action), fields, by=by, at=NOW, door=Door.API, files=files
        )
    except Trouble as trouble:
        return (status_of(trouble), trouble.where, trouble.problem.zh, trouble.remedy.zh)
    return (200, moved.plain())
