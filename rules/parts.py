"""What the parts of a policy are made of: frozen, closed to unknown keys, each number sourced."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rules.deadlines import Limit
from rules.wording import Wording


def _limit(value: object) -> Limit:
    return value if isinstance(value, Limit) else Limit.parse(str(value))


ParsedLimit = Annotated[Limit, BeforeValidator(_limit)]
KEY = r"^[a-z][a-z0-9_]{1,23}$"
"""What the key of a part looks like."""
Source = Annotated[str, Field(min_length=3)]


class Part(BaseModel):
    """A table of a policy file."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Labelled(Part):
    """A thing with a key, called in both languages."""

    key: str = Field(pattern=KEY)
    zh: str = Field(min_length=1, max_length=40)
    en: str = Field(min_length=1, max_length=80)

    @property
    def label(self) -> Wording:
        return Wording(self.zh, self.en)

    def is_called(self, written: str) -> bool:
        """Whether somebody who wrote this means the thing: its key, or its name in a language."""
        return written.strip() in {self.key, self.zh, self.en}


class SourcedLimit(Part):
    limit: ParsedLimit
    source: Source


class SourcedCount(Part):
    count: int = Field(strict=True, ge=0, le=1_000)
    source: Source
