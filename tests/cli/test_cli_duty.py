"""``bihuan duty``: what it answers, and in which words it refuses."""

from tests.casework.duties.duties import opened, wanted

MONDAY_AFTER = ("--as-of", "2026-03-09T08:00")


def test_a_duty_is_listed_chased_shown_and_let_off(bihuan, office):
    opened(office, wanted(key="a/S1"))

    rehearsed = bihuan("duty", "chase", "--dry-run", *MONDAY_AFTER)
    chased = bihuan("duty", "chase", "--json", *MONDAY_AFTER)
    listed = bihuan("duty", "list", "--mine", "--late", "--as", "owner1", *MONDAY_AFTER)
    shown = bihuan("duty", "show", "report", "a/S1", "--as", "head1", *MONDAY_AFTER)
    words = ("duty", "waive", "report", "a/S1", "--reason", "已撤并")
    refused = bihuan(*words, "--as", "head1")
    waived = bihuan(*words, "--as", "committee1", "--json")

    assert "试运行，未写入：新立 6 项，催办 1 项，通知 2 条，立案 0 件" in rehearsed.out
    assert (chased.json["told"], chased.json["by_kind"]) == (1, {"report": 1})
    assert "逾期 3 天" in listed.out
    assert "每周安全汇总" in shown.out
    assert (refused.code, refused.out) == (1, "")
    assert waived.json == {"kind": "report", "key": "a/S1", "state": "waived"}
    assert bihuan("duty", "list", "--ended", "--as", "owner1", "--json").json["rows"] != []


def test_a_day_to_come_is_refused(bihuan, office):
    answer = bihuan("duty", "chase", "--as-of", "2099-01-01")

    assert (answer.code, answer.out) == (1, "")
    assert "试运行" in answer.err


def test_its_notice_is_listed_by_what_it_is_about(bihuan, office):
    opened(office, wanted(key="a/S1"))
    bihuan("duty", "chase", *MONDAY_AFTER)

    listed = bihuan("notice", "list", "--as", "owner1")
    shown = bihuan("notice", "show", "1", "--as", "owner1")
    known = bihuan("notice", "ack", "1", "--as", "owner1")

    assert "每周安全汇总" in listed.out.replace("\n", "")
    assert "每周安全汇总 第一小学" in shown.out
    assert "每周安全汇总（通知 1）已于" in known.out


def test_the_kinds_tell_their_steps(bihuan, home):
    assert "每日自查" in bihuan("duty", "kinds").out
    assert bihuan("duty", "kinds", "--json").json[0]["key"] == "assessment"
