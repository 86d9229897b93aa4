"""Faults as pages: the rules' own wording and remedy, under the status that says whose fault."""

import logging
from collections.abc import Awaitable, Callable
from secrets import token_hex
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse

from casework.accounts.throttle import TooMany
from casework.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from rules.wording import Trouble, Wording
from web.visits import visit_of

LOG = logging.getLogger(__name__)

STATUSES: dict[type[Trouble], int] = {
    TooMany: 429,
    Conflict: 409,
    Refused: 403,
    Invalid: 422,
    NotFound: 404,
    Unavailable: 503,
}


class NotSignedIn(Exception):
    """Nobody is signed in: a page leads to the log-in, a form is refused."""


class Foreign(Refused):
    """A form that no page of ours sent."""

    def __init__(self) -> None:
        super().__init__(
            Wording("请求不是从本系统页面发出的", "the request did not come from a page of ours"),
            remedy=Wording("请打开本系统页面后再办理。", "Open the page here and do it there."),
        )


def status_of(trouble: Trouble) -> int:
    return next((code for kind, code in STATUSES.items() if isinstance(trouble, kind)), 422)


def tell_troubles(app: FastAPI) -> None:
    """Let every fault end in a page."""
    handlers: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
        Trouble: _trouble, NotSignedIn: _not_signed_in, HTTPException: _http,
        RequestValidationError: _unreadable, ClientDisconnect: _gone, Exception: _unexpected,
    }  # fmt: skip
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def _trouble(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Trouble)  # noqa: S101 — it is registered for nothing else
    if isinstance(fault, Unavailable):
        LOG.error("%s", fault.say("en"))
    return await _page(request, fault, status_of(fault))


async def _not_signed_in(request: Request, _fault: Exception) -> Response:
    if request.method == "GET":
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(asked, safe='')}", 303)
    return await _page(request, _SIGNED_OUT, 401)


async def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)  # noqa: S101 — it is registered for nothing else
    said = _BY_STATUS.get(fault.status_code)
    trouble = Trouble(said[0], remedy=said[1]) if said else Trouble(_ODD, remedy=_BACK)
    return await _page(request, trouble, fault.status_code)


async def _gone(_request: Request, _fault: Exception) -> Response:
    """Whoever sent half a form and went: a phone lost its connection. Nobody reads this."""
    return Response(status_code=400)


async def _unreadable(request: Request, _fault: Exception) -> Response:
    return await _page(request, Trouble(_ODD, remedy=_BACK), 422)


def tell_fault(request: Request, fault: Exception) -> str:
    """Log a fault of ours once, and return the number it is told by.

    What the API has told comes by the pages again on its way out.
    """
    if not hasattr(request.state, "fault"):
        request.state.fault = token_hex(4)
        LOG.error("%s at %s", request.state.fault, request.url.path, exc_info=fault)
    mark: str = request.state.fault
    return mark


async def _unexpected(request: Request, fault: Exception) -> Response:
    mark = tell_fault(request, fault)
    trouble = Trouble(
        Wording(f"程序出错，编号 {mark}", f"something went wrong, number {mark}"),
        remedy=Wording("请稍后重试，并把编号告诉管理员。", "Try again, and tell an administrator."),
    )
    return await _page(request, trouble, 500)


async def _page(request: Request, trouble: Trouble, status: int) -> Response:
    def draw() -> Response:
        visit = visit_of(request, guest=status >= 500)
        return visit.page("trouble.html", status=status, trouble=trouble)

    response = await run_in_threadpool(draw)
    if isinstance(trouble, TooMany):
        response.headers["Retry-After"] = str(trouble.retry_after)
    return response


_ODD = Wording("请求无法识别", "the request cannot be understood")
_BACK = Wording("请返回上一页重新操作。", "Go back and try it again.")
_SIGNED_OUT = Trouble(
    Wording("登录已失效，没有办理", "you are signed out, and nothing was done"),
    remedy=Wording("请重新登录后再提交。", "Sign in, then send it again."),
)
_BY_STATUS = {
    404: (Wording("没有这个页面", "there is no such page"),
          Wording("请检查地址，或回到首页。", "Check the address, or go home.")),
    405: (Wording("此地址不能这样访问", "this address does not work that way"), _BACK),
    413: (Wording("上传内容太大", "what was sent is too large"),
          Wording("请减少照片或压缩后再传。", "Send fewer or smaller photos.")),
    400: (Wording("请求无法识别", "the request cannot be understood"), _BACK),
}  # fmt: skip
