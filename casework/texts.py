"""Texts as data of every family, for a door that shows and adopts them without knowing which."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from casework.adopting import Family, Version, choose_text, texts_in_force, versions_of
from casework.errors import NotFound
from casework.filings.campaigns import CAMPAIGNS
from casework.filings.templates import TEMPLATES
from casework.inspections.checklists import CHECKLISTS
from casework.office import Office
from casework.people import find_actor
from casework.scoring.sheets import SHEETS
from rules.wording import Wording

AnyFamily = Family[Any]
AnyVersion = Version[Any]
FAMILIES: Mapping[str, AnyFamily] = {
    each.subject: each for each in (CHECKLISTS, TEMPLATES, CAMPAIGNS, SHEETS)
}
"""Every sort of text that is adopted. A new one is added here."""


class Opened(NamedTuple):
    """A version of a text, and all there are, the newest first."""

    version: AnyVersion
    versions: Sequence[AnyVersion]
    in_force: AnyVersion | None


def find_family(written: str) -> AnyFamily:
    """Return the family of this name; raise NotFound."""
    if written in FAMILIES:
        return FAMILIES[written]
    known = "、".join(f"{key}({each.label.zh})" for key, each in FAMILIES.items())
    raise NotFound(
        Wording(f"没有“{written[:40]}”这类文本", f"there is no sort of text {written[:40]!r}"),
        remedy=Wording(f"可用：{known}。", f"Choose from: {', '.join(FAMILIES)}."),
        where="family",
    )


def list_texts(office: Office, family: AnyFamily, *, by: str) -> Sequence[AnyVersion]:
    """Return the texts in force that concern ``by``, in the order of ``texts_in_force``."""
    with office.reading() as connection:
        known = texts_in_force(connection, family)
        return _concerning(connection, family, by, known.values())


def open_text(
    office: Office, family: AnyFamily, written: str, *, by: str, digest: str = ""
) -> Opened:
    """Return a text by key or name, in use or not: the version of a digest, else the newest.

    Raise NotFound for a text or digest that is none, or does not concern ``by``.
    """
    with office.reading() as connection:
        mine = partial(_concerning, connection, family, by)
        now = {each.part.key: each for each in mine(texts_in_force(connection, family).values())}
        found = mine(versions_of(connection, family, written))
        if not found:
            key = choose_text(family, now, written).part.key
            found = mine(versions_of(connection, family, key))
    return Opened(_of_digest(found, digest), found, now.get(found[0].part.key))


def _concerning(
    connection: Connection, family: AnyFamily, by: str, versions: Iterable[AnyVersion]
) -> Sequence[AnyVersion]:
    actor, concerns = find_actor(connection, by), family.concerns
    return [each for each in versions if concerns is None or concerns(connection, actor, each.part)]


def _of_digest(versions: Sequence[AnyVersion], digest: str) -> AnyVersion:
    for each in versions:
        if digest in {"", each.digest}:
            return each
    raise NotFound(
        Wording(f"没有摘要为 {digest[:40]} 的版本", f"there is no version {digest[:40]}"),
        remedy=Wording("请从历史版本中选择。", "Choose one of the versions."),
        where="digest",
    )
