"""Texts as data of every family: read in all their versions, tried, adopted. Decision 0012."""

from typing import Annotated, Any, NamedTuple

from fastapi import Query, Response

from casework.accounts.tokens import Scope
from casework.adopting import adopt_text, try_text
from casework.texts import FAMILIES, AnyFamily, AnyVersion, find_family, list_texts, open_text
from rules.access import Verb
from rules.differing import differ
from rules.fault_lines import line_of
from rules.reading import digest
from rules.wording import Trouble
from web.api import asked
from web.api import text_shapes as shapes
from web.api.calls import Asked, Call, read_version
from web.api.routing import Operations

operations = Operations("texts")


@operations.get("/texts", permission=Verb.VIEW, scope=Scope.READ)
def list_text_families(call: Asked) -> list[shapes.TextFamily]:
    """List the sorts of texts that are adopted here, each with what is in force."""
    return [_family(call, each) for each in FAMILIES.values()]


@operations.get("/texts/{family}", permission=Verb.VIEW, scope=Scope.READ)
def list_adopted_texts(call: Asked, family: shapes.FamilyName) -> shapes.TextFamily:
    """List what is in force of one sort."""
    return _family(call, find_family(family))


@operations.get("/texts/{family}/{text}", permission=Verb.VIEW, scope=Scope.READ)
def open_adopted_text(
    call: Asked, family: shapes.FamilyName, text: shapes.TextName,
    wanted: Annotated[shapes.TextAsked, Query()], response: Response,
) -> shapes.TextFile:  # fmt: skip
    """Open a text: its TOML in force or of another version, and all its versions."""
    of = find_family(family)
    found = open_text(call.office, of, text, by=call.by, digest=wanted.digest)
    response.headers["ETag"] = f'"{found.version.digest}"'
    return shapes.TextFile.model_validate({
        **_version(found.version), "family": of.subject, "text": found.version.text,
        "in_force": found.in_force.digest if found.in_force else "",
        "versions": found.versions,
    })  # fmt: skip


@operations.post("/texts/{family}", permission=Verb.ADMINISTER, scope=Scope.ADMINISTER)
def adopt_text_(
    call: Asked, family: shapes.FamilyName, told: shapes.NewText, if_match: asked.DigestTag = ""
) -> shapes.TextAdopted:
    """Put a text in force from now on, or try one; the same again changes nothing."""
    return shapes.TextAdopted.model_validate(adopt(call, find_family(family), told, if_match).told)


class Adopted(NamedTuple):
    """A text that was adopted or tried, as it is told, and what was in force before."""

    part: Any
    before: str
    told: dict[str, Any]


def adopt(call: Call, family: AnyFamily, sent: shapes.NewText, tag: str) -> Adopted:
    """Try the text that was sent, and adopt it unless that was all that was wanted.

    A problem tells the line of the text that it is about.
    """
    receipt, seen = "", read_version(tag, sent.seen)
    try:
        part, before = try_text(call.office, family, sent.text)
        if not sent.dry_run:
            receipt = adopt_text(
                call.office, family, sent.text, sent.reason, call.hand, seen=seen
            ).receipt
    except Trouble as trouble:
        call.request.state.line = line_of(sent.text, trouble)
        raise
    told = {
        "family": family.subject, "key": part.key, "label": part.label,
        "digest": digest(sent.text), "replaces": digest(before) if before else "",
        "receipt": receipt, "difference": differ(before, sent.text),
    }  # fmt: skip
    return Adopted(part, before, told)


def _family(call: Call, family: AnyFamily) -> shapes.TextFamily:
    known = list_texts(call.office, family, by=call.by)
    return shapes.TextFamily.model_validate({
        "family": family.subject, "label": family.label, "texts": [_version(x) for x in known],
    })  # fmt: skip


def _version(version: AnyVersion) -> dict[str, Any]:
    own = {name: getattr(version, name) for name in shapes.TextVersion.model_fields}
    return {**own, "key": version.part.key, "label": version.part.label}
