"""The checkpoint of a bundle: its events are leaves of the tree under a head that was signed."""

from base64 import b64decode
from collections.abc import Sequence

from casework.lookback.bundle_reading import Bundle
from casework.lookback.checks import absent, differs
from casework.lookback.looks import SUBJECT
from casework.lookback.parts import Name, Proof, ProvenEvent
from casework.records import called
from rules.checkpoint import BadNote, Checkpoint, Verifier, open_note
from rules.merkle import is_included
from rules.proof import event_hash

_WHERE = Name.PROOF.value


def check_checkpoint(bundle: Bundle, keys: Sequence[str]) -> None:
    """Whether every event lies under a head signed by one of the keys that somebody trusts.

    Without any, all is checked under the bundle's own key, which shows only that the bundle agrees
    with itself: that is nobody's proof, and the check counts as not made.
    """
    proof = bundle.parts.proof
    if proof is None:
        absent("文件包未附全局封存的证明", "the bundle holds no proof from a sealed checkpoint")
    head = _head(proof, keys or [proof.key])
    _check_events(bundle, proof)
    sealed = [each for each in proof.events if each.leaf is not None]
    if sealed != proof.events[: len(sealed)]:
        differs("封存的经过中间有缺失", "an event between sealed ones is not sealed", _WHERE)
    for seq, each in enumerate(sealed, start=1):
        _check_leaf(bundle, head, each, seq)
    if more := len(proof.events) - len(sealed):
        absent(f"最后 {more} 条尚未封存", f"the last {more} are not sealed yet")
    if not keys:
        absent(
            f"与所附公钥相符，请用 --key 另行核对：{proof.key}",
            f"it holds under the bundle's own key: compare with --key: {proof.key}",
        )


def _head(proof: Proof, keys: Sequence[str]) -> Checkpoint:
    try:
        text, _ = open_note(proof.checkpoint, [Verifier.read(each.strip()) for each in keys])
        return Checkpoint.read(text)
    except BadNote as fault:
        differs("检查点不是可信的公钥签署的", f"the head is not signed by the key: {fault}", _WHERE)


def _check_events(bundle: Bundle, proof: Proof) -> None:
    """The events of the proof are those of the history, one for one."""
    if proof.subject != called(SUBJECT, bundle.parts.about.number):
        differs("证明属于另一次回头看", "the proof is of another look-back", _WHERE)
    told = [each.model_dump(exclude={"hash"}) for each in bundle.events]
    if told != [each.event for each in proof.events]:
        differs("证明中的经过与历史不同", "the proof's events are not the history's", _WHERE)


def _check_leaf(bundle: Bundle, head: Checkpoint, each: ProvenEvent, seq: int) -> None:
    path = [b64decode(text, validate=True) for text in each.path]
    leaf = bytes.fromhex(event_hash(bundle.events[seq - 1].sealed()))
    if each.leaf is None or not is_included(leaf, each.leaf, head.size, path, head.root):
        differs(
            f"第 {seq} 条不在检查点之内", f"event {seq} is not under the head", f"{_WHERE}: {seq}"
        )
