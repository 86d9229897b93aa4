"""Who is covered by signed letters: by unit and cluster, as far as one may see."""

import pytest

from casework.errors import Invalid, NotFound
from casework.events import Door
from casework.registers.acts import retire_record
from casework.responsibility import find_coverage
from rules.registers.coverage import Cover, percent
from tests.casework.registers.buses import added
from tests.offices import MONDAY_9AM


@pytest.fixture
def signed(office):
    """S1 has signed both its letters, S2 one of two, S3 those of last year."""
    added(office, "responsibility")
    added(office, "responsibility", item_no="R2")
    added(office, "responsibility", unit="S2", by="head2")
    added(office, "responsibility", unit="S2", by="head2", item_no="R2", signed_on="")
    added(office, "responsibility", unit="S3", by="head3", year="2025")
    return office


def covers(office, by, **asked):
    found = find_coverage(office, by=by, year=2026, **asked)
    return {each.code: each.cover.value for each in found.units}


@pytest.mark.parametrize(
    ("by", "seen"),
    [
        ("committee1", {"S1": "whole", "S2": "part", "S3": "none"}),
        ("cluster1", {"S1": "whole", "S2": "part"}),
        ("head3", {"S3": "none"}),
        ("reporter1", {}),  # may not see the lists
    ],
)
def test_who_sees_which_units(signed, by, seen):
    assert covers(signed, by) == seen


def test_clusters_count_their_units(signed):
    found = find_coverage(signed, by="committee1", year=2026, missing=True)

    assert [(each.code, each.units, each.covered) for each in found.clusters] == [
        ("P1", 2, 1), ("P2", 1, 0),
    ]  # fmt: skip
    assert (found.total, found.covered) == (3, 1)
    assert [each.code for each in found.units] == ["S2", "S3"]


@pytest.mark.parametrize(
    ("place", "units"), [("P1", {"S1", "S2"}), ("第三幼儿园", {"S3"}), ("ZWH", {"S1", "S2", "S3"})]
)
def test_coverage_of_a_place(signed, place, units):
    assert covers(signed, "committee1", place=place).keys() == units


def test_of_a_place_of_others_there_is_nothing(signed):
    assert covers(signed, "cluster2", place="S1") == {}


def test_a_retired_letter_is_none(signed):
    for key in ("R1", "R2"):
        retire_record(
            signed, "responsibility", key, "岗位撤销", by="head1", at=MONDAY_9AM, door=Door.CLI
        )

    assert covers(signed, "head1") == {"S1": "none"}


def test_feedback_is_counted_by_post_and_half_year(signed):
    added(signed, "responsibility_fb")
    added(signed, "responsibility_fb", feedback_no="F2")  # of the same post again
    added(signed, "responsibility_fb", feedback_no="F3", item_no="R2")
    added(signed, "responsibility_fb", feedback_no="F4", period="second")

    unit = find_coverage(signed, by="head1", year=2026).units[0]

    assert unit.feedback == {"first": 2, "second": 1}


@pytest.mark.parametrize("year", [0, 2019, 2100])
def test_a_year_that_is_none_is_refused(sqlite_office, year):
    with pytest.raises(Invalid):
        find_coverage(sqlite_office, by="committee1", year=year)


def test_a_place_that_is_none_is_refused(sqlite_office):
    with pytest.raises(NotFound):
        find_coverage(sqlite_office, by="committee1", year=2026, place="nowhere")


@pytest.mark.parametrize(
    ("posts", "done", "cover"),
    [(0, 0, Cover.NONE), (2, 0, Cover.NONE), (2, 1, Cover.PART), (2, 2, Cover.WHOLE)],
)
def test_covered_is_who_signed_all(posts, done, cover):
    assert Cover.of(posts, done) is cover


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(0, 0, "—"), (199, 200, "99%"), (200, 200, "100%"), (0, 3, "0%")]
)
def test_a_share_is_rounded_down(part, whole, share):
    assert percent(part, whole) == share
