"""Seals, verifications, bundles, keys and heads as pages."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from casework.files import require_free
from casework.proving.bundles import Bundle, Wanted, prove
from casework.proving.changes import restart_log, rotate_key
from casework.proving.findings import Verified
from casework.proving.heads import list_heads, notes_of
from casework.proving.sealing import Outside, SealRun, outside_of, seal
from casework.proving.verifying import verify
from cli import words
from cli.desk import Desk
from cli.looking import record_look
from cli.printing import Answer, Column, facts, lines, plain_text, styled, table
from cli.troubles import REFUSED
from rules.looking import Look
from rules.wording import Wording


def run_seal(desk: Desk) -> Answer:
    with desk.office() as office:
        return _sealed(desk, seal(office, _outside(desk), at=desk.at))


def run_rotation(desk: Desk, reason: str) -> Answer:
    with desk.office() as office:
        run = rotate_key(
            office, desk.environ, desk.home.folder, by=desk.by, reason=reason, at=desk.at
        )
    return _sealed(desk, run)


def run_restart(desk: Desk, reason: str) -> Answer:
    with desk.office() as office:
        run = restart_log(office, _outside(desk), by=desk.by, reason=reason, at=desk.at)
    return _sealed(desk, run)


def run_verify(
    desk: Desk, heads: Sequence[Path], seen: Sequence[str], since: int, processes: int
) -> Answer:
    with desk.office() as office:
        found = verify(
            office, _outside(desk), heads=heads, seen=seen, since=since, processes=processes
        )
    data = {
        "ok": found.ok, "since": found.since, "leaves": found.size, "events": found.events,
        "waiting": found.waiting, "heads": found.heads, "outside": found.outside,
        "proven": found.proven, "proven_at": found.proven_at,
        "faults": [each._asdict() for each in found.faults], "remarks": found.remarks,
    }  # fmt: skip
    return Answer(data, lambda out: _print_verified(out, desk, found), 0 if found.ok else REFUSED)


def write_bundle(
    desk: Desk, case: str, to: Path | None, heads: Sequence[Path], reason: str
) -> Answer:
    held = [note for path in heads for note in notes_of(path)]
    if to:  # before anything is proven, and a reveal recorded
        require_free(to, where="--to")
    with desk.office() as office:
        wanted = Wanted(case, held, reason)
        bundle = prove(office, wanted, _outside(desk).keys, by=desk.by, at=desk.at)
        path = to or Path(bundle.name)
        require_free(path, where="--to")
        look = Look.REVEAL if reason else Look.PROVE
        record_look(office, desk, look, {"case": bundle.subject, "file": path.name}, reason)
    path.write_bytes(bundle.content)
    return Answer(_bundle_data(bundle, path), lines(*_bundle_lines(desk, bundle, path)))


def show_keys(desk: Desk) -> Answer:
    keys = _outside(desk).keys
    now, before = keys.newest.text, [each.text for each in keys.verifiers[1:]]
    # Each on one line, however narrow the screen: a key is copied.
    return Answer(
        {"key": now, "older": before},
        lambda out: out.print("\n".join((now, *before)), soft_wrap=True),
    )


def show_heads(desk: Desk, most: int) -> Answer:
    with desk.office() as office:
        rows = list_heads(office, most)
    return Answer(rows, lambda out: _print_heads(out, desk, rows))


def _outside(desk: Desk) -> Outside:
    return outside_of(desk.home.folder, desk.environ)


def _sealed(desk: Desk, run: SealRun) -> Answer:
    data = {
        "ok": run.ok, "new": run.new, "unfit": run.unfit, "size": run.size, "root": run.root,
        "at": run.at, "key": run.key, "note": run.note, "uncopied": run.uncopied,
    }  # fmt: skip
    said = [
        Wording(f"封存 {run.new} 条经过", f"{run.new} event(s) sealed"),
        Wording(
            f"检查点：共 {run.size} 条，根 {run.root[:16]}…，{words.moment(run.at)} 签署",
            f"head: over {run.size} events, root {run.root[:16]}…, signed {words.moment(run.at)}",
        ),
    ]
    if run.unfit:
        said.append(
            Wording(
                f"{run.unfit} 条无法封存，请运行 bihuan audit verify",
                f"{run.unfit} cannot be sealed: run `bihuan audit verify`",
            )
        )
    told = [desk.say(each) for each in (*(said if run.size else said[:1]), *run.uncopied)]
    return Answer(data, lines(*told), 0 if run.ok else REFUSED)


def _print_verified(out: Console, desk: Desk, found: Verified) -> None:
    sound = Wording("历史完整，未被改写", "the histories are whole")
    broken = Wording(f"发现 {len(found.faults)} 处不符", f"{len(found.faults)} fault(s) found")
    style = "bold green" if found.ok else "bold red"
    out.print(styled(desk.say(sound if found.ok else broken), style))
    for fault in found.faults:
        out.print(plain_text(f"- {desk.say(fault.what)}"))
    pairs = [
        (Wording("核对经过", "events checked"), f"{found.events}"),
        (Wording("树叶", "leaves"), f"{found.since} – {found.size}"),
        (Wording("待封存", "waiting"), f"{found.waiting}"),
        (Wording("检查点", "heads"), f"{found.heads}"),
        (Wording("库外检查点", "heads outside"), f"{found.outside}"),
    ]
    out.print(facts(pairs, desk.locale))
    for remark in found.remarks:
        out.print(plain_text(desk.say(remark)))


def _bundle_data(bundle: Bundle, path: Path) -> dict[str, Any]:
    return {
        "file": path, "case": bundle.subject, "events": bundle.events, "sealed": bundle.sealed,
        "size": bundle.size, "private": bundle.private, "key": bundle.key,
    }  # fmt: skip


def _bundle_lines(desk: Desk, bundle: Bundle, path: Path) -> Iterator[str]:
    told = [
        Wording(
            f"{bundle.subject}：{bundle.events} 条经过，{bundle.sealed} 条有证明",
            f"{bundle.subject}: {bundle.events} events, {bundle.sealed} of them proven",
        ),
        Wording(f"已写入 {path}", f"written to {path}"),
        Wording(
            f'核对：bihuan-verify {path} --key "{bundle.key}"',
            f'check it: bihuan-verify {path} --key "{bundle.key}"',
        ),
    ]
    yield from (desk.say(each) for each in told)


def _print_heads(out: Console, desk: Desk, rows: Sequence[dict[str, Any]]) -> None:
    made = table(
        [
            Column(Wording("条数", "events"), right=True),
            Column(Wording("签署", "signed"), keep=True),
            Column(Wording("根", "root"), ratio=1),
        ],
        desk.locale,
    )
    for row in rows:
        made.add_row(str(row["size"]), words.moment(row["at"]), row["root"][:32])
    out.print(made)
