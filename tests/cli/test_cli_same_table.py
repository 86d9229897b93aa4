"""One door's answer is every door's: moves typed at the command line, and asked of casework."""

from datetime import datetime

import pytest

from casework.attachments import Attachment
from casework.events import Door
from casework.moves import move
from models import Shows
from rules.actions import Action
from rules.wording import Trouble
from tests.offices import a_plan, claimed, planned, rectifying, reported, verified

AT = "2026-03-02T10:00:00+08:00"
PLAN = a_plan()
EXTENSION = {
    "reason": "等配件", "obstacle": "待资金", "new_due": "2026-03-31", "plan": "分步",
    "interim": "围挡",
}  # fmt: skip

MOVES = [
    (reported, "grade", "cluster1", {"level": "重大", "reason": "人员密集"}),
    (reported, "grade", "owner1", {"level": "major", "reason": "x"}),
    (reported, "grade", "cluster1", {"level": "一般", "reason": "x"}),
    (reported, "transfer", "cluster1", {"unit": "S2", "reason": "属第二中学"}),
    (reported, "transfer", "cluster1", {"unit": "P2", "reason": "x"}),
    (reported, "void", "committee1", {"reason": "误报"}),
    (reported, "void", "committee1", {}),
    (reported, "submit_plan", "owner1", PLAN),
    (reported, "submit_plan", "owner1", {**PLAN, "deadline": "2020-01-01"}),
    (reported, "submit_plan", "owner1", {**PLAN, "deadline": "明天"}),
    (reported, "fix_on_spot", "owner1", {"text": "已更换"}),
    (reported, "pass", "verifier1a", {"finding": "好"}),
    (planned, "approve_plan", "cluster1", {}),
    (planned, "approve_plan", "owner1", {}),
    (planned, "return_plan", "head1", {"reason": "措施不具体"}),
    (rectifying, "progress", "owner1", {"text": "已订货"}),
    (rectifying, "progress", "owner2", {"text": "已订货"}),
    (rectifying, "ask_extension", "owner1", EXTENSION),
    (rectifying, "ask_extension", "owner1", {**EXTENSION, "new_due": "2026-03-10"}),
    (rectifying, "claim", "owner1", {}),
    (claimed, "pass", "verifier1a", {"finding": "好"}),
    (claimed, "pass", "owner1", {"finding": "好"}),
    (claimed, "fail", "verifier1b", {"finding": "仍不亮", "new_due": "2026-03-25"}),
    (claimed, "no_access", "verifier1a", {"finding": "锁门"}),
    (verified, "close", "cluster1", {}),
    (verified, "reopen", "inspector1", {"finding": "又坏"}),
    (verified, "release", "committee1", {"reason": "x"}),
    (verified, "list", "committee1", {"kind": "挂牌督办", "reason": "久拖"}),
    (verified, "claim", "auditor", {}),
]


@pytest.mark.parametrize("case", MOVES)
def test_the_command_line_answers_as_casework_does(bihuan, office, twin, case):
    scene, action, by, fields = case
    number, same = scene(office), scene(twin)
    typed = [f"--set={name}={value}" for name, value in fields.items()]

    told = bihuan("case", "move", number, action, "--as", by, "--at", AT, "--json", *typed)

    assert _answer(told) == _asked(twin, same, action, by, fields)


@pytest.mark.parametrize(("scene", "action"), [(reported, "fix_on_spot"), (rectifying, "claim")])
def test_evidence_is_taken_as_casework_takes_it(bihuan, office, twin, photo, scene, action):
    number, same = scene(office), scene(twin)
    files = [Attachment(twin.evidence.put(photo("blue"), name="blue.jpg"), Shows.AFTER)]

    told = bihuan("case", "move", number, action, "--as", "owner1", "--at", AT, "--json",
                  "--photo", photo("blue"))  # fmt: skip

    assert _answer(told) == _asked(twin, same, action, "owner1", {}, files)
    assert told.code == 0


def _answer(told):
    if told.code == 0:
        return (0, told.json)
    return (told.code, *(told.error[name] for name in ("where", "problem", "remedy")))


def _asked(office, number, action, by, fields, files=()):
    try:
        moved = move(
            office, number, Action(action), fields, by=by, at=datetime.fromisoformat(AT),
            door=Door.CLI, files=files,
        )  # fmt: skip
    except Trouble as trouble:
        said = (trouble.where, trouble.problem.zh, trouble.remedy.zh)
        return (trouble.exit_code, *said)
    return (0, moved.plain())
