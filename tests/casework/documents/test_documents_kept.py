"""Files of documents: made once, given out unchanged, never when altered."""

import pytest
from sqlalchemy import func, select

from casework.documents.making import make_file
from casework.errors import Invalid, NotFound
from models.tables import RECORD_EVENTS
from rules.documents import DocumentFormat
from tests.offices import reported
from tests.papers import (
    NEEDS_A_FONT,
    K,
    failed,
    hand,
    issued,
)


@pytest.mark.parametrize("form", [
    DocumentFormat.DOCX, pytest.param(DocumentFormat.PDF, marks=NEEDS_A_FONT),
])  # fmt: skip
def test_a_file_is_made_once_and_given_out_unchanged(office, form):
    paper = issued(office, K.REINSPECTION, failed(office))

    first = make_file(office, paper.id, form, hand())
    again = make_file(office, paper.id, form, hand("owner1"))

    assert again == first
    assert first.name == f"{paper.number} 安全隐患复查意见书.{form.value}"
    with office.reading() as connection:
        kept = RECORD_EVENTS.c
        made = select(func.count()).where(
            kept.subject == "document", kept.kind == "render_document"
        )
        assert connection.execute(made).scalar() == 1


@pytest.mark.parametrize(("spoil", "fault"), [
    (lambda path: path.write_bytes(b"%PDF-other"), Invalid), (lambda path: path.unlink(), NotFound),
])  # fmt: skip
def test_a_file_that_was_altered_or_lost_is_never_given_out(sqlite_office, spoil, fault):
    office = sqlite_office
    paper = issued(office, K.RECTIFICATION, reported(office))
    made = make_file(office, paper.id, DocumentFormat.DOCX, hand())

    spoil(office.evidence.root / "documents" / made.sha256)

    with pytest.raises(fault) as refused:
        make_file(office, paper.id, DocumentFormat.DOCX, hand())
    assert refused.value.where == made.sha256


def test_a_file_is_for_who_may_see_the_case(sqlite_office):
    paper = issued(sqlite_office, K.RECTIFICATION, reported(sqlite_office))

    with pytest.raises(NotFound):
        make_file(sqlite_office, paper.id, DocumentFormat.DOCX, hand("owner2"))
