"""Who looked at the audit, as a page."""

from datetime import datetime

from rich.console import Console

from casework.auditing.access import list_access
from cli import words
from cli.desk import Desk
from cli.looking import record_look
from cli.printing import Answer, Column, plain_text, table
from rules.looking import Look
from rules.wording import Wording


def show_access(
    desk: Desk,
    person: str,
    look: Look | None,
    between: tuple[datetime | None, datetime | None],
    size: int,
) -> Answer:
    since, until = between
    with desk.office() as office:
        rows = list_access(
            office, by=desk.by, person=person, look=look, since=since, until=until, size=size
        )
        seen = {"person": person, "rows": len(rows)}
        record_look(office, desk, Look.ACCESS, seen)

    def show(out: Console) -> None:
        made = table(
            [
                Column(Wording("时间", "when"), keep=True),
                Column(Wording("何人", "who")),
                Column(Wording("做了什么", "what")),
                Column(Wording("对象", "of what"), ratio=1),
                Column(Wording("事由", "why")),
            ],
            desk.locale,
        )
        for row in rows:
            said = " ".join(f"{name}={value}" for name, value in row["what"].items() if value)
            typed = f"{said} {row['typed']}".strip()
            made.add_row(
                words.moment(row["at"]), plain_text(f"{row['code']} {row['name']}"),
                desk.say(row["said"]), plain_text(typed), plain_text(row["why"]),
            )  # fmt: skip
        if rows:
            out.print(made)
        out.print(desk.say(Wording(f"共 {len(rows)} 条", f"{len(rows)} in all")))

    return Answer(rows, show)
