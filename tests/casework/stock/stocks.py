"""Chemicals to test with."""

from casework.events import Door
from casework.registers.acts import add_record
from casework.stock.entering import Typed, enter_stock
from casework.stock.sending import Sending, send_stock
from casework.stock.signing import sign_stock
from casework.stock.store import Who
from tests.offices import MONDAY_9AM

KMNO4 = {
    "code": "HX1", "name": "高锰酸钾", "cas": "7722-64-7", "danger": "explosive",
    "measure": "gram", "cabinet": "甲柜", "locks": "double", "keeper": "王一",
    "second_keeper": "李二", "label": "whole", "filing_no": "备1",
}  # fmt: skip
SALT = {**KMNO4, "code": "HX2", "name": "氯化钠", "cas": "7647-14-5", "danger": "other"}


def who(by="owner1", at=MONDAY_9AM):
    return Who(by, at, Door.CLI)


def a_chemical(office, unit="S1", by="owner1", **values):
    """Add a chemical to the register; return its code."""
    typed = {**KMNO4, **values}
    add_record(office, "chemical", unit, typed, by=by, at=MONDAY_9AM, door=Door.CLI)
    return typed["code"]


def entered(office, key, act, amount, *, by="owner1", reason="", on=""):
    return enter_stock(office, key, Typed(act, amount, on, reason), who(by))


def signed(office, key, act, amount, **told):
    """A line by the owner, signed by the head."""
    line = entered(office, key, act, amount, **told)
    return sign_stock(office, key, line.no, who("head1"))


def sent(office, amount="4", *, key="HX1", to="S2", permit="购证 7", sign=True):
    """Ten at the first school, of which ``amount`` is sent; return the transfer's id."""
    signed(office, key, "purchase", "10")
    typed = Sending(to, amount, "实验室撤并", permit)
    done = send_stock(office, key, typed, who())
    if sign:
        sign_stock(office, key, done.written.no, who("head1"))
    return done.transfer
