"""Verify an exported look-back as an outsider does: with the bundle alone, without a database.

What it cannot show: that the cases in the frame are all there were, and how severely a stratum
had to be inspected, which depends on earlier look-backs; these are taken as stated. A history
that was rewritten as a whole is found by a receipt, or the commitment, that somebody kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from casework.lookback.bundle_reading import Bundle, open_bundle
from casework.lookback.chain_checks import (
    check_chain,
    check_commitment,
    check_life,
    check_order,
    check_outside,
    check_plan,
    check_receipts,
    check_seed,
)
from casework.lookback.checks import Check, Checker, Outcome, Proof, absent, differs, run
from casework.lookback.draw_checks import DrawChecks
from casework.lookback.finding_checks import check_findings, check_verdicts
from casework.lookback.proof_checks import check_checkpoint
from casework.lookback.team_checks import check_teams
from rules.lookback.acts import LookbackAct


@dataclass(frozen=True, slots=True)
class Verified:
    """What every check said. ``receipt`` is that of the history's last event."""

    number: str
    receipt: str
    checks: Sequence[Check]

    @property
    def ok(self) -> bool:
        return all(each.outcome is not Outcome.FAILED for each in self.checks)


def verify_bundle(
    path: Path, *, receipts: Sequence[str] = (), keys: Sequence[str] = ()
) -> Verified:
    """Check a bundle and return every check's outcome; a failed one stops none of the others.

    ``receipts`` are those somebody kept: each must be of this history. ``keys`` are public keys of
    the seal that they trust. Raise Invalid for a file
    that is no bundle, or beyond the limits; NotFound without a file.
    """
    with open_bundle(path) as bundle:
        about = bundle.parts.about
        return Verified(about.number, about.receipt, run(_checkers(bundle, receipts, keys), bundle))


def _checkers(
    bundle: Bundle, receipts: Sequence[str], keys: Sequence[str]
) -> list[tuple[Proof, Checker]]:
    drawing = DrawChecks(bundle)
    return [
        (Proof.CHAIN, check_chain),
        (Proof.RECEIPT, partial(check_receipts, receipts=receipts)),
        (Proof.LIFE, check_life),
        (Proof.ORDER, check_order),
        (Proof.PLAN, check_plan),
        (Proof.COMMITMENT, check_commitment),
        (Proof.OUTSIDE, check_outside),
        (Proof.FRAME, drawing.check_frame),
        (Proof.SEED, check_seed),
        (Proof.SIZES, drawing.check_sizes),
        (Proof.DRAW, drawing.check_draw),
        (Proof.ENLARGEMENTS, drawing.check_enlargements),
        (Proof.LIST, drawing.check_list),
        (Proof.TEAMS, check_teams),
        (Proof.FINDINGS, check_findings),
        (Proof.VERDICTS, check_verdicts),
        (Proof.PUBLISHED, _check_published),
        (Proof.CHECKPOINT, partial(check_checkpoint, keys=keys)),
    ]


def _check_published(bundle: Bundle) -> None:
    told, events = bundle.parts.published, bundle.of_kind(LookbackAct.PUBLISH)
    if not events and told is None:
        absent("尚未公开", "not published yet")
    if not events or told is None:
        differs("公开与历史不符", "published in one place only", "published.json")
    said = {each.kind: each.said for each in bundle.events}
    frame = bundle.plan.frame
    drawn = sum(len(each.cases) for each in (bundle.parts.drawn or {}).values())
    wanted = {
        "number": bundle.parts.about.number, "title": bundle.plan.title,
        "published_at": events[0].at,
        "period": [frame.closed_from.isoformat(), frame.closed_until.isoformat()],
        "commitment": said[LookbackAct.COMMIT].get("commitment", ""),
        "frame_digest": said[LookbackAct.FREEZE]["digest"],
        "frame_size": said[LookbackAct.FREEZE]["size"],
        "seed": said[LookbackAct.DRAW]["seed"], "drawn": drawn,
    }  # fmt: skip
    for key in sorted({*wanted, *told}):
        if wanted.get(key) != told.get(key):
            differs("公开的与历史不符", "not what the history says", f"published.json: {key}")
