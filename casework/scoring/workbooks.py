"""An assessment, and a year's ranking with who has assessed, as workbooks; that they left is kept.

Of an assessment each point explains itself: its item and rule, what was deducted by whom and why,
the evidence by its digest, and the cases and duties behind each figure as they are now.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from casework.asking.search import MOST_PER_PAGE, search
from casework.duties.listing import list_duties
from casework.exporting.sheet import Cell, Sheet, Taking, Written, record_taking, write_book
from casework.office import Office
from casework.scoring.listing import cover, rank
from casework.scoring.places import Which
from casework.scoring.showing import show_assessment
from rules.wording import Locale, Wording
from rules.workdays import china_day

_POINTS = (
    Wording("一级指标", "level"), Wording("指标", "item"), Wording("分值", "points"),
    Wording("得分", "given"), Wording("扣分", "deducted"), Wording("为何", "why"),
    Wording("评分规则", "rule"), Wording("自评", "school"), Wording("片区", "cluster"),
    Wording("片区理由", "cluster's reason"), Wording("专委会", "committee"),
    Wording("专委会理由", "committee's reason"), Wording("说明", "words"),
    Wording("佐证", "evidence"), Wording("取数", "figures"),
)  # fmt: skip
_EVIDENCE = (Wording("指标", "item"), Wording("序号", "no."), Wording("SHA-256", "SHA-256"))
_CASES = (
    Wording("指标", "item"), Wording("编号", "number"),
    Wording("隐患", "hazard"), Wording("状态", "state"), Wording("发现", "found on"),
    Wording("时限", "due on"),
)  # fmt: skip
_DUTIES = (
    Wording("指标", "item"), Wording("事项", "duty"), Wording("期限", "due on"),
    Wording("办结", "done on"), Wording("按期", "in time"),
)  # fmt: skip
_RANKS = (
    Wording("片区", "cluster"), Wording("名次", "rank"), Wording("单位代码", "code"),
    Wording("单位", "unit"), Wording("得分", "points"), Wording("总分", "all points"),
    Wording("自动项", "automatic"), Wording("结果", "result"), Wording("荣誉", "honour"),
    Wording("标杆", "model"), Wording("编号", "number"),
)  # fmt: skip
_COVERED = (
    Wording("片区", "cluster"), Wording("单位代码", "code"), Wording("单位", "unit"),
    Wording("情况", "standing"), Wording("逾期", "late"), Wording("得分", "points"),
    Wording("结果", "result"), Wording("编号", "number"),
)  # fmt: skip
_QUOTAS = (Wording("片区", "cluster"), Wording("标杆名额", "places"))
_YES, _NO = Wording("是", "yes"), Wording("否", "no")
_ALTERED = Wording("与定稿不符", "not as frozen")


def write_assessment(
    office: Office, which: Which, path: Path, taking: Taking, *, version: int = 0
) -> Written:
    """Write one assessment to a .xlsx; raise as ``show_assessment`` does, Invalid for the file."""
    shown = show_assessment(office, which, by=taking.by, version=version)
    receipt = record_taking(
        office, {"assessment": shown["receipt"], "file": path.name[:100]}, taking
    )
    locale = taking.locale
    parts = [
        _part(Wording("评分", "points"), _POINTS, _points(shown, locale), locale,
              {0: 16, 1: 30, 5: 36, 6: 50, 9: 24, 11: 24, 12: 36}),
        _part(Wording("佐证", "evidence"), _EVIDENCE, _evidence(shown, locale), locale,
              {0: 30, 2: 68}),
        _part(Wording("案件", "cases"), _CASES, _cases(office, shown, taking), locale,
              {0: 24, 1: 18, 2: 60}),
        _part(Wording("应办事项", "duties"), _DUTIES, _duties(office, shown, taking), locale,
              {0: 24, 1: 60}),
    ]  # fmt: skip
    return Written(path.name, write_book(path, parts), receipt)


def write_ranking(
    office: Office, sheet: str, year: int, path: Path, taking: Taking, *, place: str = ""
) -> Written:
    """Write a year's ranking, quotas and coverage to a .xlsx; raise as they do."""
    ranking = rank(office, sheet, year, by=taking.by)
    covered = cover(office, sheet, year, by=taking.by, today=china_day(taking.at), place=place)
    what = {"assessments": f"{ranking.sheet.key}/{year}", "file": path.name[:100]}
    receipt = record_taking(office, what, taking)
    locale, wide = taking.locale, {3: 30}
    parts = [
        _part(Wording("排名", "ranking"), _RANKS, _ranks(ranking.rows, locale), locale, wide),
        _part(Wording("名额", "quotas"), _QUOTAS, ranking.quotas.items(), locale),
        _part(Wording("全覆盖", "coverage"), _COVERED, _covered(covered.rows, locale), locale,
              {2: 30}),
    ]  # fmt: skip
    return Written(path.name, write_book(path, parts), receipt)


