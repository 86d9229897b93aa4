"""``bihuan document``: what can be issued, the file that is written, what is verified."""

from io import BytesIO

import pytest
from docx import Document

from tests.offices import reported
from tests.papers import NEEDS_A_FONT, failed


def test_the_list_says_what_can_be_issued_and_what_was(bihuan, office, tmp_path):
    number = failed(office)
    make = ("document", "make", "复查意见书", number, "--as", "verifier1a", "--to")

    before = bihuan("document", "list", number, "--as", "verifier1a", "--json").json
    made = bihuan(*make, tmp_path / "意见书.docx")
    after = bihuan("document", "list", number, "--as", "verifier1a")

    assert [(each["kind"], each["issued"], bool(each["why_not"])) for each in before] == [
        ("rectification", None, True), ("reinspection", None, False),
    ]  # fmt: skip
    assert made.code == 0, made.err
    assert f"复查意见书 {number}-复查-1" in made.out
    assert "您无权签发整改通知书" in after.out
    assert "已签发" in after.out


@NEEDS_A_FONT
@pytest.mark.parametrize(("name", "start"), [("通知.docx", b"PK"), ("通知.pdf", b"%PDF-")])
def test_the_format_is_what_the_name_says(bihuan, office, tmp_path, name, start):
    number = reported(office)

    told = bihuan(
        "document", "make", "rectification", number, "--to", tmp_path / name, "--as", "cluster1",
        "--json",
    )  # fmt: skip

    assert (tmp_path / name).read_bytes().startswith(start)
    assert told.json["number"] == f"{number}-整改-1"
    assert told.json["format"] == name[-4:].strip(".")
    assert told.json["address"].startswith("http://127.0.0.1:8080/verify/")


def test_the_address_is_where_people_find_the_pages(bihuan, office, tmp_path, monkeypatch):
    monkeypatch.setenv("BIHUAN_BASE_URL", "https://safe.example/")
    number = reported(office)

    told = bihuan("document", "make", "rectification", number, "--to", tmp_path / "a",
                  "--as", "cluster1", "--json")  # fmt: skip

    assert told.json["address"].startswith("https://safe.example/verify/")
    assert "扫码核验" in "".join(
        each.text for each in Document(BytesIO((tmp_path / "a").read_bytes())).paragraphs
    )


def test_a_file_that_is_there_is_not_written_over_and_nothing_is_issued(bihuan, office, tmp_path):
    number = reported(office)
    (tmp_path / "a.docx").write_text("mine")

    told = bihuan("document", "make", "rectification", number, "--to", tmp_path / "a.docx",
                  "--as", "cluster1", "--json")  # fmt: skip

    assert told.code == 1
    assert told.error["where"] == "--to"
    assert (tmp_path / "a.docx").read_text() == "mine"
    listed = bihuan("document", "list", number, "--as", "cluster1", "--json").json
    assert [each["issued"] for each in listed] == [None]


@NEEDS_A_FONT
@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "缺这些字：\ue83a（U+E83A）"), ("en", "lacks these characters: \ue83a (U+E83A)")],
)
def test_a_missing_glyph_is_named_and_a_docx_is_still_to_be_had(
    bihuan, office, tmp_path, lang, said
):
    number = reported(office, description="\ue83a野家门口堆物")
    make = ("document", "make", "rectification", number, "--as", "cluster1", "--lang", lang)

    pdf = bihuan(*make, "--to", tmp_path / "a.pdf")
    docx = bihuan(*make, "--to", tmp_path / "a.docx")

    assert pdf.code == 1
    assert said in pdf.err
    assert not (tmp_path / "a.pdf").exists()
    assert docx.code == 0


def test_anybody_verifies_a_receipt(bihuan, office, tmp_path):
    number = reported(office)
    made = bihuan("document", "make", "rectification", number, "--to", tmp_path / "a.docx",
                  "--as", "cluster1", "--json").json  # fmt: skip

    good = bihuan("document", "verify", made["receipt"])
    code = bihuan("document", "verify", made["address"].rpartition("/")[2], "--json")
    bad = bihuan("document", "verify", f"{number}/1/00000000")

    assert (good.code, code.code, bad.code) == (0, 0, 1)
    assert code.json["number"] == f"{number}-整改-1"
    assert "请勿采信" in bad.out


@pytest.mark.parametrize("words", [
    ("list", "YH2026-999999", "--as", "committee1"), ("list", "YH2026-000001", "--as", "owner2"),
])  # fmt: skip
def test_what_is_not_there_or_not_theirs_is_not_found(bihuan, office, words):
    reported(office)

    assert bihuan("document", *words).code == 3
