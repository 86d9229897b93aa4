"""How warm a place is drawn: five shades by its late cases, against the worst of those shown."""

from collections.abc import Sequence

from casework.heat import Heat

SHADES = 4


def shades(places: Sequence[Heat]) -> list[int]:
    """Return 0 for a place without late cases, else 1 to 4; the worst one is 4."""
    worst = max((each.late for each in places), default=0)
    return [-(-each.late * SHADES // worst) if worst else 0 for each in places]
