"""How a query is written, from the table of fields itself."""

from rich.console import Console

from cli.desk import Desk
from cli.printing import Answer, Column, plain_text, table
from rules.query.fields import FIELDS, SORT
from rules.wording import Wording

_COLUMNS = (
    Column(Wording("字段", "field"), keep=True),
    Column(Wording("别名", "also"), ratio=1),
    Column(Wording("含义", "meaning"), ratio=1),
    Column(Wording("取值", "values"), ratio=2),
)
_RULES = Wording(
    "条件以空格分隔，须同时满足；逗号分隔的取值满足其一；前面加 - 取反；\n"
    "其余的词在编号、描述、部位、措施、来源和办理时所写的文字中查找，加引号可含空格。\n"
    "全角标点同半角。例：片区:唯亭 等级:重大 逾期:>10天 销号:2026-03..2026-05 灭火器 -状态:已销号",
    "Parts are separated by spaces and must all hold; of values separated by commas one must;\n"
    "- before a part negates it. Other words are looked for in the number, description, place,\n"
    "measures, source and what people wrote on the way; quotes keep spaces.\n"
    "Example: cluster:唯亭 level:major overdue:>10d closed:2026-03..2026-05 灭火器 -state:closed",
)


def show_grammar(desk: Desk) -> Answer:
    fields = [
        {
            "field": each.key,
            "also": list(each.names[1:]),
            "meaning": each.label,
            "values": each.form,
        }
        for each in (*FIELDS.values(), SORT)
    ]
    return Answer({"rules": _RULES, "fields": fields}, lambda out: _print(out, desk))


def _print(out: Console, desk: Desk) -> None:
    out.print(plain_text(desk.say(_RULES)))
    made = table(_COLUMNS, desk.locale)
    for each in (*FIELDS.values(), SORT):
        also = plain_text("、".join(each.names[1:]))
        made.add_row(each.key, also, desk.say(each.label), plain_text(desk.say(each.form)))
    out.print(made)
