import csv
import io
import json

import pytest

from casework.errors import Invalid
from casework.ledger.delimited import read_records, tell_encoding
from casework.ledger.limits import DEFAULT

HEADER = "责任单位,隐患描述,整改时限\n"
ROW = "第一小学,灭火器压力不足,2026-03-10\n"
SPECTRUM = [
    "comma_in_quotes",
    "empty",
    "empty_crlf",
    "escaped_quotes",
    "json",
    "newlines",
    "newlines_crlf",
    "quotes_and_newlines",
    "simple",
    "simple_crlf",
    "utf8",
]


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum_reads_as_its_json_says(name, data):
    expected = json.loads((data / "csv" / f"{name}.json").read_text(encoding="utf-8"))

    header, *rows = read_records(io.BytesIO((data / "csv" / f"{name}.csv").read_bytes()), DEFAULT)

    assert [dict(zip(header, row, strict=True)) for row in rows if row] == expected


@pytest.mark.parametrize(
    ("written_as", "seen_as"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
    ],
)
def test_the_encodings_ledgers_arrive_in(written_as, seen_as, write_bytes, read):
    content = (HEADER + ROW).encode(written_as)

    assert tell_encoding(io.BytesIO(content)) == seen_as
    assert read(write_bytes(content)) == [
        (2, {"unit": "第一小学", "description": "灭火器压力不足", "due": "2026-03-10"})
    ]


def test_big_endian_utf_16_is_told_by_its_mark():
    assert tell_encoding(io.BytesIO(b"\xfe\xff" + HEADER.encode("utf-16-be"))) == "utf-16"


def test_rare_characters_of_gb18030_survive(write_bytes, read):
    rows = read(write_bytes(f"单位,隐患描述\n𠮷田镇䶮小学,喆{ROW}".encode("gb18030")))

    assert rows[0][1]["unit"] == "𠮷田镇䶮小学"


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (HEADER.encode() + b"\xff", "Line 2 (byte 39)"),
        # 0xD2 0xFE before a comma would pass as GB18030 and turn every other cell to nonsense.
        ((HEADER + ROW * 3).encode() + "第二小学,".encode() + b"\xd2\xfe,\n", "Line 5 (byte"),
        ((HEADER + ROW).encode("gb18030") + b"\x81", "is not UTF-8 nor GB18030"),
        ((HEADER + "第一小学,门窗").encode()[:-1], "Line 2 (byte"),  # the download broke off
        ((HEADER + ROW).encode("utf-16") + b"\x00", "is not UTF-8 nor GB18030"),
    ],
)
def test_ill_formed_text_is_refused_and_never_mended(content, where, write_bytes, read):
    with pytest.raises(Invalid, match="not UTF-8 nor GB18030") as refusal:
        read(write_bytes(content))

    assert where in refusal.value.problem.en
    assert refusal.value.where == "ledger.csv"


def test_the_utf8_torture_file_is_one_refusal(data, read):
    with pytest.raises(Invalid, match=r"Line 22 \(byte 308\) is not UTF-8 nor GB18030"):
        read(data / "strings" / "utf8tests.bin")


@pytest.mark.parametrize("code", ["utf-8", "gb18030", "utf-16"])
def test_a_nul_is_refused(code, write_bytes, read):
    with pytest.raises(Invalid, match="Line 2 holds a NUL"):
        read(write_bytes((HEADER + "第一\0小学,灯不亮,\n").encode(code)))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_makes_a_header(delimiter, write_bytes, read):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(
        [["单位", "隐患描述"], ["第一小学", "a,b,c;d;e;f\tg\th"]]
    )

    rows = read(write_bytes(out.getvalue().encode()))

    assert rows == [(2, {"unit": "第一小学", "description": "a,b,c;d;e;f\tg\th"})]


@pytest.mark.parametrize(
    "row", ['第一小学,"没有收尾的引号\n', f"第一小学,{'长' * 32_768}\n", '第一小学,"一"二\n']
)
def test_a_torn_record_is_refused_by_line(row, write_bytes, read):
    with pytest.raises(Invalid, match="Near line 2"):
        read(write_bytes(("单位,隐患描述\n" + row).encode()))


def test_the_longest_cell_excel_can_hold_is_read(write_bytes, read):
    rows = read(write_bytes(f"单位,隐患描述\n第一小学,{'长' * 32_767}\n".encode()))

    assert len(rows[0][1]["description"]) == 32_767


def test_blank_lines_count_as_rows_and_line_ends_within_quotes_do_not(write_bytes, read):
    content = '隐患台账,,\n\n单位,隐患描述\n甲校,"上\n下"\n\n乙校,灯不亮\n'.encode()

    assert [number for number, _ in read(write_bytes(content))] == [4, 6]
