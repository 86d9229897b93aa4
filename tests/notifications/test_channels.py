"""Messages reach real receivers, and a receipt says what became of each, without its address."""

import json
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from cryptography.fernet import Fernet

from notifications import kinds
from notifications.channels import BadSetting, Channels, Email, Robot, open_channels
from notifications.messages import Message
from notifications.posting import Post, Webhook
from notifications.receipts import digest, without
from notifications.sealing import Keys
from tests.notifications.receivers import (
    answer,
    catching_mail,
    dribble,
    hang,
    hang_up,
    only_with,
    receiving,
)

KEYS = Keys([Fernet.generate_key().decode()])
MESSAGE = Message(
    "【逾期 3 天】YH2026-000012 整改", "请立即办理\n", "<p>请立即办理</p>", "**请立即办理**\n",
    ("7:2:overdue:2003", "8:1:overdue:2003"),
)  # fmt: skip
ADDRESS = "zhang.san@example.cn"
TOKEN = "693a91f67aaa4bc497a00ec2sifa5aaa"  # noqa: S105 — nobody's
SECRET = "SEC0123456789abcdef0123456789abcdef"  # noqa: S105 — nobody's


@pytest.fixture
def receiver():
    with receiving() as found:
        yield found


def channels(tmp_path, **environ):
    named = {f"BIHUAN_{name}": value for name, value in environ.items()}
    return open_channels(named, tmp_path, resolve=lambda _host, _port: [])


def sent_to(channels_, kind, address, message=MESSAGE):
    return channels_.send(kind, channels_.keys.seal(address), message)


def test_mail_arrives_with_both_forms_and_the_keys(tmp_path):
    with catching_mail() as post:
        smtp = f"smtp://127.0.0.1:{post.port}?from=bihuan@example.cn"

        receipt = sent_to(channels(tmp_path, SMTP_URL=smtp), kinds.EMAIL, ADDRESS)

    [(recipients, mail)] = post.mails
    assert receipt == (True, "", False)
    assert recipients == [ADDRESS]
    assert (mail["Subject"], mail["From"]) == (MESSAGE.subject, "bihuan@example.cn")
    assert mail["X-Bihuan-Keys"] == "7:2:overdue:2003 8:1:overdue:2003"
    assert mail.get_body(["html"]).get_content().strip() == MESSAGE.html
    assert mail.get_body(["plain"]).get_content().strip() == "请立即办理"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
def test_mail_logs_in(tmp_path):
    taken = only_with("bot", "p@ss/w")
    options = {"auth_required": True, "auth_require_tls": False, "authenticator": taken}
    with catching_mail(**options) as post:
        told = f"127.0.0.1:{post.port}?from=bihuan@example.cn&tls=no"
        right = channels(tmp_path, SMTP_URL=f"smtp://bot:p%40ss%2Fw@{told}")
        wrong = channels(tmp_path, SMTP_URL=f"smtp://bot:another@{told}")

        receipts = [sent_to(each, kinds.EMAIL, ADDRESS) for each in (right, wrong)]

    assert [each.sent for each in receipts] == [True, False]
    assert "535" in receipts[1].detail
    assert "another" not in receipts[1].detail
    assert len(post.mails) == 1


def test_a_refused_recipient_is_a_failure_that_does_not_repeat_the_address(tmp_path):
    with catching_mail() as post:
        post.refused.add(ADDRESS)
        smtp = f"smtp://127.0.0.1:{post.port}?from=bihuan@example.cn"

        receipt = sent_to(channels(tmp_path, SMTP_URL=smtp), kinds.EMAIL, ADDRESS)

    assert (receipt.sent, post.mails) == (False, [])
    assert "550" in receipt.detail
    assert ADDRESS not in receipt.detail


def test_a_mail_server_that_is_down_is_a_failure(tmp_path):
    with catching_mail() as post:
        pass
    smtp = f"smtp://127.0.0.1:{post.port}?from=bihuan@example.cn"

    receipt = sent_to(channels(tmp_path, SMTP_URL=smtp), kinds.EMAIL, ADDRESS)

    assert not receipt.sent
    assert "refused" in receipt.detail


