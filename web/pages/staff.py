"""人员: people found, added and renamed; their roles, stand-ins, accounts and contacts."""

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import urlencode

from fastapi import Response

from casework.accounts.linking import link_account, linked_subject, unlink_account
from casework.accounts.register import Key, disable_account, open_accounts, reset_password
from casework.accounts.secrets import new_password
from casework.contacts import add_contact, list_contacts, remove_contact
from casework.events import Door
from casework.forms import read_day
from casework.organisations import PersonEntry
from casework.staff_file import list_organisation, list_staff, open_person
from casework.staffing import (
    Hand,
    add_person,
    end_stand_in,
    grant_role,
    rename_person,
    revoke_role,
    set_stand_in,
)
from models import ContactKind
from rules.access import Role, Verb
from rules.wording import Trouble, Wording
from web.forms import Form, Sent, bad_choice
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

ROLES = [each for each in Role if each is not Role.LADDER]
CONTACTS = {
    ContactKind.EMAIL: Wording("邮箱", "e-mail"),
    ContactKind.WECOM: Wording("企业微信", "WeCom"),
    ContactKind.DINGTALK: Wording("钉钉", "DingTalk"),
    ContactKind.FEISHU: Wording("飞书", "Feishu"),
    ContactKind.WEBHOOK: Wording("网址回调", "webhook"),
    ContactKind.SMS: Wording("短信", "SMS"),
}
_ACTS: Mapping[str, Callable[[Visit, Form, str], str | None]] = {
    "rename": lambda visit, form, code: rename_person(
        visit.office, code, form.text("name"), _hand(visit)
    ),
    "grant": lambda visit, form, code: grant_role(
        visit.office, code, _role(form), form.text("place").strip(), _hand(visit)
    ),
    "revoke": lambda visit, form, code: revoke_role(
        visit.office, code, _role(form), form.text("place"), _hand(visit)
    ),
    "stand-in": lambda visit, form, code: set_stand_in(
        visit.office, code, form.text("stand_in"), away=_away(form), hand=_hand(visit)
    ),
    "return": lambda visit, _form, code: end_stand_in(visit.office, code, _hand(visit)),
    "open": lambda visit, _form, code: _invite(visit, code),
    "reset": lambda visit, _form, code: _reset(visit, code),
    "disable": lambda visit, _form, code: disable_account(
        visit.office, code, by=visit.by, at=visit.at, door=Door.PAGE
    ),
    "link": lambda visit, form, code: link_account(
        visit.office, code, _issuer(visit), form.text("subject"), by=visit.by, at=visit.at,
        door=Door.PAGE,
    ),
    "unlink": lambda visit, _form, code: unlink_account(
        visit.office, code, _issuer(visit), by=visit.by, at=visit.at, door=Door.PAGE
    ),
    "contact": lambda *asked: _add_contact(*asked),  # noqa: PLW0108 — it stands further down
    "forget": lambda visit, form, code: remove_contact(
        visit.office, code, form.number("contact") or 0, by=visit.by
    ),
}  # fmt: skip


@pages.get("/admin/people", permission=Verb.ADMINISTER)
def list_(visit: Here) -> Response:
    return _list(visit)


@pages.post("/admin/people/add", permission=Verb.ADMINISTER)
def add(visit: Here, form: Sent) -> Response:
    code = form.text("code").strip()
    entry = PersonEntry(code, form.text("name"), [(_role(form), form.text("place").strip())])
    try:
        add_person(visit.office, entry, _hand(visit))
    except Trouble as trouble:
        return _list(visit, trouble=trouble, form=form)
    return visit.redirect("/admin/people?" + _asked(code))


@pages.get("/admin/person", permission=Verb.ADMINISTER)
def show(visit: Here) -> Response:
    return _page(visit, visit.request.query_params.get("code", ""))


@pages.post("/admin/person/{act}", permission=Verb.ADMINISTER)
def do(visit: Here, form: Sent, act: str) -> Response:
    if act not in _ACTS:
        raise bad_choice("act")
    code = form.text("code")
    try:
        secret = _ACTS[act](visit, form, code)
    except Trouble as trouble:
        return _page(visit, code, trouble=trouble, act=act)
    if secret:  # shown this once: it is not in an address, and nowhere else
        return _page(visit, code, secret=secret)
    return visit.redirect("/admin/person?" + _asked(code, "code") + "&done=1")


def _list(visit: Visit, *, trouble: Trouble | None = None, form: Form | None = None) -> Response:
    query = visit.request.query_params
    text, place = query.get("text", "").strip(), query.get("place", "")
    after = query.get("after", "")
    staff = list_staff(
        visit.office, by=visit.by, text=text, place=place,
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0,
    )  # fmt: skip
    return visit.page(
        "people.html", status=status_of(trouble) if trouble else 200, staff=staff, text=text,
        place=place, places=list_organisation(visit.office, by=visit.by), roles=ROLES,
        trouble=trouble, typed=form.texts if form else {},
    )  # fmt: skip


def _page(
    visit: Visit, code: str, *, trouble: Trouble | None = None, act: str = "", secret: str = ""
) -> Response:
    file = open_person(visit.office, code, by=visit.by)
    return visit.page(
        "person.html", status=status_of(trouble) if trouble else 200, file=file, trouble=trouble,
        act=act, secret=secret, roles=ROLES, kinds=CONTACTS,
        contacts=list_contacts(visit.office, file.code, by=visit.by),
        places=list_organisation(visit.office, by=visit.by),
        linked=linked_subject(visit.office, file.code, _issuer(visit)),
        done=bool(visit.request.query_params.get("done")),
    )  # fmt: skip


def _issuer(visit: Visit) -> str:
    return visit.settings.provider.issuer if visit.settings.provider else ""


def _invite(visit: Visit, code: str) -> str:
    key = Key(code, new_password())
    open_accounts(visit.office, [key], by=visit.by, at=visit.at, door=Door.PAGE)
    return key.password


def _reset(visit: Visit, code: str) -> str:
    key = Key(code, new_password())
    reset_password(visit.office, key, by=visit.by, at=visit.at, door=Door.PAGE)
    return key.password


def _add_contact(visit: Visit, form: Form, code: str) -> None:
    kind = form.text("kind")
    if kind not in set(ContactKind):
        raise bad_choice("kind")
    add_contact(
        visit.office, visit.settings.keys, code, ContactKind(kind), form.text("address"),
        by=visit.by, at=visit.at,
    )  # fmt: skip


def _away(form: Form) -> tuple[date, date | None]:
    until = form.text("until").strip()
    since = read_day(form.text("since").strip(), where="since")
    return since, read_day(until, where="until") if until else None


def _role(form: Form) -> Role:
    if form.text("role") not in {each.value for each in ROLES}:
        raise bad_choice("role")
    return Role(form.text("role"))


def _hand(visit: Visit) -> Hand:
    return Hand(visit.by, visit.at, Door.PAGE)


def _asked(code: str, name: str = "text") -> str:
    return urlencode({name: code})
