"""No body is a fault of ours: not broken JSON, not numbers or texts that nothing can hold."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from casework.intake import LONGEST_DESCRIPTION
from tests.api.serving import Unlimited
from tests.offices import reported
from web.api.reading import MOST_JSON, read_json

with ZipFile(Path(__file__).parent / "data" / "json_test_suite.zip") as _suite:
    SUITE = {
        name.rpartition("/")[2]: _suite.read(name)
        for name in _suite.namelist()
        if name.endswith(".json")
    }
# Readable by RFC 8259; refused here because readers disagree on what a name given twice means.
TWICE = {
    "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
}  # fmt: skip
KIND = {"Content-Type": "application/json"}
HOSTILE = [
    "\x00", "a\x00b", "\x1b[31m", "\x7f", "\u0085", "\ufeff", "\u202e", "\uffff", "😀" * 100,
    "'; DROP TABLE cases; --", "{{ 7*7 }}", "<script>alert(1)</script>", "=1+1", "../../etc/passwd",
    "%s%n", "x" * 100_000, "\u0061\u0301" * 50, " ", "\t\r\n",
]  # fmt: skip


@pytest.mark.parametrize("name", [each for each in SUITE if each.startswith("n_")])
def test_what_is_not_json_is_not_read(name):
    with pytest.raises(json.JSONDecodeError):
        read_json(SUITE[name])


@pytest.mark.parametrize("name", [
    each for each in SUITE if each.startswith("y_") and each not in TWICE
])  # fmt: skip
def test_what_is_json_is_read_as_python_reads_it(name):
    assert read_json(SUITE[name]) == json.loads(SUITE[name])


@pytest.mark.parametrize("text", [
    "NaN", "Infinity", "-Infinity", '{"a": NaN}', '"\\ud800"', '{"\\udc00": 1}', '{"a":1,"a":1}',
    "9223372036854775808", "-9223372036854775809", "1" * 5000, "[" * 100_000,
])  # fmt: skip
def test_what_readers_disagree_on_is_refused(text):
    with pytest.raises(json.JSONDecodeError):
        read_json(text.encode())


@pytest.mark.parametrize(
    "text", ["9223372036854775807", "-9223372036854775808", '"\\ud83d\\ude00"']
)
def test_what_just_fits_is_read(text):
    assert read_json(text.encode()) == json.loads(text)


@pytest.mark.parametrize("path", [
    "/cases", "/cases/YH2026-000001/moves", "/notices/acknowledgements", "/orders/x/acts",
])  # fmt: skip
def test_no_file_of_the_suite_is_a_fault_of_ours(sqlite_api, path):
    reported(sqlite_api.office)
    sqlite_api.served.state.rates = Unlimited()
    client = sqlite_api.as_("committee1")

    told = {
        name: client.post(path, content=data, headers=KIND).status_code
        for name, data in SUITE.items()
    }

    assert {name: code for name, code in told.items() if code not in (400, 404, 422)} == {}


@pytest.mark.parametrize(
    "field", ["unit", "category", "description", "location", "measure", "source"]
)
def test_no_text_in_a_report_is_a_fault_of_ours(api, field):
    api.served.state.rates = Unlimited()
    client = api.as_("committee1")
    told = {"unit": "S1", "category": "fire", "description": "灯不亮", "again": True}

    codes = [client.post("/cases", json={**told, field: text}).status_code for text in HOSTILE]

    assert {code for code in codes if code >= 500} == set()


@pytest.mark.parametrize("name", ["number", "unit", "\x00", "a" * 300, "reason"])
def test_no_text_in_a_move_is_a_fault_of_ours(api, name):
    api.served.state.rates = Unlimited()
    number, client = reported(api.office), api.as_("committee1")

    codes = [
        client.post(
            f"/cases/{number}/moves", json={"action": "transfer", "fields": {name: text}}
        ).status_code
        for text in HOSTILE
    ]  # fmt: skip

    assert {code for code in codes if code >= 500} == set()


@pytest.mark.parametrize("where", ["/cases?text={}", "/cases?place={}", "/search?query={}",
                                   "/cases/{}", "/orders/{}", "/lookbacks/{}", "/cases?after={}",
                                   "/notices?case={}", "/notices?person={}"])  # fmt: skip
def test_no_text_in_an_address_is_a_fault_of_ours(api, where):
    api.served.state.rates = Unlimited()
    client = api.as_("committee1")
    addresses = [where.format(quoted) for quoted in (
        "%00", "%ff", "%ed%a0%80", "%C3%28", "%F0%9F%98%80", "%E2%80%AE", "%0d%0aX-Y:1", "%25s",
        "a" * 5000, "%2e%2e%2f", ";", "[", "%22", "-", "9" * 400,
    )]  # fmt: skip

    codes = {address: client.get(address).status_code for address in addresses}

    assert {address: code for address, code in codes.items() if code >= 500} == {}


def test_a_body_that_is_too_large_is_not_read_to_its_end(sqlite_api):
    client = sqlite_api.as_("reporter1")

    just, over = (
        client.post("/cases", content=b" " * size, headers=KIND)
        for size in (MOST_JSON, MOST_JSON + 1)
    )

    assert (just.status_code, over.status_code) == (400, 413)
    assert over.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_another_content_type_is_refused(sqlite_api, kind):
    answer = sqlite_api.as_("reporter1").post(
        "/cases", content=b'{"unit": "S1"}', headers={"Content-Type": kind}
    )

    assert answer.status_code == 422


def test_an_unknown_name_in_a_body_is_refused_and_pointed_at(sqlite_api):
    wanted = {"unit": "S1", "category": "fire", "description": "x", "state": "closed"}

    answer = sqlite_api.as_("reporter1").post("/cases", json=wanted)

    assert (answer.status_code, answer.json()["pointer"]) == (422, "#/state")


@pytest.mark.parametrize(("length", "status"), [
    (LONGEST_DESCRIPTION, 201), (LONGEST_DESCRIPTION + 1, 422),
])  # fmt: skip
def test_the_longest_description(sqlite_api, length, status):
    wanted = {"unit": "S1", "category": "fire", "description": "字" * length}

    assert sqlite_api.as_("reporter1").post("/cases", json=wanted).status_code == status
