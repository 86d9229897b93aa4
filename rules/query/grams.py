"""Text as it is searched: folded to one form, and cut into grams that any index can hold.

The same grams go into every database, so that the same words find the same cases in each. Grams
only narrow: what they leave is compared as folded text, so a search is for an exact substring.
"""

import unicodedata
from collections.abc import Iterator
from itertools import groupby

HALF = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "“”„‟「」"), ord('"')),
    **dict.fromkeys(map(ord, "–—−"), ord("-")),
    ord("、"): ord(","),
    0x3000: ord(" "),
}
"""Full-width punctuation to half-width, one character for one."""

# Chinese words have two characters or more; numbers share short pieces, so theirs are longer.
_LONG = 4
_SHORT = 2


def fold(text: str) -> str:
    """Return ``text`` without the differences that nobody means: width, case, white space."""
    compatible = unicodedata.normalize("NFKC", text.translate(HALF)).translate(_SIGNS)
    return " ".join(compatible.casefold().split())


_SIGNS = HALF | {ord("≥"): ">=", ord("≤"): "<="}


def grams(folded: str) -> set[str]:
    """Return the grams of a folded text: one begins at every letter, digit or character."""
    return {run[at : at + _length(run, at)] for run in _runs(folded) for at in range(len(run))}


def gram_query(folded: str) -> tuple[frozenset[str], str]:
    """Return the grams of every text that holds ``folded``; where there is none, how one begins.

    Both are empty for nothing but punctuation, which no gram can narrow.
    """
    pieces = [run[at : at + _length(run, at)] for run in _runs(folded) for at in range(len(run))]
    whole = frozenset(each for each in pieces if len(each) == _full(each))
    return whole, "" if whole else max(pieces, key=_rarity, default="")


def _runs(folded: str) -> Iterator[str]:
    """Yield what stands between punctuation and spaces."""
    for is_word, characters in groupby(folded, key=str.isalnum):
        if is_word:
            yield "".join(characters)


def _length(run: str, at: int) -> int:
    """Return how long the gram at ``at`` is: a number's ends where its digits end."""
    if not run[at].isascii():
        return _SHORT
    end = at
    while end < len(run) and end - at < _LONG and run[end].isascii():
        end += 1
    return end - at


def _rarity(piece: str) -> tuple[bool, int]:
    return not piece[0].isascii(), len(piece)


def _full(gram: str) -> int:
    return _LONG if gram[0].isascii() else _SHORT
