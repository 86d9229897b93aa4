"""Guards' yearly reviews as pages: how all stand, and one guard's with what there is to see."""

from collections.abc import Iterator, Mapping
from typing import Any

from casework.reviews.listing import list_reviews, open_review
from casework.reviews.store import Named
from cli.desk import Desk
from cli.guard_review_acts import GUARD
from cli.printing import Answer, Column, heading, lines, plain_text, table
from rules.registers.outcomes import ReviewStatus
from rules.wording import Wording
from rules.workdays import china_day


def show_list(desk: Desk, status: ReviewStatus | None, place: str, after: str) -> Answer:
    with desk.office() as office:
        page = list_reviews(
            office, GUARD, by=desk.by, today=china_day(desk.at), status=status, place=place,
            after=after,
        )  # fmt: skip
    made = table(
        [
            Column(Wording("单位", "unit"), ratio=1),
            Column(Wording("工号", "staff number")),
            Column(Wording("姓名", "name")),
            Column(Wording("年审", "review")),
            Column(Wording("问题", "speaks against"), ratio=1),
        ],
        desk.locale,
    )
    for row in page.rows:
        made.add_row(
            plain_text(row["unit"]), plain_text(row["key"]), row["values"].get("name", ""),
            desk.say(row["status"].label), "、".join(map(desk.say, row["against"])),
        )  # fmt: skip
    counted = "  ".join(f"{desk.say(each.label)} {n}" for each, n in page.counts.items())
    data = {"rows": page.rows, "counts": page.counts, "after": page.after}
    return Answer(data, lines(counted, made, *([page.after] if page.after else [])))


def show_one(desk: Desk, unit: str, guard: str) -> Answer:
    with desk.office() as office:
        found = open_review(office, GUARD, Named(unit, guard), by=desk.by, today=china_day(desk.at))
    title = heading(f"{found['key']}  {found['unit']}  {desk.say(found['status'].label)}")
    told = [plain_text(each) for each in (*_seen(desk, found["seen"]), *_reviews(desk, found))]
    return Answer(found, lines(title, *told))


def _seen(desk: Desk, seen: Mapping[str, Any] | None) -> Iterator[str]:
    if seen is None:
        return
    for each in seen["rules"]:
        yield f"{desk.say(each['what'])}  {desk.say(each['said'])}"
    for each in seen["looks"]:
        yield f"{each['check']}  {each['day']}  {desk.say(each['identity'].label)}"
    yield desk.say(
        Wording(
            f"培训 {seen['sessions']} 次，参加 {seen['attended']} 次",
            f"{seen['attended']} of {seen['sessions']} training sessions attended",
        )
    )
    yield from map(desk.say, seen["short"])


def _reviews(desk: Desk, found: Mapping[str, Any]) -> Iterator[str]:
    for each in found["reviews"]:
        said = [f"{each['year']}", desk.say(each["said"]), each["by"] or each["asked_by"]]
        said += [desk.say(reason.label) for reason in each["reasons"]]
        yield "  ".join(filter(None, [*said, each["note"], each["why"], each["case"]]))
