"""What comes in and goes out of texts as data."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import Field

from casework.texts import FAMILIES
from web.api.asked import Asking
from web.api.sent import Given
from web.api.shapes import Told, Words

FamilyName = Annotated[str, Path(max_length=24, description=f"one of {', '.join(FAMILIES)}")]
TextName = Annotated[str, Path(max_length=80, description="a text's key or name: monthly")]
Digest = Annotated[str, Field(max_length=24)]


class TextAsked(Asking):
    digest: Digest = Field(default="", description="a version's; '': the one in force")


class TextVersion(Told):
    """``adopted_at`` is null for one that ships with the product, ``ended_at`` for one whose place
    no other took.
    """

    digest: str
    adopted_at: datetime | None
    adopted_by: str
    reason: str
    ended_at: datetime | None


class AdoptedText(TextVersion):
    key: str
    label: Words


class TextFamily(Told):
    family: str
    label: Words
    texts: list[AdoptedText]


class TextFile(AdoptedText):
    """A version of a text in full; ``in_force`` is the digest of the one in force, '' for none."""

    family: str
    text: str = Field(description="TOML; another version of it is adopted with adoptText")
    in_force: str
    versions: list[TextVersion]


class NewText(Given):
    """``dry_run`` checks, and tells what it would change of what is in force."""

    text: str = Field(max_length=65_536)
    reason: str = Field(default="", max_length=500)
    dry_run: bool = False
    seen: Digest | None = Field(
        default=None, description="what you took to be in force, '' for nothing; as If-Match"
    )


class TextLine(Told):
    """A line of a difference: ``mark`` is +, - or a blank, … where lines are left out; ``before``
    and ``after`` are its numbers.
    """

    mark: str
    before: int | None
    after: int | None
    text: str


class TextAdopted(Told):
    """What became of a text; ``receipt`` is '' of a trial, and of what was in force already."""

    family: str
    key: str
    label: Words
    digest: str
    replaces: str
    receipt: str
    difference: list[TextLine]
