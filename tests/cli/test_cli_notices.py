"""Contacts, deliveries and notices from the command line, and no address in anything it leaves."""

import logging

import pytest

from tests.notifications.receivers import answer, catching_mail, receiving
from tests.offices import MONDAY_9AM, reported
from tests.outbox import nothing_owed, owed

AT = MONDAY_9AM.isoformat()
SECRETS = {
    "email": "canary.mail@example.cn",
    "wecom": "canary-wecom-0123456789",
    "dingtalk": "canarydingtalk0123456789:SEC0canary1secret2more3",
    "feishu": "canary-feishu-0123456789",
    "sms": "13899996666",
}
READERS = dict(zip(SECRETS, ("owner1", "head1", "cluster1", "committee1", "owner2"), strict=True))
PASSWORD = "canary-smtp-password"  # noqa: S105 — nobody's
CANARIES = (*SECRETS.values(), "canary", PASSWORD)


@pytest.fixture
def number(office):
    found = reported(office)
    nothing_owed(office)
    return found


def test_a_contact_is_added_listed_and_removed(bihuan, home):
    added = bihuan("contact", "add", "owner1", "email", "zhang@example.cn", "--as", "owner1")
    listed = bihuan("contact", "list", "owner1", "--as", "owner1", "--json").json
    removed = bihuan("contact", "remove", "owner1", listed[0]["id"], "--as", "owner1")

    assert (added.code, removed.code) == (0, 0)
    assert "z***@example.cn" in added.out
    assert [(each["kind"], each["shown"]) for each in listed] == [("email", "z***@example.cn")]
    assert bihuan("contact", "list", "owner1", "--as", "owner1", "--json").json == []


@pytest.mark.parametrize(
    ("words", "code", "where"),
    [
        (("owner1", "email", "zhang"), 1, "address"),
        (("owner1", "pigeon", "zhang"), 2, "KIND"),
        (("head1", "email", "a@example.cn"), 1, ""),
        (("owner1", "webhook", "https://example.cn/x"), 1, ""),
    ],
)
def test_a_contact_that_cannot_be_is_refused(bihuan, home, words, code, where):
    told = bihuan("contact", "add", *words, "--as", "owner1", "--json")

    assert (told.code, told.out, told.error["where"]) == (code, "", where)


def test_an_address_may_come_from_stdin(bihuan, home, monkeypatch):
    from io import StringIO  # noqa: PLC0415 — only here

    monkeypatch.setattr("sys.stdin", StringIO("zhang@example.cn\n"))

    assert bihuan("contact", "add", "owner1", "email", "-", "--as", "owner1").code == 0


def test_what_is_owed_is_delivered_into_a_mailbox_and_acknowledged(
    bihuan, office, home, number, monkeypatch
):
    monkeypatch.setenv("BIHUAN_MAILBOX", str(home / "mailbox"))
    [notice] = owed(office, number, "owner1")
    bihuan("contact", "add", "owner1", "email", "zhang@example.cn", "--as", "owner1")

    delivered = bihuan("deliver", "--as-of", AT, "--json")
    shown = bihuan("notice", "show", notice, "--as", "owner1", "--json").json
    known = bihuan("notice", "ack", notice, "--as", "owner1", "--at", AT, "--json").json
    again = bihuan("notice", "ack", notice, "--as", "owner1")

    assert (delivered.code, delivered.json["sent"], delivered.json["messages"]) == (0, 1, 1)
    assert len(list((home / "mailbox").glob("*.eml"))) == 1
    assert (shown["state"], shown["case"], shown["deliveries"][0]["shown"]) == (
        "sent", number, "z***@example.cn",
    )  # fmt: skip
    assert (known[0]["number"], known[0]["new"]) == (number, True)
    assert f"{number}（通知 {notice}）已于 2026-03-02 09:00 知悉" in again.out
    history = bihuan("case", "show", number, "--as", "owner1").out
    assert "责任人OWNER1知悉" in history


def test_a_link_acknowledges_without_saying_who(bihuan, office, home, number, monkeypatch):
    monkeypatch.setenv("BIHUAN_MAILBOX", str(home / "mailbox"))
    monkeypatch.setenv("BIHUAN_BASE_URL", "https://bihuan.example.cn")
    owed(office, number, "owner1")
    bihuan("contact", "add", "owner1", "sms", "13812341234", "--as", "owner1")
    bihuan("deliver", "--as-of", AT)
    [message] = (home / "mailbox").glob("*.json")
    token = message.read_text(encoding="utf-8").partition("/acknowledge/")[2].split("\\n")[0]

    told = bihuan("notice", "ack", "--link", token, "--at", AT, "--json")

    assert told.json[0]["number"] == number
    assert bihuan("notice", "ack", "--link", token + "x", "--at", AT).code == 1


def test_what_failed_is_told_and_exits_1(bihuan, office, home, number):
    owed(office, number, "owner1", "head1")
    bihuan("contact", "add", "owner1", "email", "zhang@example.cn", "--as", "owner1")

    told = bihuan("deliver", "--as-of", AT)

    assert told.code == 1
    assert "未设置 email 渠道" in told.out
    dead = bihuan("notice", "list", "--state", "dead", "--as", "committee1")
    assert "没有可用的联系方式" in dead.out


