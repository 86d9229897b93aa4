"""What a document's code or a receipt says to anybody: ours or not, and of no person a word."""

from dataclasses import asdict

import pytest
from sqlalchemy import text

from casework.case_file import open_case_file
from casework.documents.papers import find_paper
from casework.documents.verifying import verify_code
from casework.errors import Invalid, NotFound
from casework.filings.correcting import correct_filing
from casework.lookback.looking import open_lookback
from casework.proving.subjects import find_proven
from models.tables import DUTIES
from tests.casework.filings.filed import acting, compiled, signed, which
from tests.casework.registers.buses import added
from tests.lookbacks import planned_look
from tests.offices import MONDAY_9AM, reported
from tests.papers import K, failed, issued


def receipt_of(office, number):
    return open_case_file(office, number, by="committee1", as_of=MONDAY_9AM).receipt


def alter(office, table, statement):
    """Change what is written once, as somebody who owns the database could."""
    with office.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text(f"DROP TRIGGER {table}_refuses_update"))
        connection.execute(text(statement))


def test_the_code_of_a_document_tells_its_number_day_and_issuer_and_nobodys_name(office):
    number = failed(office, owner="张三", description="只在第一小学")
    paper = issued(office, K.REINSPECTION, number, by="verifier1a")

    found = verify_code(office, paper.token)

    assert found.genuine
    assert (found.kind, found.number, found.issuer) == (K.REINSPECTION, paper.number, "第一片区")
    assert (found.issued_on, found.receipt) == ("2026-03-02", paper.receipt)
    told = str(asdict(found))
    assert not [each for each in ("张三", "VERIFIER1A", "第一小学", "未固定") if each in told]


def test_a_receipt_of_ours_is_known(office):
    receipt = receipt_of(office, failed(office))

    assert verify_code(office, f" {receipt} ").genuine


def test_a_receipt_of_a_look_back_is_known(office):
    number = planned_look(office)
    receipt = open_lookback(office, number, by="admin").receipt

    assert verify_code(office, receipt).genuine


@pytest.mark.parametrize("code", [
    "", "/", "//", "x", "0" * 32, "YH2026-000001/1/00000000", "YH2026-000001/2/",
    "YH2026-000001/0/00000000", "YH2026-000001/-1/00000000", "YH2026-000001/９/00000000",
    "YH2026-000001/99999999999999999999/00000000", "YH2026-000009/1/00000000",
    "YH2026-000001/1/0000000%", "\x00/1/00000000", "' OR 1=1 --", "a" * 5_000,
])  # fmt: skip
def test_what_is_not_ours_tells_nothing_not_even_whether_there_is_such_a_case(office, code):
    reported(office)

    found = verify_code(office, code)

    assert (found.genuine, found.number, found.receipt, found.kind) == (False, "", "", None)


def test_another_hash_for_the_same_event_is_not_ours(sqlite_office):
    number, seq, short = receipt_of(sqlite_office, reported(sqlite_office)).split("/")
    other = short[:-1] + ("0" if short[-1] != "0" else "1")

    assert verify_code(sqlite_office, f"{number}/{seq}/{short}").genuine
    assert not verify_code(sqlite_office, f"{number}/{seq}/{other}").genuine


def test_a_document_whose_text_was_altered_is_not_genuine_and_is_not_given_out(office):
    number = reported(office)
    paper = issued(office, K.RECTIFICATION, number)

    alter(office, "document", "UPDATE document SET content = replace(content, '整改', '放宽')")

    assert not verify_code(office, paper.token).genuine
    with pytest.raises(Invalid, match="not what was issued"):
        issued(office, K.RECTIFICATION, number)


def test_a_document_stands_no_longer_when_the_history_under_it_was_altered(office):
    paper = issued(office, K.RECTIFICATION, reported(office))

    alter(office, "case_event", "UPDATE case_event SET body = '{}'")

    found = verify_code(office, paper.token)
    assert [each.holds for each in found.checks] == [True, False]
    assert not found.genuine


def test_another_number_on_the_same_text_is_noticed(sqlite_office):
    issued(sqlite_office, K.RECTIFICATION, reported(sqlite_office))

    alter(sqlite_office, "document", "UPDATE document SET number = 'YH2026-000001-整改-9'")

    with sqlite_office.reading() as connection:
        assert not find_paper(connection, "YH2026-000001-整改-9").sound


def test_the_receipt_of_a_signed_report_tells_its_number_unit_and_day(office):
    compiled(office)
    frozen = signed(office, nil="是")

    found = verify_code(office, frozen.receipt)

    assert (found.genuine, found.kind, found.number) == (True, None, "月报2026-03-S1")
    assert (found.issuer, found.issued_on, found.corrected) == ("第一小学", "2026-04-01", "")
    assert found.title.zh == "2026年3月每月上报"


def test_a_report_that_was_corrected_says_by_which_version(sqlite_office):
    compiled(sqlite_office)
    frozen = signed(sqlite_office, nil="是")
    correct_filing(sqlite_office, which(), "漏填", **acting("S1"))
    before = verify_code(sqlite_office, frozen.receipt)
    signed(sqlite_office, nil="是")

    after = verify_code(sqlite_office, frozen.receipt)

    assert (before.corrected, after.corrected) == ("", "月报2026-03-S1-更正1")
    assert after.genuine


def test_a_report_that_was_altered_is_not_genuine(sqlite_office):
    compiled(sqlite_office)
    frozen = signed(sqlite_office, nil="是")
    other = frozen.receipt[:-1] + ("0" if frozen.receipt[-1] != "0" else "1")
    forged = verify_code(sqlite_office, other)
    assert (forged.genuine, forged.number) == (False, "")

    alter(sqlite_office, "filing", "UPDATE filing SET content = replace(content, '消防', '放宽')")

    found = verify_code(sqlite_office, frozen.receipt)
    assert [(each.what.en, each.holds) for each in found.checks] == [
        ("number and text are as issued", False), ("the receipt matches the history", True),
    ]  # fmt: skip


def test_the_receipts_of_other_records_are_known(office):
    compiled(office)
    kept = added(office, "training_plan")
    with office.reading() as connection:
        row = connection.execute(DUTIES.select().order_by(DUTIES.c.id)).first()

    duty = f"duty:{row.id}/{row.seq}/{row.head[:8]}"
    assert (verify_code(office, kept.receipt).genuine, verify_code(office, duty).genuine) == (
        True, True,
    )  # fmt: skip
    assert not verify_code(office, duty.replace("duty", "register")).genuine


def test_a_report_is_proved_to_who_may_see_it_alone(sqlite_office):
    compiled(sqlite_office)
    written = f"filing:{signed(sqlite_office, nil='是').number}"

    with sqlite_office.reading() as connection:
        for by in ("head1", "cluster1", "auditor"):
            assert find_proven(connection, written, by)[0].kind == "filing"
        for by in ("head2", "cluster2"):
            with pytest.raises(NotFound):
                find_proven(connection, written, by)
