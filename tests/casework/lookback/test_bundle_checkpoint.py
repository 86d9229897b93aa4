"""A look-back's bundle brings the proof that its events lie under a signed head."""

import json
from base64 import b64encode

import pytest

from casework.lookback.assigning import assign_inspectors
from casework.lookback.checks import Outcome, Proof
from casework.lookback.verifying import verify_bundle
from rules.checkpoint import Checkpoint, Signer, open_note, sign_note
from rules.merkle import leaf_hash
from tests.bundles import drawn_only, exported, packed, unpacked
from tests.lookbacks import closed_cases, drawn_look, hand, with_inspectors
from tests.offices import reported
from tests.sealing import outside_of, sealed
from verify.bihuan_verify import main

FORGER = Signer("bihuan/forged", bytes(32))


@pytest.fixture
def proven(sqlite_office, tmp_path):
    """The parts of a look-back's bundle, drawn and sealed; and the key."""
    closed_cases(sqlite_office)
    number = drawn_look(sqlite_office)
    sealed(sqlite_office, tmp_path)
    parts = unpacked(exported(sqlite_office, number, tmp_path / "drawn.zip"))
    return parts, outside_of(tmp_path).keys.newest.text


def checkpoint(file, **options):
    """What the check of the checkpoint found."""
    checks = verify_bundle(file, **options).checks
    return next(each for each in checks if each.proof is Proof.CHECKPOINT)


def test_its_events_lie_under_the_head_that_first_covered_them(office, tmp_path, capsys):
    closed_cases(office)
    number = drawn_look(office)
    bare = checkpoint(exported(office, number, tmp_path / "bare.zip"))
    sealed(office, tmp_path)
    first = exported(office, number, tmp_path / "first.zip")
    reported(office)
    sealed(office, tmp_path, days=1)
    later = exported(office, number, tmp_path / "later.zip")
    key = outside_of(tmp_path).keys.newest.text

    trusted, own = checkpoint(first, keys=[key]), checkpoint(first)
    outside = main([str(first), "--key", key, "--lang", "en"]), capsys.readouterr().out

    assert bare.outcome is Outcome.ABSENT
    assert trusted.outcome is Outcome.PASSED
    assert (own.outcome, key in own.why.en) == (Outcome.ABSENT, True)
    assert first.read_bytes() == later.read_bytes()
    assert outside[0] == 0
    assert f"lookback:{number}: its first 5 events are intact" in outside[1]


def test_what_is_not_sealed_yet_is_said(sqlite_office, tmp_path):
    with_inspectors(sqlite_office)
    closed_cases(sqlite_office)
    number = drawn_look(sqlite_office)
    sealed(sqlite_office, tmp_path)
    assign_inspectors(sqlite_office, number, hand())
    file = exported(sqlite_office, number, tmp_path / "closed.zip")

    found = checkpoint(file, keys=[outside_of(tmp_path).keys.newest.text])

    assert (found.outcome, found.why.en) == (Outcome.ABSENT, "the last 1 are not sealed yet")


def pop_leaf(proof, at):
    proof["events"][at].pop("leaf")


FORGERIES = {
    "another key's head": (
        lambda p: p.update(
            key=FORGER.verifier.text,
            checkpoint=sign_note(p["checkpoint"].partition("\n\n")[0] + "\n", [FORGER]),
        ),
        "not signed by the key",
    ),
    "a head over more": (
        lambda p: p.update(checkpoint=p["checkpoint"].replace("\n", "\n1", 1)), "not signed",
    ),
    "an event's words": (
        lambda p: p["events"][1]["event"].update(role="auditor"), "not the history's",
    ),
    "an event too few": (lambda p: p["events"].pop(), "not the history's"),
    "two changed places": (lambda p: p["events"].reverse(), "not the history's"),
    "another look-back's": (lambda p: p.update(subject="lookback:别的"), "another look-back"),
    "another leaf": (lambda p: p["events"][1].update(leaf=0), "event 2 is not under the head"),
    "a path turned round": (
        lambda p: p["events"][2]["path"].reverse(), "event 3 is not under the head",
    ),
    "a path cut": (lambda p: p["events"][3]["path"].pop(), "event 4 is not under the head"),
    "a hole": (lambda p: pop_leaf(p, 1), "an event between sealed ones"),
    "a path that is none": (lambda p: p["events"][0].update(path=["?"]), "malformed"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_proof_does_not_hold(proven, tmp_path, name):
    parts, key = proven
    change, said = FORGERIES[name]
    proof = json.loads(parts["proof.json"])
    change(proof)
    file = packed(parts | {"proof.json": json.dumps(proof).encode()}, tmp_path / "forged.zip")

    found = checkpoint(file, keys=[key])

    assert found.outcome is Outcome.FAILED
    assert said in found.why.en


def test_a_tree_of_the_forger_s_own_holds_for_nobody_who_has_the_key(proven, tmp_path):
    """The history rewritten whole, put into a tree of one's own and signed: all of it fits."""
    parts, key = proven
    proof = json.loads(parts["proof.json"])
    proof["events"] = proof["events"][:1]
    lone = json.dumps(
        proof["events"][0]["event"], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    head = Checkpoint("bihuan/forged", 1, leaf_hash(lone.encode()))
    proof["events"][0] |= {"leaf": 0, "path": []}
    proof |= {"key": FORGER.verifier.text, "checkpoint": sign_note(head.text, [FORGER])}
    about = json.loads(parts["bundle.json"])
    about |= {"seq": 1, "head": head.root.hex(), "state": "planned"}
    about["receipt"] = f"{about['number']}/1/{about['head'][:8]}"
    forged = {
        "README.md": parts["README.md"], "bundle.json": json.dumps(about).encode(),
        "plan.json": parts["plan.json"],
        "events.jsonl": parts["events.jsonl"].split(b"\n")[0] + b"\n",
        "proof.json": json.dumps(proof).encode(),
    }  # fmt: skip
    file = packed(forged, tmp_path / "own.zip")

    blind, trusting = checkpoint(file), checkpoint(file, keys=[key])

    assert open_note(proof["checkpoint"], [FORGER.verifier])
    assert b64encode(head.root).decode() in proof["checkpoint"]
    assert blind.outcome is Outcome.ABSENT
    assert trusting.outcome is Outcome.FAILED


def test_a_bundle_without_a_proof_still_holds(sqlite_office, tmp_path):
    found = checkpoint(drawn_only(sqlite_office, tmp_path), keys=[FORGER.verifier.text])

    assert (found.outcome, "no proof from a sealed" in found.why.en) == (Outcome.ABSENT, True)
