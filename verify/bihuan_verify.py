"""bihuan-verify: check offline what Bihuan 闭环 says happened to a case or record.

    python bihuan_verify.py BUNDLE [--key KEY] [--head FILE]… [--receipt RECEIPT] [--lang zh|en]

This one file needs Python 3.11 and the package "cryptography", and nothing of Bihuan's. It hashes
every event of the bundle anew (RFC 8785 JSON, SHA-256); checks that each follows from the one
before, that each is a leaf of the Merkle tree (RFC 6962, RFC 9162) under a signed head (C2SP signed
note, Ed25519), and that this head extends the older heads you hold. Exit code 0: all holds; 1:
something does not; 2: it is not a bundle.
"""

import argparse
import json
import re
import sys
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "bihuan-proof-1"
ALGORITHM = "sha256-jcs-1"
FIELDS = {"actor", "alg", "at", "body", "case", "door", "kind", "prev", "role", "seq"}
_NOTE = re.compile(r"(?:[^\n]+\n)+\n(?:— [^ \n]+ [^ \n]+\n)+(?=\n|\Z)")
_MALFORMED = AttributeError, LookupError, OSError, TypeError, ValueError, zipfile.BadZipFile
_LARGEST = 1 << 28  # bytes of a bundle; more is refused before it is unpacked


class Said(NamedTuple):
    """A sentence in both languages."""

    zh: str
    en: str


class Broken(Exception):
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.said = Said(zh, en)


class Head:
    """A signed head: the root over the first ``size`` events, and when it was signed."""

    def __init__(self, note: str, key: str) -> None:
        text, _, signatures = note.partition("\n\n")
        lines = text.split("\n")
        if len(lines) < 3 or not lines[1].isdecimal():
            raise Broken("检查点格式不对", "a head is malformed")
        self.origin, self.size, self.root = lines[0], int(lines[1]), _bytes(lines[2])
        self.time = next((each[5:] for each in lines[3:] if each.startswith("time ")), "")
        self.next_keys = [each[4:] for each in lines[3:] if each.startswith("key ")]
        _require_signed(text + "\n", signatures, key)


def check(bundle: dict[str, Any], keys: list[str], held: list[str]) -> Iterator[Said]:
    """Check a bundle with keys that are trusted, and notes that are held; yield what it proves.

    Raise Broken for the first thing that does not hold.
    """
    if bundle.get("format") != FORMAT:
        raise Broken("不认识的证明包格式", "this is no bundle that this verifier knows")
    trusted, older = list(keys), []
    for each in bundle["heads"]:  # the oldest first: a head tells of the key that follows its own
        try:
            head = _opened(each["checkpoint"], trusted)
        except Broken:
            continue  # by a key that you do not know: it proves nothing to you
        trusted += head.next_keys
        older.append((head, [*map(_bytes, each["proof"])]))
    newest = _opened(bundle["checkpoint"], trusted)
    for head, proof in older:
        _require_extension(head, newest, proof)
    yield from _check_events(bundle, newest)
    for head, _ in older:
        yield Said(
            f"此检查点是 {head.time} 检查点（{head.size} 条）的延伸。",
            f"The head extends that over {head.size} events of {head.time}.",
        )
    known = [*(head for head, _ in older), newest]
    yield from (_check_held(_opened(note, trusted), known) for note in held)
    yield from _check_private(bundle)


def check_receipt(bundle: dict[str, Any], receipt: str) -> Said:
    """Say that a receipt (case/seq/short hash) is of one of the events; raise Broken."""
    subject, seq, short = receipt.rsplit("/", 2)
    hashes = {each["event"]["seq"]: _leaf(each["event"]).hex() for each in bundle["events"]}
    own = subject in (bundle["subject"], bundle["subject"].partition(":")[2])  # or without its kind
    if not own or not short or not hashes.get(int(seq), "").startswith(short):
        raise Broken(f"回执 {receipt} 不在其中", f"the receipt {receipt} is of none of the events")
    return Said(f"回执 {receipt} 属实。", f"The receipt {receipt} is true.")


