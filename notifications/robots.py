"""Apprise, as we use it: the plugins that we allow, held to what the other side answered.

Apprise 1.13 takes HTTP 200 from a robot for success, but WeCom, DingTalk and Feishu answer 200 to
a wrong key or a full quota and say so in the body; it also has no Markdown for WeCom and Feishu,
and says ``msgtype: text`` when DingTalk is given Markdown. Its plugins still read the key
and sign; the message and the verdict are ours. Imported by ``channels`` when it sends.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import Any, ClassVar

import apprise
import requests
from apprise.manager_plugins import NotificationManager
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from notifications.messages import Message

CONNECT_SECONDS, READ_SECONDS = 5, 10
TIMEOUTS = f"cto={CONNECT_SECONDS}&rto={READ_SECONDS}"
_MOST_SAID = 200

# Of some 200 schemas; the robots below are made by us and need none.
_PLUGINS: Any = NotificationManager
_PLUGINS().enable_only("mailto", "mailtos")

ASSET = apprise.AppriseAsset(
    app_id="Bihuan", app_desc="闭环", app_url="", http_redirects=False, secure_logging=True,
    pem_autogen=False, pgp_autogen=False, async_mode=False, plugin_paths=[],
    default_service_retry=0,
)  # fmt: skip


def by_apprise(url: str) -> Any:  # noqa: ANN401 — apprise is untyped
    """Return the plugin for a URL that we built; None when Apprise does not accept it."""
    return apprise.Apprise.instantiate(url, asset=ASSET, suppress_exceptions=True)


def notify(plugin: Any, body: str, title: str, form: str) -> tuple[bool, str]:  # noqa: ANN401 — apprise is untyped
    """Send by one plugin; return whether it was taken, and what was said meanwhile.

    What was said may hold the address: whoever keeps it takes the secrets out first.
    """
    sender = apprise.Apprise(asset=ASSET)
    sender.add(plugin)
    with _EAR.listening() as said:
        sent = bool(sender.notify(body=body, title=title, body_format=form))
    return sent, said[-1] if said else ""


class _Robot:
    """What the robots share: post what ``say`` makes of a message, believe the answer's code."""

    base: ClassVar[str]
    path: ClassVar[str]
    code: ClassVar[str]

    def send_to(self, message: Message, base: str = "") -> tuple[bool, str]:
        """Post a message; return whether the robot took it, and what it answered."""
        try:
            answer = requests.post(
                (base or self.base) + self.path.format(key=self.secret_key()),
                json=self.say(message),
                params=self.signature(),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
            )
            said = answer.json()
        except requests.exceptions.JSONDecodeError:
            return False, f"HTTP {answer.status_code}"
        except requests.RequestException as fault:
            return False, type(fault).__name__
        verdict = said.get(self.code) if isinstance(said, dict) else None
        return answer.ok and verdict == 0, f"HTTP {answer.status_code}, {str(said)[:_MOST_SAID]}"

    def secret_key(self) -> str:
        return str(self.token)  # type: ignore[attr-defined] # Apprise's own attribute

    def signature(self) -> dict[str, Any]:
        return {}

    def say(self, message: Message) -> dict[str, Any]:
        raise NotImplementedError


class WeCom(_Robot, NotifyWeComBot):  # type: ignore[no-untyped-call] # apprise is half typed
    base = "https://qyapi.weixin.qq.com"
    path = "/cgi-bin/webhook/send?key={key}"
    code = "errcode"

    def secret_key(self) -> str:
        return str(self.key)

    def say(self, message: Message) -> dict[str, Any]:
        return {"msgtype": "markdown", "markdown": {"content": message.markdown}}


class DingTalk(_Robot, NotifyDingTalk):  # type: ignore[no-untyped-call] # apprise is half typed
    base = "https://oapi.dingtalk.com"
    path = "/robot/send?access_token={key}"
    code = "errcode"

    def signature(self) -> dict[str, Any]:
        if not self.secret:
            return {}
        timestamp, sign = self.get_signature()  # type: ignore[no-untyped-call] # apprise is half typed
        return {"timestamp": timestamp, "sign": sign}

    def say(self, message: Message) -> dict[str, Any]:
        # DingTalk's Markdown joins lines unless a blank line parts them.
        text = message.markdown.replace("\n", "\n\n")
        return {"msgtype": "markdown", "markdown": {"title": message.subject, "text": text}}


class Feishu(_Robot, NotifyFeishu):  # type: ignore[no-untyped-call] # apprise is half typed
    base = "https://open.feishu.cn"
    path = "/open-apis/bot/v2/hook/{key}"
    code = "code"

    def say(self, message: Message) -> dict[str, Any]:
        return {"msg_type": "text", "content": {"text": message.text}}


def robot(kind: str, token: str, secret: str) -> _Robot:
    """Return the robot that a key belongs to; raise TypeError for a key that is none."""
    made: Any = {"wecom": WeCom, "dingtalk": DingTalk, "feishu": Feishu}[kind]
    named = {"key": token} if kind == "wecom" else {"token": token}
    found: _Robot = made(**named, **({"secret": secret} if secret else {}), asset=ASSET)
    return found


class _Ear(logging.Filter):
    """Keeps what Apprise says to itself: to whoever listens in the same thread, else to nobody.

    ``apprise.LogCapture`` would hear every thread, and everybody else would go on hearing too.
    """

    def __init__(self) -> None:
        super().__init__()
        self._thread = local()

    def filter(self, record: logging.LogRecord) -> bool:
        if (said := getattr(self._thread, "said", None)) is not None:
            said.append(record.getMessage())
        return False

    @contextmanager
    def listening(self) -> Iterator[list[str]]:
        said: list[str] = []
        self._thread.said = said
        try:
            yield said
        finally:
            self._thread.said = None


# What Apprise says holds addresses and payloads.
_EAR = _Ear()
_LOGGER = logging.getLogger("apprise")
_LOGGER.addFilter(_EAR)
_LOGGER.setLevel(logging.DEBUG)
logging.getLogger("urllib3").setLevel(logging.WARNING)  # it logs addresses as well
