"""A file that somebody hands us is not believed: it is refused in words, within limits."""

import json
import tracemalloc
import zipfile

import pytest

from casework.errors import Invalid
from casework.lookback.bundle_reading import LARGEST_PART
from casework.lookback.checks import Proof
from casework.lookback.verifying import verify_bundle
from tests.bundles import changed, failed, packed, retold

DEEP = b"[" * 100_000
HUGE = b"9" * 10_000
MIB = 1 << 20


def refused(file):
    """Where and why a file is refused."""
    with pytest.raises(Invalid) as caught:
        verify_bundle(file)
    assert caught.value.remedy.zh
    return caught.value.where


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_bundle(tmp_path, content):
    file = tmp_path / "a.zip"
    file.write_bytes(content)

    assert refused(file) == "bundle.json"


@pytest.mark.parametrize("name", ["bundle.json", "plan.json", "events.jsonl"])
def test_a_part_that_is_missing_is_named(whole, tmp_path, name):
    parts = {each: content for each, content in whole.items() if each != name}

    assert refused(packed(parts, tmp_path / "a.zip")) == name


@pytest.mark.parametrize(
    ("name", "proof"),
    [
        ("frame.txt", Proof.FRAME), ("drawn.json", Proof.LIST), ("findings.json", Proof.FINDINGS),
        ("verdicts.json", Proof.VERDICTS), ("published.json", Proof.PUBLISHED),
    ],
)  # fmt: skip
def test_a_part_that_the_history_asks_for_cannot_be_left_out(whole, tmp_path, name, proof):
    parts = {each: content for each, content in whole.items() if each != name}

    assert proof in failed(parts, tmp_path / "a.zip")


@pytest.mark.parametrize("name", ["../evil.sh", "/etc/passwd", "frame.txt.exe", "README.md/"])
def test_a_part_that_does_not_belong_is_refused(whole, tmp_path, name):
    assert refused(packed(whole | {name: b""}, tmp_path / "a.zip")) == name


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_refused(whole, tmp_path):
    file = packed(whole, tmp_path / "a.zip")
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("plan.json", b"{}")

    assert refused(file) == "plan.json"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", DEEP, HUGE])
@pytest.mark.parametrize("name", ["bundle.json", "plan.json", "events.jsonl", "drawn.json"])
def test_a_part_that_holds_something_else_is_named(whole, tmp_path, name, content):
    outcome = told(packed(whole | {name: content}, tmp_path / "a.zip"))

    assert outcome.startswith(name) or "list" in outcome or "chain" in outcome


def told(file):
    """Where a file is refused, else which checks failed."""
    try:
        checks = verify_bundle(file).checks
    except Invalid as refusal:
        return refusal.where
    return " ".join(each.proof for each in checks if each.outcome == "failed")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("bundle.json", lambda about: about.update(format="bihuan-lookback-9")),
        ("bundle.json", lambda about: about.update(seq="1")),
        ("bundle.json", lambda about: about.update(extra=1)),
        ("drawn.json", lambda strata: strata["cluster=P1"].update(n="3")),
        ("drawn.json", lambda strata: strata["cluster=P1"]["cases"].append(None)),
        ("findings.json", lambda rows: rows[0].update(finding="fine")),
        ("findings.json", lambda rows: rows[0].update(inspectors=-1)),
        ("teams.json", lambda told: told.update(teams=[])),
    ],
)
def test_a_value_of_another_kind_is_named(whole, tmp_path, name, change):
    assert refused(packed(changed(whole, name, change), tmp_path / "a.zip")).startswith(name)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("draw", lambda said: said.update(strata=[])),
        ("draw", lambda said: said["strata"]["cluster=P1"].update(n=10**15)),
        ("draw", lambda said: said["strata"]["cluster=P1"].update(n=-1)),
        ("draw", lambda said: said["strata"]["cluster=P1"].update(severity="mild")),
        ("freeze", lambda said: said.update(digest=7)),
        ("enlarge", lambda said: said.update(added=10**15)),
        ("enlarge", lambda said: said.update(stratum="cluster=P9")),
        ("find", lambda said: said.pop("case")),
        ("judge", lambda said: said.update(stratum=None)),
        ("assign", lambda said: said.update(input="digest")),
        ("draw", lambda said: said.update(seed=9**999)),
    ],
)
def test_a_body_that_makes_no_sense_fails_in_words(whole, tmp_path, kind, change):
    assert failed(retold(whole, kind, change), tmp_path / "a.zip") != {}


def test_a_body_nested_without_end_fails_in_words(whole, tmp_path):
    lines = whole["events.jsonl"].splitlines(keepends=True)
    lines[4] = json.dumps(json.loads(lines[4]) | {"body": DEEP.decode()}).encode() + b"\n"

    found = failed(whole | {"events.jsonl": b"".join(lines)}, tmp_path / "a.zip")

    assert found[Proof.CHAIN] == "events.jsonl: 5"


def test_a_proof_that_is_none_is_refused(whole, tmp_path):
    assert refused(packed(whole | {"proof.json": b"{}"}, tmp_path / "a.zip")) == (
        "proof.json: format"
    )


def test_a_bomb_is_not_unpacked(whole, tmp_path):
    file = packed(whole | {"drawn.json": bytes(LARGEST_PART + 1)}, tmp_path / "a.zip")

    tracemalloc.start()
    where = refused(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (where, peak < 8 * MIB) == ("drawn.json", True)


def test_an_endless_line_of_the_frame_is_not_read_whole(whole, tmp_path):
    frame = whole["frame.txt"] + b"x" * (50 * MIB)
    file = packed(whole | {"frame.txt": frame}, tmp_path / "a.zip")

    tracemalloc.start()
    checks = verify_bundle(file).checks
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    found = next(each for each in checks if each.proof is Proof.FRAME)
    assert (found.where, peak < 8 * MIB) == ("frame.txt: line 15", True)


def test_an_encrypted_part_is_refused(whole, tmp_path):
    file = packed(whole, tmp_path / "a.zip")
    content = bytearray(file.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(content)

    assert refused(file) == "README.md"


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_a_bundle_cut_short_is_refused(whole, tmp_path, keep):
    file = packed(whole, tmp_path / "a.zip")
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * keep)])

    assert refused(file) == "bundle.json"


def test_a_flipped_bit_is_found(whole, tmp_path):
    file = packed(whole, tmp_path / "a.zip")
    content = bytearray(file.read_bytes())
    content[content.index(b"frame.txt") + 200] ^= 1
    file.write_bytes(content)

    assert told(file).split()[:1] in (["frame"], ["frame.txt"])


def test_many_entries_are_refused_before_they_are_read(whole, tmp_path):
    file = packed(whole, tmp_path / "a.zip")
    file.write_bytes(file.read_bytes() + b"PK\x01\x02" * 2_000)

    assert refused(file) == "a.zip"


def test_the_parts_are_what_anybody_can_read(whole):
    for name in ("bundle.json", "plan.json", "drawn.json", "findings.json", "verdicts.json"):
        assert json.loads(whole[name])
    assert "bihuan lookback verify" in whole["README.md"].decode()
