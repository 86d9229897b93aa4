"""The API as an application of its own, to be mounted under ``/api/v1``."""

from functools import lru_cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from casework.accounts.tokens import Scope
from casework.office import Office
from web.api import (
    audit,
    bulk,
    buses,
    cases,
    duties,
    evidence,
    filing_campaigns,
    filings,
    guard_checks,
    guard_reviews,
    imports,
    inspection_plans,
    inspection_sheets,
    inspections,
    lookbacks,
    notices,
    orders,
    register_files,
    register_ledgers,
    registers,
    responsibility,
    score_sheets,
    scoring,
    stock,
    stock_ledgers,
    stock_passing,
    texts,
    webhooks,
)
from web.api.problems import Problem, tell_problems
from web.api.rates import Rates
from web.settings import Settings

ROOT = "/api/v1"
NOUNS = (
    cases, bulk, imports, evidence, notices, duties, orders, lookbacks, inspection_sheets,
    inspections, inspection_plans, audit, registers, register_files, register_ledgers,
    guard_checks, guard_reviews, stock_ledgers, stock_passing, stock, buses, webhooks, filings,
    filing_campaigns, responsibility, texts, score_sheets, scoring,
)  # fmt: skip
"""The files with ``operations``. A new noun is added here."""
_ABOUT = """\
The same verbs as the pages and `bihuan`: nothing is decided here.

Send `Authorization: Bearer TOKEN`; tokens are made on the account page, with scopes and an end.
Every fault is a problem by RFC 9457 with the rules' own words, in the language of Accept-Language.
`Idempotency-Key` makes it harmless to send a POST again.
"""


def make_api(office: Office, settings: Settings, rates: Rates | None = None) -> FastAPI:
    """Return the API of an office."""
    app = FastAPI(title="Bihuan", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.office, app.state.settings, app.state.rates = office, settings, rates or Rates()
    tell_problems(app)
    for noun in NOUNS:
        app.include_router(noun.operations.router)
    app.add_api_route("/openapi.json", document, include_in_schema=False)
    return app


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the document of the API (OpenAPI 3.1), the same for every office."""
    routes = [route for noun in NOUNS for route in noun.operations.router.routes]
    made = get_openapi(
        title="Bihuan 闭环", version="1", openapi_version="3.1.0", description=_ABOUT,
        routes=routes, servers=[{"url": ROOT}],
    )  # fmt: skip
    return _completed(made)


def _completed(made: dict[str, Any]) -> dict[str, Any]:
    """Add how a token is sent, and what a problem is."""
    components = made["components"]
    about = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= {**about.pop("$defs"), "Problem": about}
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    scopes = ", ".join(f"`{each.value}`" for each in Scope)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": f"Scopes: {scopes}."}
    }
    return made