def read_bundle(path: Path) -> dict[str, Any]:
    """Return the bundle in a ZIP or JSON file."""
    if not zipfile.is_zipfile(path):
        return dict(json.loads(path.read_text(encoding="utf-8")))
    with zipfile.ZipFile(path) as archive:
        name = "proof.json" if "proof.json" in archive.namelist() else "bundle.json"  # a look-back
        if archive.getinfo(name).file_size > _LARGEST:
            raise ValueError(path)
        return dict(json.loads(archive.read(name)))


def _check_events(bundle: dict[str, Any], newest: Head) -> Iterator[Said]:
    """Check hashes, chain and places in the tree."""
    previous, proven = "0" * 64, 0
    for number, each in enumerate(bundle["events"], start=1):
        event = each["event"]
        found = _leaf(event)
        if event["case"] != bundle["subject"] or event["seq"] != number:
            raise Broken(f"第 {number} 条经过不见了", f"event {number} is missing")
        if event["prev"] != previous:
            raise Broken(f"第 {number} 条经过接不上前一条", f"event {number} does not follow")
        if each.get("leaf") is not None:
            path = [*map(_bytes, each["path"])]
            here = _is_included(found, each["leaf"], newest.size, path, newest.root)
            if proven != number - 1 or not here:
                zh = f"第 {number} 条经过不在检查点之内：内容被改过，或证明是假的"
                raise Broken(zh, f"event {number} is not under the head: altered, or its proof is")
            proven = number
        previous = found.hex()
    if not proven:
        raise Broken("没有一条经过已封存", "none of the events is sealed")
    yield Said(
        f"{bundle['subject']}：前 {proven} 条经过逐条核对无误，中间没有缺失，"
        f"全部在 {newest.time} 签署的检查点（{newest.size} 条）之内。",
        f"{bundle['subject']}: its first {proven} events are intact, none between is missing, "
        f"and all stand under the head over {newest.size} events signed at {newest.time}.",
    )
    if more := len(bundle["events"]) - proven:
        zh = f"最后 {more} 条尚未封存，没有证明。"
        yield Said(zh, f"The last {more} are not sealed yet: nothing is proven of them.")


def _leaf(event: dict[str, Any]) -> bytes:
    """Return an event's hash: of a zero byte and its RFC 8785 JSON, which is this for text and
    small integers under ASCII names.
    """
    plain = all(each is None or type(each) in (str, int) for each in event.values())
    if set(event) != FIELDS or not plain or event["alg"] != ALGORITHM:
        raise Broken("经过的格式不对", "an event is malformed")
    text = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(b"\x00" + text.encode()).digest()


