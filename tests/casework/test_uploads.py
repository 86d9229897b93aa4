"""A ledger handed in is kept for its owner, run once by whoever takes it, and gone in time."""

from datetime import timedelta
from io import BytesIO

import pytest

from casework.case_list import Filter, count_cases
from casework.errors import Conflict, Invalid, NotFound, Refused
from casework.uploads.keeping import (
    KEPT_FOR,
    Wish,
    ask_again,
    earlier_imports,
    errors_of,
    find_upload,
    folder_of,
    keep_upload,
    ledger_of,
    list_uploads,
    set_free,
)
from casework.uploads.running import beat_of, run_upload, standing_of
from models import UploadState
from tests.ledgers import BAD, FIRE, WIRE, a_ledger
from tests.offices import MONDAY_9AM


def hand_in(office, *rows, by="committee1", at=MONDAY_9AM, name="台账.csv", wish=Wish()):  # noqa: B008 — a Wish is frozen
    return keep_upload(office, name, BytesIO(a_ledger(*rows)), wish, by=by, at=at)


def run(office, upload):
    run_upload(office, upload.token)
    return find_upload(office, upload.token, by=upload.by)


def cases(office):
    return count_cases(office, Filter(), by="committee1", as_of=MONDAY_9AM)


def test_a_rehearsal_tells_what_would_land_and_writes_nothing(office):
    done = run(office, hand_in(office, FIRE, WIRE, BAD))

    counts = ("rows", "cases", "duplicate", "rejected")
    assert [done.answer[each] for each in counts] == [3, 2, 0, 1]
    assert [each["description"] for each in done.answer["preview"]] == [
        "灭火器压力不足",
        "插座松动",
    ]
    assert done.answer["problems"][0]["field"] == "unit"
    assert (done.state, done.landed, cases(office)) == (UploadState.ENDED, False, 0)
    assert errors_of(office, done.token).exists()


def test_what_was_rehearsed_is_imported_and_its_file_goes(office):
    done = run(office, hand_in(office, FIRE, WIRE))

    landed = run(office, ask_again(office, done, dry_run=False, partial=False, at=MONDAY_9AM))

    assert (landed.landed, landed.answer["cases"], cases(office)) == (True, 2, 2)
    assert not ledger_of(office, landed.token).exists()
    assert earlier_imports(office, landed.sha256)[0].cases == 2


@pytest.mark.parametrize(("partial", "landed"), [(False, 0), (True, 1)])
def test_bad_rows_keep_all_out_unless_the_rest_is_wanted(office, partial, landed):
    done = run(office, hand_in(office, FIRE, BAD))

    run(office, ask_again(office, done, dry_run=False, partial=partial, at=MONDAY_9AM))

    assert cases(office) == landed


def test_an_upload_is_run_by_whoever_takes_it_first(office):
    upload = hand_in(office, FIRE)

    assert run_upload(office, upload.token).cases == 1
    assert run_upload(office, upload.token) is None


def test_what_landed_or_is_under_way_is_not_asked_for_again(office):
    waiting = hand_in(office, FIRE)
    landed = run(office, ask_again(
        office, run(office, hand_in(office, WIRE)), dry_run=False, partial=False, at=MONDAY_9AM
    ))  # fmt: skip

    for upload in (waiting, landed):
        with pytest.raises(Conflict):
            ask_again(office, upload, dry_run=False, partial=False, at=MONDAY_9AM)


def test_the_same_file_handed_in_again_doubles_nothing(office):
    for _ in range(2):
        done = run(office, hand_in(office, FIRE))
        landed = run(office, ask_again(office, done, dry_run=False, partial=False, at=MONDAY_9AM))

    assert (landed.answer["cases"], landed.answer["duplicate"], cases(office)) == (0, 1, 1)
    assert [each.cases for each in earlier_imports(office, landed.sha256)] == [0, 1]


def test_a_file_that_is_no_ledger_fails_with_its_reason(office):
    upload = keep_upload(
        office, "照片.xlsx", BytesIO(b"%PDF-1.7"), Wish(), by="committee1", at=MONDAY_9AM
    )

    with pytest.raises(Invalid):
        run_upload(office, upload.token)

    failed = find_upload(office, upload.token, by="committee1")
    assert failed.state is UploadState.FAILED
    assert "PDF" in failed.trouble["problem"]["zh"]


def test_how_far_it_is_can_be_asked_at_any_time(office):
    upload = hand_in(office, FIRE)
    seen = []

    def look(*_):
        seen.append(standing_of(office, find_upload(office, upload.token, by=upload.by)))

    before = standing_of(office, upload)
    run_upload(office, upload.token, progress=look)

    assert (before.doing, before.done) == ("", 0)
    assert (seen[-1].doing, seen[-1].done) == ("read", 1)
    assert beat_of(office, upload.token) is not None


def test_a_run_whose_process_died_may_be_asked_for_again(office):
    upload = hand_in(office, FIRE)

    set_free(office, upload)
    freed = find_upload(office, upload.token, by="committee1")
    again = run(office, ask_again(office, freed, dry_run=True, partial=False, at=MONDAY_9AM))

    assert freed.state is UploadState.FAILED
    assert again.answer["cases"] == 1


@pytest.mark.parametrize("by", ["committee2", "admin", "head1"])
def test_an_upload_is_its_owners_alone(sqlite_office, by):
    upload = hand_in(sqlite_office, FIRE)

    with pytest.raises(NotFound):
        find_upload(sqlite_office, upload.token, by=by)
    assert list_uploads(sqlite_office, by=by) == []


@pytest.mark.parametrize("by", ["owner1", "reporter1", "auditor", "verifier1a"])
def test_whoever_may_not_import_hands_nothing_in(sqlite_office, by):
    with pytest.raises(Refused):
        hand_in(sqlite_office, FIRE, by=by)

    assert not (sqlite_office.evidence.root.parent / "uploads").exists()


def test_an_empty_file_is_refused_and_nothing_is_kept(sqlite_office):
    with pytest.raises(Invalid, match="empty"):
        keep_upload(sqlite_office, "a.csv", BytesIO(b""), Wish(), by="admin", at=MONDAY_9AM)

    assert list((sqlite_office.evidence.root.parent / "uploads").iterdir()) == []


@pytest.mark.parametrize(("days", "kept"), [(KEPT_FOR, True), (KEPT_FOR + timedelta(1), False)])
def test_uploads_go_after_a_week(sqlite_office, days, kept):
    old = hand_in(sqlite_office, FIRE)

    hand_in(sqlite_office, WIRE, at=MONDAY_9AM + days)

    assert folder_of(sqlite_office, old.token).exists() is kept
    assert len(list_uploads(sqlite_office, by="committee1")) == 1 + kept


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("..\\..\\台账.csv", "台账.csv"),
        ("/etc/passwd", "passwd"),
        ("", "ledger"),
        ("\udcff.csv", "?.csv"),
    ],
)
def test_a_name_is_only_a_name(sqlite_office, name, kept):
    assert hand_in(sqlite_office, FIRE, name=name).name == kept
