"""Numbers in the query of an address: the page of a list, the row that the next one follows."""

from starlette.datastructures import QueryParams

from web.forms import bad_choice

_LONGEST = 9  # digits; more are no page and fit no column of PostgreSQL's integers


def page_of(query: QueryParams) -> int:
    """Return the page asked for, from 1; raise Invalid for none."""
    return max(1, number_of(query, "page"))


def number_of(query: QueryParams, name: str) -> int:
    """Return a whole number of the query, 0 without one; raise Invalid for another text."""
    text = query.get(name, "") or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST):
        raise bad_choice(name)
    return int(text)
