"""A bundle convinces somebody who has nothing but the file, and one changed byte does not."""

import json
import subprocess
import sys
from hashlib import sha256
from random import Random
from zipfile import ZipFile

import pytest
from sqlalchemy import delete, select

from casework.answers import receipt
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.order_acts import serve_order
from casework.order_record import Hand
from casework.proving.bundles import Wanted, prove
from casework.proving.changes import rotate_key
from models.tables import CASES, PRIVATE_VALUES, RECORD_EVENTS
from rules.actions import Action
from rules.checkpoint import Checkpoint, Signer, sign_note
from rules.orders import Service
from tests.offices import MONDAY_9AM, act, closed, rectifying, reported
from tests.sealing import outside_of, sealed, verified
from verify.bihuan_verify import main

HEAD = Checkpoint("x", 1, sha256(b"1").digest())
NOTE = "门卫王五拒收,电话 13812341234"


@pytest.fixture
def bundled(office, tmp_path):
    """Prove a case and write its bundle to a file."""

    def write(number, *, by="auditor", **wanted):
        outside = outside_of(tmp_path)
        bundle = prove(office, Wanted(number, **wanted), outside.keys, by=by, at=MONDAY_9AM)
        path = tmp_path / bundle.name
        path.write_bytes(bundle.content)
        return path

    return write


def told(path):
    with ZipFile(path) as archive:
        return json.loads(archive.read("bundle.json"))


def rewritten(path, change):
    """The bundle with something changed, as plain JSON beside it."""
    bundle = told(path)
    change(bundle)
    changed = path.with_suffix(".json")
    changed.write_text(json.dumps(bundle), encoding="utf-8")
    return changed


def checked(capsys, *words):
    capsys.readouterr()
    code = main([*map(str, words), "--lang", "en"])
    return code, capsys.readouterr().out


def key_of(folder):
    return outside_of(folder).keys.newest.text


def test_a_bundle_holds_with_the_right_key_and_receipt(office, tmp_path, bundled, capsys):
    number = closed(office)
    closed(office)
    sealed(office, tmp_path)
    with office.reading() as connection:
        head = connection.execute(select(CASES.c.head).where(CASES.c.number == number)).scalar()

    path = bundled(number)
    code, said = checked(
        capsys, path, "--key", key_of(tmp_path), "--receipt", receipt(number, 6, head)
    )

    assert code == 0
    assert f"{number}: its first 6 events are intact, none between is missing" in said
    assert "under the head over 12 events signed at 2026-03-02T01:00:00Z" in said
    assert f"The receipt {number}/6/" in said
    assert "Mind" not in said


def test_a_bundle_is_checked_by_the_file_in_it_alone(office, tmp_path, bundled):
    number = closed(office)
    sealed(office, tmp_path)
    apart = tmp_path / "apart"
    with ZipFile(bundled(number)) as archive:
        archive.extractall(apart)

    done = subprocess.run(
        [sys.executable, "-I", "bihuan_verify.py", "bundle.json"],
        cwd=apart, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert "前 6 条经过逐条核对无误" in done.stdout
    assert f"注意：用的是包内自带的公钥，请与您另行得到的核对：{key_of(tmp_path)}" in done.stdout
    assert {each.name for each in apart.iterdir()} == {
        "bundle.json", "bihuan_verify.py", "README.txt",
    }  # fmt: skip


@pytest.fixture
def proven(sqlite_office, tmp_path):
    """A bundle over a case of six events, its last not sealed; with an older head in it."""
    number = rectifying(sqlite_office)
    first = sealed(sqlite_office, tmp_path)
    for _ in range(5):
        closed(sqlite_office)
    sealed(sqlite_office, tmp_path, days=1)
    act(sqlite_office, number, Action.GRADE, "committee1", level="major", reason="扩大")
    wanted = Wanted(number, [first.note])
    keys = outside_of(tmp_path).keys
    bundle = prove(sqlite_office, wanted, keys, by="auditor", at=MONDAY_9AM)
    path = tmp_path / "proven.zip"
    path.write_bytes(bundle.content)
    return path


def test_what_is_not_sealed_is_said_to_be_unproven(proven, tmp_path, capsys):
    code, said = checked(capsys, proven, "--key", key_of(tmp_path))

    assert code == 0
    assert "its first 3 events are intact" in said
    assert "The last 1 are not sealed yet: nothing is proven of them." in said
    assert "The head extends that over 3 events of 2026-03-02T01:00:00Z." in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda b: b["events"].pop(1), "event 2 is missing"),
        (lambda b: b["events"].pop(0), "event 1 is missing"),
        (lambda b: b["events"].__setitem__(slice(0, 2), b["events"][1::-1]), "event 1 is missing"),
        (lambda b: b["events"][1]["event"].update(role="admin"), "event 2 is not under the head"),
        (lambda b: b["events"][0]["event"].update(at="2026-03-01"), "event 1 is not under"),
        (lambda b: b["events"][2]["event"].update(prev="0" * 64), "event 3 does not follow"),
        (lambda b: b["events"][3]["event"].update(prev="1" * 64), "event 4 does not follow"),
        (lambda b: b["events"][1].update(leaf=7), "event 2 is not under the head"),
        (lambda b: b["events"][1].pop("leaf"), "event 3 is not under the head"),
        (lambda b: b["events"][1]["path"].reverse(), "event 2 is not under the head"),
        (lambda b: b["events"][1]["event"].update(more=1), "an event is malformed"),
        (lambda b: b["events"][1]["event"].update(seq=2.0), "an event is malformed"),
        (lambda b: b.update(events=b["events"][3:]), "event 1 is missing"),
        (lambda b: b.update(events=[]), "none of the events is sealed"),
        (lambda b: b.update(subject="YH2026-999999"), "event 1 is missing"),
        (lambda b: b.update(checkpoint=b["checkpoint"].replace("\n33\n", "\n34\n")), "not signed"),
        (lambda b: b["heads"][0]["proof"].reverse(), "part: it was rewritten"),
        (lambda b: b["heads"][0]["proof"].clear(), "part: it was rewritten"),
        (lambda b: b.update(format="other"), "no bundle that this verifier knows"),
    ],
)  # fmt: skip
def test_a_changed_bundle_does_not_hold(proven, tmp_path, capsys, change, said):
    code, out = checked(capsys, rewritten(proven, change), "--key", key_of(tmp_path))

    assert code == 1
    assert said in out


