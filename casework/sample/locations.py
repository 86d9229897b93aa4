"""The locations that the sample's first cluster of schools has listed, each for its wall."""

from datetime import datetime

from casework.events import Door
from casework.locations import add_locations
from casework.office import Office
from casework.sample.organisation import compose
from casework.staffing import Hand

_CLUSTER = "PQ01"
_EVERYWHERE = (
    "大门", "食堂后厨", "1号楼 楼道", "2号楼 楼道", "配电间", "操场", "实验室", "体育器材室",
)  # fmt: skip


def list_sample_locations(office: Office, at: datetime) -> None:
    """List the same eight places at each school of the first cluster; repeating changes nothing."""
    teams = [team for team in compose().teams.values() if team.cluster == _CLUSTER]
    for team in teams:
        hand = Hand(team.owner, at, Door.CLI)
        add_locations(office, team.unit, "\n".join(_EVERYWHERE), hand)
