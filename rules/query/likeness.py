"""How alike two tellings are, by the grams they share: a hint for a person, never a verdict."""

from collections.abc import Set as AbstractSet

from rules.query.grams import fold, gram_query

LIKE = 0.5
"""From here on two tellings may be of one thing: half of the shorter one stands in the other."""

_FEWEST = 3  # fewer grams say nothing: 灭火器 alone, two grams, is in every school


def words_of(told: str) -> frozenset[str]:
    """Return the whole grams of a text as it is searched."""
    return gram_query(fold(told))[0]


def likeness(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Return the share of the smaller set that stands in the other, 0 to 1; 0 for too few."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter >= _FEWEST else 0.0
