"""What a cell's word means: levels, colours, kinds of inspection, "nothing found"."""

import unicodedata
from functools import lru_cache

from casework.ledger.columns import WORDS

_TRIMMED = " \t\r\n。.!、,;"


@lru_cache(maxsize=8192)
def look_up(scheme: str, text: str) -> str:
    """Return the code ``text`` stands for in a scheme of columns.toml, or "" for no known word."""
    return _CODES[scheme].get(_normalised(text), "")


def accepted(scheme: str) -> str:
    """Return the first word of each code, as a sentence would list them."""
    return "、".join(words[0] for words in WORDS[scheme].values())


def _normalised(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip(_TRIMMED).lower()


_CODES: dict[str, dict[str, str]] = {
    scheme: {_normalised(word): code for code, words in codes.items() for word in words}
    for scheme, codes in WORDS.items()
}