def _part(
    title: Wording, headings: Sequence[Wording], rows: Any, locale: Locale,  # noqa: ANN401 — rows of cells
    widths: Mapping[int, int] | None = None,
) -> Sheet:  # fmt: skip
    return Sheet(title.say(locale), [each.say(locale) for each in headings], rows, widths or {})


def _points(shown: Mapping[str, Any], locale: Locale) -> Iterator[Sequence[Cell]]:
    for level in shown["levels"]:
        for row in level["items"]:
            lost = row["most"] - row["value"]
            yield [
                level["label"].say(locale), row["label"].say(locale), row["most"], row["value"],
                lost, row["why"].say(locale), row["rule"].say(locale), *_given(row, locale),
            ]  # fmt: skip
    veto = Wording("一票否决", "veto").say(locale)
    for row in shown["vetoes"]:
        said = (_YES if row["value"] else _NO).say(locale)
        yield [veto, row["label"].say(locale), None, None, None, said, "", *_given(row, locale)]
    honour = shown["honour"]
    said = (_YES if honour["value"] else _NO).say(locale)
    yield [
        Wording("荣誉", "honour").say(locale), shown["honour_label"], None, None, None, said, "",
        *_given({**honour, "behind": ()}, locale),
    ]  # fmt: skip
    whole = f"{shown['result_label'].say(locale)} {shown['stage_label'].say(locale)}"
    yield [
        Wording("合计", "in all").say(locale), shown["number"], shown["total"], shown["points"],
        shown["total"] - shown["points"], whole,
    ]  # fmt: skip


def _given(row: Mapping[str, Any], locale: Locale) -> Sequence[Cell]:
    figures = "  ".join(f"{each['said'].say(locale)} {each['number']}" for each in row["behind"])
    return [
        row["school"], row["cluster"], row["cluster_why"], row["committee"],
        row["committee_why"], row["text"], len(row["evidence"]) or None, figures,
    ]  # fmt: skip


def _marked(shown: Mapping[str, Any]) -> list[tuple[Wording, Mapping[str, Any]]]:
    rows = [row for level in shown["levels"] for row in level["items"]]
    said = Wording(shown["honour_label"], shown["honour_label"])
    return [*((row["label"], row) for row in (*rows, *shown["vetoes"])), (said, shown["honour"])]


def _evidence(shown: Mapping[str, Any], locale: Locale) -> Iterator[Sequence[Cell]]:
    for label, row in _marked(shown):
        for nth, digest in enumerate(row["evidence"], start=1):
            yield [label.say(locale), nth, digest]


def _cases(office: Office, shown: Mapping[str, Any], taking: Taking) -> Iterator[Sequence[Cell]]:
    for label, whole in _behind(shown):
        if query := whole["query"]:
            found = search(office, query, by=taking.by, as_of=taking.at, size=MOST_PER_PAGE)
            for row in found.rows:
                yield [
                    label.say(taking.locale), row["number"], row["description"],
                    row["state"].label.say(taking.locale), row["found_on"], _day(row["due_at"]),
                ]  # fmt: skip


def _duties(office: Office, shown: Mapping[str, Any], taking: Taking) -> Iterator[Sequence[Cell]]:
    today = china_day(taking.at)
    for label, whole in _behind(shown):
        if wanted := whole["link"] and whole["duties"]:
            found = list_duties(
                office, by=taking.by, today=today, size=MOST_PER_PAGE, wanted=wanted
            )
            for row in found.rows:
                ended_on = _day(row["ended_at"])
                kept = bool(ended_on) and ended_on <= row["due_on"]
                yield [
                    label.say(taking.locale), row["title"].say(taking.locale), row["due_on"],
                    ended_on, (_YES if kept else _NO).say(taking.locale),
                ]  # fmt: skip


def _behind(shown: Mapping[str, Any]) -> Iterator[tuple[Wording, Mapping[str, Any]]]:
    """Yield the whole list behind each figure, which is the last: the others are parts of it."""
    for label, row in _marked(shown):
        for whole in row.get("behind", ())[-1:]:
            yield label, whole


def _ranks(rows: Sequence[Mapping[str, Any]], locale: Locale) -> Iterator[Sequence[Cell]]:
    for row in rows:
        yield [
            row["cluster"], row["rank"], row["unit_code"], row["unit"], row["points"],
            row["total"], row["automatic"], row["result_label"].say(locale),
            (_YES if row["honoured"] else _NO).say(locale),
            _YES.say(locale) if row["chosen"] else "", row["number"],
        ]  # fmt: skip


def _covered(rows: Sequence[Mapping[str, Any]], locale: Locale) -> Iterator[Sequence[Cell]]:
    for row in rows:
        standing = _ALTERED if row["altered"] else row["label"]
        yield [
            row["cluster"], row["unit_code"], row["unit"], standing.say(locale),
            _YES.say(locale) if row["late"] else "", row["points"],
            row["result_label"].say(locale) if row["result_label"] else "", row["number"],
        ]  # fmt: skip


def _day(at: datetime | None) -> date | None:
    return china_day(at) if at else None
