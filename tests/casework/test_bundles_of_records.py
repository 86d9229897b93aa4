"""Whatever has a history can be proven to somebody outside, by whoever may see it."""

import json
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from casework.auditing.access import record_access
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door, Happening
from casework.proving.bundles import Wanted, prove
from casework.records import START, Subject, write_record
from models.tables import RECORD_EVENTS
from rules.looking import Look
from tests.lookbacks import closed_cases, drawn_look
from tests.offices import MONDAY_9AM, PERSON
from tests.sealing import outside_of, sealed
from verify.bihuan_verify import main

STEP = Happening("planned", None, "admin", Door.CLI, MONDAY_9AM, {"why": "每月"})


@pytest.fixture
def proof(office, tmp_path, capsys):
    """Prove a record, and check the bundle with the key and nothing else of ours."""

    def make(written, *, by="auditor", receipt="", change=None, **wanted):
        outside = outside_of(tmp_path)
        made = prove(office, Wanted(written, **wanted), outside.keys, by=by, at=MONDAY_9AM)
        path = tmp_path / made.name
        path.write_bytes(made.content)
        with ZipFile(path) as archive:
            bundle = json.loads(archive.read("bundle.json"))
        if change:
            change(bundle)
            path = path.with_suffix(".json")
            path.write_text(json.dumps(bundle), encoding="utf-8")
        words = [str(path), "--key", outside.keys.newest.text, "--lang", "en"]
        capsys.readouterr()
        code = main([*words, *(["--receipt", receipt] if receipt else [])])
        return code, capsys.readouterr().out, bundle

    return make


def written(office, subject, *happenings):
    with office.writing() as connection:
        last = START
        for each in happenings:
            last = write_record(connection, subject, each, last)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("account", "head1"), ("document", "校安督〔2026〕1号"), ("register", "equipment/A/1"),
        ("person", "head1"), ("organisation", "S1"), ("duty", "report"), ("seal", "seal"),
    ],
)  # fmt: skip
def test_any_record_is_proven(office, tmp_path, proof, kind, name):
    written(office, Subject(kind, 7, name), STEP, STEP)
    sealed(office, tmp_path)
    with office.reading() as connection:
        last = connection.execute(select(RECORD_EVENTS.c.hash).where(RECORD_EVENTS.c.seq == 2))
        short = last.scalar_one()[:8]

    code, said, bundle = proof(f"{kind}:{name}", receipt=f"{kind}:{name}/2/{short}")
    bare = proof(f"{kind}:{name}", receipt=f"{name}/2/{short}")
    forged = proof(f"{kind}:{name}", change=lambda b: b["events"][0]["event"].update(door="api"))

    assert code == bare[0] == 0
    assert f"{kind}:{name}: its first 2 events are intact" in said
    assert bundle["subject"] == f"{kind}:{name}"
    assert (forged[0], "event 1 is not under the head" in forged[1]) == (1, True)


def test_who_looked_at_the_audit_is_proven_to_themselves_and_overseers(office, tmp_path, proof):
    for _ in range(2):
        given = record_access(
            office, Look.SEARCH, by="head1", at=MONDAY_9AM, door=Door.CLI, typed="灭火器"
        )
    sealed(office, tmp_path)

    mine, theirs = (proof("audit:head1", by=who, receipt=given) for who in ("head1", "auditor"))

    assert (mine[0], theirs[0]) == (0, 0)
    assert f"The receipt {given} is true." in mine[1]
    assert "灭火器" not in json.dumps(mine[2], ensure_ascii=False)
    with pytest.raises(NotFound):
        proof("audit:head1", by="owner1")


def test_a_look_back_is_proven_to_whoever_may_see_it(office, tmp_path, proof):
    closed_cases(office)
    number = drawn_look(office)
    sealed(office, tmp_path)

    code, said, _ = proof(f"lookback:{number}")

    assert (code, f"lookback:{number}: its first 5 events" in said) == (0, True)
    with pytest.raises(NotFound):
        proof(f"lookback:{number}", by="head1")


def test_personal_data_of_a_record_comes_for_a_reason_only(office, tmp_path, proof):
    written(
        office, Subject("register", 3, "staff/9"), STEP._replace(private={"contact": "王五 139"})
    )
    sealed(office, tmp_path)

    without, having = proof("register:staff/9"), proof("register:staff/9", reason="信访核实")
    spoilt = proof(
        "register:staff/9", reason="信访核实",
        change=lambda b: b["private"][0].update(value="李四"),
    )  # fmt: skip

    assert "private" not in without[2]
    assert having[2]["private"][0]["value"] == "王五 139"
    assert (having[0], "contact is what was sealed." in having[1]) == (0, True)
    assert spoilt[0] == 1
    with office.reading() as connection:
        told = select(RECORD_EVENTS.c.body).where(RECORD_EVENTS.c.kind == "reveal")
        bodies = [json.loads(each) for each in connection.execute(told).scalars()]
    assert bodies == [{"case": "register:staff/9", "reason": "信访核实"}] * 2


def test_own_records_are_theirs_but_not_the_personal_data_in_them(office, tmp_path, proof):
    person = PERSON["head1"]
    written(office, Subject("account", person, "head1"), STEP)
    sealed(office, tmp_path)

    assert proof("account:head1", by="head1")[0] == 0
    with pytest.raises(Refused, match="not yours to take"):
        proof("account:head1", by="head1", reason="想看")
    with pytest.raises(NotFound):
        proof("account:head1", by="owner1")


def test_of_several_that_are_called_alike_one_is_chosen(office, tmp_path, proof):
    for n in (1, 2):
        written(office, Subject("register", n, "equipment/A-1"), STEP)
    sealed(office, tmp_path)

    with pytest.raises(Invalid, match="2 are called so"):
        proof("register:equipment/A-1")
    code, said, _ = proof("register:#2")

    assert (code, "register:equipment/A-1: its first 1 events" in said) == (0, True)


@pytest.mark.parametrize("name", ["lookback：没有", "nothing:x", "register:#9", "register:#", ":"])
def test_there_is_no_proof_of_nothing(office, proof, name):
    with pytest.raises(NotFound):
        proof(name)