def test_a_dead_notice_is_sent_again_by_a_person(bihuan, office, home, number):
    [notice] = owed(office, number, "owner1")
    bihuan("deliver", "--as-of", AT)

    refused = bihuan("notice", "resend", notice, "--as", "owner1")
    again = bihuan("notice", "resend", notice, "--as", "committee1", "--at", AT)

    assert (refused.code, again.code) == (1, 0)
    [row] = bihuan("notice", "list", "--as", "owner1", "--json").json
    assert (row["state"], row["tries"]) == ("waiting", 0)


def test_one_sees_ones_own_notices_and_a_lead_those_of_the_cluster(bihuan, office, home, number):
    mine, theirs = owed(office, number, "owner1", "head1")

    def seen(who, *words):
        return [each["id"] for each in bihuan("notice", "list", *words, "--as", who, "--json").json]

    assert seen("owner1") == [mine]
    assert seen("verifier1a") == seen("cluster2") == []
    assert seen("cluster1") == [theirs, mine]
    assert seen("committee1") == [theirs, mine]
    assert seen("committee1", "--person", "head1") == [theirs]
    assert seen("committee1", "--case", number, "--size", "1") == [theirs]
    assert seen("committee1", "--state", "sent") == []
    assert bihuan("notice", "show", theirs, "--as", "owner1").code == 3
    assert bihuan("notice", "show", theirs, "--as", "committee1").code == 0


@pytest.mark.parametrize("words", [(), ("7", "--link", "x")])
def test_an_acknowledgement_names_notices_or_a_link(bihuan, home, words):
    assert bihuan("notice", "ack", *words, "--as", "owner1").code == 2


def test_a_wording_is_previewed_and_adopted(bihuan, home, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("{{ unit }}请注意", encoding="utf-8")
    wording = ("--subject", "{{ number }} 请注意", "--text", text)

    tried = bihuan("notice", "preview", "overdue", *wording, "--json").json
    refused = bihuan("notice", "preview", "overdue", "--subject", "{{ nubmer }}", "--text", text)
    adopted = bihuan("notice", "adopt", "overdue", *wording, "--as", "admin")
    in_force = bihuan("notice", "preview", "overdue", "--json").json

    assert tried[0]["subject"] == in_force[0]["subject"] == "YH2026-000012 请注意"
    assert (adopted.code, refused.code) == (0, 1)
    assert "nubmer" in refused.err
    assert bihuan("notice", "adopt", "overdue", "--as", "admin").code == 0
    assert "【逾期】" in bihuan("notice", "preview", "overdue").out


def test_a_preview_needs_no_installation(bihuan, bare_home):
    assert "逾期 3 天" in bihuan("notice", "preview", "overdue").out


@pytest.fixture
def outside(home, monkeypatch):
    """Every channel leads to receivers on loopback."""
    with receiving() as receiver, catching_mail() as post:
        smtp = f"127.0.0.1:{post.port}?from=b@example.cn&tls=no"
        for name, value in {
            "SMTP_URL": f"smtp://{smtp}", "SMS_URL": f"http://{receiver.address}/sms?to={{to}}",
            "ALLOW_HOSTS": receiver.address, "WECOM_BASE": f"http://{receiver.address}",
            "DINGTALK_BASE": f"http://{receiver.address}",
            "FEISHU_BASE": f"http://{receiver.address}",
        }.items():  # fmt: skip
            monkeypatch.setenv(f"BIHUAN_{name}", value)
        receiver.smtp, receiver.mails = f"smtp://bot:{PASSWORD}@{smtp}", post.mails
        yield receiver


def take_everything(outside, _monkeypatch):
    outside.answer = answer(200, b'{"errcode":0,"code":0}')


def take_nothing(outside, monkeypatch):
    outside.answer = answer(500, b'{"errcode":0,"code":0}')
    monkeypatch.setenv("BIHUAN_SMTP_URL", outside.smtp)  # nobody may log in there


@pytest.mark.parametrize(("behave", "sent"), [(take_everything, 5), (take_nothing, 0)])
def test_no_address_is_in_a_log_the_database_or_anything_printed(
    request, bihuan, office, home, behave, sent
):
    outside, caplog = request.getfixturevalue("outside"), request.getfixturevalue("caplog")
    behave(outside, request.getfixturevalue("monkeypatch"))
    number = request.getfixturevalue("number")
    caplog.set_level(logging.DEBUG)

    said = [
        bihuan("contact", *words, "--as", "admin", "--json")
        for kind, person in READERS.items()
        for words in (("add", person, kind, SECRETS[kind]), ("list", person))
    ]
    ids = owed(office, number, *READERS.values(), urgent=True)
    told = bihuan("deliver", "--as-of", AT, "--json")
    said += [bihuan("notice", "show", each, "--as", "committee1", "--json") for each in ids]

    assert (told.json["sent"], told.json["failed"]) == (sent, 5 - sent)
    assert (len(outside.got), len(outside.mails)) == (4, sent // 5)
    printed = "".join(each.out + each.err for each in (*said, told))
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert [each for each in CANARIES if each in printed] == []
    assert [each for each in CANARIES if each in caplog.text] == []
    assert [each for each in CANARIES if each.encode() in kept] == []
