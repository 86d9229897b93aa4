"""Operations: an address, a function, who may ask, and the scope a token needs."""

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Depends

from casework.accounts.tokens import Scope
from web.api.calls import Bearing
from web.api.problems import answers
from web.api.reading import StrictRoute
from web.permission import Permission

Operation = TypeVar("Operation", bound=Callable[..., Any])


class Operations:
    """The operations of one noun::

        operations = Operations("cases")

        @operations.get("/cases", permission=Verb.VIEW, scope=Scope.READ)
        def list_cases(call: Asked) -> CasePage: ...

    The function's name is the operation's, its docstring what the document says of it.
    """

    def __init__(self, tag: str) -> None:
        self.router = APIRouter(route_class=StrictRoute, tags=[tag])

    def get(
        self,
        path: str,
        *,
        permission: Permission,
        scope: Scope | tuple[Scope, ...],
        **more: Any,  # noqa: ANN401 — FastAPI's own
    ) -> Callable[[Operation], Operation]:
        return self._add("GET", path, permission, scope, more)

    def post(
        self,
        path: str,
        *,
        permission: Permission,
        scope: Scope | tuple[Scope, ...],
        **more: Any,  # noqa: ANN401 — FastAPI's own
    ) -> Callable[[Operation], Operation]:
        return self._add("POST", path, permission, scope, more)

    def _add(
        self, method: str, path: str, permission: Permission, scope: Scope | tuple[Scope, ...],
        more: dict[str, Any],
    ) -> Callable[[Operation], Operation]:  # fmt: skip
        scopes = (scope,) if isinstance(scope, Scope) else scope
        needs = {"security": [{"token": [each.value]} for each in scopes]} if scopes else {}
        extra = {**needs, **more.pop("openapi_extra", {})}

        def register(operation: Operation) -> Operation:
            self.router.add_api_route(
                path, operation, methods=[method], operation_id=operation.__name__.rstrip("_"),
                summary=_title(operation), dependencies=[Depends(Bearing(permission, *scopes))],
                responses=answers(open_=not scopes, changes=method == "POST"),
                openapi_extra=extra, **more,
            )  # fmt: skip
            return operation

        return register


def _title(operation: Callable[..., Any]) -> str:
    return (operation.__doc__ or "").strip().partition("\n")[0].rstrip(".")
