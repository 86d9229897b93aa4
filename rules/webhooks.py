"""What happens to a webhook, as its history tells it, and what of an event may leave the house."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from rules.wording import Wording

TEST = "webhook.test"
"""The kind of a message that tells of no event."""


class WebhookAct(StrEnum):
    ADD = "add_webhook"
    PAUSE = "pause_webhook"
    RESUME = "resume_webhook"
    ROTATE = "rotate_webhook_secret"
    REMOVE = "remove_webhook"
    GIVE_UP = "give_up_webhook"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    WebhookAct.ADD: Wording("新增网址回调", "added the webhook"),
    WebhookAct.PAUSE: Wording("暂停网址回调", "paused the webhook"),
    WebhookAct.RESUME: Wording("恢复网址回调", "resumed the webhook"),
    WebhookAct.ROTATE: Wording("更换签名密钥", "changed the webhook's secret"),
    WebhookAct.REMOVE: Wording("删除网址回调", "removed the webhook"),
    WebhookAct.GIVE_UP: Wording("多次失败，停用网址回调", "gave the webhook up after every try"),
}

# Words that people wrote (reasons, descriptions, names) never leave: only what the rules made.
_CHANGES = ("state", "level", "claimed", "voided", "listed", "cycle", "extensions")
_STEP = ("stage", "days_late", "due")


def type_of(kind: str) -> str:
    """Return an event's type as receivers see it: ``case.approve_plan``."""
    return f"case.{kind}"


def open_facts(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event's body tells that is nobody's words and nobody's name.

    ``changed`` holds pairs of before and after, ``due`` the end of a clock that was started.
    """
    changed = {name: body["changed"][name] for name in _CHANGES if name in body.get("changed", {})}
    told = {name: body[name] for name in _STEP if name in body}
    clock = {
        name: body["clock"][name] for name in ("due", "stage") if name in body.get("clock", {})
    }
    return {**({"changed": changed} if changed else {}), **told, **clock}


STATES = {
    "active": Wording("启用", "active"),
    "paused": Wording("已暂停", "paused"),
    "dead": Wording("已停用", "given up"),
}
"""How a webhook stands, as it is shown; a removed one is shown nowhere."""
