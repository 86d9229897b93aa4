"""The stock ledgers as workbooks: out with both signatures, and in from ledgers kept on paper."""

from fastapi import Response

from casework.events import Door
from casework.registers.places import find_kind
from casework.stock.columns import LABELS
from casework.stock.exporting import export_stock
from casework.stock.importing import import_stock, write_template
from casework.stock.store import KIND
from rules.access import Verb
from rules.wording import Wording
from web.bringing import Bringing, ask, bring_in, send_errors
from web.downloads import send_made
from web.forms import Sent
from web.registers import kind_of, units_of
from web.routing import Pages
from web.visits import Here, Visit

pages = Pages()

_HINT = Wording(
    "每行一笔：期初、购入、领用等，按行次记账；管控品待第二人签字，未签字的入库不能领用。"
    "已有的相同一笔不重复记，可分次导入同一个文件。",
    "A row is a line: opening, purchase, issue …, in their order. What is controlled waits for a "
    "second signature, and is issued once it is signed for. Lines that are there already are "
    "passed over, so the same file may be brought in again.",
)


@pages.get("/stock/export.csv", permission=Verb.VIEW)
def as_csv(visit: Here) -> Response:
    return _file(visit, "csv")


@pages.get("/stock/export.xlsx", permission=Verb.VIEW)
def as_workbook(visit: Here) -> Response:
    return _file(visit, "xlsx")


@pages.get("/stock/import", permission=Verb.VIEW)
def ask_for_one(visit: Here) -> Response:
    return ask(visit, _page(visit))


@pages.get("/stock/import/template.xlsx", permission=Verb.VIEW)
def get_template(visit: Here) -> Response:
    """An empty ledger with the columns the import reads."""
    kind_of(visit, KIND)
    return send_made("stock.xlsx", write_template)


@pages.post("/stock/import", permission=Verb.VIEW)
def bring(visit: Here, form: Sent) -> Response:
    return bring_in(visit, form, _page(visit), lambda path, told: import_stock(
        visit.office, path, by=visit.by, at=visit.at, **told,
    ))  # fmt: skip


@pages.get("/stock/import/errors.xlsx", permission=Verb.VIEW)
def get_errors(visit: Here, token: str = "") -> Response:
    kind_of(visit, KIND)
    return send_errors(visit, token)


def _file(visit: Visit, ending: str) -> Response:
    query = visit.request.query_params
    asked = {name: query.get(name, "").strip() for name in ("place", "text")}
    return send_made(f"stock.{ending}", lambda path: export_stock(
        visit.office, path, by=visit.by, at=visit.at, door=Door.PAGE,
        waiting=query.get("waiting") == "1", **asked,
    ))  # fmt: skip


def _page(visit: Visit) -> Bringing:
    kind_of(visit, KIND)
    return Bringing(
        Wording("危化品库存", "Chemicals in stock"), "/stock/import", "/stock", _HINT,
        Wording("新记账", "written"), LABELS, frozenset(), units_of(visit, find_kind(KIND)),
    )  # fmt: skip
