"""Whatever is forged in a bundle is found: each part changed alone, and the history sealed anew."""

from functools import partial

import pytest

from casework.lookback.checks import Proof
from tests.bundles import changed, failed, place_of, reframed, retold, rewritten, tampered


def swap(first, second):
    """Let two rows of a list change places."""

    def change(rows):
        rows[first], rows[second] = rows[second], rows[first]

    return change


def commit_after_freeze(events):
    events.insert(place_of(events, "freeze"), events.pop(place_of(events, "commit")))


def without(kind, at=0):
    return lambda events: events.pop(place_of(events, kind, at))


def say(**values):
    return lambda body: body.update(values)


NOT_IT = "0" * 64
OTHER_ROW = b"YH2026-999999\tcluster=P1\t9\t" + NOT_IT.encode() + b"\n"
FORGERIES = {
    # Parts that the history speaks of.
    "frame row removed": (partial(reframed, change=lambda rows: rows.pop(4)), "frame"),
    "frame row added": (partial(reframed, change=lambda rows: rows.append(OTHER_ROW)), "frame"),
    "frame row out of order": (partial(reframed, change=swap(3, 4)), "frame"),
    "frame row changed": (
        partial(reframed, change=lambda rows: rows.__setitem__(3, rows[3].replace(b"P1", b"P2"))),
        "frame",
    ),
    "a case's head changed": (
        partial(reframed, change=lambda rows: rows.__setitem__(4, rows[4][:-65] + NOT_IT.encode()
                                                               + b"\n")),
        "frame",
    ),
    "frame of other days": (
        partial(reframed, change=lambda rows: rows.__setitem__(1, rows[1].replace(b"-31", b"-30"))),
        "frame",
    ),
    "plan changed": (partial(changed, name="plan.json", change=say(title="别的")), "plan"),
    "drawn case swapped": (
        partial(changed, name="drawn.json",
                change=lambda strata: swap(0, 1)(strata["cluster=P1"]["cases"])),
        "list",
    ),
    "drawn case removed": (
        partial(changed, name="drawn.json",
                change=lambda strata: strata["cluster=P1"]["cases"].pop()),
        "list",
    ),
    "ticket changed": (
        partial(changed, name="drawn.json",
                change=lambda strata: strata["cluster=P1"]["cases"][1].update(ticket="0.5")),
        "list",
    ),
    "drawn in another wave": (
        partial(changed, name="drawn.json",
                change=lambda strata: strata["cluster=P2"]["cases"][1].update(wave=0)),
        "list",
    ),
    "Ac loosened in the list": (
        partial(changed, name="drawn.json",
                change=lambda strata: strata["cluster=P1"].update(ac=9)),
        "list",
    ),
    "finding changed": (
        partial(changed, name="findings.json", change=lambda rows: rows[0].update(finding="holds")),
        "findings",
    ),
    "finding left out": (
        partial(changed, name="findings.json", change=lambda rows: rows[1].update(finding=None)),
        "findings",
    ),
    "verdict changed": (
        partial(changed, name="verdicts.json", change=lambda rows: rows[0].update(
            decision="accepted")),
        "verdicts",
    ),
    "verdict kept otherwise": (
        partial(changed, name="verdicts.json", change=lambda rows: rows[0].update(
            decided="accepted")),
        "verdicts",
    ),
    "published seed changed": (
        partial(changed, name="published.json", change=say(seed=NOT_IT)), "published",
    ),
    "team changed": (
        partial(changed, name="teams.json", change=lambda told: swap(1, 2)(
            next(iter(told["teams"].values())))),
        "teams",
    ),
    "roster changed": (
        partial(changed, name="teams.json",
                change=lambda told: told["inputs"][0].update(value="{}")),
        "teams",
    ),
    "state changed": (partial(changed, name="bundle.json", change=say(state="drawn")), "life"),
    "head changed": (partial(changed, name="bundle.json", change=say(head=NOT_IT)), "chain"),
    # The history itself, not sealed anew.
    "event changed": (
        partial(tampered, change=lambda events: events[4]["body"].update(count=9)), "chain",
    ),
    "event of another hand": (
        partial(tampered, change=lambda events: events[4].update(actor=7)), "chain",
    ),
    "event dated back": (
        partial(tampered, change=lambda events: events[1].update(
            at="2026-01-01T00:00:00.000000Z")),
        "chain",
    ),
    "event left out": (partial(tampered, change=lambda events: events.pop(3)), "chain"),
    "last event left out": (partial(tampered, change=lambda events: events.pop()), "chain"),
    "events swapped": (partial(tampered, change=swap(5, 6)), "chain"),
    # The history, sealed anew by somebody who knows the format.
    "committed after freezing": (partial(rewritten, change=commit_after_freeze), "order"),
    "drawn twice": (
        partial(rewritten, change=lambda events: events.insert(5, events[4])), "order",
    ),
    "another look-back's events": (
        partial(rewritten, change=lambda events: events[2].update(case="lookback:别的")), "chain",
    ),
    "drawn by an inspector": (
        partial(rewritten, change=lambda events: events[4].update(role="inspector")), "life",
    ),
    "commitment forged": (partial(retold, kind="commit", change=say(commitment=NOT_IT)),
                          "commitment"),
    "another secret revealed": (
        partial(retold, kind="reveal", change=say(secret="ab" * 32)), "commitment",
    ),
    "a value slipped in": (partial(retold, kind="reveal", change=say(outside="7")), "outside"),
    "seed forged": (partial(retold, kind="draw", change=say(seed=NOT_IT)), "seed"),
    "frame's digest forged": (partial(retold, kind="freeze", change=say(digest=NOT_IT)), "frame"),
    "frame's counts forged": (
        partial(retold, kind="freeze", change=say(strata={"cluster=P1": 12})), "frame",
    ),
    "size forged": (
        partial(retold, kind="draw",
                change=lambda said: said["strata"]["cluster=P1"].update(n=2)),
        "sizes",
    ),
    "Re loosened": (
        partial(retold, kind="draw",
                change=lambda said: said["strata"]["cluster=P1"].update(ac=4, re=5)),
        "sizes",
    ),
    "severity forged": (
        partial(retold, kind="draw",
                change=lambda said: said["strata"]["cluster=P1"].update(severity="tightened")),
        "sizes",
    ),
    "drawn list forged": (partial(retold, kind="draw", change=say(drawn=NOT_IT)), "draw"),
    "count forged": (partial(retold, kind="draw", change=say(count=99)), "draw"),
    "enlargement forged": (
        partial(retold, kind="enlarge", change=say(drawn=NOT_IT)), "enlargements",
    ),
    "enlargement further than it says": (
        partial(retold, kind="enlarge", change=say(to=4)), "enlargements",
    ),
    "teams forged": (partial(retold, kind="assign", change=say(teams=NOT_IT)), "teams"),
    "by hand another team": (
        partial(retold, kind="assign", at=1, change=say(teams=NOT_IT)), "teams",
    ),
    "recorded otherwise": (
        partial(retold, kind="find", change=say(finding="holds")), "findings",
    ),
    "signature left out": (partial(rewritten, change=without("sign")), "findings"),
    "last signature left out": (partial(rewritten, change=without("sign", -1)), "findings"),
    "finding of a case not drawn": (
        partial(retold, kind="find", change=say(case="YH2026-999999")), "findings",
    ),
    "verdict forged": (
        partial(retold, kind="judge", change=say(decision="accepted")), "verdicts",
    ),
    "tally forged": (partial(retold, kind="judge", change=say(relapsed=0)), "verdicts"),
    "verdict left out": (partial(rewritten, change=without("judge")), "verdicts"),
    "verdict given twice": (
        partial(rewritten, change=lambda events: events.insert(
            place_of(events, "judge"), events[place_of(events, "judge")])),
        "verdicts",
    ),
    "closed on other verdicts": (
        partial(retold, kind="close", change=lambda said: said["strata"].pop()), "verdicts",
    ),
    "publication left out": (partial(rewritten, change=without("publish")), "published"),
    "body garbled": (partial(retold, kind="draw", change=lambda said: said.clear()), "seed"),
}  # fmt: skip


def test_the_bundle_that_is_forged_was_good(whole, tmp_path):
    assert failed(whole, tmp_path / "good.zip") == {}
    assert failed(rewritten(whole, lambda _events: None), tmp_path / "same.zip") == {}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_found(whole, tmp_path, forgery):
    forge, proof = FORGERIES[forgery]

    found = failed(forge(whole), tmp_path / "forged.zip")

    assert Proof(proof) in found


@pytest.mark.parametrize(
    ("forgery", "place"),
    [
        ("frame row removed", "frame.txt"),
        ("frame row out of order", "frame.txt: line 5"),
        ("event changed", "events.jsonl: 5"),
        ("event left out", "events.jsonl: 4"),
        ("drawn case swapped", "drawn.json: cluster=P1/1"),
        ("finding left out", "findings.json"),
        ("seed forged", "events.jsonl: 5"),
        ("published seed changed", "published.json: seed"),
    ],
)
def test_the_first_bad_place_is_named(whole, tmp_path, forgery, place):
    forge, proof = FORGERIES[forgery]

    assert failed(forge(whole), tmp_path / "forged.zip")[Proof(proof)].startswith(place)
