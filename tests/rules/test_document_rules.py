"""Who may issue which document, and what it is numbered."""

import pytest

from rules.access import Role
from rules.decisions import Refusal
from rules.documents import DocumentKind, document_number, issuing_role
from rules.ladder import OrderLevel

K, R = DocumentKind, Role
ISSUERS = {
    K.RECTIFICATION: {R.CLUSTER, R.COMMITTEE},
    K.SUPERVISION: {R.CLUSTER, R.COMMITTEE},
    K.REINSPECTION: {R.CLUSTER, R.VERIFIER, R.COMMITTEE},
    K.RELEASE: {R.CLUSTER, R.COMMITTEE},
    K.LOOKBACK: {R.COMMITTEE, R.ADMIN},
}


@pytest.mark.parametrize("kind", DocumentKind)
@pytest.mark.parametrize("role", Role)
def test_who_may_issue_what(kind, role):
    found = issuing_role(kind, {role})

    assert (found is role) == (role in ISSUERS[kind])
    assert isinstance(found, Role | Refusal)


@pytest.mark.parametrize(
    ("level", "role", "may"),
    [
        (OrderLevel.CLUSTER, R.CLUSTER, True),
        (OrderLevel.CLUSTER, R.COMMITTEE, True),
        (OrderLevel.COMMITTEE, R.CLUSTER, False),
        (OrderLevel.COMMITTEE, R.COMMITTEE, True),
    ],
)
@pytest.mark.parametrize("kind", [K.SUPERVISION, K.RELEASE])
def test_a_cluster_does_not_write_about_what_the_committee_supervises(kind, level, role, may):
    assert (issuing_role(kind, {role}, level) is role) == may


def test_a_refusal_names_who_may_in_both_languages():
    refusal = issuing_role(K.REINSPECTION, {R.OWNER})

    assert refusal.wording.zh == "您无权签发复查意见书"
    assert refusal.remedy.zh == "须由片区负责人、验收人、专委会签发；签发后即可下载。"
    assert "cluster lead, verifier, committee" in refusal.remedy.en


@pytest.mark.parametrize(
    ("kind", "of", "nth", "number"),
    [
        (K.RECTIFICATION, "YH2026-000001", 1, "YH2026-000001-整改-1"),
        (K.REINSPECTION, "YH2026-000001", 3, "YH2026-000001-复查-3"),
        (K.SUPERVISION, "校安督〔2026〕1号", 1, "校安督〔2026〕1号"),
        (K.RELEASE, "校安督〔2026〕1号", 1, "校安督〔2026〕1号-摘牌"),
        (K.LOOKBACK, "校安回〔2026〕1号", 1, "校安回〔2026〕1号-记录"),
    ],
)
def test_what_a_document_is_numbered(kind, of, nth, number):
    assert document_number(kind, of, nth) == number
