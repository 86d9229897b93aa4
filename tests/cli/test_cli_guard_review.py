"""``bihuan guard-review``: asked for, decided, passed together, and read."""

from tests.casework.registers.buses import GUARD, added

AT = ("--at", "2026-03-02")


def test_a_review_is_asked_for_decided_and_read(bihuan, office):
    for key in ("A01", "A02", "A03"):
        added(office, "guard", staff_no=key)
    run = ("--as", "cluster1", *AT)

    asked = bihuan("guard-review", "ask", "S1", "A01", "A02", "--as", "head1", *AT, "--json")
    own = bihuan("guard-review", "decide", "S1", "A01", "passed", "--as", "head1", *AT)
    passed = bihuan("guard-review", "pass", "S1", "A01", "A02", *run)
    failed = bihuan(
        "guard-review", "decide", "S1", "A03", "未通过", "--reason", "disqualified", *run, "--json"
    )
    shown = bihuan("guard-review", "show", "S1", "A03", *run)
    listed = bihuan("guard-review", "list", "--status", "passed", *run)

    assert [each["key"] for each in asked.json] == ["A01", "A02"]
    assert (own.code, "无权年审" in own.err) == (1, True)
    assert "A02 通过" in passed.out
    assert failed.json["case"]
    assert failed.json["case"] in shown.out
    assert "有不得担任保安员的情形" in shown.out
    assert "A01" in listed.out
    assert "A03" not in listed.out
    assert GUARD["name"] not in shown.out + listed.out
