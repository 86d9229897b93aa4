import io
import os
import struct
import zipfile
from dataclasses import replace

import pytest
import xlsxwriter

from casework.errors import Invalid
from casework.ledger.archive import check_archive
from casework.ledger.limits import DEFAULT, MIB
from casework.ledger.reader import open_ledger

BOOK = "xl/workbook.xml"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("pass_protected.xlsx", "protected by a password"),
        ("protected_passtika.xlsx", "protected by a password"),
        ("poc-xmlbomb.xlsx", "document type declaration"),
        ("clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5636439151607808.xlsx", "damaged"),
        ("clusterfuzz-testcase-minimized-POIXSSFFuzzer-6123461607817216.xlsx", "damaged"),
        ("MalformedSSTCount.xlsx", "No header row"),
    ],
)
def test_workbooks_found_by_fuzzing_are_one_refusal(name, reason, data, read):
    with pytest.raises(Invalid, match=reason) as refusal:
        read(data / "xlsx" / name)

    assert refusal.value.where == name
    assert refusal.value.remedy.zh
    assert refusal.value.remedy.en


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"<html><table><tr><td>", "HTML/XML"),
        (b"\xef\xbb\xbf\n <!DOCTYPE html>", "HTML/XML"),
        (b"<?xml version='1.0'?><Workbook/>", "HTML/XML"),
        (b"MIME-Version: 1.0\r\n", "HTML/XML"),
        (b"{\\rtf1", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "OLE2"),
        (b"PK\x05\x06" + bytes(18), "ZIP"),
    ],
)
def test_other_kinds_of_file_are_told_by_content_not_by_name(content, what, write_bytes, read):
    with pytest.raises(Invalid, match=f"it is {what}"):
        read(write_bytes(content, "台账.xls"))


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("word/document.xml", "DOCX"),
        ("ppt/presentation.xml", "PPTX"),
        ("content.xml", "ODS/ODT"),
        ("xl/workbook.bin", "XLSB"),
        ("readme.txt", "ZIP"),
    ],
)
def test_other_packages_are_named(entry, what, write_bytes, read):
    with pytest.raises(Invalid, match=f"it is {what}"):
        read(write_bytes(_zip({entry: b"x"}), "ledger.xlsx"))


def test_an_empty_file_is_refused(write_bytes, read):
    with pytest.raises(Invalid, match="is empty"):
        read(write_bytes(b""))


def test_two_entries_over_the_same_bytes_are_refused():
    """CVE-2024-0450: Python before 3.11.8 unpacks both."""
    with pytest.raises(Invalid, match="overlapping"):
        check_archive(_doubled(_zip({BOOK: b"<workbook/>" * 9})), DEFAULT)


@pytest.mark.parametrize(("entries", "refused"), [(1000, False), (1001, True)])
def test_a_thousand_entries_are_enough(entries, refused):
    archive = _zip({BOOK: b"<workbook/>"} | {f"{n}.xml": b"" for n in range(entries - 1)})

    assert _refuses(archive) is refused


@pytest.mark.parametrize(("unpacked", "refused"), [(MIB, False), (MIB + 1, True)])
def test_unpacked_bytes_are_limited(unpacked, refused):
    limits = replace(DEFAULT, unpacked_bytes=MIB)

    assert _refuses(_zip({BOOK: os.urandom(unpacked)}), limits) is refused


@pytest.mark.parametrize(("size", "refused"), [(MIB, False), (MIB + 1, True)])
def test_a_large_entry_may_not_pack_a_hundredfold_but_a_small_one_may(size, refused):
    limits = replace(DEFAULT, ratio_from_bytes=MIB)

    assert _refuses(_zip({BOOK: bytes(size)}), limits) is refused


def test_a_size_that_lies_is_found_by_counting():
    archive = _zip({BOOK: bytes(2 * MIB)}).replace(struct.pack("<L", 2 * MIB), struct.pack("<L", 9))

    assert _refuses(archive, replace(DEFAULT, unpacked_bytes=MIB)) is True


def test_a_cell_of_three_hundred_megabytes_is_refused(write_bytes, read):
    cell = b"<worksheet><sheetData><row><c t='inlineStr'><is><t>" + b"A" * (300 * MIB)

    with pytest.raises(Invalid, match="unpacks to more than 200 MB"):
        read(write_bytes(_zip({BOOK: b"<workbook/>", "xl/worksheets/sheet1.xml": cell})))


def test_a_sheet_that_would_fill_the_memory_kills_only_the_child(tmp_path, read):
    path = tmp_path / "corners.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_string(0, 0, "单位")
        page.write_string(1_048_575, 16_383, "隐患描述")

    with pytest.raises(Invalid, match="needs too much memory"):
        read(path)


def test_reading_stops_when_it_takes_too_long(write_bytes, read):
    path = write_bytes("单位,隐患描述\n甲校,灯不亮\n".encode())

    with pytest.raises(Invalid, match="took too long"):
        read(path, limits=replace(DEFAULT, wall_seconds=0.0))


@pytest.mark.parametrize(("rows", "refused"), [(3, False), (4, True)])
def test_rows_are_limited(rows, refused, write_bytes, read):
    path = write_bytes(("单位,隐患描述\n" + "甲校,灯不亮\n" * rows).encode())

    assert _is_refused(read, path, limits=replace(DEFAULT, rows=3)) is refused


@pytest.mark.parametrize(("blank", "refused"), [(6, False), (7, True)])
def test_blank_rows_are_limited_too(blank, refused, write_bytes, read):
    path = write_bytes(("单位,隐患描述\n甲校,灯不亮\n" + "\n" * blank).encode())

    assert _is_refused(read, path, limits=replace(DEFAULT, last_row=8)) is refused


@pytest.mark.parametrize(("commas", "refused"), [(99, False), (100, True)])
def test_one_line_may_not_go_on_for_ever(commas, refused, write_bytes, read):
    path = write_bytes(("单位,隐患描述\n" + "," * commas + "\n").encode())

    assert _is_refused(read, path, limits=replace(DEFAULT, line_characters=100)) is refused


@pytest.mark.parametrize(("limit", "refused"), [(54, False), (53, True)])
def test_a_file_is_limited_in_bytes(limit, refused, write_bytes, read):
    path = write_bytes("单位,隐患描述\n甲校,灯不亮\n乙校,门不关\n".encode())
    limits = replace(DEFAULT, text_bytes=limit, workbook_bytes=0)

    assert path.stat().st_size == 54
    assert _is_refused(read, path, limits=limits) is refused


def test_leaving_early_ends_the_child(write_bytes, read):
    path = write_bytes(("单位,隐患描述\n" + "甲校,灯不亮\n" * 50_000).encode())

    with open_ledger(path) as rows:
        first = next(rows)

    assert first.number == 2


def _zip(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _doubled(archive):
    """List the only entry twice in the directory."""
    directory, end = archive.index(b"PK\x01\x02"), archive.index(b"PK\x05\x06")
    entry = archive[directory:end]
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, 2 * len(entry), directory, 0)
    return archive[:directory] + entry * 2 + tail


def _refuses(archive, limits=DEFAULT):
    try:
        check_archive(archive, limits)
    except Invalid:
        return True
    return False


def _is_refused(read, path, **options):
    try:
        read(path, **options)
    except Invalid:
        return True
    return False
