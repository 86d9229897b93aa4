"""证明: the newest heads, a history verified now, its bundle; conformance to the table of moves."""

from pathlib import Path

from fastapi import Response

from casework.auditing.process import Conformance, check_conformance, export_xes
from casework.case_list import Filter, count_cases
from casework.errors import Refused, Unavailable
from casework.events import Door
from casework.proving.bundles import Wanted, prove
from casework.proving.heads import list_heads
from casework.proving.one_history import HistoryVerified, verify_history
from casework.proving.sealing import Outside
from casework.reach import list_reach
from rules.access import Verb
from rules.looking import Look
from rules.wording import Trouble, Wording
from web.downloads import send_made
from web.forms import Sent
from web.looking import record_look
from web.queries import read_query
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_HEADS_SHOWN = 10
MOST_REPLAYED = 20_000  # cases; some ten seconds, and more is the command line's


@pages.get("/audit/proof", permission=Verb.VIEW)
def show(visit: Here) -> Response:
    number = visit.request.query_params.get("number", "").strip()
    found = trouble = None
    try:
        found = _verify(visit, number) if number else None
    except Trouble as fault:
        trouble = fault
    return _page(visit, number, found=found, trouble=trouble)


@pages.get("/audit/proof/{number:path}/bundle", permission=Verb.VIEW)
def bundle(visit: Here, number: str) -> Response:
    return _bundle(visit, Wanted(number), Look.PROVE)


@pages.post("/audit/proof/{number:path}/bundle", permission=Verb.REVEAL)
def bundle_with_people(visit: Here, form: Sent, number: str) -> Response:
    """With personal data, for a reason that becomes an event."""
    reason = form.text("reason").strip()
    if not reason:
        trouble = Refused(
            Wording("缺少事由", "the reason is missing"),
            remedy=Wording("请写明为何取用个人信息。", "Say why you take personal data."),
            where="reason",
        )
        return _page(visit, number, found=_verify(visit, number), trouble=trouble)
    return _bundle(visit, Wanted(number, reason=reason), Look.REVEAL)


@pages.get("/audit/proof/{number:path}", permission=Verb.VIEW)
def verify_now(visit: Here, number: str) -> Response:
    return _page(visit, number, found=_verify(visit, number))


@pages.get("/audit/conformance", permission=Verb.VIEW)
def conform(visit: Here) -> Response:
    query = visit.request.query_params
    found = trouble = None
    wanted = Filter()
    try:
        wanted, _ = read_query(query)
        found = _replay(visit, wanted) if query.get("run") else None
    except Trouble as fault:
        trouble = fault
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.VIEW)
    return visit.page(
        "audit_conformance.html", status=status_of(trouble) if trouble else 200, wanted=wanted,
        found=found, trouble=trouble, places=places,
    )  # fmt: skip


@pages.get("/audit/conformance/events.xes", permission=Verb.VIEW)
def event_log(visit: Here) -> Response:
    """The event log of what one may see, for process miners."""
    wanted, _ = read_query(visit.request.query_params)
    _refuse_too_many(visit, wanted)
    record_look(visit, Look.EVENT_LOG, {"place": wanted.place, "to": "events.xes"})

    def write(path: Path) -> object:
        return export_xes(visit.office, path, wanted, by=visit.by, as_of=visit.at)

    return send_made("events.xes", write)


def _verify(visit: Visit, number: str) -> HistoryVerified:
    found = verify_history(visit.office, number, _outside(visit).keys.verifiers, by=visit.by)
    record_look(visit, Look.PROVE, {"case": found.name, "ok": found.ok})
    return found


def _bundle(visit: Visit, wanted: Wanted, look: Look) -> Response:
    made = prove(
        visit.office, wanted, _outside(visit).keys, by=visit.by, at=visit.at, door=Door.PAGE
    )
    record_look(visit, look, {"case": made.subject, "file": made.name}, typed=wanted.reason)
    return send_made(made.name, lambda path: path.write_bytes(made.content))


def _outside(visit: Visit) -> Outside:
    outside = visit.settings.outside
    if outside is None:
        raise Unavailable(
            Wording("这里没有封存密钥", "there is no key to verify with here"),
            remedy=Wording("请用 bihuan up 启动页面。", "Serve the pages with `bihuan up`."),
        )
    return outside


def _page(
    visit: Visit, number: str, *, found: HistoryVerified | None, trouble: Trouble | None = None
) -> Response:
    return visit.page(
        "audit_proof.html", status=status_of(trouble) if trouble else 200, number=number,
        found=found, trouble=trouble, heads=list_heads(visit.office, _HEADS_SHOWN),
        may_reveal=bool(visit.actor.reach(Verb.REVEAL)),
    )  # fmt: skip


def _replay(visit: Visit, wanted: Filter) -> Conformance:
    _refuse_too_many(visit, wanted)
    found = check_conformance(visit.office, wanted, by=visit.by, as_of=visit.at)
    record_look(visit, Look.CONFORMANCE, {"place": wanted.place, "cases": found.cases})
    return found


def _refuse_too_many(visit: Visit, wanted: Filter) -> None:
    count = count_cases(visit.office, wanted, by=visit.by, as_of=visit.at)
    if count > MOST_REPLAYED:
        raise Refused(
            Wording(
                f"{count:,} 件太多，页面上核对不完", f"{count:,} cases are too many for a page"
            ),
            remedy=Wording(
                "请选一个片区或单位，或运行 bihuan audit conformance。",
                "Choose a cluster or unit, or run `bihuan audit conformance`.",
            ),
            where="place",
        )
