"""What a document rests on: the events of a case, and the orders about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casework.case_file import CaseFile
from rules.actions import Action
from rules.case import State
from rules.documents import DocumentKind, document_number
from rules.ladder import OrderLevel
from rules.lookback.acts import CaseLook
from rules.lookback.findings import Finding
from rules.wording import Wording

_BEGINNINGS = (Action.REPORT, Action.REOPEN)
_VERDICTS = (Action.PASS, Action.FAIL)
_SEEN = (Finding.HOLDS, Finding.RELAPSED)


@dataclass(frozen=True, slots=True)
class Basis:
    """The ground of a document: the ``nth`` of its kind, when it came about, and by what.

    ``event`` is an event of the case as it is told, ``order`` a supervision order's row; ``late``
    says why the document can no longer be issued, if it was not before.
    """

    kind: DocumentKind
    number: str
    nth: int
    at: datetime
    event: Mapping[str, Any] = field(default_factory=dict)
    order: Mapping[str, Any] = field(default_factory=dict)
    late: Wording | None = None

    @property
    def level(self) -> OrderLevel | None:
        return self.order["level"] if self.order else None


def bases_of(file: CaseFile) -> Sequence[Basis]:
    """Return the grounds for every document that a case has given rise to, oldest first."""
    found = [
        *_of_events(file, DocumentKind.RECTIFICATION, _begins),
        *_of_orders(file),
        *_of_events(file, DocumentKind.REINSPECTION, _judges),
    ]
    return sorted(found, key=lambda each: each.at)


def _of_events(
    file: CaseFile, kind: DocumentKind, grounds: Callable[[Mapping[str, Any]], bool]
) -> list[Basis]:
    of = file.case["number"]
    events = [each for each in file.history if grounds(each)]
    return [
        Basis(
            kind, document_number(kind, of, nth), nth, event["at"], event=event,
            late=_too_late(file, nth) if kind is DocumentKind.RECTIFICATION else None,
        )
        for nth, event in enumerate(events, start=1)
    ]  # fmt: skip


def _of_orders(file: CaseFile) -> list[Basis]:
    found = []
    for nth, order in enumerate(file.orders, start=1):
        for kind, at in (
            (DocumentKind.SUPERVISION, order["issued_at"]),
            (DocumentKind.RELEASE, order["released_at"]),
        ):
            if at is not None:
                number = document_number(kind, order["number"], nth)
                found.append(Basis(kind, number, nth, at, order=order))
    return found


def _begins(event: Mapping[str, Any]) -> bool:
    return event["kind"] in _BEGINNINGS


def _judges(event: Mapping[str, Any]) -> bool:
    if event["kind"] == CaseLook.LOOKED_BACK:
        return event["body"].get("finding") in _SEEN
    return event["kind"] in _VERDICTS


def _too_late(file: CaseFile, nth: int) -> Wording | None:
    """Say why nothing is left to be rectified of this life of the case."""
    if nth == file.case["cycle"] and file.case["state"] is not State.CLOSED:
        return None
    return Wording(
        "隐患已销号，不再需要整改通知", "the hazard is closed; nothing is left to rectify"
    )
