"""挂牌督办: the board from issue to release, and each order with what may be done to it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Response
from starlette.datastructures import QueryParams

from casework.case_file import open_case_file
from casework.events import Door
from casework.order_board import list_standing, open_from_board, read_board
from casework.order_list import OrderFilter
from casework.order_record import Hand, offers_on
from casework.order_story import story_of
from casework.reach import list_reach
from rules.access import Verb
from rules.ladder import OrderLevel
from rules.standing import Stand
from rules.wording import Trouble
from web.forms import Form, Sent, bad_choice
from web.offers import Kind
from web.order_forms import carry_out, form_called, forms_for
from web.paging import page_of
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_FIRST = 5
_PAGE = 25


@pages.get("/orders", permission=Verb.VIEW)
def board(visit: Here) -> Response:
    query = visit.request.query_params
    chosen, wanted = _read(query)
    if chosen is None:
        columns = read_board(visit.office, wanted, by=visit.by, as_of=visit.at, size=_FIRST)
        return _board(visit, wanted, None, {"columns": columns, "page": 1})
    page = page_of(query)
    found = list_standing(
        visit.office, chosen, wanted, by=visit.by, as_of=visit.at, page=page, size=_PAGE
    )
    return _board(visit, wanted, chosen, {"columns": [found], "page": page})


@pages.get("/order/{address}", permission=Verb.VIEW)
def show(visit: Here, address: str) -> Response:
    query = visit.request.query_params
    return _order(visit, address, query.get("do", ""), done=query.get("done", ""))


@pages.post("/order/{address}/{act}", permission=Verb.VIEW)
def do(visit: Here, form: Sent, address: str, act: str) -> Response:
    order = open_from_board(visit.office, address, by=visit.by, as_of=visit.at)
    wanted = form_called(act)
    hand = Hand(visit.by, visit.at, Door.PAGE, form.text("key") or None)
    try:
        carry_out(visit.office, order, wanted.act, _typed(form), hand)
    except Trouble as trouble:
        return _order(visit, address, act, trouble=trouble, typed=form.texts)
    return visit.redirect(f"/order/{order['address']}?done={act}")


def _read(query: QueryParams) -> tuple[Stand | None, OrderFilter]:
    stand, level = query.get("stand", ""), query.get("level", "")
    if stand not in {"", *Stand}:
        raise bad_choice("stand")
    if level not in {"", *OrderLevel}:
        raise bad_choice("level")
    wanted = OrderFilter(
        place=query.get("place", ""), level=OrderLevel(level) if level else None,
        overdue=bool(query.get("overdue")),
    )  # fmt: skip
    return Stand(stand) if stand else None, wanted


def _board(
    visit: Visit, wanted: OrderFilter, chosen: Stand | None, shown: dict[str, Any]
) -> Response:
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.VIEW)
    kept = {
        "place": wanted.place, "level": wanted.level.value if wanted.level else "",
        "overdue": "1" if wanted.overdue else "",
    }  # fmt: skip
    kept = {name: value for name, value in kept.items() if value}

    def link(**more: object) -> str:
        return "/orders?" + urlencode({**kept, **more})

    return visit.page(
        "orders.html", places=places, wanted=wanted, chosen=chosen, link=link, size=_PAGE,
        levels=list(OrderLevel), stands=Stand, **shown,
    )  # fmt: skip


def _typed(form: Form) -> Mapping[str, str]:
    """Return the texts, with the phrase chosen beside the reason."""
    said = (form.text("phrase-reason"), form.text("reason"))
    return {**form.texts, "reason": "\n".join(each for each in said if each.strip())}


def _order(
    visit: Visit,
    address: str,
    chosen: str,
    *,
    done: str = "",
    trouble: Trouble | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    order = open_from_board(visit.office, address, by=visit.by, as_of=visit.at)
    file = open_case_file(visit.office, order["case"], by=visit.by, as_of=visit.at)
    acts = offers_on(visit.office, order["number"], by=visit.by, at=visit.at)
    forms = forms_for(acts, file)
    form = next((each for each in forms if each.act == chosen), None)
    if form is None and forms and not (done or trouble):
        form = forms[0]
    named = trouble.where if trouble and form else ""
    at_field = named if form and named in {each.name for each in form.fields} else ""
    return visit.page(
        "order.html", status=status_of(trouble) if trouble else 200, order=order, case=file.case,
        story=story_of(order, file.history), forms=forms, form=form, trouble=trouble,
        at_field=at_field, typed=typed or {}, done=form_called(done) if done else None,
        kinds=Kind, stands=list(Stand),
    )  # fmt: skip
