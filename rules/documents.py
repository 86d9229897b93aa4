"""Official documents 公文 about a case: their kinds, who may issue each, and how it is numbered."""

from collections.abc import Set
from enum import StrEnum

from rules.access import Role
from rules.decisions import Refusal
from rules.ladder import OrderLevel
from rules.wording import Wording


class DocumentKind(StrEnum):
    RECTIFICATION = "rectification"
    SUPERVISION = "supervision"
    REINSPECTION = "reinspection"
    RELEASE = "release"
    LOOKBACK = "lookback"

    @property
    def label(self) -> Wording:
        return _KINDS[self]

    @property
    def of_order(self) -> bool:
        """Whether it stands on a supervision order, whose number it bears."""
        return self in (DocumentKind.SUPERVISION, DocumentKind.RELEASE)


class DocumentFormat(StrEnum):
    """DOCX is the official form, to be sealed and signed; PDF the preview."""

    DOCX = "docx"
    PDF = "pdf"


class DocumentAct(StrEnum):
    """What is remembered of a document: its text was fixed, and a file of it was made."""

    ISSUE = "issue_document"
    RENDER = "render_document"


def issuing_role(
    kind: DocumentKind, roles: Set[Role], level: OrderLevel | None = None
) -> Role | Refusal:
    """Return the role in which one who holds ``roles`` there may issue ``kind``, or why not.

    ``level`` is that of the order: what the committee supervises, a cluster does not write about.
    """
    allowed = _COMMITTEE if level is OrderLevel.COMMITTEE else _ISSUERS[kind]
    found = next((role for role in Role if role in allowed and role in roles), None)
    return found or _not_theirs(kind, allowed)


def document_number(kind: DocumentKind, of: str, nth: int = 1) -> str:
    """Return a document's number: an order's own, else that of what it is about, kind and n.

    The same facts give the same number, however often and in whatever order they are issued.
    """
    match kind:
        case DocumentKind.SUPERVISION:
            return of
        case DocumentKind.RELEASE | DocumentKind.LOOKBACK:
            return f"{of}-{_SHORT[kind]}"
        case _:
            return f"{of}-{_SHORT[kind]}-{nth}"


def _not_theirs(kind: DocumentKind, allowed: frozenset[Role]) -> Refusal:
    named = [role for role in Role if role in allowed]
    zh, en = "、".join(each.label.zh for each in named), ", ".join(each.label.en for each in named)
    return Refusal(
        Wording(f"您无权签发{kind.label.zh}", f"you may not issue a {kind.label.en}"),
        Wording(f"须由{zh}签发；签发后即可下载。", f"It takes: {en}; then you may download it."),
    )


_COMMITTEE = frozenset({Role.COMMITTEE})
_ABOVE = frozenset({Role.CLUSTER, Role.COMMITTEE})
# Whoever decides on the ground writes about it: the unit itself never issues a paper to itself.
_ISSUERS = {
    DocumentKind.RECTIFICATION: _ABOVE,
    DocumentKind.SUPERVISION: _ABOVE,
    DocumentKind.REINSPECTION: _ABOVE | {Role.VERIFIER},
    DocumentKind.RELEASE: _ABOVE,
    DocumentKind.LOOKBACK: frozenset({Role.COMMITTEE, Role.ADMIN}),
}
_KINDS = {
    DocumentKind.RECTIFICATION: Wording("整改通知书", "rectification notice"),
    DocumentKind.SUPERVISION: Wording("挂牌督办通知书", "supervision notice"),
    DocumentKind.REINSPECTION: Wording("复查意见书", "re-inspection opinion"),
    DocumentKind.RELEASE: Wording("摘牌通知书", "release notice"),
    DocumentKind.LOOKBACK: Wording("回头看记录", "look-back record"),
}
_SHORT = {
    DocumentKind.RECTIFICATION: "整改",
    DocumentKind.REINSPECTION: "复查",
    DocumentKind.RELEASE: "摘牌",
    DocumentKind.LOOKBACK: "记录",
}
