"""The guards of a school are counted in its 三防 record, and too few of them are a case."""

import pytest

from casework.events import Door
from casework.registers.acts import change_record, retire_record
from casework.registers.checking import check_registers
from casework.registers.importing import import_register
from casework.registers.showing import show_record
from rules.workdays import china_day
from tests.casework.registers.buses import added
from tests.offices import MONDAY_9AM
from tests.sealing import faults, sealed

BY = {"by": "head1", "at": MONDAY_9AM, "door": Door.CLI}


def shown(office):
    return show_record(office, "protection", "本部", by="head1", today=china_day(MONDAY_9AM))


def check(office):
    return check_registers(office, as_of=MONDAY_9AM, ran_at=MONDAY_9AM, door=Door.FLOW)


def test_guards_are_counted_when_they_come_and_go(office, tmp_path):
    added(office, "guard")
    added(office, "protection")
    first = shown(office)["values"]["guards"]
    added(office, "guard", staff_no="A02")
    added(office, "guard", staff_no="A02", unit="S2", by="head2")
    second = shown(office)["values"]["guards"]
    retire_record(office, "guard", "A01", "离职", **BY)

    assert (first, second, shown(office)["values"]["guards"]) == ("1", "2", "1")
    counted = [each for each in shown(office)["history"] if each["role"] == "ladder"]
    assert [each["fields"] for each in counted] == [{"guards": "2"}, {"guards": "1"}]
    sealed(office, tmp_path)
    assert faults(office, tmp_path) == []


def test_nobody_types_how_many_guards_there_are(office):
    added(office, "protection", guards="9")
    change_record(office, "protection", "本部", {"guards": "9", "patrols": "6"}, **BY)

    assert (shown(office)["values"]["guards"], shown(office)["values"]["patrols"]) == ("0", "6")


def test_a_ledger_of_guards_is_counted_once(office, tmp_path):
    added(office, "protection")
    path = tmp_path / "保安.csv"
    rows = "".join(f"A{number},李大力,1985-01-01\n" for number in range(3))
    path.write_text(f"工号,姓名,出生日期\n{rows}", encoding="utf-8")

    import_register(office, path, "guard", by="head1", at=MONDAY_9AM)

    assert shown(office)["values"]["guards"] == "3"
    assert [each["act"] for each in shown(office)["history"]] == ["add", "change"]


def test_too_few_guards_are_a_case_and_enough_of_them_are_not(office):
    added(office, "guard")
    added(office, "protection", day_pupils="100")
    first = check(office)
    again = check(office)
    added(office, "guard", staff_no="A02")

    assert first.by_rule == {"protection.staffing": 1}
    assert (first.raised, again.looked_at) == (1, 0)
    assert check(office).raised == 0
    assert shown(office)["findings"] == []


@pytest.mark.parametrize(("kind", "key"), [("guard", "A01"), ("protection", "本部")])
def test_what_is_retired_is_not_counted_and_counts_nothing(office, kind, key):
    added(office, "guard")
    added(office, "protection")

    retire_record(office, kind, key, "停用", **BY)
    added(office, "guard", staff_no="A02")

    assert shown(office)["values"]["guards"] == "1"


def test_every_gap_is_a_case_of_its_own(office):
    added(office, "guard")
    added(office, "protection", gate_watch="no", direct_alarm="no", video_days="29")

    checked = check(office)

    assert checked.by_rule == {
        "protection.gate_watch": 1, "protection.video_days": 1, "protection.direct_alarm": 1,
    }  # fmt: skip
    cases = [each["rule"] for each in shown(office)["cases"]]
    assert cases == ["direct_alarm", "gate_watch", "video_days"]
