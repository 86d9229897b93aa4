"""The forms of what may be done to a supervision order, and how each is done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from casework.case_file import CaseFile
from casework.forms import read_day
from casework.moves import move
from casework.office import Office
from casework.order_acts import (
    acknowledge_order,
    ask_order_extension,
    decide_order_extension,
    publish_order,
    serve_order,
)
from casework.order_record import Hand
from rules.actions import Action, Given
from rules.orders import OrderAct, Service
from rules.wording import Wording
from web.forms import bad_choice
from web.offers import Field, Kind

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OrderForm:
    """A form whose ``act`` is an ``OrderAct``'s value or ``release``, the move of the case."""

    act: str
    label: Wording
    fields: Sequence[Field]
    is_grave: bool = False


def forms_for(acts: Sequence[OrderAct], file: CaseFile) -> list[OrderForm]:
    """Return a form for each act that the rules offer, what most people come for first."""
    offered = {act.value for act in acts}
    if any(offer.action is Action.RELEASE for offer in file.offers):
        offered.add(Action.RELEASE.value)
    return [each for each in _FORMS if each.act in offered]


def form_called(act: str) -> OrderForm:
    """Return the form of an act; raise Invalid for what is none."""
    found = next((each for each in _FORMS if each.act == act), None)
    if found is None:
        raise bad_choice("act")
    return found


def carry_out(office: Office, order: Mapping[str, str], act: str, texts: Texts, hand: Hand) -> None:
    """Do it; raise what the verb of casework raises."""
    if act == Action.RELEASE.value:
        reason = {Given.REASON.value: texts.get("reason", "")}
        move(
            office, order["case"], Action.RELEASE, reason,
            by=hand.by, at=hand.at, door=hand.door, key=hand.key,
        )  # fmt: skip
        return
    _DOING[OrderAct(act)](office, order["number"], texts, hand)


def _serve(office: Office, order: str, texts: Texts, hand: Hand) -> None:
    how = texts.get("how", "")
    if how not in set(Service):
        raise bad_choice("how")
    serve_order(office, order, Service(how), hand=hand, note=texts.get("note", ""))


def _acknowledge(office: Office, order: str, _texts: Texts, hand: Hand) -> None:
    acknowledge_order(office, order, hand=hand)


def _ask(office: Office, order: str, texts: Texts, hand: Hand) -> None:
    until = read_day(texts.get("new_due", ""), where="new_due")
    ask_order_extension(office, order, until, texts.get("reason", ""), hand=hand)


def _grant(office: Office, order: str, texts: Texts, hand: Hand) -> None:
    decide_order_extension(office, order, grant=True, hand=hand, reason=texts.get("reason", ""))


def _refuse(office: Office, order: str, texts: Texts, hand: Hand) -> None:
    decide_order_extension(office, order, grant=False, hand=hand, reason=texts.get("reason", ""))


def _publish(office: Office, order: str, _texts: Texts, hand: Hand) -> None:
    publish_order(office, order, hand=hand)


_DOING: dict[OrderAct, Callable[[Office, str, Texts, Hand], None]] = {
    OrderAct.SERVE: _serve, OrderAct.ACKNOWLEDGE: _acknowledge, OrderAct.ASK_EXTENSION: _ask,
    OrderAct.GRANT_EXTENSION: _grant, OrderAct.REFUSE_EXTENSION: _refuse,
    OrderAct.PUBLISH: _publish,
}  # fmt: skip

_REASON = Field("reason", Wording("理由", "reason"), Kind.LONG, needed=True)
_REMARK = Field("reason", Wording("意见", "remark"), Kind.LONG, needed=False)
_HOW = Field(
    "how", Wording("送达情况", "how it was served"), Kind.CHOICE, needed=True,
    choices=[(each.value, each.label) for each in Service],
)  # fmt: skip
_NOTE = Field(
    "note", Wording("送达人、见证人或拒签说明", "who served it, witnessed it or refused"),
    Kind.LINE, needed=False,
)  # fmt: skip
_UNTIL = Field("new_due", Wording("延至", "until"), Kind.DAY, needed=True)
_RELEASE_REASON = Field(
    "reason", Wording("摘牌理由", "reason for the release"), Kind.LONG, needed=True,
    phrases=(Wording("整改到位，验收合格，同意摘牌", "Rectified and verified; released"),),
)  # fmt: skip

_FORMS = (
    OrderForm(Action.RELEASE.value, Action.RELEASE.label, (_RELEASE_REASON,)),
    OrderForm(OrderAct.GRANT_EXTENSION.value, OrderAct.GRANT_EXTENSION.label, (_REMARK,)),
    OrderForm(
        OrderAct.REFUSE_EXTENSION.value, OrderAct.REFUSE_EXTENSION.label, (_REASON,), is_grave=True
    ),
    OrderForm(OrderAct.SERVE.value, OrderAct.SERVE.label, (_HOW, _NOTE)),
    OrderForm(OrderAct.ACKNOWLEDGE.value, OrderAct.ACKNOWLEDGE.label, ()),
    OrderForm(OrderAct.PUBLISH.value, OrderAct.PUBLISH.label, ()),
    OrderForm(OrderAct.ASK_EXTENSION.value, OrderAct.ASK_EXTENSION.label, (_UNTIL, _REASON)),
)
