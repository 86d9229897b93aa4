"""A message to one person: one notice or several, as text, HTML and Markdown.

Every notice in it carries the case's number, what is asked, by when, a link, and its receipt
``case/seq/short hash``, which holds the history to what was told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.wordings import FOLDER, Changed, Said, inert, one_line, word
from rules.wording import Locale, Wording

HEAD = "head"
"""The kind of notice that is there to carry a head."""


@dataclass(frozen=True, slots=True)
class Item:
    """A notice that a message tells: its own number and key, and the receipt of its event."""

    notice: int
    key: str
    kind: str
    receipt: str
    said: Said


@dataclass(frozen=True, slots=True)
class Letter:
    """Whom a message is for, and where its links lead; '' leaves the links out.

    ``head`` is the size and root of the newest signed head: who keeps a digest can hold the
    history to it.
    """

    name: str
    base_url: str
    acknowledge: str
    head: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel sends. ``keys`` are the notices' own: a repeat has the same."""

    subject: str
    text: str
    html: str
    markdown: str
    keys: tuple[str, ...]


def compose(
    items: Sequence[Item], letter: Letter, locale: Locale, changed: Changed | None = None
) -> Message:
    """Return one message that tells all of ``items``; several make a digest."""
    lines = [_line(each, letter, locale, changed or {}) for each in items]
    subject = lines[0]["subject"] if len(lines) == 1 else _summary(items).say(locale)
    base = letter.base_url.rstrip("/")
    link = f"{base}/acknowledge/{letter.acknowledge}" if base and letter.acknowledge else ""
    facts = {
        "subject": subject, "name": inert(letter.name), "lines": lines, "acknowledge": link,
        "notices": " ".join(str(each.notice) for each in items), "locale": locale,
        "head": letter.head if carries_head(items) else "",
    }  # fmt: skip
    text, html, markdown = (
        _ENVIRONMENT.get_template(f"{locale}/frame.{form}").render(facts).strip() + "\n"
        for form in ("txt", "html", "md")
    )
    return Message(subject, text, html, markdown, tuple(each.key for each in items))


def carries_head(items: Sequence[Item]) -> bool:
    """Return whether a message of these ends with the newest head: a digest, or one for that."""
    return len(items) > 1 or any(each.kind == HEAD for each in items)


def _line(item: Item, letter: Letter, locale: Locale, changed: Changed) -> dict[str, Any]:
    worded = word(item.kind, item.said, locale, changed.get(item.kind))
    base, number = letter.base_url.rstrip("/"), item.said.number
    path = item.said.link or f"/case/{quote(number, safe='')}"
    return {
        "subject": worded.subject,
        "text": worded.text,
        "case": bool(number),
        "called": inert(number or item.said.title),
        "due": item.said.due,
        "receipt": item.receipt,
        "notice": item.notice,
        "link": f"{base}{path}" if base else "",
    }


def _summary(items: Sequence[Item]) -> Wording:
    late = sum(each.said.late for each in items)
    return Wording(
        f"【隐患整改】{len(items)} 条通知" + (f"，其中逾期 {late} 条" if late else ""),
        one_line(f"[Hazards] {len(items)} notices" + (f", {late} of them late" if late else "")),
    )


_ENVIRONMENT = ImmutableSandboxedEnvironment(
    loader=FileSystemLoader(FOLDER),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=lambda name: bool(name) and str(name).endswith(".html"),
)
