"""The ways out: one send to one address, and a receipt of what became of it.

The only place, with ``robots``, that knows Apprise, and the only one where an address is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from notifications import kinds
from notifications.addresses import Resolve, look_up, read_allowed
from notifications.mailbox import Mailbox
from notifications.messages import Message
from notifications.posting import Post, TextMessage, Webhook
from notifications.receipts import Receipt, without
from notifications.sealing import Keys, read_keys
from rules.wording import Locale, Trouble, Wording


class Channel(Protocol):
    def send(self, address: str, message: Message) -> Receipt:
        """Send one message to one address; never raise for what the other side did."""


@dataclass(frozen=True, slots=True)
class Channels:
    """What delivering needs: keys to open addresses, a channel for each kind, and our address."""

    keys: Keys
    by_kind: Mapping[str, Channel]
    base_url: str = ""
    locale: Locale = "zh"

    def send(self, kind: str, sealed: str, message: Message) -> Receipt:
        """Open an address and send to it; nothing of it is in the receipt."""
        try:
            address = self.keys.unseal(sealed)
        except Trouble as trouble:
            return Receipt(sent=False, detail=trouble.say(self.locale), final=True)
        channel = self.by_kind.get(kind)
        if channel is None:
            return Receipt(sent=False, detail=_NOT_SET_UP.say(self.locale).format(kind=kind))
        try:
            receipt = channel.send(address, message)
        except Trouble as trouble:  # an address that we refuse
            receipt = Receipt(sent=False, detail=trouble.say(self.locale), final=True)
        return receipt._replace(detail=without(receipt.detail, address))


def open_channels(
    environ: Mapping[str, str], folder: Path, *, locale: Locale = "zh", resolve: Resolve = look_up
) -> Channels:
    """Return the channels that the environment sets up; keys lie under ``folder``.

    ``BIHUAN_MAILBOX`` names a folder that takes every message instead of anybody outside.
    Raise BadAddress or BadSetting for a setting that cannot be used.
    """
    keys, base_url = read_keys(environ, folder), environ.get("BIHUAN_BASE_URL", "")
    if mailbox := environ.get("BIHUAN_MAILBOX"):
        into = Path(mailbox)
        every = {kind: Mailbox(into, kind) for kind in kinds.ALL}
        return Channels(keys, every, base_url, locale)
    post = Post(read_allowed(environ.get("BIHUAN_ALLOW_HOSTS", "")), resolve)
    found: dict[str, Channel] = {
        kinds.WEBHOOK: Webhook(post),
        **{
            kind: Robot(kind, environ.get(f"BIHUAN_{kind.upper()}_BASE", ""))
            for kind in kinds.ROBOTS
        },
    }
    if smtp := environ.get("BIHUAN_SMTP_URL"):
        found[kinds.EMAIL] = Email(smtp)
    if gateway := environ.get("BIHUAN_SMS_URL"):
        found[kinds.SMS] = TextMessage(post, gateway)
    return Channels(keys, found, base_url, locale)


class BadSetting(Trouble):
    """A setting of the operator's that cannot be used. Its words never repeat the setting."""


class Email:
    """By SMTP, through Apprise: ``smtp(s)://user:password@host:port?from=…``.

    smtps is TLS from the start. smtp is STARTTLS when a password or port 587 is given, and plain
    otherwise, for a relay on this machine; ``tls=no`` and ``tls=yes`` say it outright.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query))
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "from" not in asked:
            raise _bad_smtp()
        self._host, self._port = parts.hostname, parts.port
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._from = kinds.read(kinds.EMAIL, asked["from"])
        self._mode = "ssl" if parts.scheme == "smtps" else self._mode_of(asked.get("tls", ""))

    def send(self, address: str, message: Message) -> Receipt:
        from notifications import robots  # noqa: PLC0415 — Apprise takes a third of a second

        plugin = robots.by_apprise(self.url(address, message))
        if plugin is None:
            return Receipt(sent=False, detail="Apprise does not accept the address", final=True)
        sent, said = robots.notify(plugin, message.html, message.subject, "html")
        return Receipt(sent, without("" if sent else said, self._password, self._user))

    def url(self, address: str, message: Message) -> str:
        """Return Apprise's URL for one recipient."""
        from notifications.robots import TIMEOUTS  # noqa: PLC0415 — Apprise takes a third of a second

        login = f"{quote(self._user, safe='')}:{quote(self._password, safe='')}@"
        port = f":{self._port}" if self._port else ""
        asked = {
            "smtp": self._host, "from": self._from, "to": address, "mode": self._mode,
            "format": "html", "overflow": "upstream", "+X-Bihuan-Keys": " ".join(message.keys),
        }  # fmt: skip
        query = "&".join(f"{quote(name, safe='+')}={quote(value)}" for name, value in asked.items())
        schema = "mailto" if self._mode == "insecure" else "mailtos"
        return f"{schema}://{login if self._user else ''}{self._host}{port}?{query}&{TIMEOUTS}"

    def _mode_of(self, tls: str) -> str:
        starts = tls == "yes" or (tls != "no" and (self._password or self._port == 587))
        return "starttls" if starts else "insecure"


class Robot:
    """A group robot of WeCom, DingTalk or Feishu; ``base`` replaces its public address."""

    def __init__(self, kind: str, base: str = "") -> None:
        self._kind, self._base = kind, base.rstrip("/")

    def send(self, address: str, message: Message) -> Receipt:
        from notifications import robots  # noqa: PLC0415 — Apprise takes a third of a second

        token, _, secret = address.partition(":")
        robot = robots.robot(self._kind, token, secret)
        sent, said = robot.send_to(message, self._base)
        return Receipt(sent, without(said, token, secret))


def _bad_smtp() -> BadSetting:
    return BadSetting(
        Wording("邮件服务器设置有误", "it is no mail server's address"),
        remedy=Wording(
            "例如 smtps://用户:密码@smtp.example.cn:465?from=bihuan@example.cn。",
            "For example smtps://user:password@smtp.example.cn:465?from=bihuan@example.cn.",
        ),
        where="BIHUAN_SMTP_URL",
    )


_NOT_SET_UP = Wording("未设置 {kind} 渠道", "no channel is set up for {kind}")
