"""``bihuan order``, ``bihuan demand`` and ``bihuan health``."""

import pytest

from rules.actions import Action
from tests.offices import act, rectifying

AT = "2026-03-02T10:00:00+08:00"
ORDER = "校安督〔2026〕1号"


@pytest.fixture
def number(office):
    """A listed case; its order is due by Monday 16 March."""
    number = rectifying(office, owner="张三")
    act(
        office, number, Action.LIST, "committee1", kind="supervision", reason="久拖不改",
        supervisor="cluster", new_due="2026-03-16",
    )  # fmt: skip
    return number


def test_an_order_s_whole_life_at_the_command_line(bihuan, number):
    at = ("--at", AT)

    told = [
        bihuan("order", "serve", "校安督[2026]1号", "拒绝签收", "--note", "门卫拒收",
               "--as", "cluster1", *at),
        bihuan("order", "ack", ORDER, "--as", "head1", *at),
        bihuan("order", "extend", number, "--until", "2026-03-30", "--reason", "缺料",
               "--as", "owner1", *at),
        bihuan("order", "decide", ORDER, "--grant", "--as", "cluster1", *at),
        bihuan("order", "publish", ORDER, "--as", "committee1", *at),
    ]  # fmt: skip
    shown = bihuan("order", "show", ORDER, "--as", "owner1", "--as-of", AT)

    assert [each.code for each in told] == [0] * 5, [each.err for each in told]
    assert f"{ORDER}：同意督办延期，已办" in told[3].out
    assert "期限 2026-03-30" in told[3].out
    for word in (ORDER, "已签认", "片区级", "拒绝签收", "门卫拒收", "2026-03-30", "HEAD1"):
        assert word in shown.out


def test_orders_are_listed_with_their_state_and_due_day(bihuan, number):
    listed = bihuan("order", "list", "--as", "committee1", "--open", "--as-of", AT)
    found = bihuan("order", "list", "--as", "committee1", "--as-of", AT, "--json").json

    assert all(word in listed.out for word in (ORDER, number, "第一小学", "剩 14 天", "共 1 份"))
    assert [(each["number"], each["level"], each["publish_by"]) for each in found] == [
        (ORDER, "cluster", "2026-03-10T00:00:00+08:00")
    ]


def test_the_public_list_asks_nobody_who_they_are_and_names_nobody(bihuan, number):
    bihuan("order", "publish", ORDER, "--as", "committee1", "--at", AT)

    public = bihuan("order", "list", "--published")
    found = bihuan("order", "list", "--published", "--json")

    assert all(word in public.out for word in (ORDER, "第一小学", "消防", "督办中"))
    assert "张三" not in public.out + found.out
    assert found.json[0]["unit"] == "第一小学"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("ack", ORDER, "--as", "cluster1"), 1, "您无权“签认督办”"),
        (("extend", ORDER, "--until", "2026-03-10", "--reason", "x", "--as", "owner1"), 1,
         "新期限须晚于 2026-03-16"),
        (("extend", ORDER, "--until", "明天", "--reason", "x", "--as", "owner1"), 2, "不是日期"),
        (("decide", ORDER, "--as", "cluster1"), 2, "--grant、--refuse 须选一个"),
        (("decide", ORDER, "--refuse", "--as", "cluster1"), 1, "没有写理由"),
        (("serve", ORDER, "寄出", "--as", "cluster1"), 2, "不在可选范围"),
        (("show", "校安督〔2026〕9号", "--as", "cluster1"), 3, "没有督办令"),
        (("show", ORDER, "--as", "owner2"), 3, "没有督办令"),
        (("list",), 2, "没有说明您是谁"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_with_its_code(bihuan, number, words, code, said):
    moment = () if words[0] in ("show", "list") else ("--at", AT)

    told = bihuan("order", *words, *moment)

    assert (told.code, said in told.err) == (code, True), told.err


def test_an_act_repeated_under_its_key_says_so(bihuan, number):
    words = ("order", "ack", ORDER, "--as", "head1", "--at", AT, "--key", "k-1")

    first, second = bihuan(*words), bihuan(*words)

    assert (first.code, second.code) == (0, 0)
    assert "此前已办过" not in first.out
    assert "此前已办过" in second.out


def test_progress_is_demanded_and_rehearsed(bihuan, number):
    rehearsed = bihuan("demand", "--as-of", "2026-03-10T08:00", "--dry-run", "--lang", "en")
    done = bihuan("demand", "--as-of", "2026-03-10T08:00")
    again = bihuan("demand", "--as-of", "2026-03-10T08:00", "--json").json

    assert "rehearsal, nothing written" in rehearsed.out
    assert all(word in done.out for word in ("要求报告进展", "OWNER1#", "HEAD1#"))
    assert (again["demanded"], again["failed"], again["by_recipient"]) == (0, [], {})


def test_health_says_what_stands_still_and_ends_with_one(bihuan, number):
    told = bihuan("health", "--as-of", "2026-05-01T08:00", "--json")
    shown = bihuan("health", "--as-of", "2026-05-01T08:00")

    assert (told.code, shown.code) == (1, 1)
    assert told.json["ok"] is False
    assert "催办已停" in " ".join(told.json["problems"])
    assert "催办已停" in shown.out


def test_health_is_well_when_nothing_is_due(bihuan, home):
    told = bihuan("health", "--as-of", AT)

    assert (told.code, "正常" in told.out) == (0, True)


def test_health_mails_the_operator_when_asked_to(bihuan, number, tmp_path, monkeypatch):
    monkeypatch.setenv("BIHUAN_MAILBOX", str(tmp_path / "mailbox"))
    monkeypatch.setenv("BIHUAN_OPERATOR_MAILTO", "operator@example.cn")

    told = [bihuan("health", "--tell", "--as-of", "2026-05-01T08:00") for _ in range(2)]

    assert [each.code for each in told] == [1, 1]
    assert "已发邮件给值守人" in told[0].out
    assert "此前已告知值守人" in told[1].out
    assert len(list((tmp_path / "mailbox").iterdir())) == 1
