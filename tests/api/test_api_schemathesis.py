"""What the document allows, and what it does not, is asked of every operation."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.serving import Unlimited, application
from tests.offices import claimed
from web.api.app import ROOT

SCHEMA = schemathesis.openapi.from_asgi(
    f"{ROOT}/openapi.json",
    application(),
    headers={"Host": "localhost"},
)
OPERATIONS = [each.ok() for each in SCHEMA.get_all_operations()]
HELD_TO = [
    checks.not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
]  # fmt: skip
EXAMPLES = 12
SHARED = settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                           HealthCheck.filter_too_much],
)  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_every_answer_is_one_that_the_document_names(sqlite_api, operation):
    number = claimed(sqlite_api.office)
    sqlite_api.served.state.rates = Unlimited()
    headers = {"Authorization": f"Bearer {sqlite_api.token('committee1')}", "Host": "localhost"}

    @SHARED
    @given(st.one_of(
        operation.as_strategy(GenerationMode.POSITIVE, path_parameters=_there(operation, number)),
        operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=_there(operation, number)),
        operation.as_strategy(GenerationMode.POSITIVE),
    ))  # fmt: skip
    def ask(case):
        case.call_and_validate(headers=headers, checks=HELD_TO)

    ask()


def _there(operation, number):
    """A case that is there, for every operation on one."""
    known = {"number": number, "evidence": 1, "order": number}
    return {name: known[name] for name in known if f"{{{name}}}" in operation.path} or None
