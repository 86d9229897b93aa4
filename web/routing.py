"""Routes: an address, a function, and who may ask."""

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse

from web.permission import Permission, Permit
from web.troubles import Foreign

Page = TypeVar("Page", bound=Callable[..., Any])


class Pages:
    """The pages of one noun::

        pages = Pages()

        @pages.get("/cases", permission=Verb.VIEW)
        def list_(visit: Here) -> Response: ...

    Page functions are plain ones: they run in a thread, and may ask the database.
    """

    def __init__(self) -> None:
        self.router = APIRouter(default_response_class=HTMLResponse)

    def get(self, path: str, *, permission: Permission) -> Callable[[Page], Page]:
        return self._add("GET", path, permission)

    def post(self, path: str, *, permission: Permission) -> Callable[[Page], Page]:
        return self._add("POST", path, permission)

    def _add(self, method: str, path: str, permission: Permission) -> Callable[[Page], Page]:
        before = [Depends(_ours), Depends(Permit(permission))]

        def register(page: Page) -> Page:
            self.router.add_api_route(
                path, page, methods=[method], dependencies=before, response_model=None,
                include_in_schema=False,
            )  # fmt: skip
            return page

        return register


async def _ours(request: Request) -> None:
    """Raise Foreign for a form that no page of ours sent. Asks nothing, so it needs no thread."""
    if request.state.foreign:
        raise Foreign
