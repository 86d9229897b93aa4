"""Every command that auditors ask with leaves a record of who asked what, and how much it was."""

import pytest

from casework.auditing.access import list_access
from cli.manual import commands
from rules.looking import Look
from tests.offices import closed

NUMBER = "YH2026-000001"
LOOKS = {
    "search": (["灭火器"], Look.SEARCH, "rows"),
    "saved run": (["我的"], Look.SEARCH, "rows"),
    "show": ([NUMBER], Look.SHOW, "case"),
    "as-of": (["2026-03-02T10:00"], Look.LIST, "rows"),
    "as-of CASE": (["2026-03-02T10:00", NUMBER], Look.AS_OF, "case"),
    "stats": ([], Look.STATISTICS, "by"),
    "xes": (["--to", "log.xes"], Look.EVENT_LOG, "to"),
    "conformance": ([], Look.CONFORMANCE, "cases"),
    "export": (["", "--to", "cases.csv"], Look.EXPORT, "rows"),
    "file": ([NUMBER, "--to", "case.zip"], Look.EXPORT, "file"),
    "access": ([], Look.ACCESS, "rows"),
    "prove": ([NUMBER], Look.PROVE, "case"),
    "prove PEOPLE": ([NUMBER, "--to", "x.zip", "--reveal", "信访"], Look.REVEAL, "case"),
}
NO_LOOKS = {
    "grammar": "it explains how to ask",
    "index": "it shows nothing",
    "saved add": "one's own words",
    "saved list": "one's own words",
    "saved remove": "one's own words",
    "seal": "whoever runs the machine; it shows no history",
    "verify": "whoever runs the machine; it shows what is wrong only",
    "heads": "they are for everybody to keep",
    "key": "it is public; a new one is told in the history of the seal",
    "restart": "it is told in the history of the seal",
}
EVERY = [path.removeprefix("bihuan audit ") for path in dict(commands()) if " audit " in path]


def test_every_command_is_one_that_is_recorded_or_says_why_not():
    assert {each.rstrip("ACEPSOL ") or each for each in LOOKS} | set(NO_LOOKS) == set(EVERY)


@pytest.mark.parametrize("name", LOOKS)
def test_what_was_asked_is_recorded(office, bihuan, name):
    closed(office)
    assert bihuan("audit", "seal").code == 0
    assert bihuan("audit", "saved", "add", "我的", "灭火器", "--as", "auditor").code == 0
    words, look, measure = LOOKS[name]

    told = bihuan("audit", *name.rstrip("ACEPSOL ").split(), *words, "--as", "auditor")

    assert (told.code, told.err) == (0, "")
    (seen,) = list_access(office, by="admin", person="auditor")
    assert (seen["look"], seen["door"], measure in seen["what"]) == (look, "cli", True)


def test_what_was_typed_and_how_many_rows_it_gave_are_in_the_record(office, bihuan):
    closed(office)
    closed(office)

    bihuan("audit", "search", "灭火器", "--size", "1", "--as", "auditor")
    bihuan("audit", "search", "没有这种事", "--as", "auditor")

    last, first = list_access(office, by="admin", person="auditor")
    assert (first["typed"], first["what"]) == ("灭火器", {"rows": 1})
    assert (last["typed"], last["what"]) == ("没有这种事", {"rows": 0})


def test_a_list_that_is_no_audit_is_not_recorded(office, bihuan):
    assert bihuan("case", "list", "--query", "灭火器", "--as", "auditor").code == 0

    assert list_access(office, by="admin") == []
