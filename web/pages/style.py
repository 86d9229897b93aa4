"""The style page: every component once, in every tone. What it shows is what a page may use."""

from datetime import timedelta

from fastapi import Response

from rules.case import State
from rules.wording import Trouble, Wording
from web.permission import Anyone
from web.routing import Pages
from web.visits import Here

pages = Pages()


@pages.get("/style", permission=Anyone.ANYBODY)
def show(visit: Here) -> Response:
    trouble = Trouble(
        Wording("缺少“措施”", "measures are missing"),
        remedy=Wording("请填写后再提交。", "Fill it in and try again."),
    )
    steps = [
        {"label": state.label, "at": visit.at if nth < 3 else None,
         "stands": "done" if nth < 2 else "now" if nth == 2 else "ahead"}
        for nth, state in enumerate(State)
    ]  # fmt: skip
    dues = [visit.at + timedelta(days=days) for days in (-5, 0, 2, 12)]
    return visit.page("style.html", trouble=trouble, steps=steps, dues=dues)
