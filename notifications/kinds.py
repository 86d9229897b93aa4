"""The kinds of contacts: how each is typed, and how it is shown without giving it away.

People give an e-mail address, a robot's key or a phone number; we build the address. A webhook's
URL is held to ``notifications.addresses`` when it is typed and again whenever it is used.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from notifications.addresses import BadAddress, parse
from rules.wording import Wording

EMAIL, WECOM, DINGTALK, FEISHU, WEBHOOK, SMS = (
    "email", "wecom", "dingtalk", "feishu", "webhook", "sms",
)  # fmt: skip
ALL = (EMAIL, WECOM, DINGTALK, FEISHU, WEBHOOK, SMS)
ROBOTS = (WECOM, DINGTALK, FEISHU)

# The local part without quotes and without what a header or a list of addresses is made of.
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_WECOM = re.compile(r"[0-9A-Za-z_-]{16,64}")
_DINGTALK = re.compile(r"(?P<token>[0-9A-Za-z]{16,80})(:(?P<secret>SEC[0-9A-Za-z]{16,80}))?")
_FEISHU = re.compile(r"[0-9A-Za-z-]{16,64}")
_PHONE = re.compile(r"(\+?86)?(1[3-9][0-9]{9})")
_LONGEST = 500


def read(kind: str, typed: str) -> str:
    """Return the address of this kind as it will be kept; raise BadAddress."""
    text = typed.strip()
    if len(text) > _LONGEST:
        raise _unfit(_KINDS[kind])
    return _KINDS[kind].read(text)


def mask(kind: str, address: str) -> str:
    """Return how an address is shown: enough to know it again, too little to use it."""
    return _KINDS[kind].mask(address)


class _Kind(NamedTuple):
    label: Wording
    example: str
    read: Callable[[str], str]
    mask: Callable[[str], str]


def _email(text: str) -> str:
    if _EMAIL.fullmatch(text) is None:
        raise _unfit(_KINDS[EMAIL])
    return text


def _mask_email(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"


def _robot(kind: str, form: re.Pattern[str]) -> Callable[[str], str]:
    def read_key(text: str) -> str:
        if form.fullmatch(text) is None:
            raise _unfit(_KINDS[kind])
        return text

    return read_key


def _mask_key(label: str) -> Callable[[str], str]:
    return lambda address: f"{label} …{address.partition(':')[0][-4:]}"


def _webhook(text: str) -> str:
    parse(text)
    return text


def _mask_webhook(address: str) -> str:
    return f"{parse(address).host} …"


def _phone(text: str) -> str:
    found = _PHONE.fullmatch(re.sub(r"[\s-]", "", text))
    if found is None:
        raise _unfit(_KINDS[SMS])
    return found[2]


def _mask_phone(address: str) -> str:
    return f"{address[:3]}****{address[-4:]}"


def _unfit(kind: _Kind) -> BadAddress:
    return BadAddress(
        Wording(f"不是可用的{kind.label.zh}", f"it is not a usable {kind.label.en}"),
        remedy=Wording(f"例如 {kind.example}。", f"For example {kind.example}."),
        where="address",
    )


_KINDS = {
    EMAIL: _Kind(Wording("邮箱地址", "e-mail address"), "zhang@example.cn", _email, _mask_email),
    WECOM: _Kind(
        Wording("企业微信机器人密钥", "WeCom robot key"),
        "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa", _robot(WECOM, _WECOM), _mask_key("wecom"),
    ),
    DINGTALK: _Kind(
        Wording("钉钉机器人令牌", "DingTalk robot token"),
        "<token>:SEC<secret>", _robot(DINGTALK, _DINGTALK), _mask_key("dingtalk"),
    ),
    FEISHU: _Kind(
        Wording("飞书机器人令牌", "Feishu robot token"),
        "5f0d7f2a-1b2c-4d5e-8f90-1a2b3c4d5e6f", _robot(FEISHU, _FEISHU), _mask_key("feishu"),
    ),
    WEBHOOK: _Kind(
        Wording("网络地址", "webhook"), "https://example.cn/hook", _webhook, _mask_webhook
    ),
    SMS: _Kind(Wording("手机号", "mobile number"), "13812341234", _phone, _mask_phone),
}  # fmt: skip
