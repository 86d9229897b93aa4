"""Faults as problems (RFC 9457): the rules' own wording in the language asked for, and in both."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from casework.accounts.throttle import TooMany
from casework.errors import Conflict, Invalid, Unavailable
from rules.actions import Given
from rules.wording import Trouble, Wording
from web.api.calls import NarrowToken, NoToken, locale_of
from web.api.sent import NewAcknowledgement, NewBulk, NewCase, NewMove, NewOrderAct
from web.troubles import status_of, tell_fault

LOG = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


class Said(BaseModel):
    """What is wrong and how to mend it, in one language."""

    problem: str
    remedy: str


class Problem(BaseModel):
    """What was not done, and why. ``field`` names what it concerns, ``pointer`` where that stands
    in the body sent; ``zh`` and ``en`` say the same.
    """

    type: str
    title: str
    status: int
    detail: str
    remedy: str
    field: str = ""
    pointer: str | None = Field(default=None, description="RFC 6901, as a URI fragment")
    line: int | None = Field(default=None, description="of the text that was sent, from 1")
    zh: Said
    en: Said


def answers(*, open_: bool, changes: bool) -> dict[int | str, dict[str, Any]]:
    """Return the problems that an operation may answer with, for the document."""
    codes = [403, 404, 422, 429, 503]
    codes += [] if open_ else [400, 401]
    codes += [409, 412, 413, 415] if changes else []
    return {
        code: {"description": TITLES[code].en, "content": {MEDIA_TYPE: _SCHEMA}}
        for code in sorted(codes)
    }


_SCHEMA = {"schema": {"$ref": "#/components/schemas/Problem"}}


def tell_problems(app: FastAPI) -> None:
    """Let every fault end in a problem."""
    handlers: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
        Trouble: _trouble, HTTPException: _http, RequestValidationError: _unreadable,
        Exception: _unexpected,
    }  # fmt: skip
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def _trouble(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Trouble)  # noqa: S101 — it is registered for nothing else
    if isinstance(fault, Unavailable):
        LOG.error("%s", fault.say("en"))
    return _answer(request, fault, _status(request, fault), _pointer(request, fault.where))


async def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)  # noqa: S101 — it is registered for nothing else
    said = TITLES.get(fault.status_code, TITLES[400])
    remedy = _REMEDIES.get(fault.status_code, _SEE)
    return _answer(request, Trouble(said, remedy=remedy), fault.status_code, None, fault.headers)


async def _unreadable(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)  # noqa: S101 — it is registered for nothing else
    first = fault.errors()[0]
    place = [str(each) for each in first["loc"]]
    if first["type"] == "json_invalid":
        return _answer(request, Trouble(_NO_JSON, remedy=_SEE, where="body"), 400, "#")
    pointer = "#" + "".join(f"/{_escaped(each)}" for each in place[1:])
    trouble = Invalid(
        _MISSING if first["type"] == "missing" else _UNFIT, remedy=_SEE, where=place[-1]
    )
    return _answer(request, trouble, 422, pointer if place[0] == "body" else None)


async def _unexpected(request: Request, fault: Exception) -> Response:
    mark = tell_fault(request, fault)
    said = Wording(f"程序出错，编号 {mark}", f"something went wrong, number {mark}")
    return _answer(request, Trouble(said, remedy=_REMEDIES[500]), 500, None)


def _status(request: Request, trouble: Trouble) -> int:
    if isinstance(trouble, NoToken):
        return 401
    if isinstance(trouble, Conflict) and "if-match" in request.headers:
        return 412
    return status_of(trouble)


def _pointer(request: Request, where: str) -> str | None:
    """Return where in the body stands what a trouble is about; None when it is not of the body."""
    if request.method != "POST":
        return None
    if where in _FIELDS and request.url.path.endswith(("/moves", "/bulk")):
        return f"#/fields/{where}"
    return f"#/{where}" if where in _NAMES else None


_FIELDS = {each.value for each in Given} - {Given.EVIDENCE.value}
_SENT = (NewBulk, NewCase, NewMove, NewAcknowledgement, NewOrderAct)
_NAMES = {name for each in _SENT for name in each.model_fields}


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _answer(
    request: Request,
    trouble: Trouble,
    status: int,
    pointer: str | None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    locale = locale_of(request)
    both = {
        each: {"problem": trouble.problem.say(each), "remedy": trouble.remedy.say(each)}
        for each in ("zh", "en")
    }
    body = {
        "type": f"/api#problem-{status}", "title": TITLES.get(status, TITLES[400]).say(locale),
        "status": status, "detail": both[locale]["problem"], "remedy": both[locale]["remedy"],
        "field": trouble.where, "pointer": pointer,
        "line": getattr(request.state, "line", None), **both,
    }  # fmt: skip
    told = {**(headers or {}), **_headers(trouble), "Content-Language": locale}
    return _Writable(body, status, told, MEDIA_TYPE)


def _headers(trouble: Trouble) -> dict[str, str]:
    if isinstance(trouble, NoToken):
        return {"WWW-Authenticate": 'Bearer realm="bihuan"'}
    if isinstance(trouble, NarrowToken):
        return {"WWW-Authenticate": 'Bearer realm="bihuan", error="insufficient_scope"'}
    if isinstance(trouble, TooMany):
        return {"Retry-After": str(trouble.retry_after)}
    return {}


class _Writable(JSONResponse):
    """UTF-8; a half of a character, which a fault may repeat, is escaped as JSON does."""

    def render(self, content: Any) -> bytes:  # noqa: ANN401 — any JSON

        return json.dumps(content, ensure_ascii=False).encode(errors="backslashreplace")


_NO_JSON = Wording("正文不是可用的 JSON", "the body is not JSON that can be used")
_MISSING = Wording("缺少必填项", "something that is needed is missing")
_UNFIT = Wording("值的类型或范围不对", "the value is not of the kind or range asked for")
_SEE = Wording("请对照 /api/v1/openapi.json。", "Compare it with /api/v1/openapi.json.")
TITLES = {
    400: Wording("请求无法识别", "the request cannot be understood"),
    401: Wording("需要访问令牌", "an access token is needed"),
    403: Wording("不允许", "it is refused"),
    404: Wording("没有找到", "it is not found"),
    405: Wording("此地址不能这样访问", "this address does not work that way"),
    409: Wording("此间已有变动", "it changed meanwhile"),
    412: Wording("此间已有变动", "it changed meanwhile"),
    413: Wording("发送的内容太大", "what was sent is too large"),
    415: Wording("内容类型不对", "the content type does not fit"),
    422: Wording("填写有误", "something sent is not valid"),
    429: Wording("请求过于频繁", "there were too many requests"),
    500: Wording("程序出错", "something went wrong"),
    503: Wording("暂不可用", "it is not available now"),
}
_REMEDIES = {
    404: Wording("请检查地址和编号。", "Check the address and the number."),
    500: Wording("请稍后重试，并把编号告诉管理员。", "Try again, and tell an administrator."),
}