def test_no_byte_of_what_is_proven_can_be_changed(proven, tmp_path, capsys):
    """Hundreds of single characters, somewhere in the events, the paths or the head."""
    chance = Random(9)  # noqa: S311 — it picks characters, it keeps no secret
    key = key_of(tmp_path)

    def spoil(bundle):
        proof = {name: bundle[name] for name in ("checkpoint", "events")}
        proof["events"] = proof["events"][:3]
        text = json.dumps(proof)
        at = chance.choice([n for n, each in enumerate(text) if each.isalnum()])
        other = "0" if text[at] != "0" else "1"
        try:
            changed = json.loads(text[:at] + other + text[at + 1 :])
        except ValueError:
            changed = {}
        # A name that is changed takes something away, which says less and nothing false.
        if names_in(changed) != names_in(proof):
            changed = {"checkpoint": "", "events": []}
        bundle.pop("checkpoint")
        bundle |= changed

    codes = [checked(capsys, rewritten(proven, spoil), "--key", key)[0] for _ in range(300)]

    assert 0 not in codes


def names_in(value):
    """Every name of a JSON value, in order."""
    if isinstance(value, dict):
        return [name for each in value for name in (each, *names_in(value[each]))]
    return [name for each in value for name in names_in(each)] if isinstance(value, list) else []


def test_a_head_that_you_kept_agrees_or_shows_the_rewriting(
    proven, sqlite_office, tmp_path, capsys
):
    mine = tmp_path / "heads" / "heads-2026-03.txt"
    other = tmp_path / "other"
    reported(sqlite_office)
    sealed(sqlite_office, tmp_path, days=2)
    forged = outside_of(other)
    kept = tmp_path / "kept.txt"
    kept.write_text(mine.read_text().partition("\n\nbihuan")[0] + "\n")

    agrees = checked(capsys, proven, "--key", key_of(tmp_path), "--head", kept)
    beyond = checked(capsys, proven, "--key", key_of(tmp_path), "--head", mine)
    stranger = checked(capsys, proven, "--key", forged.keys.newest.text)

    assert agrees[0] == 0
    assert "Your head over 3 events of 2026-03-02T01:00:00Z agrees." in agrees[1]
    assert (beyond[0], "it has no proof for your head over 35" in beyond[1]) == (1, True)
    assert (stranger[0], "not signed by a key you trust" in stranger[1]) == (1, True)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"PK\x03\x04", b'{"format":1,"key":"x"}'])
def test_what_is_no_bundle_is_said_to_be_none(tmp_path, capsys, content):
    path = tmp_path / "x"
    path.write_bytes(content)

    code, said = checked(capsys, path)

    assert code in (1, 2)
    assert "bundle" in said


