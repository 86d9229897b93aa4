"""The empty ledger, with the units and categories of this installation to choose from."""

from pathlib import Path

from casework.files import require_free
from casework.ledger.template import write_template
from casework.ledger_choices import choices_for
from cli.desk import Desk
from cli.printing import Answer, lines
from cli.troubles import Usage
from rules.policy import default_text, read_policy
from rules.wording import Wording


def write_empty(desk: Desk, file: Path) -> Answer:
    _check_target(file)
    units, categories = _choices(desk)
    write_template(file, units=units, categories=categories)
    told = Wording(
        f"已写入 {file}（单位 {len(units)} 个，品目 {len(categories)} 个）",
        f"wrote {file} ({len(units)} units, {len(categories)} categories)",
    )
    data = {"file": file, "units": units, "categories": categories}
    return Answer(data, lines(desk.say(told)))


def _check_target(file: Path) -> None:
    if file.suffix.lower() != ".xlsx":
        raise Usage(
            Wording(f"{file} 不是 .xlsx 文件名", f"{file} does not end in .xlsx"),
            remedy=Wording("例如 bihuan template 台账.xlsx。", "Like `bihuan template a.xlsx`."),
            where="FILE",
        )
    require_free(file)


def _choices(desk: Desk) -> tuple[list[str], list[str]]:
    if not desk.who and not desk.founded:
        # Before `bihuan init` there are no units yet, but the form is known.
        return [], [each.zh for each in read_policy(default_text()).categories]
    with desk.office() as office:
        return choices_for(office, by=desk.who, as_of=desk.at)
