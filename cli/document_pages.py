"""Documents as pages: what can be issued, the file that was written, what was verified."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from casework.documents.issuing import (
    Hand,
    Possible,
    Wanted,
    issue_document,
    list_documents,
)
from casework.documents.making import make_file
from casework.documents.verifying import verify_code
from casework.events import Door
from casework.files import require_free
from cli import words
from cli.desk import Desk
from cli.printing import Answer, Column, lines, plain_text, table
from cli.troubles import REFUSED
from rules.documents import DocumentFormat, DocumentKind
from rules.wording import NOTHING, Wording

_ANYWHERE = "http://127.0.0.1:8080"  # where `bihuan up` serves the pages unless told otherwise
_COLUMNS = (
    Column(Wording("公文", "document"), keep=True),
    Column(Wording("编号", "number"), ratio=2),
    Column(Wording("依据", "since"), keep=True),
    Column(Wording("状态", "state"), ratio=3),
)


def show_list(desk: Desk, of: str) -> Answer:
    with desk.office() as office:
        found = list_documents(office, of, by=desk.by, at=desk.at)
    data = [_plain(each) for each in found]
    return Answer(data, lambda out: _print(out, desk, found))


def write_file(
    desk: Desk, kind: DocumentKind, of: str, to: Path, form: DocumentFormat, *, nth: int | None
) -> Answer:
    require_free(to, where="--to")
    hand = Hand(desk.by, desk.at, Door.CLI)
    base = desk.environ.get("BIHUAN_BASE_URL", _ANYWHERE).rstrip("/")
    with desk.office() as office:
        paper = issue_document(office, Wanted(kind, of, nth), hand, base=base)
        made = make_file(office, paper.id, form, hand)
    with to.open("xb") as file:
        file.write(made.data)
    told = [
        Wording(f"{kind.label.zh} {paper.number}", f"{kind.label.en} {paper.number}"),
        Wording(f"已写入 {to}（{len(made.data)} 字节）", f"wrote {to} ({len(made.data)} bytes)"),
        Wording(f"SHA-256 {made.sha256}", f"SHA-256 {made.sha256}"),
        Wording(f"回执 {paper.receipt}", f"receipt {paper.receipt}"),
        Wording(f"核验 {paper.content.address}", f"verify {paper.content.address}"),
        _REPEATED if paper.repeated else NOTHING,
    ]
    data = _issued(paper.plain()) | {
        "file": to, "format": form, "sha256": made.sha256, "size": len(made.data),
        "repeated": paper.repeated,
    }  # fmt: skip
    return Answer(data, lines(*(desk.say(each) for each in told if each != NOTHING)))


def show_verified(desk: Desk, code: str) -> Answer:
    with desk.office() as office:
        found = verify_code(office, code)
    title = Wording("与我们的历史相符", "it matches our history") if found.genuine else _FOREIGN
    checks = [
        f"{'✓' if each.holds else '✗'} {desk.say(each.what)}" for each in found.checks
    ]  # fmt: skip
    about = f"{desk.say(found.title)} {found.number}" if found.title else ""
    newer = Wording(f"已更正为 {found.corrected}", f"corrected by {found.corrected}")
    shown = [desk.say(title), about, *checks, desk.say(newer) if found.corrected else ""]
    data = {
        "genuine": found.genuine, "kind": found.kind, "number": found.number,
        "issuer": found.issuer, "issued_on": found.issued_on, "receipt": found.receipt,
        "corrected": found.corrected, "files": found.files,
        "checks": [{"what": each.what, "holds": each.holds} for each in found.checks],
    }  # fmt: skip
    return Answer(data, lines(*(each for each in shown if each)), 0 if found.genuine else REFUSED)


def _plain(each: Possible) -> dict[str, Any]:
    basis, paper, hindered = each.basis, each.paper, each.why_not
    return {
        "kind": basis.kind, "number": basis.number, "nth": basis.nth, "since": basis.at,
        "issued": _issued(paper.plain()) if paper else None,
        "why_not": hindered.wording if hindered and not paper else None,
    }  # fmt: skip


def _issued(paper: Mapping[str, Any]) -> dict[str, Any]:
    shown = ("number", "kind", "of", "issued_at", "issued_by", "receipt", "files", "sound")
    return {name: paper[name] for name in shown} | {"address": paper["content"]["address"]}


def _print(out: Console, desk: Desk, found: Sequence[Possible]) -> None:
    made = table(_COLUMNS, desk.locale)
    for each in found:
        basis = each.basis
        made.add_row(
            desk.say(basis.kind.label), plain_text(basis.number), words.moment(basis.at),
            plain_text(desk.say(_state(each))),
        )  # fmt: skip
    if found:
        out.print(made)
    out.print(desk.say(Wording(f"共 {len(found)} 份", f"{len(found)} in all")))


def _state(each: Possible) -> Wording:
    if each.paper is not None:
        at = words.moment(each.paper.issued_at)
        return Wording(f"已签发 {at}", f"issued {at}")
    if each.why_not is not None:
        return each.why_not.wording
    return Wording("可签发", "can be issued")


_REPEATED = Wording(
    "（此前已签发，编号和内容不变）", "(issued before; number and text are the same)"
)
_FOREIGN = Wording("与我们的历史不符，请勿采信", "it does not match our history; do not rely on it")
