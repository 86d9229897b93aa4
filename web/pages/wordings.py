"""通知用语: what each kind of notice says, changed with a preview, and given back to ours."""

from collections.abc import Mapping

from fastapi import Response

from casework.contacts import require_administrator
from casework.people import find_actor
from casework.templating import adopt_wording, preview, wordings_in_force
from notifications.wordings import LABELS, Changed, Said, Worded, check, label_of, shipped
from rules.access import Verb
from rules.wording import Locale, Trouble
from web.forms import Sent, bad_choice
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_LOCALES: Mapping[str, Locale] = {"zh": "zh", "en": "en"}
_NAMES = tuple(Said.__dataclass_fields__)


@pages.get("/admin/wordings", permission=Verb.ADMINISTER)
def list_(visit: Here) -> Response:
    locale = _locale(visit.request.query_params.get("locale", "zh"))
    return visit.page(
        "wordings.html", labels=LABELS, changed=_changed(visit, locale), locale=locale,
        shipped={kind: shipped(kind, locale) for kind in LABELS},
    )  # fmt: skip


@pages.get("/admin/wording", permission=Verb.ADMINISTER)
def show(visit: Here) -> Response:
    query = visit.request.query_params
    kind, locale = query.get("kind", ""), _locale(query.get("locale", "zh"))
    return _page(visit, kind, locale, _changed(visit, locale).get(kind))


@pages.post("/admin/wording/{act}", permission=Verb.ADMINISTER)
def do(visit: Here, form: Sent, act: str) -> Response:
    """Preview, adopt, or give ours back."""
    if act not in {"preview", "adopt", "give-back"}:
        raise bad_choice("act")
    kind, locale = form.text("kind"), _locale(form.text("locale"))
    worded = Worded(form.text("subject"), form.text("text"))
    if act == "give-back":
        worded = Worded("", "")
    _changed(visit, locale)
    try:
        if act == "preview":
            check(worded)
            return _page(visit, kind, locale, worded, tried=True)
        adopt_wording(visit.office, kind, locale, worded, by=visit.by, at=visit.at)
    except Trouble as trouble:
        return _page(visit, kind, locale, worded, trouble=trouble)
    return visit.redirect(f"/admin/wordings?locale={locale}&done=1")


def _page(
    visit: Visit,
    kind: str,
    locale: Locale,
    worded: Worded | None,
    *,
    tried: bool = False,
    trouble: Trouble | None = None,
) -> Response:
    changed: Changed = {kind: worded} if worded and not trouble else {}
    return visit.page(
        "wording.html", status=status_of(trouble) if trouble else 200, kind=kind, locale=locale,
        label=label_of(kind), worded=worded or shipped(kind, locale), ours=worded is None,
        samples=preview(kind, locale, changed), tried=tried, trouble=trouble, names=_NAMES,
    )  # fmt: skip


def _changed(visit: Visit, locale: Locale) -> Changed:
    """Return the wordings in force; raise Refused for who does not administer."""
    with visit.office.reading() as connection:
        require_administrator(connection, find_actor(connection, visit.by))
        return wordings_in_force(connection, locale)


def _locale(text: str) -> Locale:
    if text not in _LOCALES:
        raise bad_choice("locale")
    return _LOCALES[text]
