"""Contacts are sealed, masked and tried in order; wordings are checked before they are in force."""

import pytest
from sqlalchemy import select

from casework.contacts import add_contact, list_contacts, remove_contact
from casework.errors import NotFound, Refused
from casework.templating import adopt_wording, preview, wordings_in_force
from models import ContactKind
from models.tables import CONTACTS
from notifications import kinds
from notifications.addresses import BadAddress
from notifications.wordings import BadWording, Worded
from tests.offices import MONDAY_9AM, reported
from tests.outbox import KEYS, Kept, delivered, nothing_owed, owed, reachable

HOOK = "https://example.cn/hook?token=secret"
OURS = Worded("{{ number }} 逾期", "{{ unit }}逾期 {{ days_late }} 天")


def added(office, code, kind, typed, by):
    return add_contact(office, KEYS, code, kind, typed, by=by, at=MONDAY_9AM)


def stored(office):
    with office.reading() as connection:
        return connection.execute(select(CONTACTS).order_by(CONTACTS.c.id)).all()


def test_every_kind_of_contact_has_its_reader():
    assert {*ContactKind} == {*kinds.ALL}


def test_an_address_is_kept_sealed_and_shown_masked(office):
    told = added(office, "owner1", ContactKind.EMAIL, "zhang@example.cn", by="owner1")

    [row] = stored(office)
    assert "zhang" not in row.sealed
    assert KEYS.unseal(row.sealed) == "zhang@example.cn"
    assert (told["position"], told["shown"]) == (1, "z***@example.cn")
    [shown] = list_contacts(office, "owner1", by="owner1")
    assert (shown["shown"], "sealed" in shown) == ("z***@example.cn", False)


def test_contacts_are_tried_in_the_order_in_which_they_were_added(office):
    added(office, "owner1", ContactKind.SMS, "13812341234", by="owner1")
    second = added(office, "owner1", ContactKind.EMAIL, "a@example.cn", by="owner1")
    remove_contact(office, "owner1", second["id"], by="owner1")
    added(office, "owner1", ContactKind.EMAIL, "b@example.cn", by="admin")

    found = list_contacts(office, "owner1", by="admin")

    assert [(each["position"], each["kind"]) for each in found] == [(1, "sms"), (3, "email")]


def test_a_removed_address_is_gone(office):
    told = added(office, "owner1", ContactKind.EMAIL, "zhang@example.cn", by="owner1")

    remove_contact(office, "owner1", told["id"], by="owner1")

    [row] = stored(office)
    assert (row.sealed, row.shown, row.active) == ("", "", False)
    with pytest.raises(NotFound):
        remove_contact(office, "owner1", told["id"], by="owner1")


@pytest.mark.parametrize(
    ("code", "kind", "typed", "by"),
    [
        ("owner1", ContactKind.EMAIL, "a@example.cn", "head1"),
        ("owner1", ContactKind.EMAIL, "a@example.cn", "committee1"),
        ("owner1", ContactKind.WEBHOOK, HOOK, "owner1"),  # a door out of our network
        ("nobody", ContactKind.EMAIL, "a@example.cn", "owner1"),
    ],
)
def test_nobody_sees_to_the_contacts_of_others(office, code, kind, typed, by):
    with pytest.raises(Refused):
        added(office, code, kind, typed, by)

    assert stored(office) == []


def test_an_administrator_sees_to_all_contacts(office):
    added(office, "owner1", ContactKind.WEBHOOK, HOOK, by="admin")
    told = added(office, "head1", ContactKind.EMAIL, "a@example.cn", by="admin")
    remove_contact(office, "head1", told["id"], by="admin")

    assert [each["shown"] for each in list_contacts(office, "owner1", by="admin")] == [
        "example.cn …"
    ]
    with pytest.raises(NotFound):
        added(office, "nobody", ContactKind.EMAIL, "a@example.cn", by="admin")
    with pytest.raises(Refused):
        list_contacts(office, "owner1", by="head1")


def test_an_address_that_is_none_is_not_kept(office):
    with pytest.raises(BadAddress):
        added(office, "owner1", ContactKind.EMAIL, "a@b", by="owner1")

    assert stored(office) == []


def adopted(office, worded, *, kind="overdue", locale="zh", by="admin"):
    adopt_wording(office, kind, locale, worded, by=by, at=MONDAY_9AM)


def in_force(office, locale="zh"):
    with office.reading() as connection:
        return wordings_in_force(connection, locale)


def test_the_newest_wording_is_in_force_in_its_language_until_it_is_given_back(office):
    adopted(office, Worded("x", "x"))
    adopted(office, OURS)

    assert in_force(office) == {"overdue": OURS}
    assert in_force(office, "en") == {}
    adopted(office, Worded("", ""))
    assert in_force(office) == {}


def test_a_message_is_in_the_words_that_were_adopted(office):
    number = reported(office)
    nothing_owed(office)
    reachable(office, "owner1")
    owed(office, number, "owner1", kind="overdue")
    adopted(office, OURS)
    channel = Kept()

    delivered(office, channel)

    assert channel.messages[0].subject == f"{number} 逾期"


@pytest.mark.parametrize(
    ("worded", "kind", "by", "refusal", "says"),
    [
        (Worded("{{ nubmer }}", "x"), "overdue", "admin", BadWording, "nubmer"),
        (Worded("x", ""), "overdue", "admin", BadWording, "empty"),
        (OURS, "nonsense", "admin", NotFound, "nonsense"),
        (OURS, "overdue", "committee1", Refused, "administer"),
    ],
)
def test_a_wording_is_refused_before_it_is_in_force(office, worded, kind, by, refusal, says):
    with pytest.raises(refusal, match=says):
        adopted(office, worded, kind=kind, by=by)

    assert in_force(office) == {}


def test_a_preview_shows_samples_in_and_out_of_time():
    in_time, late = preview("overdue", "zh", {"overdue": OURS})

    assert "逾期 0 天" in in_time.text
    assert "逾期 3 天" in late.text
    with pytest.raises(NotFound):
        preview("nonsense", "zh", {})