def _is_included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for each in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = _node(each, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = _node(found, each)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def _require_extension(old: Head, new: Head, proof: list[bytes]) -> None:
    if old.origin != new.origin or not _is_extension(old, new, proof):
        zh = f"检查点（{new.size} 条）不是检查点（{old.size} 条）的延伸：历史被改写"
        raise Broken(zh, f"the heads over {old.size} and {new.size} events part: it was rewritten")


def _is_extension(old: Head, new: Head, proof: list[bytes]) -> bool:
    """RFC 9162, section 2.1.4.2."""
    if not 0 < old.size <= new.size or (old.size == new.size) != (not proof):
        return False
    if old.size == new.size:
        return old.root == new.root
    path = [old.root, *proof] if old.size & (old.size - 1) == 0 else proof
    place, last = old.size - 1, new.size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = _node(each, before), _node(each, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = _node(after, each)
        place, last = place >> 1, last >> 1
    return last == 0 and (before, after) == (old.root, new.root)


def _check_held(mine: Head, known: list[Head]) -> Said:
    """Hold a head that you kept against those in the bundle."""
    same = next((head for head in known if head.size == mine.size), None)
    if same is None:
        zh = f"包内没有您所存检查点（{mine.size} 条）的衔接证明，请用 audit prove --head 重新出具"
        raise Broken(zh, f"it has no proof for your head over {mine.size}: `audit prove --head`")
    if (same.root, same.origin) != (mine.root, mine.origin):
        zh = f"与您所存的检查点（{mine.size} 条）不符：历史被改写"
        raise Broken(zh, f"your head over {mine.size} events differs: history was rewritten")
    return Said(
        f"与您所存的检查点（{mine.size} 条，{mine.time}）一致。",
        f"Your head over {mine.size} events of {mine.time} agrees.",
    )


def _check_private(bundle: dict[str, Any]) -> Iterator[Said]:
    bodies = {each["event"]["seq"]: json.loads(each["event"]["body"]) for each in bundle["events"]}
    for each in bundle.get("private", []):
        field, salted = each["field"], f"{each['salt']}\x00{each['value']}"
        if bodies[each["seq"]].get(field) != {"digest": sha256(salted.encode()).hexdigest()}:
            raise Broken(f"{field} 与封存的摘要不符", f"{field} is not what was sealed")
        yield Said(f"{field} 与封存的摘要一致。", f"{field} is what was sealed.")


def _opened(note: str, keys: list[str]) -> Head:
    """Return a head that one of the keys signed."""
    for key in keys:
        with suppress(Broken):
            return Head(note, key)
    raise Broken("检查点不是可信的公钥签署的", "a head is not signed by a key you trust")


def _require_signed(text: str, signatures: str, key: str) -> None:
    """Raise Broken unless ``key`` (name+hash+key) signed the text."""
    name, _, rest = key.partition("+")
    id_, _, encoded = rest.partition("+")
    data = _bytes(encoded)
    if data[:1] != b"\x01" or sha256(f"{name}\n".encode() + data).hexdigest()[:8] != id_:
        raise Broken("公钥格式不对", "the key is malformed")
    for line in signatures.splitlines():
        signed = _bytes(line.rpartition(" ")[2])
        if line.startswith(f"— {name} ") and signed[:4].hex() == id_:
            try:
                Ed25519PublicKey.from_public_bytes(data[1:]).verify(signed[4:], text.encode())
            except InvalidSignature:
                break
            return
    raise Broken("检查点不是此密钥签署的", "a head is not signed by the key")


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _bytes(text: str) -> bytes:
    found = b64decode(text, validate=True)
    return found if b64encode(found).decode() == text else b""  # one text for the same bytes


def _all_said(asked: argparse.Namespace) -> Iterator[Said]:
    bundle = read_bundle(asked.bundle)
    held = [note for path in asked.head for note in _NOTE.findall(path.read_text("utf-8"))]
    yield from check(bundle, asked.key or [bundle["key"]], held)
    if asked.receipt:
        yield check_receipt(bundle, asked.receipt)
    if not asked.key:
        yield Said(
            f"注意：用的是包内自带的公钥，请与您另行得到的核对：{bundle['key']}",
            f"Mind: the key is the bundle's own; compare it with yours: {bundle['key']}",
        )
    yield Said(
        "此包不证明其后没有更新的经过。检查点签署之前是否有过改写，只有另存于他处的检查点能够说明。",
        "This does not prove that nothing happened later. Whether anything was rewritten before "
        "the head was signed, only heads kept elsewhere can tell.",
    )


def main(arguments: list[str] | None = None) -> int:
    """Carry out the command; return its exit code."""
    parser = argparse.ArgumentParser("bihuan-verify", description="核对证明包 / check a bundle")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", action="append", help="可信的公钥 / a key you trust")
    parser.add_argument("--head", action="append", default=[], type=Path, help="检查点 / heads")
    parser.add_argument("--receipt", help="案件/序/短哈希 / case/seq/short hash")
    parser.add_argument("--lang", choices=Said._fields, default="zh")
    asked = parser.parse_args(arguments)
    try:
        lines, code = [getattr(said, asked.lang) for said in _all_said(asked)], 0
    except Broken as broken:
        prefix = Said("不成立：", "It does not hold: ")
        lines, code = [getattr(prefix, asked.lang) + getattr(broken.said, asked.lang)], 1
    except _MALFORMED as fault:
        lines, code = [f"不是证明包 / not a bundle: {fault!r}"], 2
    sys.stdout.write("\n".join(lines) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
