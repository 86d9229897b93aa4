"""Add, pause, resume and remove a webhook, as an administrator."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from casework.errors import Invalid, Refused
from casework.lookback.names import read_name
from casework.office import Office
from casework.people import find_unit
from casework.proving.sealing import Outside, count_events
from casework.webhooks.store import Hand, administrator, find_webhook, remember
from models import WebhookState
from models.tables import LEAVES, ORGANISATIONS, WEBHOOKS
from notifications.hooks import new_secret
from notifications.kinds import WEBHOOK, mask, read
from notifications.sealing import Keys
from notifications.sentences import KINDS
from rules.webhooks import WebhookAct
from rules.wording import Wording


class Wanted(NamedTuple):
    """A webhook to be: no ``kinds`` are all, no ``place`` is the whole organisation."""

    name: str
    url: str
    kinds: Sequence[str] = ()
    place: str = ""


class Added(NamedTuple):
    """What was added; ``secret`` is shown now and never again."""

    name: str
    shown: str
    secret: str


def add_webhook(
    office: Office, keys: Keys, wanted: Wanted, hand: Hand, outside: Outside | None
) -> Added:
    """Add a webhook that hears of what happens from now on; without ``outside`` also of what was
    not sealed yet.

    Raise Refused for a name in use or without the right, BadAddress, Invalid for a kind or name,
    NotFound for a place.
    """
    name, kinds, url = read_name(wanted.name), _kinds(wanted.kinds), read(WEBHOOK, wanted.url)
    with office.reading() as connection:
        administrator(connection, hand.by)
    if outside is not None:
        count_events(office, outside)  # what happened before is counted, and not told
    secret, shown = new_secret(), mask(WEBHOOK, url)
    with office.writing() as connection:
        by = administrator(connection, hand.by)
        _refuse_used(connection, name)
        place = _place(connection, wanted.place)
        row = {
            "name": name, "place_id": place.id, "kinds": kinds, "sealed_url": keys.seal(url),
            "sealed_secret": keys.seal(secret), "old_secrets": [], "shown": shown,
            "state": WebhookState.ACTIVE, "cursor": _size(connection), "next_at": hand.at,
            "added_at": hand.at,
        }  # fmt: skip
        number = connection.execute(insert(WEBHOOKS).returning(WEBHOOKS.c.id), row).scalar_one()
        said = {"shown": shown, "kinds": kinds, "place": place.code}
        _remember(connection, (number, name), WebhookAct.ADD, said, by, hand)
    return Added(name, shown, secret)


def pause_webhook(office: Office, name: str, hand: Hand) -> None:
    """Let nothing leave until it is resumed; what happens meanwhile waits."""
    _change(office, name, WebhookAct.PAUSE, {"state": WebhookState.PAUSED}, hand)


def resume_webhook(office: Office, name: str, hand: Hand) -> None:
    """Go on where it stood, with fresh tries, after a pause or after it was given up."""
    again = {"state": WebhookState.ACTIVE, "tries": 0, "reason": "", "next_at": hand.at}
    _change(office, name, WebhookAct.RESUME, again, hand)


def remove_webhook(office: Office, name: str, hand: Hand) -> None:
    """Forget address and secret for good; its receipts and history stay."""
    gone = {"state": WebhookState.REMOVED, "sealed_url": "", "sealed_secret": "", "old_secrets": []}
    _change(office, name, WebhookAct.REMOVE, gone, hand)


def _change(office: Office, name: str, act: WebhookAct, values: dict[str, Any], hand: Hand) -> None:
    with office.writing() as connection:
        by = administrator(connection, hand.by)
        row = find_webhook(connection, name, to_change=True)
        if row.state == values["state"]:
            return
        # The lease stays: whoever is posting just now still says how far it came.
        connection.execute(update(WEBHOOKS).where(WEBHOOKS.c.id == row.id).values(**values))
        _remember(connection, (row.id, row.name), act, {}, by, hand)


def _remember(
    connection: Connection,
    hook: tuple[int, str],
    act: WebhookAct,
    body: dict[str, Any],
    by: int | None,
    hand: Hand,
) -> None:
    remember(connection, hook, act, body, by=by, at=hand.at, door=hand.door)


def _size(connection: Connection) -> int:
    counted = select(func.coalesce(func.max(LEAVES.c.number) + 1, 0))
    return int(connection.execute(counted).scalar_one())


def _place(connection: Connection, written: str) -> Any:  # noqa: ANN401 — a unit, or the root's row
    if written.strip():
        return find_unit(connection, written, where="place")
    root = select(ORGANISATIONS).where(ORGANISATIONS.c.parent_id.is_(None))
    return connection.execute(root).one()


def _kinds(written: Sequence[str]) -> list[str]:
    kinds = list(dict.fromkeys(each.strip().removeprefix("case.") for each in written))
    kinds = [each for each in kinds if each]
    for each in kinds:
        if each not in KINDS:
            raise Invalid(
                Wording(f"没有“{each[:40]}”这种事件", f"there is no kind of event {each[:40]!r}"),
                remedy=Wording(
                    "可填：" + "、".join(sorted(KINDS)) + "。",
                    "One of: " + ", ".join(sorted(KINDS)),
                ),
                where="kinds",
            )
    return kinds


def _refuse_used(connection: Connection, name: str) -> None:
    used = select(WEBHOOKS.c.id).where(
        WEBHOOKS.c.name == name, WEBHOOKS.c.state != WebhookState.REMOVED
    )
    if connection.execute(used).first():
        raise Refused(
            Wording(f"已有名为“{name}”的网址回调", f"there is a webhook called {name!r}"),
            remedy=Wording("请另取名称。", "Take another name."),
            where="name",
        )
