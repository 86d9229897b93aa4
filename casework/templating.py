"""Wordings of notices that an administrator put over ours, checked before they are in force."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from casework.contacts import require_administrator
from casework.errors import NotFound
from casework.forms import clean
from casework.office import Office
from casework.people import find_actor
from models.tables import NOTICE_TEMPLATES
from notifications.messages import Item, Letter, Message, compose
from notifications.wordings import KINDS, SAMPLES, Changed, Worded, check
from rules.wording import Locale, Wording

_LONGEST_SUBJECT = 200
_GIVEN_BACK = Worded("", "")


def adopt_wording(
    office: Office, kind: str, locale: Locale, worded: Worded, *, by: str, at: datetime
) -> None:
    """Put a wording in force for a kind of notice; an empty one gives ours back.

    Raise BadWording, naming the variable or mark that cannot be used, NotFound for a kind that is
    none, Refused without the role.
    """
    _require_kind(kind)
    subject = clean(worded.subject, where="subject", longest=_LONGEST_SUBJECT)
    text = clean(worded.text, where="text")
    if Worded(subject, text) != _GIVEN_BACK:
        check(Worded(subject, text))
    with office.writing() as connection:
        actor = find_actor(connection, by)
        require_administrator(connection, actor)
        row = {
            "kind": kind, "locale": locale, "subject": subject, "text": text, "adopted_at": at,
            "adopted_by_id": actor.id,
        }  # fmt: skip
        connection.execute(insert(NOTICE_TEMPLATES), row)


def wordings_in_force(connection: Connection, locale: Locale) -> Changed:
    """Return the administrator's wordings by kind; the newest wins, an empty one is none."""
    kept = NOTICE_TEMPLATES.c
    rows = connection.execute(
        select(kept.kind, kept.subject, kept.text).where(kept.locale == locale).order_by(kept.id)
    )
    newest = {row.kind: Worded(row.subject, row.text) for row in rows}
    return {kind: worded for kind, worded in newest.items() if worded != _GIVEN_BACK}


def preview(
    kind: str, locale: Locale, changed: Changed, *, base_url: str = ""
) -> Sequence[Message]:
    """Return what samples of a kind of notice look like; raise NotFound for none of ours."""
    _require_kind(kind)
    letter = Letter(Wording("张三", "Zhang San").say(locale), base_url, "")
    return [
        compose([Item(1, "1", kind, f"{said.number}/1/00000000", said)], letter, locale, changed)
        for said in SAMPLES
    ]


def _require_kind(kind: str) -> None:
    if kind not in KINDS:
        raise NotFound(
            Wording(f"没有“{kind}”这种通知", f"there is no kind of notice {kind!r}"),
            remedy=Wording("可填：" + "、".join(KINDS) + "。", "One of: " + ", ".join(KINDS) + "."),
            where="KIND",
        )
