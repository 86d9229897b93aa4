"""The application: the pages over one office."""

import re
from threading import Event

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from casework.office import Office
from web.api.app import ROOT, make_api
from web.forms import MOST_BYTES
from web.guard import Guard, Zip
from web.held import HeldFiles
from web.pages import (
    access,
    account,
    acknowledging,
    api,
    as_of,
    asking,
    assessment,
    assessments,
    bulk,
    buses,
    case,
    cases,
    dashboard,
    documents,
    duties,
    engine,
    escalations,
    evidence,
    exports,
    filing,
    filing_texts,
    filings,
    guard_checks,
    guard_reviews,
    heat,
    home,
    importing,
    inspecting,
    inspection_plans,
    inspection_sheets,
    inspections,
    locations,
    lookbacks,
    more,
    notice_log,
    notices,
    orders,
    organisation,
    policies,
    proof,
    public,
    register_forms,
    register_import,
    register_record,
    registers,
    reporting,
    responsibility,
    school_year,
    score_sheets,
    setting_up,
    signing_in,
    signing_in_by,
    staff,
    statistics,
    stock,
    stock_ledgers,
    stock_transfers,
    stock_wastes,
    style,
    timetable,
    visiting,
    webhooks,
    wordings,
)
from web.remembering import Remembered
from web.rendering import STATIC
from web.settings import Settings
from web.troubles import tell_troubles

NOUNS = (
    home, more, cases, bulk, importing, case, reporting, evidence, notices, acknowledging, account,
    signing_in, signing_in_by,
    setting_up, style, lookbacks, visiting, public, orders, escalations, heat, notice_log, api,
    policies, school_year, engine, dashboard,
    asking, as_of, statistics, proof, access, exports, documents,
    organisation, staff, locations,
    wordings, timetable, webhooks, duties, responsibility,
    inspection_sheets, inspections, inspection_plans, inspecting,
    register_import, register_forms, register_record, registers,
    guard_checks, guard_reviews,
    filings, filing_texts, filing, assessments, score_sheets, assessment,
    stock_ledgers, stock_transfers, stock_wastes, stock, buses,
)  # fmt: skip
"""The files of ``web.pages``, each with its ``pages``. A new noun is added here."""


def make_app(office: Office, settings: Settings) -> FastAPI:
    """Return the pages of an office, to be served by any ASGI server."""
    app = FastAPI(
        title="Bihuan", openapi_url=None, docs_url=None, redoc_url=None,
        middleware=[
            Middleware(Guard, https=settings.https),
            Middleware(TrustedHostMiddleware, allowed_hosts=[*settings.hosts]),
            Middleware(RequestBodyLimitMiddleware, max_body_size=MOST_BYTES),
            Middleware(Zip),
        ],
    )  # fmt: skip
    app.state.office, app.state.settings = office, settings
    app.state.remembered, app.state.held = Remembered(), HeldFiles()
    app.state.leaving = Event()
    tell_troubles(app)
    for noun in NOUNS:
        app.include_router(noun.pages.router)
    api_at = Mount(ROOT, make_api(office, settings))
    # Whatever stands in an address, a line end too, the API answers for its own.
    api_at.path_regex = re.compile(api_at.path_regex.pattern, re.DOTALL)
    app.router.routes.append(api_at)
    app.mount("/static", _Assets(directory=STATIC))
    return app


class _Assets(StaticFiles):
    """Static files under addresses that change with them may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if b"v=" in scope["query_string"] and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            response.headers["Cache-Control"] = "no-cache"
        return response
