"""The document says what is there."""

import pytest

from web.api.app import NOUNS, document

OPERATIONS = [
    (path, method, operation)
    for path, methods in document()["paths"].items()
    for method, operation in methods.items()
]


def test_the_document_is_served_as_it_is(sqlite_api):
    answer = sqlite_api.nobody().get("/openapi.json")

    assert answer.json() == document()
    assert answer.json()["openapi"] == "3.1.0"


def test_every_route_is_in_it():
    routes = [route for noun in NOUNS for route in noun.operations.router.routes]

    assert len(OPERATIONS) == len(routes)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_an_operation_has_a_name_a_sentence_and_a_shape(path, method, operation):
    done = [code for code in operation["responses"] if code < "300"]

    assert operation["operationId"].replace("_", "").isalpha()
    assert operation["summary"]
    assert not operation["operationId"].endswith("_")
    assert len(done) == 1
    assert operation["responses"][done[0]]["content"]


def test_what_needs_no_token_says_so_and_the_rest_names_its_scope():
    bare = [path for path, _, operation in OPERATIONS if "security" not in operation]

    assert bare == [
        "/published/orders", "/published/lookbacks", "/published/inspections",
    ]  # fmt: skip


def test_an_unknown_address_is_a_problem_too(sqlite_api):
    answer = sqlite_api.nobody().get("/nonsense")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_another_method_is_a_problem_that_says_which_are_allowed(sqlite_api):
    answer = sqlite_api.as_("owner1").delete("/cases")

    assert answer.status_code == 405
    assert answer.headers["allow"]
