from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.case import Level
from rules.lookback.frame import (
    FrameDigest,
    FrameFilter,
    FrameRow,
    StratumBy,
    header,
    read_filter,
    read_frame,
    read_stratum,
    stratum_key,
)
from rules.wording import Trouble

SPRING = FrameFilter(closed_from=date(2026, 2, 1), closed_until=date(2026, 4, 30))
HEAD = "ab" * 32
FIRST = FrameRow("SIP-2026-0001", "cluster=C03;level=major", 7, HEAD)
SECOND = FrameRow("SIP-2026-0002", "cluster=C04;level=major", 12, "0" * 64)

words = st.text(st.characters(exclude_characters="\t\n\r", exclude_categories=["Cs"]), min_size=1)
rows = st.lists(
    st.builds(FrameRow, words, words, st.integers(1, 10**6), st.just(HEAD)),
    unique_by=lambda row: row.number,
).map(lambda found: sorted(found, key=lambda row: row.number.encode()))


def lines_of(*taken, wanted=SPRING):
    digest = FrameDigest(wanted)
    return [*header(wanted).splitlines(keepends=True), *map(digest.add, taken)]


def test_a_frame_is_written_in_one_form():
    assert b"".join(lines_of(FIRST, SECOND)).decode() == (
        "bihuan-frame-1\n"
        '{"categories":[],"closed_from":"2026-02-01","closed_until":"2026-04-30","clusters":[],'
        '"levels":[],"listed":null,"relapsed":null,"unit_types":[]}\n'
        f"SIP-2026-0001\tcluster=C03;level=major\t7\t{HEAD}\n"
        f"SIP-2026-0002\tcluster=C04;level=major\t12\t{'0' * 64}\n"
    )


def test_the_hash_is_that_of_all_lines():
    digest = FrameDigest(SPRING)
    digest.add(FIRST)
    digest.add(SECOND)

    assert digest.hexdigest() == sha256(b"".join(lines_of(FIRST, SECOND))).hexdigest()
    assert digest.counts == {"cluster=C03;level=major": 1, "cluster=C04;level=major": 1}


@given(rows)
def test_what_is_written_is_read_back(taken):
    assert list(read_frame(lines_of(*taken))) == taken


@given(rows, st.data())
def test_any_changed_row_changes_the_hash(taken, data):
    before = FrameDigest(SPRING)
    after = FrameDigest(SPRING)
    for row in taken:
        before.add(row)
    changed = data.draw(st.integers(0, len(taken)))
    for place, row in enumerate(taken):
        after.add(row._replace(seq=row.seq + 1) if place == changed else row)

    assert (before.hexdigest() == after.hexdigest()) is (changed == len(taken))


@pytest.mark.parametrize(
    "other",
    [
        {"closed_until": date(2026, 5, 1)},
        {"clusters": ("C03",)},
        {"levels": (Level.MAJOR,)},
        {"listed": False},
        {"relapsed": True},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_filter_is_another_frame(other):
    wanted = SPRING.model_copy(update=other)

    assert FrameDigest(wanted).hexdigest() != FrameDigest(SPRING).hexdigest()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (FIRST, "twice"),
        (FIRST._replace(number="SIP-2026-0000"), "after SIP-2026-0001"),
        (FIRST._replace(number="SIP-2026-00"), "after SIP-2026-0001"),
        (SECOND._replace(number="9\t9"), "not a row"),
        (SECOND._replace(number="S\n"), "not a row"),
        (SECOND._replace(number=""), "not a row"),
        (SECOND._replace(number="T\ud800"), "not a row"),
        (SECOND._replace(stratum=""), "not a row"),
        (SECOND._replace(stratum="a\tb"), "not a row"),
        (SECOND._replace(seq=0), "not a row"),
        (SECOND._replace(head=HEAD.upper()), "not a row"),
        (SECOND._replace(head=HEAD[1:]), "not a row"),
    ],
    ids=[
        "twice", "before", "shorter", "tab", "newline", "no-number", "lone-surrogate",
        "no-stratum", "tab-in-stratum", "event-zero", "upper-case", "short-hash",
    ],
)  # fmt: skip
def test_a_row_that_cannot_follow_is_refused_by_its_line(row, problem):
    digest = FrameDigest(SPRING)
    digest.add(FIRST)
    before = digest.hexdigest()

    with pytest.raises(Trouble, match=problem) as refused:
        digest.add(row)

    assert refused.value.where == "line 4"
    assert refused.value.remedy.zh
    assert digest.hexdigest() == before


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (lines_of(FIRST)[2], "twice"),
        (b"SIP-2026-0000\tall\t1\t" + HEAD.encode() + b"\n", "after"),
        (b"SIP-2026-0002\tall\t1\t" + HEAD.encode(), "not a row"),
        (b"SIP-2026-0002\tall\t01\t" + HEAD.encode() + b"\n", "not a row"),
        (b"SIP-2026-0002\tall\t1\t" + HEAD.encode() + b"\r\n", "not a row"),
        (b"SIP-2026-0002\tall\t1\t" + HEAD.encode() + b"\tx\n", "not a row"),
        (b"SIP-\xff\tall\t1\t" + HEAD.encode() + b"\n", "not a row"),
        (b"\n", "not a row"),
    ],
    ids=["twice", "before", "cut", "zero", "windows", "fifth", "bytes", "empty"],
)
def test_a_line_that_cannot_follow_is_refused_by_its_number(line, problem):
    with pytest.raises(Trouble, match=problem) as refused:
        list(read_frame([*lines_of(FIRST), line]))

    assert refused.value.where == "line 4"


