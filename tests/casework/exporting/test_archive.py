"""One case leaves as an archive that can be read, checked, and opened by anybody."""

import json
from hashlib import sha256
from zipfile import ZipFile

import pytest

from casework.documents.fonts import system_fonts
from casework.errors import NotFound
from casework.exporting.archive import pack_case
from rules.actions import Action
from tests.offices import MONDAY_9AM, act, after_photo, rectifying, reported


def packed(office, folder, number, *, by="committee1"):
    told = pack_case(office, number, folder / "case.zip", by=by, as_of=MONDAY_9AM)
    with ZipFile(folder / "case.zip") as archive:
        return told, {name: archive.read(name) for name in archive.namelist()}


def test_an_archive_holds_the_case_its_events_and_its_evidence(office, tmp_path):
    number = rectifying(office, owner="王小明", description="<b>灭火器</b>")
    photo = after_photo(office)
    act(office, number, Action.CLAIM, "owner1", files=[photo])

    told, contents = packed(office, tmp_path, number)

    manifest = json.loads(contents.pop("manifest.json"))
    assert manifest["sha256"] == {n: sha256(data).hexdigest() for n, data in contents.items()}
    assert (manifest["case"], manifest["receipt"], manifest["missing"]) == (
        number, told.receipt, [],
    )  # fmt: skip
    assert set(contents) == {
        "case.json", "events.jsonl", "index.html", "case.pdf", "evidence/01-after-green.jpg",
    } - (set() if system_fonts().faces else {"case.pdf"})  # fmt: skip
    assert sha256(contents["evidence/01-after-green.jpg"]).hexdigest() == photo.stored.sha256
    events = [json.loads(line) for line in contents["events.jsonl"].splitlines()]
    assert [event["kind"] for event in events] == ["report", "submit_plan", "approve_plan", "claim"]
    assert told.receipt.endswith(events[-1]["hash"][:8])
    assert "&lt;b&gt;灭火器" in contents["index.html"].decode()
    assert json.loads(contents["case.json"])["case"]["owner"] == "王小明"


def test_who_may_not_see_names_gets_them_masked_and_photos_redrawn(office, tmp_path):
    number = rectifying(office, owner="王小明")
    photo = after_photo(office)
    act(office, number, Action.CLAIM, "owner1", files=[photo])

    told, contents = packed(office, tmp_path, number, by="auditor")

    assert told.names_masked
    assert not any("王小明".encode() in data for data in contents.values())
    view = sha256(contents["evidence/01-after-green.jpg"]).hexdigest()
    assert view == photo.stored.view_sha256


def test_evidence_that_is_gone_is_named(office, tmp_path):
    number = rectifying(office)
    photo = after_photo(office)
    act(office, number, Action.CLAIM, "owner1", files=[photo])
    office.evidence.original(photo.stored.sha256).unlink()

    told, _ = packed(office, tmp_path, number)

    assert told.missing == ("evidence/01-after-green.jpg",)


def test_a_case_of_others_is_not_found(office, tmp_path):
    number = reported(office, unit="S1")

    with pytest.raises(NotFound):
        packed(office, tmp_path, number, by="head3")

    assert not (tmp_path / "case.zip").exists()
