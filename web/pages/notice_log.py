"""通知记录: what is owed to whom, what became of it and why, and sending it again."""

from fastapi import Response

from casework.delivery import resend
from casework.notice_list import list_notices
from models import NoticeState
from rules.access import Verb
from rules.wording import Trouble, Wording
from web.forms import Sent, bad_choice
from web.paging import number_of
from web.permission import is_permitted
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_PAGE = 25
STATES = {
    NoticeState.WAITING: Wording("待发送", "waiting"),
    NoticeState.SENT: Wording("已发送", "sent"),
    NoticeState.DEAD: Wording("发送失败", "given up"),
    NoticeState.DROPPED: Wording("已作废", "dropped"),
}
_TONES = {NoticeState.WAITING: "soon", NoticeState.SENT: "ok", NoticeState.DEAD: "late"}


@pages.get("/notice-log", permission=Verb.SEE_NOTICES)
def list_(visit: Here) -> Response:
    return _page(visit)


@pages.post("/notice-log/resend", permission=Verb.SWEEP)
def again(visit: Here, form: Sent) -> Response:
    notice = form.number("notice")
    if notice is None:
        raise bad_choice("notice")
    resend(visit.office, notice, by=visit.by, at=visit.at)
    return visit.redirect(f"/notice-log?again={notice}")


def _page(visit: Visit) -> Response:
    query = visit.request.query_params
    state, case, person = (query.get(name, "").strip() for name in ("state", "case", "person"))
    trouble: Trouble | None = None
    try:
        if state not in {"", *NoticeState}:
            raise bad_choice("state")
        found = list_notices(
            visit.office, by=visit.by, state=NoticeState(state) if state else None, case=case,
            person=person, size=_PAGE + 1, before=number_of(query, "before"),
        )  # fmt: skip
    except Trouble as raised:
        trouble, found, state = raised, [], ""
    rows = found[:_PAGE]
    kept = {"state": state, "case": case, "person": person}
    return visit.page(
        "notice_log.html", status=status_of(trouble) if trouble else 200, rows=rows, kept=kept,
        before=rows[-1]["id"] if len(found) > _PAGE else 0, paged="before" in query,
        trouble=trouble, states=STATES, tones=_TONES, again=query.get("again", ""),
        may_resend=is_permitted(Verb.SWEEP, visit.actor),
    )  # fmt: skip
