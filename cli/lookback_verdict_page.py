"""The verdicts of a look-back as a page: by stratum, with interval and what follows."""

from collections.abc import Mapping

from rich.console import RenderableType

from casework.lookback.looking import LookbackFile, open_lookback
from casework.lookback.severities import severities_now
from cli import lookback_words
from cli.desk import Desk
from cli.printing import Answer, Column, lines, plain_text, styled, table
from rules.lookback.acceptance import Severity
from rules.lookback.plan import LookbackPlan, read_plan
from rules.lookback.verdict import Decision
from rules.wording import Wording

_STYLES = {Decision.REJECTED: "bold red", Decision.OPEN: "yellow", Decision.ACCEPTED: "green"}


def show_verdict(desk: Desk, number: str) -> Answer:
    with desk.office() as office:
        found = open_lookback(office, number, by=desk.by)
        with office.reading() as connection:
            severities = severities_now(connection, found.row["template"])
    plan = read_plan(found.row["plan"])
    data = {
        "number": found.row["number"], "state": found.row["state"],
        "confidence": float(plan.confidence), "receipt": found.receipt,
        "strata": [
            lookback_words.judged(each)
            | {"follows": lookback_words.follows(each, number),
               "next_severity": severities.get(each.key, Severity.NORMAL)}
            for each in found.strata
        ],
    }  # fmt: skip
    return Answer(data, lines(verdict_table(desk, found, plan), *_harder(desk, found, severities)))


def verdict_table(desk: Desk, found: LookbackFile, plan: LookbackPlan) -> RenderableType:
    """Return the strata of a look-back, a row each."""
    made = table(
        [
            Column(Wording("层", "stratum"), ratio=2),
            Column(Wording("抽取/件数", "drawn/cases"), keep=True),
            Column(Wording("已看", "seen"), right=True),
            Column(Wording("复发", "relapsed"), right=True),
            Column(Wording("Ac/Re", "Ac/Re"), keep=True),
            Column(Wording("判定", "verdict"), keep=True),
            Column(Wording("复发率", "rate"), ratio=3),
            Column(Wording("下一步", "what follows"), ratio=3),
        ],
        desk.locale,
    )
    for each in found.strata:
        decided = each.decided or each.verdict.decision
        made.add_row(
            plain_text(f"{desk.say(lookback_words.stratum(each.key))}\n{each.key}"),
            f"{each.drawn}/{each.size.population}", f"{each.tally.checked}",
            f"{each.tally.relapsed}", f"{each.size.ac}/{each.size.re}",
            styled(desk.say(decided.label), _STYLES[decided]),
            desk.say(lookback_words.rate(each, plan.confidence)),
            plain_text(desk.say(lookback_words.follows(each, found.row["number"]))),
        )  # fmt: skip
    return made


def _harder(desk: Desk, found: LookbackFile, known: Mapping[str, Severity]) -> list[str]:
    """Say of which strata the next draw is other than normal."""
    return [
        desk.say(Wording(
            f"下次{severity.label.zh}：{lookback_words.stratum(each.key).zh}",
            f"next time {severity.label.en}: {lookback_words.stratum(each.key).en}",
        ))
        for each in found.strata
        if (severity := known.get(each.key, Severity.NORMAL)) is not Severity.NORMAL
    ]  # fmt: skip
