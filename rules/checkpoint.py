"""Heads of the tree as signed notes: C2SP signed-note and tlog-checkpoint, with Ed25519 keys.

https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint. A checkpoint's text is an origin, a
size and a root in base64, a line each, then lines of our own (``time …``, ``key …``).
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"
_SIGNED = "— "
_MOST_SIGNATURES = 100  # as golang.org/x/mod/sumdb/note, so that a note costs a bounded time
_NAME = re.compile(r"[^\s+]+")
# One that a crash left half written is followed by a line that no note has there.
_NOTE = re.compile(r"(?:[^\n]+\n)+\n(?:— [^ \n]+ [^ \n]+\n)+(?=\n|\Z)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadNote(ValueError):
    """It is not a note, not a key, or not signed by the key that it names."""


class Verifier(NamedTuple):
    """A public key with the name it signs under."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return key_id(self.name, self.public)

    @property
    def text(self) -> str:
        """Return ``name+hash+key``, which may be shown to anybody."""
        return f"{self.name}+{self.id.hex()}+{b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Raise BadNote for what is not the text of a verifier key."""
        return cls(*_read_key(text))


class Signer(NamedTuple):
    """A private key with the name it signs under. It is shown nowhere."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        return f"Signer({self.verifier.text})"

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._key.public_key().public_bytes_raw())

    @property
    def text(self) -> str:
        """Return the private key as it stands in its file."""
        id_ = self.verifier.id.hex()
        return f"{_PRIVATE}{self.name}+{id_}+{b64encode(_ED25519 + self.seed).decode()}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Raise BadNote for what is not the text of a private key."""
        if not text.startswith(_PRIVATE):
            message = "not a private key"
            raise BadNote(message)
        name, id_, data = _parts(text.removeprefix(_PRIVATE))
        found = cls(name, data)
        if found.verifier.id.hex() != id_:
            message = "a key whose hash is not its own"
            raise BadNote(message)
        return found

    def sign(self, text: str) -> str:
        """Return the signature line over a text."""
        signature = self.verifier.id + self._key.sign(text.encode())
        return f"{_SIGNED}{self.name} {b64encode(signature).decode()}\n"

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


class Checkpoint(NamedTuple):
    """A head: the root over the first ``size`` leaves of the log called ``origin``."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{each}\n" for each in lines)

    @classmethod
    def read(cls, text: str) -> Self:
        """Raise BadNote for what is not a checkpoint's text."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            message = "not a checkpoint: origin, size and root are a line each"
            raise BadNote(message)
        origin, size, root, *extensions = lines
        if not re.fullmatch(r"0|[1-9][0-9]{0,18}", size, re.ASCII):
            message = "its size is not a number"
            raise BadNote(message)
        return cls(origin, int(size), _base64(root, 32), tuple(extensions))

    def extension(self, name: str) -> str:
        """Return what follows ``name`` in its line, '' when there is no such line."""
        found = (each for each in self.extensions if each.startswith(f"{name} "))
        return next(found, "").partition(" ")[2]


def key_id(name: str, public: bytes) -> bytes:
    return sha256(f"{name}\n".encode() + _ED25519 + public).digest()[:4]


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """Return the text with a signature of each. Raise BadNote for what no note may hold."""
    if not text.endswith("\n") or _CONTROL.search(text):
        message = "a note is lines of text"
        raise BadNote(message)
    return text + "\n" + "".join(each.sign(text) for each in signers)


def open_note(note: str, verifiers: Sequence[Verifier]) -> tuple[str, list[Verifier]]:
    """Return a note's text, and which of the keys signed it.

    Raise BadNote when none did, or when one that it names did not.
    """
    text, lines = _split(note)
    known = {(each.name, each.id): each for each in verifiers}
    signed = []
    for name, id_, signature in map(_signature, lines):
        verifier = known.pop((name, id_), None)
        if verifier:
            _require_signed(verifier, signature, text)
            signed.append(verifier)
    if not signed:
        message = "not signed by any key we know"
        raise BadNote(message)
    return text, signed


def notes_in(text: str) -> Iterator[str]:
    """Yield the notes of a file, one after the other; what is none is passed over."""
    for found in _NOTE.finditer(text):
        yield found.group()


def _split(note: str) -> tuple[str, list[str]]:
    head, gap, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if not gap or lines.pop() or not lines or _CONTROL.search(note):
        message = "not a signed note"
        raise BadNote(message)
    if len(lines) > _MOST_SIGNATURES:
        message = "too many signatures"
        raise BadNote(message)
    return head + "\n", lines


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, gap, data = line.removeprefix(_SIGNED).partition(" ")
    signature = _base64(data)
    if not line.startswith(_SIGNED) or not gap or not _NAME.fullmatch(name) or len(signature) < 5:
        message = "a malformed signature line"
        raise BadNote(message)
    return name, signature[:4], signature[4:]


def _require_signed(verifier: Verifier, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(verifier.public).verify(signature, text.encode())
    except InvalidSignature:
        message = f"the signature of {verifier.name} is not over this text"
        raise BadNote(message) from None


def _read_key(text: str) -> tuple[str, bytes]:
    name, id_, public = _parts(text)
    if key_id(name, public).hex() != id_:
        message = "a key whose hash is not its own"
        raise BadNote(message)
    return name, public


def _parts(text: str) -> tuple[str, str, bytes]:
    name, _, rest = text.partition("+")
    id_, gap, encoded = rest.partition("+")
    data = _base64(encoded, 33)
    if not gap or not _NAME.fullmatch(name) or data[:1] != _ED25519:
        message = "not an Ed25519 key: name+hash+key is expected"
        raise BadNote(message)
    return name, id_, data[1:]


def _base64(text: str, length: int | None = None) -> bytes:
    try:
        found = b64decode(text, validate=True)
    except (BadBase64, ValueError):
        found = b""
    # The last character has bits to spare: of the texts that mean the same bytes one is right.
    if b64encode(found).decode() != text:
        found = b""
    if not found or (length is not None and len(found) != length):
        message = "not the base64 of a key, hash or signature"
        raise BadNote(message)
    return found
