"""A ledger of a register brought in: checked first, then imported."""

from fastapi import Response

from casework.registers.exporting import write_template
from casework.registers.importing import import_register
from casework.registers.placing import UNIT
from rules.access import Verb
from rules.registers.kinds import Kind
from rules.wording import Wording
from web.bringing import Bringing, ask, bring_in, send_errors
from web.downloads import send_made
from web.forms import Sent
from web.registers import kind_of, list_link, units_of
from web.routing import Pages
from web.visits import Here, Visit

pages = Pages()

_UNIT = Wording("单位", "Unit")


@pages.get("/registers/{written}/import", permission=Verb.VIEW)
def ask_for_one(visit: Here, written: str) -> Response:
    return ask(visit, _page(visit, kind_of(visit, written)))


@pages.get("/registers/{written}/import/template.xlsx", permission=Verb.VIEW)
def get_template(visit: Here, written: str) -> Response:
    """An empty ledger with the columns the import reads."""
    kind = kind_of(visit, written)
    return send_made(f"{kind.key}.xlsx", lambda path: write_template(kind, path))


@pages.post("/registers/{written}/import", permission=Verb.VIEW)
def bring(visit: Here, form: Sent, written: str) -> Response:
    kind = kind_of(visit, written)
    return bring_in(visit, form, _page(visit, kind), lambda path, told: import_register(
        visit.office, path, kind.key, by=visit.by, at=visit.at, **told,
    ))  # fmt: skip


@pages.get("/registers/{written}/import/errors.xlsx", permission=Verb.VIEW)
def get_errors(visit: Here, written: str, token: str = "") -> Response:
    kind_of(visit, written)
    return send_errors(visit, token)


def _page(visit: Visit, kind: Kind) -> Bringing:
    names = kind.fields[:4]
    hint = Wording(
        "已有的变更，没有的登记；缺列不动，空格清除。列名可用"
        + "、".join(each.zh for each in names) + "等。",
        "Known ones are changed, new ones added; a missing column is left alone, a blank cell "
        "clears. Columns: " + ", ".join(each.en for each in names) + " …",
    )  # fmt: skip
    return Bringing(
        kind.label, f"/registers/{kind.key}/import", list_link(kind.key), hint,
        Wording("新登记", "added"), {UNIT: _UNIT} | {each.key: each.label for each in kind.fields},
        kind.personal, units_of(visit, kind),
    )  # fmt: skip
