from datetime import date
from hashlib import sha256
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.lookback.seeds import (
    STEPS,
    OutsideAnnouncement,
    SeedKind,
    announcement,
    check_reveal,
    commitment_of,
    order_is_honest,
    outside_value,
    seed_from,
)
from rules.wording import Trouble

SECRET = "5a" * 32
FRAME = "c0" * 32
NUMBER = "LB-2026-003"
TODAY = date(2026, 11, 24)

hexadecimal = st.text("0123456789abcdef", min_size=64, max_size=64)
printed = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def test_a_commitment_is_the_hash_anyone_can_make():
    said = f"bihuan-lookback-seed-1\n{NUMBER}\n{SECRET}\n"

    assert commitment_of(SECRET, NUMBER) == sha256(said.encode()).hexdigest()


def test_a_seed_is_the_hash_anyone_can_make():
    said = f"bihuan-lookback-draw-1\n{SECRET}\n03 12 18 + 07\n{FRAME}\n"

    assert seed_from(SECRET, "03 12 18 + 07", FRAME) == sha256(said.encode()).hexdigest()


@given(hexadecimal)
def test_what_was_committed_is_what_is_revealed(secret):
    assert check_reveal(commitment_of(secret, NUMBER), secret, NUMBER)


@pytest.mark.parametrize(
    ("secret", "number"),
    [
        ("5b" + "5a" * 31, NUMBER),
        (SECRET, "LB-2026-004"),
        (SECRET.upper(), NUMBER),
        (SECRET[:-1], NUMBER),
        (SECRET + "0", NUMBER),
        ("", NUMBER),
    ],
    ids=["another", "another-lookback", "upper-case", "shorter", "longer", "none"],
)
def test_another_secret_or_look_back_does_not_open_the_commitment(secret, number):
    assert not check_reveal(commitment_of(SECRET, NUMBER), secret, number)


@pytest.mark.parametrize("secret", ["", "5a" * 31, "5a" * 33, "5A" * 32, "zz" * 32, SECRET + "\n"])
def test_a_secret_that_could_be_guessed_or_misread_is_refused(secret):
    with pytest.raises(Trouble, match="64 lower-case hex digits") as refused:
        commitment_of(secret, NUMBER)

    assert refused.value.where == "secret"


@pytest.mark.parametrize("number", ["", " LB-1", "LB-1\n", "LB\n1", "\ud800"])
def test_a_commitment_for_no_look_back_is_refused(number):
    with pytest.raises(Trouble, match="malformed") as refused:
        commitment_of(SECRET, number)

    assert refused.value.where == "number"


@pytest.mark.parametrize(
    ("secret", "outside", "frame"),
    [
        ("5b" * 32, "7", FRAME),
        (SECRET, "8", FRAME),
        (SECRET, "7", "c1" * 32),
        (SECRET, None, FRAME),
        ("", "7", FRAME),
    ],
    ids=["secret", "outside", "frame", "no-outside", "no-secret"],
)
def test_all_that_was_bound_decides_the_seed(secret, outside, frame):
    assert seed_from(secret, outside, frame) != seed_from(SECRET, "7", FRAME)


@pytest.mark.parametrize(
    ("secret", "outside", "frame", "where"),
    [
        ("", None, FRAME, "seed"),
        ("5a", None, FRAME, "secret"),
        (SECRET, " ", FRAME, "outside"),
        (SECRET, "7", "c0", "frame"),
        (SECRET, "7", FRAME.upper(), "frame"),
    ],
)
def test_a_seed_of_something_malformed_is_refused(secret, outside, frame, where):
    with pytest.raises(Trouble) as refused:
        seed_from(secret, outside, frame)

    assert refused.value.where == where
    assert refused.value.remedy.zh


@pytest.mark.parametrize(
    "typed", ["03 12", " 03 12 ", "０３ １２", "03　12", "03\t12", "03\r\n12", "03   12"]
)
def test_an_outside_value_typed_in_another_way_is_the_same(typed):
    assert outside_value(typed) == "03 12"
    assert seed_from("", typed, FRAME) == seed_from("", "03 12", FRAME)


@given(printed)
def test_an_outside_value_has_one_form(typed):
    once = outside_value(f"7{typed}")

    assert outside_value(once) == once


@pytest.mark.parametrize("length", [1, 500])
def test_an_outside_value_of_allowed_length_is_taken(length):
    assert outside_value("7" * length) == "7" * length


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("", "empty"), (" 　\n", "empty"), ("7" * 501, "501"), ("\ud800", "malformed")],
    ids=["nothing", "blank", "too-long", "lone-surrogate"],
)
def test_an_outside_value_out_of_bounds_is_refused(typed, problem):
    with pytest.raises(Trouble, match=problem) as refused:
        outside_value(typed)

    assert refused.value.where == "outside"


def test_an_announcement_names_its_source_and_day():
    announced = announcement(" 双色球第2026135期 ", TODAY, today=TODAY)

    assert announced == OutsideAnnouncement("双色球第2026135期", TODAY)


@pytest.mark.parametrize("source", ["七乐彩", "x" * 500], ids=["three", "500"])
def test_a_source_of_allowed_length_is_taken(source):
    assert announcement(source, TODAY, today=TODAY).source == source


@pytest.mark.parametrize(
    "source", ["", "彩票", "　彩票 ", "x" * 501], ids=["no", "two", "ends", "501"]
)
def test_a_source_must_name_publisher_and_issue(source):
    with pytest.raises(Trouble, match="source is not clear") as refused:
        announcement(source, TODAY, today=TODAY)

    assert refused.value.where == "source"


def test_a_value_already_out_cannot_be_announced():
    with pytest.raises(Trouble, match="2026-11-23 is past") as refused:
        announcement("双色球第2026135期", date(2026, 11, 23), today=TODAY)

    assert refused.value.where == "expected_on"


ORDERS = list(permutations(STEPS))


@pytest.mark.parametrize("events", ORDERS[1:], ids="-".join)
def test_any_other_order_of_the_steps_is_named(events):
    assert ORDERS[0] == STEPS
    assert " before " in order_is_honest(events).en


@pytest.mark.parametrize(
    ("events", "wrong"),
    [
        (["plan", "commit", "freeze", "reveal", "draw", "assign", "enlarge"], None),
        (["freeze", "commit", "reveal", "draw"], "freezing the frame before the seed's commitment"),
        (["commit", "reveal", "freeze", "draw"], "revealing the seed before freezing the frame"),
        (["commit", "freeze", "draw", "reveal"], "the draw before revealing the seed"),
        (["commit", "freeze", "reveal"], "the draw is missing"),
        (["freeze", "reveal", "draw"], "the seed's commitment is missing"),
        (["commit", "freeze", "reveal", "draw", "draw"], "the draw 2 times"),
        (["commit", "freeze", "freeze", "reveal", "draw"], "freezing the frame 2 times"),
        ([], "the seed's commitment is missing"),
    ],
)
def test_what_is_wrong_with_the_order_is_said(events, wrong):
    said = order_is_honest(events)

    assert (said and said.en) == wrong
    assert said is None or said.zh


@pytest.mark.parametrize("kind", SeedKind)
def test_a_kind_of_seed_has_a_name_in_both_languages(kind):
    assert kind.label.zh
    assert kind.label.en