def test_a_new_key_is_known_to_whoever_trusts_the_old_one(office, tmp_path, bundled, capsys):
    number = closed(office)
    sealed(office, tmp_path)
    old = key_of(tmp_path)

    run = rotate_key(office, {}, tmp_path, by="admin", reason="例行更换", at=MONDAY_9AM)
    reported(office)
    sealed(office, tmp_path, days=1)

    new = key_of(tmp_path)
    path = bundled(number)
    assert old != new
    assert (run.new, run.key) == (1, new)
    assert checked(capsys, path, "--key", old)[0] == 0
    assert checked(capsys, path, "--key", new)[0] == 0
    assert verified(office, tmp_path).faults == []
    with office.reading() as connection:
        (event,) = connection.execute(select(RECORD_EVENTS)).all()
    assert (event.subject, event.kind, event.role) == ("seal", "rotate_key", "admin")
    assert json.loads(event.body) == {"new": new, "old": old, "reason": "例行更换"}
    lines = (tmp_path / "keys" / "seal.key").read_text().split()
    assert (Signer.read(lines[0]).verifier.text, lines[1:]) == (new, [old])


def test_only_an_administrator_changes_the_key(office, tmp_path):
    before = key_of(tmp_path)

    with pytest.raises(Refused):
        rotate_key(office, {}, tmp_path, by="auditor", reason="x", at=MONDAY_9AM)

    assert key_of(tmp_path) == before


def test_a_case_out_of_reach_is_not_found(office, tmp_path, bundled):
    number = closed(office)
    sealed(office, tmp_path)

    with pytest.raises(NotFound):
        bundled(number, by="head2")


def test_nothing_sealed_is_nothing_to_prove(office, bundled, tmp_path):
    number = reported(office)

    with pytest.raises(Refused, match="no event of"):
        bundled(number)
    sealed(office, tmp_path)
    with pytest.raises(Refused, match="no event of"):
        bundled(reported(office))


def test_a_head_of_another_log_is_refused(office, tmp_path, bundled):
    number = reported(office)
    sealed(office, tmp_path)

    with pytest.raises(Invalid, match="not a head of ours"):
        bundled(number, heads=[sign_note(HEAD.text, [Signer("x", bytes(32))])])


def test_a_head_that_the_tree_does_not_extend_is_refused(office, tmp_path, bundled):
    number = reported(office)
    sealed(office, tmp_path)
    signers = outside_of(tmp_path).keys.signers

    with pytest.raises(Refused, match="was rewritten or cut"):
        bundled(number, heads=[sign_note(HEAD.text, signers)])


@pytest.fixture
def served(office, tmp_path):
    """A case whose order was served with a note about a person beside the chain; all sealed."""
    number = rectifying(office)
    fields = {"kind": "supervision", "reason": "久拖", "demands": "限期", "new_due": "2026-04-30"}
    act(office, number, Action.LIST, "committee1", **fields)
    hand = Hand("committee1", MONDAY_9AM, Door.CLI)
    serve_order(office, number, Service.REFUSED, hand=hand, note=NOTE)
    sealed(office, tmp_path)
    return number


def test_personal_data_stays_out_of_a_bundle(served, bundled):
    assert NOTE not in json.dumps(told(bundled(served)), ensure_ascii=False)


def test_personal_data_is_proven_for_a_reason_that_is_kept(
    served, office, tmp_path, bundled, capsys
):
    path = bundled(served, reason="信访核实")

    code, said = checked(capsys, path, "--key", key_of(tmp_path))
    spoilt = rewritten(path, lambda bundle: bundle["private"][0].update(value="李四"))
    with office.reading() as connection:
        (event,) = connection.execute(select(RECORD_EVENTS)).all()

    assert told(path)["private"][0]["value"] == NOTE
    assert (code, "note is what was sealed." in said) == (0, True)
    assert checked(capsys, spoilt, "--key", key_of(tmp_path))[0] == 1
    assert (event.kind, event.role) == ("reveal", "auditor")
    assert json.loads(event.body) == {"case": served, "reason": "信访核实"}


def test_personal_data_is_not_for_everybody(served, bundled):
    with pytest.raises(Refused, match="not yours to take"):
        bundled(served, by="head1", reason="想看")


def test_erasing_personal_data_keeps_everything_valid(served, office, tmp_path, bundled, capsys):
    with office.writing() as connection:
        connection.execute(delete(PRIVATE_VALUES))

    assert verified(office, tmp_path).faults == []
    assert checked(capsys, bundled(served), "--key", key_of(tmp_path))[0] == 0
