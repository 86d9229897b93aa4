"""The one filter grammar, shared by every door: typed text in, a frozen query out, and back."""

from rules.query.grammar import parse
from rules.query.meanings import (
    Clause,
    Listed,
    Meant,
    Period,
    Phrase,
    Query,
    Sort,
    Span,
    Value,
)
from rules.query.troubles import QueryTrouble, unknown_value

__all__ = [
    "Clause", "Listed", "Meant", "Period", "Phrase", "Query", "QueryTrouble", "Sort", "Span",
    "Value", "parse", "unknown_value",
]  # fmt: skip
