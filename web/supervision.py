"""What supervision asks of whoever looks: escalations unread, orders by where they stand."""

from collections.abc import Iterator

from casework.escalations import count_escalations
from casework.order_board import count_standing
from rules.standing import Stand
from rules.wording import Wording
from web.figures import Figure
from web.visits import Visit

_TONES = {Stand.ISSUED: "soon", Stand.ASKED: "soon", Stand.READY: "soon", Stand.IN_FORCE: "listed"}


def supervision_for(visit: Visit) -> list[Figure]:
    """Return what is not zero; nothing for whom nothing was escalated and nothing is listed."""
    return [each for each in _figures(visit) if each.n]


def _figures(visit: Visit) -> Iterator[Figure]:
    label = Wording("升级待知悉", "escalations to acknowledge")
    yield Figure(label, count_escalations(visit.office, by=visit.by), "/escalations", "late")
    standing = count_standing(visit.office, by=visit.by, as_of=visit.at)
    for stand, tone in _TONES.items():
        yield Figure(stand.label, standing.get(stand, 0), f"/orders?stand={stand.value}", tone)
