"""A bundle shows what happened to whoever holds it, and every forgery in it is found."""

import json
import subprocess
import sys
from contextlib import suppress

import pytest

from casework.errors import Invalid, NotFound, Refused
from casework.lookback.bundle import export_bundle
from casework.lookback.bundle_readme import BY_HAND, README
from casework.lookback.checks import Outcome, Proof
from casework.lookback.committing import commit_seed
from casework.lookback.drawing import draw_lookback
from rules.lookback.findings import Finding
from tests.architecture.source import read
from tests.bundles import (
    changed,
    drawn_only,
    exported,
    failed,
    outcomes,
    packed,
    retold,
    unpacked,
    whole_story,
)
from tests.lookbacks import (
    KEYS,
    MONTHLY,
    assigned_look,
    closed_cases,
    drawn_look,
    found,
    hand,
    planned_look,
    visits_of,
    with_inspectors,
)

OUTSIDE = MONTHLY.replace("strata", 'seed = "outside"\nstrata')


def test_everything_that_happened_is_proved(office, tmp_path):
    checked = outcomes(whole_story(office, tmp_path))

    absent = {proof for proof, outcome in checked.items() if outcome is Outcome.ABSENT}
    assert absent == {Proof.RECEIPT, Proof.OUTSIDE, Proof.CHECKPOINT}
    assert Outcome.FAILED not in checked.values()


def test_the_same_look_back_is_the_same_bytes(sqlite_office, tmp_path):
    closed_cases(sqlite_office)
    number = drawn_look(sqlite_office)

    first, second = (exported(sqlite_office, number, tmp_path / name) for name in ("1", "2"))

    assert first.read_bytes() == second.read_bytes()


def test_no_name_note_or_secret_leaves_with_it(sqlite_office, tmp_path):
    whole_story(sqlite_office, tmp_path)
    number = json.loads(unpacked(tmp_path / "whole.zip")["bundle.json"])["number"]

    parts = unpacked(exported(sqlite_office, number, tmp_path / "public.zip"))

    text = b"".join(parts.values()).decode()
    assert "teams.json" not in parts
    assert not any(word in text for word in ("inspector1", "INSPECTOR1", "又失压", "看过现场"))


@pytest.mark.parametrize(
    ("act", "absent"),
    [
        (planned_look, {"commitment", "outside", "frame", "seed", "draw", "order"}),
        (drawn_look, {"outside", "enlargements", "teams", "published"}),
    ],
)
def test_what_has_not_happened_yet_is_not_checked(sqlite_office, tmp_path, act, absent):
    closed_cases(sqlite_office)

    checked = outcomes(exported(sqlite_office, act(sqlite_office), tmp_path / "early.zip"))

    assert Outcome.FAILED not in checked.values()
    assert {proof for proof, what in checked.items() if what is Outcome.ABSENT} >= absent


def test_an_empty_frame_is_proved_too(sqlite_office, tmp_path):
    checked = outcomes(exported(sqlite_office, drawn_look(sqlite_office), tmp_path / "empty.zip"))

    assert Outcome.FAILED not in checked.values()


def test_an_outside_value_is_proved(sqlite_office, tmp_path):
    closed_cases(sqlite_office)
    number = planned_look(sqlite_office, OUTSIDE)
    said = {"source": "双色球第2026026期", "expected_on": hand().at.date()}
    commit_seed(sqlite_office, number, hand(), KEYS, **said)
    draw_lookback(sqlite_office, number, hand(), KEYS, outside="03 12 17+08")
    file = exported(sqlite_office, number, tmp_path / "outside.zip")

    late = retold(unpacked(file), "commit", lambda said: said.update(on="2026-03-01"))
    other = retold(unpacked(file), "reveal", lambda said: said.update(outside="04 12 17+08"))

    assert outcomes(file)[Proof.OUTSIDE] is Outcome.PASSED
    assert failed(late, tmp_path / "late.zip") == {Proof.OUTSIDE: "events.jsonl: 2"}
    assert failed(other, tmp_path / "other.zip") == {Proof.SEED: "events.jsonl: 5"}


def test_a_secret_and_an_outside_value_are_proved_together(sqlite_office, tmp_path):
    closed_cases(sqlite_office)
    number = planned_look(sqlite_office)
    said = {"source": "双色球第2026026期", "expected_on": hand().at.date()}
    commit_seed(sqlite_office, number, hand(), KEYS, **said)
    draw_lookback(sqlite_office, number, hand(), KEYS, outside="03 12 17+08")

    checked = outcomes(exported(sqlite_office, number, tmp_path / "both.zip"))

    proofs = [Proof.COMMITMENT, Proof.OUTSIDE, Proof.SEED, Proof.DRAW]
    assert [checked[each] for each in proofs] == [Outcome.PASSED] * 4


