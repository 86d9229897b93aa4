"""What a program may ask for: the API's document as a plain page."""

from typing import Any

from fastapi import Response

from casework.accounts.tokens import Scope
from rules.wording import Wording
from web.api.app import ROOT, document
from web.api.problems import TITLES
from web.permission import Anyone
from web.routing import Pages
from web.visits import Here

pages = Pages()

_NOUNS = {
    "cases": Wording("案件", "Cases"), "evidence": Wording("佐证", "Evidence"),
    "notices": Wording("通知", "Notices"), "orders": Wording("督办令", "Orders"),
    "lookbacks": Wording("回头看", "Look-backs"), "search": Wording("查询", "Search"),
    "imports": Wording("导入", "Imports"), "duties": Wording("应办事项", "Duties"),
    "registers": Wording("台账", "Registers"), "stock": Wording("危化品库存", "Stock"),
    "inspections": Wording("检查", "Inspections"), "filings": Wording("定期报告", "Filings"),
    "texts": Wording("检查表、模板、评分表", "Checklists, templates, score sheets"),
    "responsibility": Wording("主体责任", "Responsibility"),
    "buses": Wording("校车监管", "School buses"), "webhooks": Wording("网址回调", "Webhooks"),
    "assessments": Wording("标准化创建", "Assessments"),
    "guard-checks": Wording("保安抽查", "Checks of guards"),
    "guard-reviews": Wording("保安年审", "Reviews of guards"),
}  # fmt: skip


@pages.get("/api", permission=Anyone.SIGNED_IN)
def show(visit: Here) -> Response:
    made = document()
    return visit.page(
        "api.html", root=ROOT, nouns=_NOUNS, operations=_by_noun(made), scopes=list(Scope),
        problems=TITLES, shapes=made["components"]["schemas"], kind=_kind,
    )  # fmt: skip


def _by_noun(made: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            shown = {"parameters": [], **operation, "method": method.upper(), "path": path}
            shown["scopes"] = [name for each in operation.get("security", ())
                               for name in each["token"]]  # fmt: skip
            shown["takes"] = _kind(_content(operation.get("requestBody", {})))
            done = next(each for code, each in operation["responses"].items() if code < "300")
            shown["gives"] = _kind(_content(done))
            found.setdefault(operation["tags"][0], []).append(shown)
    return found


def _content(part: dict[str, Any]) -> dict[str, Any]:
    return next((each.get("schema", {}) for each in part.get("content", {}).values()), {})


def _kind(schema: dict[str, Any]) -> str:
    """Return a schema in a few words: ``list of CaseRow``, ``string or null``."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type", ""))