def test_numbers_follow_the_order_of_their_bytes_beyond_the_basic_plane():
    taken = [FIRST._replace(number="Z"), FIRST._replace(number="\uffee")]
    last = FIRST._replace(number="\U00020bb7")

    assert list(read_frame(lines_of(*taken, last)))[-1] == last


@pytest.mark.parametrize(
    "first",
    [
        [],
        [b"bihuan-frame-1\n"],
        [b"bihuan-frame-2\n", header(SPRING).splitlines(keepends=True)[1]],
        [b"bihuan-frame-1\n", b"{}\n"],
        [b"bihuan-frame-1\n", header(SPRING).splitlines(keepends=True)[1].replace(b",", b", ")],
        [b"bihuan-frame-1\n", header(SPRING).splitlines(keepends=True)[1].rstrip()],
    ],
    ids=["empty", "cut", "version", "no-days", "spaced", "no-newline"],
)
def test_a_header_in_any_other_form_is_refused(first):
    with pytest.raises(Trouble, match="first two lines") as refused:
        list(read_frame(first))

    assert refused.value.where == "line 1"


def test_the_filter_is_read_back_and_no_row_with_it():
    wanted = SPRING.model_copy(update={"clusters": ("C03",), "listed": True})
    reading = iter(lines_of(FIRST, wanted=wanted))

    assert read_filter(reading) == wanted
    assert next(reading).startswith(b"SIP-2026-0001\t")


def test_a_filter_has_one_form_whatever_the_order_it_was_given_in():
    days = {"closed_from": "2026-02-01", "closed_until": "2026-02-01"}
    one = FrameFilter(**days, clusters=("C04", "C03"), levels=("ordinary", "major"))
    other = FrameFilter(**days, clusters=("C03", "C04", "C03"), levels=("major", "ordinary"))

    assert header(one) == header(other)


def test_a_filter_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValidationError) as refused:
        FrameFilter(closed_from=date(2026, 2, 2), closed_until=date(2026, 2, 1))

    raised = refused.value.errors()[0]["ctx"]["error"]
    assert raised.problem.zh == "销号起日 2026-02-02 晚于止日 2026-02-01"
    assert raised.remedy.en == "Exchange the two days."


@pytest.mark.parametrize(
    "wrong",
    [{"clusters": ("",)}, {"categories": ("x" * 41,)}, {"levels": ("huge",)}, {"colour": "red"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_filter_of_unknown_things_is_refused(wrong):
    with pytest.raises(ValidationError):
        FrameFilter(closed_from=date(2026, 2, 1), closed_until=date(2026, 2, 1), **wrong)


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({}, "all"),
        ({StratumBy.LEVEL: "major", StratumBy.CLUSTER: "C03"}, "cluster=C03;level=major"),
        ({StratumBy.UNIT_TYPE: ""}, "unit_type="),
        ({StratumBy.CATEGORY: "消防;用电=1%\t"}, "category=消防%3B用电%3D1%25%09"),
        ({StratumBy.RELAPSED: "no", StratumBy.LISTED: "yes"}, "listed=yes;relapsed=no"),
    ],
    ids=["all", "two", "empty", "separators", "order"],
)
def test_a_stratum_has_one_name(values, key):
    assert stratum_key(values) == key
    assert read_stratum(key) == values


@given(st.dictionaries(st.sampled_from(StratumBy), st.text(max_size=5)))
def test_every_stratum_is_read_back(values):
    assert read_stratum(stratum_key(values)) == values


@pytest.mark.parametrize(
    "key",
    [
        "", "cluster", "colour=red", "level=major;cluster=C03", "cluster=C03;cluster=C04",
        "cluster=C03;", "cluster=a=b", "cluster=%3b", "all;level=major", "cluster=%41",
    ],
)  # fmt: skip
def test_a_stratum_named_otherwise_is_refused(key):
    with pytest.raises(Trouble, match="not the key of a stratum"):
        read_stratum(key)


@pytest.mark.parametrize("by", StratumBy)
def test_what_divides_a_frame_has_a_name_in_both_languages(by):
    assert by.label.zh
    assert by.label.en
