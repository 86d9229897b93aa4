import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from rules.proof import (
    ALGORITHM,
    GENESIS,
    Sealed,
    canonical,
    event_hash,
    first_break,
    moment,
    record,
)

AT = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
EVENT = Sealed("YH2026-000001", 1, AT, "report", 7, "owner", "cli", "{}", GENESIS)

# Whatever can stand in a case: quotes, controls, emoji, U+2028; no halves of characters.
texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    [
        '"',
        "\\",
        "\x00\x1f\x7f",
        "\b\f\n\r\t",
        "\u2028\u2029",
        "😀🏫",
        "\U0010ffff",
        "</script>",
        "é",
    ]
)
# RFC 8785 knows integers up to 2^53 - 1 only.
numbers = st.integers(0, 2**53 - 1)
moments = st.datetimes(
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
    min_value=datetime(1, 1, 2),  # noqa: DTZ001 hypothesis adds the zone
)
events = st.builds(
    Sealed, texts, numbers, moments, texts, st.none() | numbers, texts, texts, texts, texts
)
values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | numbers | texts,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(texts, inside, max_size=3),
    max_leaves=8,
)
bodies = st.dictionaries(texts, values, max_size=4)

CHANGES = {
    "algorithm": "sha256-jcs-2",
    "case": "YH2026-000002", "seq": 9, "at": AT + timedelta(microseconds=1), "kind": "void",
    "actor": None, "role": "head", "door": "page", "body": '{"a":1}', "previous": "1" * 64,
}  # fmt: skip


def chained(count):
    """Return so many events, each with its hash, chained as the writer chains them."""
    found, previous = [], GENESIS
    for seq in range(1, count + 1):
        event = EVENT._replace(seq=seq, at=AT + timedelta(days=seq), previous=previous)
        previous = event_hash(event)
        found.append((event, previous))
    return found


@given(events)
def test_the_fast_encoder_writes_the_bytes_of_rfc_8785(event):
    assert event_hash(event) == sha256(b"\x00" + rfc8785.dumps(record(event))).hexdigest()


@given(bodies)
def test_a_body_is_written_as_rfc_8785_writes_it(body):
    assert canonical(body) == rfc8785.dumps(body).decode()


@pytest.mark.parametrize("half", ["\ud800", "a\ud83d"])
def test_halves_of_characters_have_no_hash_and_no_canonical_form(half):
    with pytest.raises(ValueError, match=r"(?i)utf-8"):
        event_hash(EVENT._replace(body=half))
    with pytest.raises(ValueError, match=r"(?i)utf-8"):
        canonical({"body": half})


@pytest.mark.parametrize(("number", "known"), [(2**53 - 1, True), (2**53, False)])
def test_a_body_holds_no_number_that_other_readers_would_round(number, known):
    if known:
        assert json.loads(canonical({"n": number})) == {"n": number}
        return
    with pytest.raises(ValueError, match="exceeds"):
        canonical({"n": number})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_body_holds_no_number_that_json_does_not_know(value):
    with pytest.raises(ValueError, match="not representable"):
        canonical({"n": value})


def test_a_known_event_keeps_its_hash_for_ever():
    assert ALGORITHM == "sha256-jcs-1"
    assert event_hash(EVENT) == ("75a64767b1c02ac28f86aed8cf3ab9b0b6aedb57be3118d4f3fb144472547283")


def test_the_record_covers_every_field_of_an_event_and_names_the_algorithm():
    assert set(CHANGES) == set(Sealed._fields)
    assert record(EVENT)["alg"] == ALGORITHM
    assert len(record(EVENT)) == len(CHANGES)


@pytest.mark.parametrize("field", CHANGES)
def test_any_changed_field_changes_the_hash(field):
    assert event_hash(EVENT._replace(**{field: CHANGES[field]})) != event_hash(EVENT)


@given(moments)
def test_a_moment_is_always_of_the_same_length_and_can_be_read_back(at):
    assert len(moment(at)) == len("2026-09-01T08:30:00.000000Z")
    assert datetime.fromisoformat(moment(at)) == at


def test_a_moment_is_told_in_utc():
    china = timezone(timedelta(hours=8))
    assert moment(datetime(2026, 9, 1, 0, 0, tzinfo=china)) == "2026-08-31T16:00:00.000000Z"


def test_the_hour_that_summer_time_repeats_is_two_moments():
    first = datetime(1991, 9, 15, 1, 30, tzinfo=ZoneInfo("Asia/Shanghai"))

    assert moment(first) == "1991-09-14T16:30:00.000000Z"
    assert moment(first.replace(fold=1)) == "1991-09-14T17:30:00.000000Z"


def test_a_moment_without_its_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2026, 9, 1))  # noqa: DTZ001 the point of this test


def test_an_untouched_chain_is_intact():
    assert first_break(chained(6)) is None
    assert first_break([]) is None


@given(st.integers(1, 6), st.sampled_from(sorted(CHANGES)))
def test_any_single_change_is_found_where_it_was_made(seq, field):
    events = chained(6)
    event, stored = events[seq - 1]
    events[seq - 1] = (event._replace(**{field: CHANGES[field]}), stored)

    assert first_break(events) == seq


@given(st.integers(1, 6), st.integers(0, 63))
def test_a_changed_hash_is_found(seq, digit):
    events = chained(6)
    event, stored = events[seq - 1]
    other = "0" if stored[digit] != "0" else "1"
    events[seq - 1] = (event, stored[:digit] + other + stored[digit + 1 :])

    assert first_break(events) == seq


@given(st.integers(1, 5))
def test_an_event_left_out_is_found(seq):
    events = chained(6)
    del events[seq - 1]

    assert first_break(events) == seq


@given(st.integers(1, 5))
def test_a_rewritten_event_with_a_fresh_hash_is_found_by_the_next(seq):
    events = chained(6)
    forged = events[seq - 1][0]._replace(body='{"a":1}')
    events[seq - 1] = (forged, event_hash(forged))

    assert first_break(events) == seq + 1


def test_two_events_in_each_others_place_are_found():
    events = chained(6)
    events[2], events[3] = events[3], events[2]

    assert first_break(events) == 3
