"""The client and the document are held together, and the client does what a program needs."""

from pathlib import Path

import httpx
import pytest

import client
from client import Bihuan, Problem, is_signed
from tests.offices import a_photo, reported
from web.api.app import document
from web.api.writing import write_client

FOLDER = Path(client.__file__).parent
NAMES = {
    operation["operationId"]
    for methods in document()["paths"].values()
    for operation in methods.values()
}


@pytest.mark.parametrize("name", sorted(write_client()))
def test_the_client_is_what_the_document_says(name):
    """Mend it by ``python -m web.api.writing client``."""
    assert (FOLDER / name).read_text(encoding="utf-8") == write_client()[name]


def test_every_operation_is_a_method():
    assert {name for name in NAMES if callable(getattr(Bihuan, name, None))} == NAMES


def test_a_program_reports_finds_and_moves(api):
    with _client(api, "committee1") as asked:
        stored = asked.store_evidence(a_photo("red"), name="red.jpg")
        told = asked.report_hazard(
            {"unit": "S1", "category": "fire", "description": "灯不亮",
             "evidence": [stored["evidence"]]},
            idempotency_key="k-1",
        )  # fmt: skip
        number = told["number"]

        moved = asked.move_case(number, {"action": "void", "fields": {"reason": "误报"}})

        assert asked.open_case(number)["case"]["voided"] is True
        assert moved["seq"] == 2
        assert asked.get_evidence(number, asked.open_case(number)["evidence"][0]["id"])
        assert asked.count_cases(state="closed")["number"] == 1
        assert [row["number"] for row in asked.search_cases(query="灯不亮")["items"]] == [number]


def test_a_list_is_followed_to_its_end(sqlite_api):
    numbers = [reported(sqlite_api.office) for _ in range(5)]
    asked = _client(sqlite_api, "committee1")

    found = [row["number"] for row in asked.follow(asked.list_cases(size=2, is_open=True))]

    assert found == numbers[::-1]


def test_what_is_not_done_is_raised_with_the_rules_words(sqlite_api):
    number, asked = reported(sqlite_api.office), _client(sqlite_api, "owner1", language="en")

    with pytest.raises(Problem, match="you may not") as raised:
        asked.move_case(number, {"action": "void", "fields": {"reason": "x"}})

    assert raised.value.status == 403
    assert "It takes" in raised.value.remedy


def test_who_was_overtaken_is_told_so(sqlite_api):
    number, asked = reported(sqlite_api.office), _client(sqlite_api, "committee1")
    wanted = {"action": "void", "fields": {"reason": "误报"}}

    with pytest.raises(Problem) as raised:
        asked.move_case(number, wanted, if_match='"7"')

    assert raised.value.status == 412


def test_an_answer_of_somebody_else_is_a_problem_without_words():
    transport = httpx.MockTransport(lambda _: httpx.Response(502, text="<html>"))
    asked = Bihuan("http://x", "t", http=httpx.Client(transport=transport))

    with pytest.raises(Problem) as raised:
        asked.list_cases()

    assert (raised.value.status, raised.value.detail) == (502, "")


# The example of the specification: https://github.com/standard-webhooks/standard-webhooks
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 — a published example
BODY = b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
HEADERS = {
    "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "Webhook-Timestamp": "1614265330",
    "Webhook-Signature": SIGNED,
}  # fmt: skip
SENT_AT = 1_614_265_330


@pytest.mark.parametrize(("changed", "body", "at", "true"), [
    ({}, BODY, SENT_AT, True),
    ({}, BODY, SENT_AT + 300, True),
    ({}, BODY, SENT_AT + 301, False),
    ({}, BODY, SENT_AT - 301, False),
    ({}, BODY + b" ", SENT_AT, False),
    ({"Webhook-Id": "msg_another"}, BODY, SENT_AT, False),
    ({"Webhook-Id": ""}, BODY, SENT_AT, False),
    ({"Webhook-Timestamp": "1614265331"}, BODY, SENT_AT, False),
    ({"Webhook-Timestamp": "é"}, BODY, SENT_AT, False),
    ({"Webhook-Timestamp": ""}, BODY, SENT_AT, False),
    ({"Webhook-Signature": "v1,another " + SIGNED}, BODY, SENT_AT, True),  # a key was changed
    ({"Webhook-Signature": SIGNED.replace("v1", "v2")}, BODY, SENT_AT, False),
    ({"Webhook-Signature": "v1,é"}, BODY, SENT_AT, False),
    ({"Webhook-Signature": ""}, BODY, SENT_AT, False),
])  # fmt: skip
def test_a_webhook_is_believed_when_it_is_signed_and_fresh(changed, body, at, true):
    assert is_signed(SECRET, {**HEADERS, **changed}, body, at=at) is true


def _client(api, code, **more):
    http = api.nobody()
    http.base_url = ""
    return Bihuan("http://localhost", api.token(code), http=http, **more)
