"""规则: the policy in force, its versions, a new one tried on today's cases and adopted."""

from typing import Any

from fastapi import Response

from casework.errors import Invalid
from casework.policies import find_version, list_versions
from casework.policy_trial import try_policy
from casework.settings import adopt_policy
from rules.access import Verb
from rules.differing import around, differ
from rules.fault_lines import line_of
from rules.policy import digest
from rules.wording import Trouble, Wording
from web.forms import Form, Sent
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_MOST_BYTES = 64 * 1024  # as the text field takes; the policy that ships has 9 KB


@pages.get("/admin/policy", permission=Verb.ADMINISTER)
def show(visit: Here) -> Response:
    versions = list_versions(visit.office, by=visit.by, at=visit.at)
    shown = find_version(versions, _number(visit, "version"))
    done = visit.request.query_params.get("done") == "adopt"
    return visit.page("policy.html", versions=versions, shown=shown, done=done)


@pages.get("/admin/policy/diff", permission=Verb.ADMINISTER)
def compare(visit: Here) -> Response:
    versions = list_versions(visit.office, by=visit.by, at=visit.at)
    before = find_version(versions, _number(visit, "before"))
    after = find_version(versions, _number(visit, "after"))
    return visit.page(
        "policy_diff.html", versions=versions, before=before, after=after,
        lines=differ(before.text, after.text),
    )  # fmt: skip


@pages.get("/admin/policy/edit", permission=Verb.ADMINISTER)
def edit(visit: Here) -> Response:
    versions = list_versions(visit.office, by=visit.by, at=visit.at)
    return _editor(visit, find_version(versions, _number(visit, "version")).text)


@pages.post("/admin/policy/try", permission=Verb.ADMINISTER)
def dry_run(visit: Here, form: Sent) -> Response:
    """Check a text, and show what it would change; nothing is written."""
    text = form.text("text")
    try:
        text = _uploaded(form) or text
        trial = try_policy(visit.office, text, by=visit.by, at=visit.at)
    except Trouble as trouble:
        return _editor(visit, text, trouble=trouble)
    versions = list_versions(visit.office, by=visit.by, at=visit.at)
    lines = differ(find_version(versions, None).text, text)
    return _editor(visit, text, trial=trial, lines=lines, version=digest(text))


@pages.post("/admin/policy/adopt", permission=Verb.ADMINISTER)
def adopt(visit: Here, form: Sent) -> Response:
    try:
        adopt_policy(visit.office, form.text("text"), by=visit.by, at=visit.at)
    except Trouble as trouble:
        return _editor(visit, form.text("text"), trouble=trouble)
    return visit.redirect("/admin/policy?done=adopt")


def _editor(visit: Visit, text: str, *, trouble: Trouble | None = None, **tried: Any) -> Response:  # noqa: ANN401 — a trial, when there is one
    line = line_of(text, trouble) if trouble else None
    shown = {"trial": None, "lines": [], "version": "", **tried}
    return visit.page(
        "policy_edit.html", status=status_of(trouble) if trouble else 200, text=text,
        trouble=trouble, line=line, excerpt=around(text, line) if line else [], **shown,
    )  # fmt: skip


def _uploaded(form: Form) -> str:
    """Return the text of the file sent, '' without one; raise Invalid for what is no text."""
    for name, file in form.files:
        if name == "file":
            data = file.file.read(_MOST_BYTES + 1)
            try:
                if len(data) <= _MOST_BYTES:
                    return data.decode("utf-8-sig").replace("\r\n", "\n")
            except UnicodeDecodeError:
                pass
            raise _no_text()
    return ""


def _no_text() -> Invalid:
    return Invalid(
        Wording("不是 64 KB 以内的 UTF-8 文本", "it is not UTF-8 text of at most 64 KB"),
        remedy=Wording("请另存为 UTF-8 后再传。", "Save it as UTF-8 and send it again."),
        where="file",
    )


def _number(visit: Visit, name: str) -> int | None:
    text = visit.request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
