"""The findings of a bundle, signed by the whole team, and the verdicts that follow from them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from casework.lookback.bundle_reading import Bundle, Told
from casework.lookback.checks import absent, differs, event
from casework.lookback.judging import Judged, said
from rules.lookback.acceptance import Severity
from rules.lookback.acts import LookbackAct
from rules.lookback.findings import Finding
from rules.lookback.sizes import StratumSize
from rules.lookback.verdict import Decision, Tally, judge

_FOUND = frozenset({LookbackAct.FIND.value, LookbackAct.SIGN.value})


def check_findings(bundle: Bundle) -> None:
    """Every finding that stands was recorded and signed; no other one does."""
    listed, story = bundle.parts.findings, _Story(bundle)
    for each in bundle.events:
        story.take(each)
    if not story.drawn:
        absent("尚未抽取", "nobody has been drawn yet")
    if listed is None:
        differs("缺少复查结果", "the findings are missing", "findings.json")
    if sorted(each.case for each in listed) != sorted(story.stratum_of):
        differs("不是抽中的案件", "they are not of the cases drawn", "findings.json")
    for row in listed:
        visit = story.visits.get(row.case, _Visit())
        stands = visit.proposed if visit.stands else None
        if (row.finding, row.mode) != (stands, visit.mode if visit.stands else None):
            differs("与历史中的不同", "the history tells another", f"findings.json: {row.case}")


def check_verdicts(bundle: Bundle) -> None:
    """Each verdict follows from the findings before it, and none that was due is left out."""
    story = _Story(bundle)
    for each in bundle.events:
        if story.due and each.kind != LookbackAct.JUDGE:
            differs("缺少应有的判定", f"no verdict is kept on {story.due}", event(each.seq))
        if each.kind == LookbackAct.JUDGE:
            _check_judged(story, each)
        if each.kind == LookbackAct.CLOSE and each.said["strata"] != _plain(story):
            differs("办结时的判定不符", "the verdicts at its close", event(each.seq))
        story.take(each)
    if story.due:
        differs("缺少应有的判定", f"no verdict is kept on {story.due}", "events.jsonl")
    if not story.drawn:
        absent("尚未抽取", "nothing is drawn yet")
    now = [each | {"decided": story.decided.get(each["stratum"])} for each in _plain(story)]
    if bundle.parts.verdicts != now:
        differs("与复查结果推出的不同", "they do not follow from the findings", "verdicts.json")


def _check_judged(story: "_Story", told: Told) -> None:
    key = told.said["stratum"]
    if key in story.decided:
        differs(f"“{key}”判定了两次", f"{key} is judged twice", event(told.seq))
    if told.said != said(story.judged(key)) or told.said["decision"] == Decision.OPEN:
        differs("判定与复查结果不符", "it does not follow from the findings", event(told.seq))


def _plain(story: "_Story") -> list[dict[str, Any]]:
    return [said(story.judged(key)) for key in sorted(story.drawn)]


@dataclass
class _Visit:
    proposed: Finding | None = None
    mode: str | None = None
    signers: set[int | None] = field(default_factory=set)
    stands: bool = False


class _Story:
    """What had been found after each event; ``due`` names a stratum whose verdict comes next."""

    def __init__(self, bundle: Bundle) -> None:
        self.visits: dict[str, _Visit] = {}
        self.stratum_of: dict[str, str] = {}
        self.drawn: dict[str, int] = {}
        self.decided: dict[str, str] = {}
        self.due = ""
        self._bundle = bundle
        self._sizes: dict[str, StratumSize] = {}
        self._tallies: dict[str, Counter[Finding]] = {}
        self._teams = _teams(bundle)
        self._coming = _listed(bundle)

    def take(self, told: Told) -> None:
        match LookbackAct(told.kind):
            case LookbackAct.DRAW:
                for key, each in told.said["strata"].items():
                    severity = Severity(each["severity"])
                    self._sizes[key] = StratumSize(**{**each, "severity": severity})
                    self._draw(key, each["n"])
            case LookbackAct.ENLARGE:
                self._draw(told.said["stratum"], told.said["added"])
            case LookbackAct.FIND | LookbackAct.SIGN:
                self._find(told)
            case LookbackAct.JUDGE:
                self.decided[told.said["stratum"]] = told.said["decision"]
                self.due = ""
            case _:
                pass

    def judged(self, key: str) -> Judged:
        size, found = self._sizes[key], self._tallies.get(key, Counter())
        pending = self.drawn[key] - found.total()
        tally = Tally(
            found[Finding.HOLDS], found[Finding.RELAPSED], found[Finding.NO_ACCESS],
            found[Finding.NOT_APPLICABLE], pending,
        )  # fmt: skip
        verdict = judge(
            size, tally, self._bundle.plan.confidence,
            nothing_left=self.drawn[key] >= size.population,
        )  # fmt: skip
        return Judged(key, size, self.drawn[key], tally, verdict, None)

    def _draw(self, key: str, count: int) -> None:
        self.drawn[key] = self.drawn.get(key, 0) + count
        for case in islice(self._coming[key], count):
            self.stratum_of[case] = key

    def _find(self, told: Told) -> None:
        case, finding = told.said["case"], Finding(told.said["finding"])
        if case not in self.stratum_of:
            differs("不是抽中的案件", "it was not drawn", event(told.seq))
        visit = self.visits.setdefault(case, _Visit())
        self._require_allowed(told, visit, finding)
        if told.kind == LookbackAct.FIND:
            visit.proposed, visit.mode = finding, told.said["mode"]
        visit.signers.add(told.actor)
        if len(visit.signers) >= self._teams[case]:
            visit.stands = True
            self._stand(self.stratum_of[case], finding)

    def _require_allowed(self, told: Told, visit: _Visit, finding: Finding) -> None:
        if visit.stands:
            differs("已签字的结果又被改", "a finding that stands was changed", event(told.seq))
        recording = told.kind == LookbackAct.FIND
        if recording and visit.signers - {told.actor}:
            differs("另一人签字后改填", "recorded anew after a signature", event(told.seq))
        if not recording and visit.proposed is not finding:
            differs("签的不是所填的结果", "another finding was signed", event(told.seq))

    def _stand(self, key: str, finding: Finding) -> None:
        found = self._tallies.setdefault(key, Counter())
        found[finding] += 1
        # Open as long as some are pending and fewer than Re have relapsed: no need to judge it.
        settles = found[Finding.RELAPSED] >= self._sizes[key].re or found.total() == self.drawn[key]
        if settles and key not in self.decided:
            decision = self.judged(key).verdict.decision
            self.due = "" if decision is Decision.OPEN else key


def _listed(bundle: Bundle) -> dict[str, Iterator[str]]:
    """Return the drawn cases of each stratum in their order, to be taken as they were drawn."""
    strata = bundle.parts.drawn or {}
    return {key: (each.case for each in stratum.cases) for key, stratum in strata.items()}


def _teams(bundle: Bundle) -> dict[str, int]:
    """Return how many must sign, by case: the plan's number, more where a person chose more."""
    assigned = [each.said for each in bundle.of_kind(LookbackAct.ASSIGN)]
    by_hand = {said["by_hand"] for said in assigned if "by_hand" in said}
    least = bundle.plan.inspectors.per_visit
    return {
        each.case: max(least, each.inspectors) if each.case in by_hand else least
        for each in bundle.parts.findings or ()
    }