@pytest.mark.parametrize(
    ("url", "mode", "schema"),
    [
        ("smtp://mail.example.cn?from=b@example.cn", "insecure", "mailto"),
        ("smtp://mail.example.cn?from=b@example.cn&tls=yes", "starttls", "mailtos"),
        ("smtp://mail.example.cn:587?from=b@example.cn", "starttls", "mailtos"),
        ("smtp://u:p@mail.example.cn?from=b@example.cn", "starttls", "mailtos"),
        ("smtp://u:p@mail.example.cn?from=b@example.cn&tls=no", "insecure", "mailto"),
        ("smtps://u:p@mail.example.cn:465?from=b@example.cn", "ssl", "mailtos"),
    ],
)
def test_a_password_leaves_encrypted_unless_somebody_said_otherwise(url, mode, schema):
    built = Email(url).url(ADDRESS, MESSAGE)

    assert built.startswith(f"{schema}://")
    assert f"&mode={mode}&" in built


@pytest.mark.parametrize(
    "url", ["mail.example.cn", "http://mail.example.cn?from=b@example.cn", "smtp://h", "smtp:///?from=b@e.cn"]
)  # fmt: skip
def test_a_mail_server_that_is_none_is_refused_without_repeating_it(url):
    with pytest.raises(BadSetting) as refused:
        Email(url)

    assert url not in refused.value.say("zh") + refused.value.say("en")


def test_a_webhook_gets_json_and_a_key_that_a_repeat_has_too(tmp_path, receiver):
    found = channels(tmp_path, ALLOW_HOSTS=receiver.address)

    receipts = [sent_to(found, kinds.WEBHOOK, receiver.url) for _ in range(2)]

    assert receipts == [(True, "HTTP 200", False)] * 2
    (path, headers, body), again = receiver.got
    assert path == "/hook"
    assert headers["Host"] == receiver.address
    assert headers["Idempotency-Key"] == again[1]["Idempotency-Key"] == digest(MESSAGE.keys)
    assert headers["Bihuan-Keys"] == " ".join(MESSAGE.keys)
    assert body == {
        "subject": MESSAGE.subject, "text": MESSAGE.text, "markdown": MESSAGE.markdown,
        "keys": list(MESSAGE.keys),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("behaves", "detail"),
    [
        (answer(500), "HTTP 500"),
        (answer(404), "HTTP 404"),
        (answer(302, headers=[("Location", "http://127.0.0.1:1/")]), "HTTP 302"),  # not followed
        (answer(200, b"{", length=20), "RemoteProtocolError"),  # closed in the middle
        (hang_up, "RemoteProtocolError"),
    ],
)
def test_whatever_is_not_a_whole_yes_is_a_failure(tmp_path, receiver, behaves, detail):
    receiver.answer = behaves

    receipt = sent_to(channels(tmp_path, ALLOW_HOSTS=receiver.address), kinds.WEBHOOK, receiver.url)

    assert receipt == (False, detail, False)
    assert len(receiver.got) == 1


@pytest.mark.parametrize("slow", [hang, dribble])
def test_a_receiver_that_takes_too_long_is_a_failure(receiver, slow):
    receiver.answer = slow(receiver)
    post = Post(frozenset({receiver.address}), seconds=0.2)

    receipt = Channels(KEYS, {kinds.WEBHOOK: Webhook(post)}).send(
        kinds.WEBHOOK, KEYS.seal(receiver.url), MESSAGE
    )
    receiver.done.set()

    assert receipt == (False, "ReadTimeout", False)


def test_a_webhook_that_is_down_is_a_failure(tmp_path):
    with receiving() as gone:
        pass

    receipt = sent_to(channels(tmp_path, ALLOW_HOSTS=gone.address), kinds.WEBHOOK, gone.url)

    assert receipt == (False, "ConnectError", False)


def test_a_webhook_inside_is_never_connected_to(tmp_path, receiver):
    receipt = sent_to(channels(tmp_path), kinds.WEBHOOK, receiver.url)

    assert (receipt.sent, receipt.final, receiver.got) == (False, True, [])
    assert "BIHUAN_ALLOW_HOSTS" in receipt.detail


