"""Addresses sealed with keys that are not in the database, and signatures of the same family.

Whoever has the database, a backup or an export has no address. Several keys open, the newest
seals: put a new one before the old and both go on working.
"""

import base64
import hmac
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from rules.wording import Trouble, Wording

_FILE = Path("keys") / "contacts.key"
_BYTES = 32


class Unopened(Trouble):
    """No key that we have opens it."""


class Keys:
    """Keys, the newest first. They are shown nowhere."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raise Unopened for a key that is none: 32 bytes in base64 for URLs."""
        try:
            self._fernet = MultiFernet([Fernet(each) for each in keys])
            self._signing = [_derived(each) for each in keys]
        except ValueError as fault:
            raise _bad_key() from fault

    def __repr__(self) -> str:
        return f"Keys({len(self._signing)})"

    def seal(self, plain: str) -> str:
        return self._fernet.encrypt(plain.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Return what was sealed; raise Unopened when it was by another key, or was altered."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unopened(
                Wording("没有能打开此密文的密钥", "no key opens what was sealed"),
                remedy=Wording(
                    "请把原来的密钥加回 BIHUAN_KEY。联系方式可重新登记；"
                    "回头看的秘密值只能用原密钥打开。",
                    "Put its key back into BIHUAN_KEY. A contact can be added again; the secret "
                    "of a look-back opens with its own key only.",
                ),
                where="BIHUAN_KEY",
            ) from None

    def sign(self, text: str) -> str:
        return _signature(self._signing[0], text)

    def is_signed(self, text: str, signature: str) -> bool:
        """Return whether any of the keys signed this text."""
        given = signature.encode()
        return any(
            hmac.compare_digest(_signature(key, text).encode(), given) for key in self._signing
        )


def read_keys(environ: Mapping[str, str], folder: Path) -> Keys:
    """Return the keys of ``BIHUAN_KEY`` (comma-separated), else of ``keys/contacts.key``.

    The file, one key a line, is made at first use, for its owner's eyes only.
    """
    given = environ.get("BIHUAN_KEY", "")
    text = given or _read_or_make(folder / _FILE)
    return Keys([each for each in text.replace(",", "\n").split() if each])


def _read_or_make(path: Path) -> str:
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii")


def _make(path: Path) -> None:
    """Write a new key, whole or not at all; whoever comes second takes the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=True) as file:  # made with 0600
        file.write(Fernet.generate_key() + b"\n")
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(file.name)


def _derived(key: str) -> bytes:
    return hmac.digest(base64.urlsafe_b64decode(key), b"bihuan: links", "sha256")


def _signature(key: bytes, text: str) -> str:
    made = hmac.new(key, text.encode(), sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def _bad_key() -> Unopened:
    return Unopened(
        Wording("密钥格式不对", "it is not a key"),
        remedy=Wording(
            f"须为 {_BYTES} 字节的 URL 安全 base64，多个以逗号分隔，新的在前。",
            f"It takes {_BYTES} bytes in URL-safe base64, several parted by commas, newest first.",
        ),
        where="BIHUAN_KEY",
    )
