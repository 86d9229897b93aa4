"""Proofs on pages: a case verified now, what was rewritten, a bundle and who may take it."""

import io
import re
from dataclasses import replace
from zipfile import ZipFile

import pytest

from casework.auditing.access import list_access
from casework.events import Door, Happening
from casework.records import START, Subject, write_record
from tests.offices import MONDAY_9AM, closed
from tests.sealing import outside_of, sealed, unprotected

STEP = Happening("planned", None, "admin", Door.CLI, MONDAY_9AM, {"why": "每月"})


@pytest.fixture
def proven(site, tmp_path):
    """A site that can verify: it has keys, and heads lie beside it."""
    site.app.state.settings = replace(site.app.state.settings, outside=outside_of(tmp_path))
    return site


def looks(site):
    return [each["look"] for each in list_access(site.office, by="auditor")]


def test_a_sealed_case_is_verified_and_its_proof_taken(proven, tmp_path):
    number = closed(proven.office)
    sealed(proven.office, tmp_path)
    auditor = proven.as_("auditor")

    case = auditor.get(f"/case/{number}").text
    page = auditor.get(f"/audit/proof/{number}").text
    bundle = auditor.get(f"/audit/proof/{number}/bundle")

    assert "已封存在检查点 6" in case
    assert "核对无误" in page
    assert "6 条在检查点 6 之下，6 条经路径算到其根" in page
    assert "bundle.json" in ZipFile(io.BytesIO(bundle.content)).namelist()
    assert looks(proven)[:2] == ["prove", "prove"]


def test_any_other_record_is_verified_and_its_proof_taken(proven, tmp_path):
    write = Subject("register", 7, "equipment/A/1 号"), STEP
    with proven.office.writing() as connection:
        write_record(connection, *write, START)
    sealed(proven.office, tmp_path)
    auditor = proven.as_("auditor")

    asked = auditor.get("/audit/proof", params={"number": "register:equipment/A/1 号"}).text
    link = re.search(r'href="(/audit/proof/register[^"]+/bundle)"', asked)[1]
    bundle = auditor.get(link)
    stranger = proven.as_("owner1")

    assert "核对无误" in asked
    assert "1 条在检查点" in asked
    assert "bundle.json" in ZipFile(io.BytesIO(bundle.content)).namelist()
    assert looks(proven)[:2] == ["prove", "prove"]
    assert stranger.get(link).status_code == 404
    assert auditor.get("/audit/proof/register:%237").status_code == 200


def test_what_was_rewritten_shows_at_once(proven, tmp_path):
    number = closed(proven.office)
    sealed(proven.office, tmp_path)
    with proven.office.writing() as connection:
        unprotected(connection)
        connection.exec_driver_sql("UPDATE case_event SET role = 'head' WHERE seq = 2")

    page = proven.as_("auditor").get(f"/audit/proof/{number}").text

    assert "核对无误" not in page
    assert "第 2 条" in page


def test_personal_data_leaves_with_a_reason_only_and_not_to_everybody(proven, tmp_path):
    number = closed(proven.office, owner="王小明")
    sealed(proven.office, tmp_path)
    path = f"/audit/proof/{number}/bundle"
    auditor = proven.as_("auditor")

    plain = ZipFile(io.BytesIO(auditor.get(path).content)).read("bundle.json").decode()
    blank = auditor.post(path, data={"reason": " "})
    told = auditor.post(path, data={"reason": "来信举报"})
    others = proven.as_("owner1").post(path, data={"reason": "好奇"})

    assert "王小明" not in plain
    assert (blank.status_code, others.status_code) == (403, 403)
    assert "王小明" in ZipFile(io.BytesIO(told.content)).read("bundle.json").decode()
    assert looks(proven)[0] == "reveal"
