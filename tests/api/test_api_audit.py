"""What auditors ask through the API is recorded, with how many rows it gave."""

from casework.accounts.tokens import Scope
from casework.auditing.access import list_access
from tests.offices import reported


def test_a_search_is_recorded_with_what_was_asked_and_its_rows(sqlite_api):
    reported(sqlite_api.office)
    reported(sqlite_api.office)
    client = sqlite_api.as_("auditor", Scope.AUDIT)

    answer = client.get("/audit/search?query=灭火器&size=1")
    nobody = client.get("/audit/search?query=坏:词")

    assert (answer.status_code, len(answer.json()["items"])) == (200, 1)
    assert nobody.status_code == 422
    (seen,) = list_access(sqlite_api.office, by="admin", person="auditor")
    assert (seen["look"], seen["door"], seen["typed"], seen["what"]) == (
        "search", "api", "灭火器", {"rows": 1},
    )  # fmt: skip
