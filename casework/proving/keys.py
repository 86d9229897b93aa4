"""The keys that sign heads: outside of the database, the newest first.

``BIHUAN_SEAL_KEY`` (comma-separated), else ``keys/seal.key`` at home, one a line, made at first use
for its owner's eyes only. The first is the private key that signs; those after it are older ones,
private or public, whose heads stay trusted.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes, token_hex
from tempfile import NamedTemporaryFile

from casework.errors import Invalid
from rules.checkpoint import BadNote, Signer, Verifier
from rules.wording import Wording

FILE = Path("keys") / "seal.key"
KEY = "BIHUAN_SEAL_KEY"
NAME = "BIHUAN_SEAL_NAME"


@dataclass(frozen=True, slots=True)
class SealKeys:
    """``signers`` sign, the first of them from now on; ``verifiers`` are all that is trusted."""

    signers: tuple[Signer, ...]
    verifiers: tuple[Verifier, ...]

    @property
    def origin(self) -> str:
        """Return what the log is called: the name of the key that signs now."""
        return self.signers[0].name

    @property
    def newest(self) -> Verifier:
        return self.signers[0].verifier


def read_seal_keys(environ: Mapping[str, str], folder: Path) -> SealKeys:
    """Return the keys of this installation, making the first one; raise Invalid for bad ones."""
    given = environ.get(KEY, "")
    path = folder / FILE
    if not given and not path.exists():
        _make(path, environ.get(NAME, "") or f"bihuan/{token_hex(8)}")
    return _read(given or path.read_text(encoding="utf-8"), KEY if given else str(FILE))


def new_signer(name: str) -> Signer:
    return Signer(name, token_bytes(32))


def write_keys(folder: Path, keys: Sequence[Signer | Verifier]) -> None:
    """Put these keys, the newest first, in the place of the file's; whole or not at all."""
    path = folder / FILE
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:  # made with 0600
        _fill(file.name, keys)
        Path(file.name).replace(path)


def _read(text: str, where: str) -> SealKeys:
    words = text.replace(",", "\n").split()
    try:
        keys = [Signer.read(each) if "PRIVATE+" in each else Verifier.read(each) for each in words]
    except BadNote as fault:
        raise _bad_key(where) from fault
    if not keys or not isinstance(keys[0], Signer) or len({each.name for each in keys}) > 1:
        raise _bad_key(where)
    signers = tuple(each for each in keys if isinstance(each, Signer))
    return SealKeys(
        signers, tuple(each.verifier if isinstance(each, Signer) else each for each in keys)
    )


def _make(path: Path, name: str) -> None:
    """Write a first key, whole or not at all; whoever comes second takes the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=True) as file:  # made with 0600
        _fill(file.name, [new_signer(name)])
        with suppress(FileExistsError):
            path.hardlink_to(file.name)


def _fill(name: str, keys: Sequence[Signer | Verifier]) -> None:
    with Path(name).open("w", encoding="utf-8") as file:
        file.writelines(f"{each.text}\n" for each in keys)
        file.flush()
        os.fsync(file.fileno())


def _bad_key(where: str) -> Invalid:
    return Invalid(
        Wording("封签密钥格式不对", "it is not a key to seal with"),
        remedy=Wording(
            "首个须为私钥（PRIVATE+KEY+名称+…），其后可列旧密钥，名称相同；"
            "可用 bihuan audit key 查看。",
            "First a private key (PRIVATE+KEY+name+…), then older ones of the same name.",
        ),
        where=where,
    )
