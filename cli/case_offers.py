"""What somebody may do to a case now, and what each action takes."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from casework.case_file import offers_for
from cli.desk import Desk
from cli.printing import Answer, Column, table
from rules.actions import Given
from rules.lifecycle import Offer
from rules.wording import Locale, Wording


def show_offers(desk: Desk, number: str) -> Answer:
    with desk.office() as office:
        offers = offers_for(office, number, by=desk.by, as_of=desk.at)
    data = [_offer(each, desk.locale) for each in offers]
    return Answer(data, lambda out: _print_offers(out, desk, offers))


def offer_table(offers: Sequence[Offer], locale: Locale) -> Table:
    """Return what may be done, with the fields it needs and may take."""
    made = table(
        [
            Column(Wording("可办", "action")),
            Column(Wording("须填 --set", "needs --set"), ratio=3),
            Column(Wording("可填", "may take"), ratio=2),
        ],
        locale,
    )
    for each in offers:
        name = f"{each.action.value}\n{each.action.label.zh}" if locale == "zh" else each.action
        made.add_row(str(name), _fields(each.needs, locale), _fields(each.may, locale))
    return made


def _offer(offer: Offer, locale: Locale) -> dict[str, Any]:
    return {
        "action": offer.action.value,
        "label": offer.action.label.say(locale),
        "needs": [_field(each, locale) for each in offer.needs],
        "may": [_field(each, locale) for each in offer.may],
    }


def _field(field: Given, locale: Locale) -> dict[str, str]:
    return {"field": field.value, "label": field.label.say(locale)}


def _fields(fields: Sequence[Given], locale: Locale) -> str:
    return "\n".join(_field_words(each, locale) for each in fields)


def _field_words(field: Given, locale: Locale) -> str:
    if field is Given.EVIDENCE:
        return f"--photo {field.label.say(locale)}"
    return f"{field.value} {field.label.zh}" if locale == "zh" else field.value


def _print_offers(out: Console, desk: Desk, offers: Sequence[Offer]) -> None:
    if offers:
        out.print(offer_table(offers, desk.locale))
    else:
        out.print(desk.say(Wording("现在没有您可以办的。", "There is nothing for you to do now.")))
