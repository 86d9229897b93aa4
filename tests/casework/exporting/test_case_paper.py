"""The paper in a case's archive says what its file says, masked alike, with every glyph there."""

from io import BytesIO
from zipfile import ZipFile

import pytest
import typst
from pypdf import PdfReader

from casework.documents.case_pdf import CasePaper, Part, draw_case
from casework.documents.fonts import fontbook
from casework.errors import Invalid, Unavailable
from casework.exporting.archive import pack_case
from rules.actions import Action
from tests.offices import MONDAY_9AM, act, after_photo, rectifying
from tests.papers import COMMON, HOSTILE, NEEDS_A_FONT, RARE, text_of

pytestmark = NEEDS_A_FONT


@pytest.fixture
def case(office):
    """A case with a plan, an order, notices, and a photo claimed with."""
    number = rectifying(office, owner="王小明", location="教学楼三楼")
    act(office, number, Action.LIST, "committee1", kind="supervision", reason="久拖不改")
    act(office, number, Action.CLAIM, "owner1", files=[after_photo(office)])
    return number


def packed(office, number, folder, by="committee1"):
    told = pack_case(office, number, folder / "case.zip", by=by, as_of=MONDAY_9AM)
    with ZipFile(folder / "case.zip") as archive:
        return told, {name: archive.read(name) for name in archive.namelist()}


def test_a_paper_says_state_history_due_dates_orders_notices_and_shows_photos(
    office, case, tmp_path
):
    _, contents = packed(office, case, tmp_path)

    pdf = contents["case.pdf"]
    said = text_of(pdf)
    for words in (
        f"一案一档{case}", "灭火器压力不足", "教学楼三楼", "王小明", "整改中", "更换灭火器",
        "校安督〔2026〕1号", "久拖不改", "经过", "时限", "告知何人", "CLUSTER1", "整改后green.jpg",
        "凭据" + case,
    ):  # fmt: skip
        assert words in said
    [photo] = [image for page in PdfReader(BytesIO(pdf)).pages for image in page.images]
    assert photo.image.size == (32, 24)


def test_an_owner_is_masked_on_paper_as_in_the_rest(office, case, tmp_path):
    _, contents = packed(office, case, tmp_path, by="auditor")

    said = text_of(contents["case.pdf"])
    assert "王**" in said
    assert "王小明" not in said


def test_what_no_font_can_show_leaves_the_archive_without_a_paper_and_says_why(
    sqlite_office, tmp_path
):
    number = rectifying(sqlite_office, description=f"\U0002ffff{RARE[0]}家门口")

    told, contents = packed(sqlite_office, number, tmp_path)

    assert "缺这些字" in told.no_pdf
    assert "case.pdf" not in contents
    assert told.no_pdf in contents["manifest.json"].decode()


def a_paper(*lines):
    rows = [(line, "1") for line in lines]
    part = Part("经过", ("rest", "auto"), ("经过", "序"), rows)
    return CasePaper("一案一档", "YH1", [], [], [("隐患", lines[0])], [part], "照片", [], "凭据")


@pytest.mark.parametrize("line", [COMMON, *HOSTILE])
def test_whatever_was_typed_comes_out_as_text(line):
    assert "".join(line.split()) in text_of(draw_case(a_paper(line)))


def test_a_paper_refuses_by_name_what_no_font_has_and_to_be_set_without_one():
    with pytest.raises(Invalid) as refused:
        draw_case(a_paper("\U0002ffff"))
    with pytest.raises(Unavailable):
        draw_case(a_paper(COMMON), fontbook(typst.Fonts(False, False, [])))

    assert "U+2FFFF" in refused.value.problem.zh
