"""The set-up page: the first account, for whoever holds the token that ``bihuan up`` printed."""

from secrets import compare_digest

from fastapi import Response

from casework.accounts.founding import open_first_account
from casework.accounts.register import Key, has_accounts
from casework.errors import Invalid, NotFound
from casework.events import Door
from rules.wording import Trouble, Wording
from web.forms import Sent
from web.permission import Anyone
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()


@pages.get("/setup", permission=Anyone.ANYBODY)
def ask(visit: Here) -> Response:
    token = visit.request.query_params.get("token", "")
    _require_token(visit, token)
    return _page(visit, token, "admin", "", None)


@pages.post("/setup", permission=Anyone.ANYBODY)
def set_up(visit: Here, form: Sent) -> Response:
    token, code, name = form.text("token"), form.text("code").strip(), form.text("name")
    _require_token(visit, token)
    try:
        _require_same(form.text("password"), form.text("again"))
        key = Key(code, form.text("password"))
        open_first_account(visit.office, key, name, at=visit.at, door=Door.PAGE)
    except Trouble as trouble:
        return _page(visit, token, code, name, trouble)
    return visit.redirect("/login")


def _page(visit: Visit, token: str, code: str, name: str, trouble: Trouble | None) -> Response:
    status = status_of(trouble) if trouble else 200
    shown = {"token": token, "code": code, "name": name, "trouble": trouble}
    return visit.page("setup.html", status=status, **shown)


def _require_token(visit: Visit, token: str) -> None:
    """Raise NotFound once there is an account, and for any token but ours."""
    with visit.office.reading() as connection:
        founded = has_accounts(connection)
    ours = visit.settings.setup_token
    if founded or not ours or not compare_digest(ours.encode(), token.encode()):
        raise NotFound(
            Wording("此页不存在或已用过", "this page is not there, or was used"),
            remedy=Wording(
                "首个账号可用 bihuan up 打印的链接或 bihuan user create 开通。",
                "The first account is opened by the link `bihuan up` prints, or by "
                "`bihuan user create`.",
            ),
        )


def _require_same(password: str, again: str) -> None:
    if password != again:
        raise Invalid(
            Wording("两次输入的密码不同", "the two passwords differ"),
            remedy=Wording("请重新输入。", "Type them again."),
            where="again",
        )