def test_a_tightened_draw_is_proved_by_the_severity_it_states(sqlite_office, tmp_path):
    with_inspectors(sqlite_office)
    closed_cases(sqlite_office)
    for _ in range(2):
        number = assigned_look(sqlite_office)
        found(sqlite_office, number, visits_of(sqlite_office, number)[0], Finding.RELAPSED)

    file = exported(sqlite_office, drawn_look(sqlite_office), tmp_path / "tightened.zip")

    strata = json.loads(unpacked(file)["drawn.json"])
    assert strata["cluster=P1"]["severity"] == "tightened"
    assert Outcome.FAILED not in outcomes(file).values()


def test_a_history_rewritten_as_a_whole_is_found_by_a_receipt(whole, tmp_path):
    kept = json.loads(whole["bundle.json"])["receipt"]
    forged = retold(whole, "plan", lambda said: said["plan"].update(title="别的"))
    for part in ("plan.json", "published.json"):
        forged = changed(forged, part, lambda said: said.update(title="别的"))

    file = packed(forged, tmp_path / "forged.zip")

    assert failed(forged, file) == {}
    assert outcomes(file, receipts=[kept])[Proof.RECEIPT] is Outcome.FAILED
    good = packed(whole, tmp_path / "good.zip")
    assert outcomes(good, receipts=[kept])[Proof.RECEIPT] is Outcome.PASSED


def test_an_outsider_repeats_the_draw_with_the_standard_library(whole, tmp_path):
    script = tmp_path / "by_hand.py"
    script.write_text(BY_HAND, encoding="utf-8")
    file = packed(whole, tmp_path / "bundle.zip")

    done = subprocess.run(
        [sys.executable, "-I", script, file], capture_output=True, check=True, encoding="utf-8"
    )

    strata = json.loads(whole["drawn.json"])
    drawn = {key: [each["case"] for each in said["cases"] if each["wave"] == 0]
             for key, said in strata.items()}  # fmt: skip
    commitment = json.loads(whole["published.json"])["commitment"]
    assert done.stdout.splitlines() == [
        f"commitment {commitment}", *(" ".join([key, *drawn[key]]) for key in sorted(drawn)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "with_roster", "allowed"),
    [
        ("admin", True, True), ("committee1", True, True), ("auditor", False, True),
        ("auditor", True, False), ("owner1", False, False), ("inspector1", False, False),
    ],
)  # fmt: skip
def test_who_may_export_before_it_is_published(sqlite_office, tmp_path, by, with_roster, allowed):
    closed_cases(sqlite_office)
    number, file = drawn_look(sqlite_office), tmp_path / "a.zip"

    with suppress(Refused):
        export_bundle(sqlite_office, number, file, by=by, with_roster=with_roster)

    assert file.exists() is allowed


def test_what_is_published_anybody_with_an_account_may_export(sqlite_office, tmp_path):
    whole_story(sqlite_office, tmp_path)
    number = json.loads(unpacked(tmp_path / "whole.zip")["bundle.json"])["number"]

    export_bundle(sqlite_office, number, tmp_path / "a.zip", by="owner1")

    assert outcomes(tmp_path / "a.zip")[Proof.PUBLISHED] is Outcome.PASSED


def test_an_altered_frame_is_not_exported_and_nothing_is_left(sqlite_office, tmp_path):
    drawn_only(sqlite_office, tmp_path)
    kept = next((sqlite_office.evidence.root / "frames").iterdir())
    kept.write_bytes(kept.read_bytes()[:-9])

    with pytest.raises(Invalid):
        exported(sqlite_office, "校安回〔2026〕1号", tmp_path / "a.zip")

    assert [each.name for each in tmp_path.glob("*.zip")] == ["drawn.zip"]
    assert list(tmp_path.glob(".unfinished-*")) == []


def test_a_file_that_is_there_is_not_overwritten(sqlite_office, tmp_path):
    file = drawn_only(sqlite_office, tmp_path)

    with pytest.raises(Refused):
        exported(sqlite_office, "校安回〔2026〕1号", file)
    with pytest.raises(NotFound):
        exported(sqlite_office, "校安回〔2026〕1号", tmp_path / "nowhere" / "a.zip")


def test_the_documentation_tells_the_same_lines():
    assert f"```python\n{BY_HAND}```" in read("docs/lookback.md")
    assert f"```python\n{BY_HAND}```" in README
