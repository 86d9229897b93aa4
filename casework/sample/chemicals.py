"""The sample's chemicals: a laboratory's ledger with a signature to give and a count to come, some
of it on its way to another school, and a batch of the waste it left.
"""

from datetime import datetime, timedelta
from itertools import islice

from casework.events import Door
from casework.office import Office
from casework.registers.acts import add_record
from casework.sample.organisation import Team, compose
from casework.stock.counting import count_stock
from casework.stock.entering import Typed, enter_stock
from casework.stock.sending import Sending, send_stock
from casework.stock.signing import sign_stock
from casework.stock.store import Who
from casework.stock.wasting import Source, name_source

_CLUSTER = "PQ01"
# Code, name, CAS number, class, unit of measure, cabinet.
_KEPT = (
    ("HX001", "高锰酸钾", "7722-64-7", "explosive", "gram", "化学实验楼 易制爆柜"),
    ("HX002", "丙酮", "67-64-1", "drug", "millilitre", "化学实验楼 易制毒柜"),
    ("HX003", "氯化钠", "7647-14-5", "other", "gram", "化学实验楼 普通柜"),
)


def keep_sample_chemicals(office: Office, at: datetime) -> None:
    """Keep three chemicals at the first school of the sample, bought, issued and counted; send one
    to the next school, and name what a batch of waste came from.
    """
    team, other = islice((each for each in compose().teams.values() if each.cluster == _CLUSTER), 2)
    _keep(office, team, at)
    _send(office, (team, other), at)
    _waste(office, team, at)


def _keep(office: Office, team: Team, at: datetime) -> None:
    head, owner = Who(team.head, at, Door.CLI), Who(team.owner, at, Door.CLI)
    for code, name, cas, danger, measure, cabinet in _KEPT:
        typed = {
            "code": code, "name": name, "cas": cas, "danger": danger, "measure": measure,
            "cabinet": cabinet, "locks": "double", "keeper": "张一", "second_keeper": "李二",
            "label": "whole", "filing_no": "湖公危备 12 号",
            "reported_on": f"{at - timedelta(days=120):%Y-%m-%d}",
        }  # fmt: skip
        add_record(office, "chemical", team.unit, typed, by=team.head, at=at, door=Door.CLI)
        bought = enter_stock(office, code, Typed("purchase", "500"), owner, unit=team.unit)
        if bought.stand == "waiting":
            sign_stock(office, code, bought.no, head, unit=team.unit)
        count_stock(office, code, "500", owner, unit=team.unit)
        issued = Typed("issue", "12.5", reason="高二化学实验")
        enter_stock(office, code, issued, owner, unit=team.unit)


def _send(office: Office, teams: tuple[Team, Team], at: datetime) -> None:
    giver, taker = teams
    typed = Sending(taker.unit, "100", "两校实验室合并调配")
    done = send_stock(office, "HX003", typed, Who(giver.owner, at, Door.CLI), unit=giver.unit)
    head = Who(giver.head, at, Door.CLI)
    sign_stock(office, "HX003", done.written.no, head, unit=giver.unit)


def _waste(office: Office, team: Team, at: datetime) -> None:
    batch = {
        "batch": "FY001", "sort": "unused", "species": "含盐废液", "quantity": "0.5",
        "measure": "升", "producer": "化学实验室",
        "produced_on": f"{at - timedelta(days=20):%Y-%m-%d}",
        "stored_in": "危废暂存间 1 号柜", "destination": "pending",
    }  # fmt: skip
    add_record(office, "waste", team.unit, batch, by=team.head, at=at, door=Door.CLI)
    source = Source("HX003", 2, "10")
    name_source(office, "FY001", source, Who(team.owner, at, Door.CLI), unit=team.unit)
