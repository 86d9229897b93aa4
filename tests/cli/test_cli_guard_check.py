"""``bihuan guard-check``: a month from its seed to the published counts."""

from tests.casework.guardchecks.checking import with_guards
from tests.casework.registers.buses import GUARD

AT = ("--at", "2026-03-02")


def test_a_month_is_committed_to_drawn_recorded_and_published(bihuan, office):
    with_guards(office, first=2, second=0)
    run = ("--as", "committee1", *AT)

    committed = bihuan("guard-check", "commit", "2026-03", "--share", "100", *run, "--json")
    drawn = bihuan("guard-check", "draw", "2026-03", *run)
    matched = bihuan(
        "guard-check", "record", "2026-03", "S1", "A0", "--name", GUARD["name"], "--national",
        "--school", "--as", "inspector1", *AT,
    )  # fmt: skip
    absent = bihuan(
        "guard-check", "record", "2026-03", "S1", "A1", "--absent", "--note", "无人",
        "--violation", "register_empty", "--as", "inspector1", *AT, "--json",
    )  # fmt: skip
    shown = bihuan("guard-check", "show", "BC2026-03", "--as", "auditor")
    published = bihuan("guard-check", "publish", "2026-03", *run)
    listed = bihuan("guard-check", "list", "--as", "committee1", "--json")

    assert committed.json["number"] == "BC2026-03"
    assert "2 人中抽 2 人" in drawn.out
    assert "人证相符" in matched.out
    assert (absent.json["identity"], absent.json["left"]) == ("absent", 0)
    assert "重算抽取一致" in shown.out
    assert GUARD["name"] not in shown.out
    assert "已公开" in published.out
    assert listed.json[0]["state"] == "published"


def test_a_second_check_of_a_month_is_refused(bihuan, home):
    run = ("guard-check", "commit", "2026-03", "--as", "committee1", *AT)
    bihuan(*run)

    again = bihuan(*run)

    assert again.code == 1
    assert "已有保安抽查" in again.err


def test_a_school_is_told_nothing(bihuan, home):
    refused = bihuan("guard-check", "list", "--as", "head1")

    assert (refused.code, refused.out) == (1, "")
