"""Buses to test with, and what a platform tells of them."""

from casework.buses.bulletins import make_bulletins
from casework.buses.feeding import feed_buses
from casework.buses.reading import read_lines
from casework.events import Door
from tests.casework.registers.buses import added
from tests.offices import MONDAY_9AM

HEAD = "编号,车牌,时间,类型,速度,道路,违法行为,地点,处罚日期"
PLATE = "苏E12345"


def a_bus(office, plate=PLATE, *, unit="S1", by="head1"):
    added(office, "bus", plate=plate, unit=unit, by=by)
    added(office, "route", plate=plate, unit=unit, by=by)


def position(moment, speed, plate=PLATE, number=""):
    return f"{number},{plate},{moment},定位,{speed},,,东环路,"


def violation(moment, what="超员", plate=PLATE):
    return f",{plate},{moment},违法,,,{what},校门口,2026-03-20"


def fed(office, *lines, at=MONDAY_9AM, by="committee1", source="平台"):
    told = read_lines([HEAD, *lines], now=at)
    return feed_buses(office, told, source=source, by=by, at=at, door=Door.CLI)


def bulletins(office, at, **how):
    return make_bulletins(office, as_of=at, ran_at=at, door=Door.FLOW, **how)
