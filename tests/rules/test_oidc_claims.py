"""What an ID token must say, on both sides of each line."""

import pytest

from rules.oidc import Expected, fault_of, verified_email
from tests.offices import MONDAY_9AM

EXPECTED = Expected("https://id.example", "bihuan", "n-1")
AT = int(MONDAY_9AM.timestamp())
GOOD = {
    "iss": "https://id.example", "aud": "bihuan", "sub": "u-1", "nonce": "n-1",
    "iat": AT, "exp": AT + 300,
}  # fmt: skip


@pytest.mark.parametrize("changed", [
    {}, {"aud": ["bihuan"]}, {"aud": ["bihuan", "other"], "azp": "bihuan"}, {"azp": "bihuan"},
    {"exp": AT - 59}, {"iat": AT + 60}, {"iat": AT - 599}, {"nbf": AT + 60}, {"sub": "x" * 255},
    {"exp": AT + 0.5},
])  # fmt: skip
def test_these_let_somebody_in(changed):
    assert fault_of({**GOOD, **changed}, EXPECTED, at=MONDAY_9AM) is None


@pytest.mark.parametrize(("changed", "why"), [
    ({"iss": "https://id.example/"}, "issuer"), ({"iss": ["https://id.example"]}, "issuer"),
    ({"iss": None}, "issuer"),
    ({"aud": "another"}, "another system"), ({"aud": []}, "another system"),
    ({"aud": None}, "another system"), ({"aud": ["bihuan", "other"]}, "another system"),
    ({"azp": "other"}, "another system"), ({"aud": {"bihuan": 1}}, "another system"),
    ({"exp": AT - 60}, "expired"), ({"exp": None}, "expired"), ({"exp": "never"}, "expired"),
    ({"exp": True}, "expired"), ({"iat": None}, "expired"), ({"iat": AT + 61}, "expired"),
    ({"iat": AT - 600}, "expired"), ({"nbf": AT + 61}, "expired"), ({"nbf": "x"}, "expired"),
    ({"nonce": "n-2"}, "another sign-in"), ({"nonce": None}, "another sign-in"),
    ({"sub": ""}, "nobody"), ({"sub": 7}, "nobody"), ({"sub": "x" * 256}, "nobody"),
    ({"sub": "a\nb"}, "nobody"),
])  # fmt: skip
def test_these_let_nobody_in(changed, why):
    fault = fault_of({**GOOD, **changed}, EXPECTED, at=MONDAY_9AM)

    assert why in fault.en


def test_no_nonce_fits_no_nonce():
    claims = {**GOOD, "nonce": ""}

    assert fault_of(claims, EXPECTED._replace(nonce=""), at=MONDAY_9AM) is not None


@pytest.mark.parametrize(("claims", "email"), [
    ({"email": "a@example.cn", "email_verified": True}, "a@example.cn"),
    ({"email": "a@example.cn", "email_verified": "true"}, ""),
    ({"email": "a@example.cn", "email_verified": False}, ""),
    ({"email": "a@example.cn"}, ""), ({"email_verified": True}, ""),
    ({"email": ["a@example.cn"], "email_verified": True}, ""),
])  # fmt: skip
def test_only_an_address_that_is_vouched_for_counts(claims, email):
    assert verified_email(claims) == email
