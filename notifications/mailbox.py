"""A folder instead of the world, for demonstrations and rehearsals."""

import json
from email.message import EmailMessage
from pathlib import Path

from notifications import kinds
from notifications.messages import Message
from notifications.receipts import Receipt, digest


class Mailbox:
    """A folder that takes messages as files, for demonstrations: .eml for e-mail, else .json."""

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder, self._kind = folder, kind

    def send(self, address: str, message: Message) -> Receipt:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        shown = kinds.mask(self._kind, address)
        name = f"{digest(message.keys)[:16]}-{self._kind}"
        if self._kind == kinds.EMAIL:
            path, data = self._folder / f"{name}.eml", _as_email(shown, message)
        else:
            path, data = self._folder / f"{name}.json", _as_json(self._kind, shown, message)
        part = path.with_suffix(".part")
        part.write_bytes(data)
        part.rename(path)
        return Receipt(sent=True, detail=path.name)


def _as_email(to: str, message: Message) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["To"], mail["X-Bihuan-Keys"] = message.subject, to, " ".join(message.keys)
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail.as_bytes()


def _as_json(kind: str, to: str, message: Message) -> bytes:
    body = {
        "kind": kind, "to": to, "subject": message.subject, "text": message.text,
        "markdown": message.markdown, "keys": message.keys,
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, indent=2).encode()
