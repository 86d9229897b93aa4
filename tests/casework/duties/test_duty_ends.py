"""Duties are opened once, end once, and what is still waiting to be told then is not sent."""

import json

import pytest
from sqlalchemy import select

from casework.acknowledging import acknowledge
from casework.delivery import resend
from casework.duties.ending import fulfil, waive
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.notice_list import list_notices, open_notice
from models.tables import RECORD_EVENTS
from rules.wording import Wording
from tests.casework.duties.duties import FRIDAY, after, chased, duties, opened, wanted
from tests.offices import MONDAY_9AM, PERSON
from tests.outbox import Kept, delivered, notices, reachable, states

LATER = MONDAY_9AM.replace(day=9, hour=10)
KEY = "weekly/2026-W10/S1"


def done(office, *keys, at=LATER, by=PERSON["owner1"]):
    with office.writing() as connection:
        return fulfil(connection, "report", keys, at, by)


def let_off(office, reason="撤并后不再报送", *, by="committee1", key=KEY):
    return waive(office, "report", key, reason, by=by, at=LATER, door=Door.PAGE)


def history(office):
    with office.reading() as connection:
        events = connection.execute(select(RECORD_EVENTS).where(RECORD_EVENTS.c.subject == "duty"))
        return [(each.kind, each.role, each.actor_id) for each in events]


def test_opening_again_changes_nothing(office):
    other = wanted(key="weekly/2026-W10/S2", unit="S2")

    assert opened(office, wanted(), wanted(), other) == 2
    assert opened(office, wanted(), other, wanted(key="weekly/2026-W11/S1")) == 1
    assert len(duties(office)) == 3


def test_what_was_done_is_not_opened_again(office):
    opened(office)
    done(office, KEY)

    assert opened(office) == 0


@pytest.mark.parametrize(
    ("differs", "where"),
    [
        ({"kind": "nothing"}, "kind"),
        ({"key": "k" * 81}, "key"),
        ({"key": ""}, "key"),
        ({"link": "https://example.cn/"}, "link"),
        ({"link": "//example.cn/"}, "link"),
        ({"title": Wording("题" * 201, "t")}, "title"),
    ],
)
def test_what_cannot_be_a_duty_is_refused(sqlite_office, differs, where):
    with pytest.raises(Invalid) as refused:
        opened(sqlite_office, wanted()._replace(**differs))

    assert refused.value.where == where


def test_a_unit_that_is_none_is_refused(office):
    with pytest.raises(NotFound):
        opened(office, wanted()._replace(unit_id=1))


def test_a_duty_is_done_once_and_says_how_late(office):
    opened(office)

    assert done(office, KEY, KEY, "other") == 1
    assert done(office, KEY) == 0
    assert history(office) == [("open", "ladder", None), ("fulfil", "owner", PERSON["owner1"])]
    assert duties(office)[0].next_on is None


def test_nobody_is_chased_for_what_is_done(office):
    opened(office)
    done(office, KEY, at=MONDAY_9AM, by=None)

    assert chased(office, after(5)).looked_at == 0


def test_a_reminder_of_what_was_done_meanwhile_is_not_sent(office):
    reachable(office, "owner1", "head1")
    opened(office)
    chased(office, after(3))
    done(office, KEY)
    kept = Kept()

    delivered(office, kept, LATER)

    assert kept.messages == []
    assert states(office) == [("dropped", "fulfilled")] * 2


def test_a_reminder_says_what_by_when_and_where(office):
    reachable(office, "owner1")
    opened(office)
    chased(office, after(-1))
    kept = Kept()

    delivered(office, kept, MONDAY_9AM.replace(day=9, hour=10))

    text = kept.messages[0].text
    assert kept.messages[0].subject == "【应办逾期 3 天】每周安全汇总"
    assert "第一小学：每周安全汇总，应于 2026-03-06 前完成，已逾期 3 天。" in text
    assert "案件" not in text
    assert f"凭据 duty:{duties(office)[0].id}/2/" in text


def test_a_digest_holds_duties_beside_cases(office):
    reachable(office, "owner1")
    opened(office, wanted(), wanted(key="weekly/2026-W09/S1"))
    chased(office, FRIDAY)
    kept = Kept()

    delivered(office, kept, LATER)

    assert kept.messages[0].subject == "【隐患整改】2 条通知，其中逾期 2 条"


def test_its_notices_are_listed_to_their_reader_and_to_who_sweeps(office):
    opened(office)
    chased(office, FRIDAY)

    mine = list_notices(office, by="owner1")
    assert [(each["case"], each["title"].zh, each["link"]) for each in mine] == [
        ("", "每周安全汇总", "/reports/weekly")
    ]
    assert len(list_notices(office, by="committee1")) == 1
    assert list_notices(office, by="cluster2") == []
    assert open_notice(office, mine[0]["id"], by="owner1")["unit"] == "第一小学"


def test_acknowledging_is_told_in_the_history_of_the_duty(office):
    opened(office)
    chased(office, FRIDAY)
    notice = notices(office)[0].id

    first = acknowledge(office, [notice], by="owner1", at=LATER, door=Door.PAGE)
    again = acknowledge(office, [notice], by="owner1", at=LATER, door=Door.PAGE)

    assert [(each.number, each.new) for each in first + again] == [
        ("每周安全汇总", True), ("每周安全汇总", False),
    ]  # fmt: skip
    assert [kind for kind, *_ in history(office)] == ["open", "chase", "acknowledge"]


def test_a_notice_of_a_duty_is_sent_again_by_who_may(office):
    opened(office)
    chased(office, FRIDAY)
    notice = notices(office)[0].id

    resend(office, notice, by="committee1", at=LATER)

    with pytest.raises(Refused):
        resend(office, notice, by="head1", at=LATER)


def test_the_committee_lets_off_with_a_reason_that_is_kept_apart(office):
    opened(office)

    let_off(office)

    assert history(office)[-1] == ("waive", "committee", PERSON["committee1"])
    with office.reading() as connection:
        body = json.loads(connection.execute(select(RECORD_EVENTS.c.body)).scalars().all()[-1])
    assert body["reason"].keys() == {"digest"}


@pytest.mark.parametrize(
    ("asked", "trouble"),
    [
        ({"by": "head1"}, Refused),
        ({"by": "cluster2"}, NotFound),  # not theirs to know of
        ({"key": "weekly/none"}, NotFound),
        ({"reason": "  "}, Invalid),
    ],
)
def test_who_may_not_let_off(office, asked, trouble):
    opened(office)

    with pytest.raises(trouble):
        let_off(office, **asked)


def test_what_has_ended_is_not_let_off(office):
    opened(office)
    done(office, KEY)

    with pytest.raises(Refused, match="done already"):
        let_off(office)
