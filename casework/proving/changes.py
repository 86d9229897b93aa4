"""Changes to the log itself: a new key, and going on after an old backup was restored."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from casework.errors import Refused
from casework.forms import clean
from casework.office import Office
from casework.people import find_actor
from casework.proving.acts import SealAct, given_up, require_may_administer, tell_act
from casework.proving.heads import OutsideHead, places_of, read_heads
from casework.proving.keys import KEY, SealKeys, new_signer, read_seal_keys, write_keys
from casework.proving.sealing import Outside, SealRun, seal
from casework.proving.tree import StoredTree
from rules.wording import Wording


def rotate_key(
    office: Office, environ: Mapping[str, str], folder: Path, *, by: str, reason: str, at: datetime
) -> SealRun:
    """Sign with a new key from now on; the head that says so is signed by both.

    The old private key is then forgotten, the old public one stays beside the new. Raise Refused
    for anybody but an administrator, or when the key is not in its file.
    """
    old = read_seal_keys(environ, folder)
    if environ.get(KEY):
        raise _not_in_its_file()
    new = new_signer(old.origin)
    with office.writing() as connection:
        actor = find_actor(connection, by)
        require_may_administer(actor)
        body = {
            "new": new.verifier.text, "old": old.newest.text,
            "reason": clean(reason, where="--reason"),
        }  # fmt: skip
        tell_act(connection, SealAct.ROTATE, actor, "", body, at=at)
        write_keys(folder, [new, old.signers[0], *old.verifiers[1:]])
    keys = SealKeys((new, old.signers[0]), (new.verifier, *old.verifiers))
    run = seal(office, Outside(places_of(environ, folder), keys), at=at)
    write_keys(folder, [new, *old.verifiers])
    return run


def restart_log(office: Office, outside: Outside, *, by: str, reason: str, at: datetime) -> SealRun:
    """Go on after an old backup was restored, giving up the heads over what it lost.

    Each of them is named in the history of the log, with the reason. Raise Refused for anybody but
    an administrator, and when no head outside is over more than there is; Rewritten when one over
    less differs, which no backup explains.
    """
    with office.writing() as connection:
        actor = find_actor(connection, by)
        require_may_administer(actor)
        known, size = given_up(connection), StoredTree(connection).size
        heads = {
            (each.head.size, each.head.root.hex())
            for place in outside.places
            if place.exists()
            for each in read_heads(place, outside.keys.verifiers)
            if isinstance(each, OutsideHead) and each.head.size > size
        }
        lost = sorted(heads - set(known))
        if not lost:
            raise _nothing_lost()
        body = {
            "given_up": [{"root": root, "size": size} for size, root in lost],
            "reason": clean(reason, where="--reason"), "size": size,
        }  # fmt: skip
        tell_act(connection, SealAct.RESTART, actor, "", body, at=at)
    return seal(office, outside, at=at)


def _not_in_its_file() -> Refused:
    return Refused(
        Wording("封签密钥在环境变量中", "the key is in the environment, not in its file"),
        remedy=Wording(
            f"请把新私钥放在 {KEY} 最前面、旧私钥其后，封存一次后再把旧私钥换成旧公钥。",
            f"Put the new private key first in {KEY}, the old one after it, seal once, then keep "
            "the old public key in its place.",
        ),
        where=KEY,
    )


def _nothing_lost() -> Refused:
    return Refused(
        Wording("库外没有超出现有记录的检查点", "no head outside is over more than there is"),
        remedy=Wording("无须重新起算，直接封存即可。", "Nothing is to be given up: just seal."),
    )
