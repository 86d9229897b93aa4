"""What the parts of a policy are made of: frozen, closed to unknown keys, each number sourced."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rules.deadlines import Limit


def _limit(value: object) -> Limit:
    return value if isinstance(value, Limit) else Limit.parse(str(value))


ParsedLimit = Annotated[Limit, BeforeValidator(_limit)]
Source = Annotated[str, Field(min_length=3)]


class Part(BaseModel):
    """A table of a policy file."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class SourcedLimit(Part):
    limit: ParsedLimit
    source: Source


class SourcedCount(Part):
    count: int = Field(strict=True, ge=0, le=1_000)
    source: Source
