"""Webhooks: where case events are posted to, for administrators."""

from collections.abc import Callable, Mapping

from casework.accounts.tokens import Scope
from casework.events import Door
from casework.office import Office
from casework.webhooks.acts import (
    Wanted,
    add_webhook,
    pause_webhook,
    remove_webhook,
    resume_webhook,
)
from casework.webhooks.listing import list_receipts, list_webhooks
from casework.webhooks.rotating import rotate_secret
from casework.webhooks.store import Hand
from casework.webhooks.trying import try_webhook
from rules.access import Verb
from web.api import asked, sent, supervision
from web.api.calls import Asked
from web.api.routing import Operations

operations = Operations("webhooks")


@operations.get("/webhooks", permission=Verb.ADMINISTER, scope=Scope.ADMINISTER)
def list_webhooks_(call: Asked) -> list[supervision.Webhook]:
    """List webhooks: how each stands and how far behind it is, never its address or secret."""
    rows = list_webhooks(call.office, by=call.by)
    return [supervision.Webhook.model_validate(dict(each)) for each in rows]


@operations.post("/webhooks", permission=Verb.ADMINISTER, scope=Scope.ADMINISTER)
def add_webhook_(call: Asked, wanted: sent.NewWebhook) -> supervision.WebhookAdded:
    """Add a webhook that hears of what happens from now on; its secret is told once."""
    asked_ = Wanted(wanted.name, wanted.url, tuple(wanted.kinds), wanted.place)
    added = add_webhook(call.office, call.settings.keys, asked_, _hand(call), call.settings.outside)
    return supervision.WebhookAdded.model_validate(added._asdict())


@operations.get("/webhooks/{name}/receipts", permission=Verb.ADMINISTER, scope=Scope.ADMINISTER)
def list_webhook_receipts(call: Asked, name: asked.Number) -> list[supervision.WebhookReceipt]:
    """List what became of a webhook's latest messages."""
    rows = list_receipts(call.office, name, by=call.by)
    return [supervision.WebhookReceipt.model_validate(dict(each)) for each in rows]


@operations.post("/webhooks/{name}/acts", permission=Verb.ADMINISTER, scope=Scope.ADMINISTER)
def act_on_webhook(
    call: Asked, name: asked.Number, wanted: sent.NewWebhookAct
) -> supervision.WebhookActed:
    """Pause a webhook, let it go on where it stood, forget it, or try it out."""
    if wanted.act == "test":
        receipt = try_webhook(call.office, call.settings.posting, name, _hand(call))
        return supervision.WebhookActed(
            name=name, act=wanted.act, sent=receipt.sent, detail=receipt.detail
        )
    _ACTS[wanted.act](call.office, name, _hand(call))
    return supervision.WebhookActed(name=name, act=wanted.act)


@operations.post("/webhooks/{name}/secret", permission=Verb.ADMINISTER, scope=Scope.ADMINISTER)
def rotate_webhook_secret(
    call: Asked, name: asked.Number, wanted: sent.NewWebhookSecret
) -> supervision.WebhookRotated:
    """Change a webhook's secret; both sign for a while, so that no message is turned away."""
    made = rotate_secret(call.office, call.settings.keys, name, _hand(call), hours=wanted.hours)
    return supervision.WebhookRotated.model_validate(made._asdict())


_ACTS: Mapping[str, Callable[[Office, str, Hand], None]] = {
    "pause": pause_webhook, "resume": resume_webhook, "remove": remove_webhook,
}  # fmt: skip


def _hand(call: Asked) -> Hand:
    return Hand(call.by, call.at, Door.API)