ROBOTS = {
    kinds.WECOM: ("/cgi-bin/webhook/send?key=", {"msgtype", "markdown"}, b'{"errcode":0}'),
    kinds.DINGTALK: ("/robot/send?access_token=", {"msgtype", "markdown"}, b'{"errcode":0}'),
    kinds.FEISHU: ("/open-apis/bot/v2/hook/", {"msg_type", "content"}, b'{"code":0}'),
}


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_robot_gets_its_own_form(receiver, kind):
    path, fields, yes = ROBOTS[kind]
    receiver.answer = answer(body=yes)

    receipt = Robot(kind, f"http://{receiver.address}").send(TOKEN, MESSAGE)

    [(found, _, body)] = receiver.got
    assert receipt.sent
    assert found.startswith(path + TOKEN)
    assert set(body) == fields
    assert "请立即办理" in json.dumps(body, ensure_ascii=False)
    assert TOKEN not in receipt.detail


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize(
    "said",
    [
        answer(body=b'{"errcode":93000,"code":19001,"errmsg":"invalid webhook url"}'),
        answer(body=b"{}"),
        answer(body=b"[0]"),
        answer(body=b"<html>"),
        answer(500, b'{"errcode":0,"code":0}'),
        hang_up,
    ],
)
def test_a_robot_that_answers_200_and_says_no_did_not_take_it(receiver, kind, said):
    receiver.answer = said

    receipt = Robot(kind, f"http://{receiver.address}").send(TOKEN, MESSAGE)

    assert not receipt.sent
    assert receipt.detail


def test_dingtalk_is_signed_when_there_is_a_secret(receiver):
    receiver.answer = answer(body=b'{"errcode":0}')

    receipt = Robot(kinds.DINGTALK, f"http://{receiver.address}").send(f"{TOKEN}:{SECRET}", MESSAGE)

    path = receiver.got[0][0]
    assert receipt.sent
    assert "&timestamp=" in path
    assert "&sign=" in path
    assert SECRET not in path


def test_a_text_message_goes_through_the_operators_gateway(tmp_path, receiver):
    gateway = f"http://{receiver.address}/sms?to={{to}}&text={{text}}"
    found = channels(tmp_path, ALLOW_HOSTS=receiver.address, SMS_URL=gateway)

    receipt = sent_to(found, kinds.SMS, "13812341234")

    [(path, _, body)] = receiver.got
    assert receipt.sent
    assert path.startswith("/sms?to=13812341234&text=%E3%80%90")
    assert (body["to"], body["text"]) == ("13812341234", MESSAGE.text[:300])


def test_a_mailbox_takes_every_kind_and_shows_masked_addresses(tmp_path):
    found = channels(tmp_path, MAILBOX=str(tmp_path / "mail"))

    assert sent_to(found, kinds.EMAIL, ADDRESS).sent
    assert sent_to(found, kinds.SMS, "13812341234").sent
    assert sent_to(found, kinds.EMAIL, ADDRESS).sent  # the same again is the same file

    [mail] = (tmp_path / "mail").glob("*.eml")
    [note] = (tmp_path / "mail").glob("*.json")
    read = message_from_bytes(mail.read_bytes(), policy=policy.default)
    assert (read["To"], read["Subject"]) == ("z***@example.cn", MESSAGE.subject)
    assert json.loads(note.read_bytes())["to"] == "138****1234"


def test_a_kind_without_a_channel_waits_for_one(tmp_path):
    receipt = sent_to(channels(tmp_path), kinds.EMAIL, ADDRESS)

    assert receipt == (False, "未设置 email 渠道", False)


def test_an_address_sealed_by_another_key_is_a_final_failure():
    other = Keys([Fernet.generate_key().decode()])
    found = Channels(KEYS, {})

    receipt = found.send(kinds.EMAIL, other.seal(ADDRESS), MESSAGE)

    assert (receipt.sent, receipt.final) == (False, True)


@pytest.mark.parametrize(
    ("said", "secrets"),
    [
        (f"550 {ADDRESS} unknown", [ADDRESS]),
        ("GET /send?key=p%40ss%2Fw failed", ["p@ss/w"]),
        ("url=p%40ss/w failed", ["p@ss/w"]),
        ('{"token": "a\\"b"}', ['a"b']),
    ],
)
def test_no_quoting_hides_a_secret(said, secrets):
    told = without(said, *secrets)

    assert "…" in told
    assert [each for each in secrets if each in told] == []
    assert "p%40ss" not in told


def test_a_long_answer_is_cut():
    assert len(without("长" * 5_000)) == 300


def test_a_message_is_the_same_whatever_the_order_of_its_keys():
    turned = replace(MESSAGE, keys=MESSAGE.keys[::-1])

    assert digest(turned.keys) == digest(MESSAGE.keys)
