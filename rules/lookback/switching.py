"""The switching rules of GB/T 2828.1 (ISO 2859-1) 9.3: a stratum rejected twice is checked harder.

Reduced inspection is left out: it asks for a steady production that look-backs do not have.
"""

from collections.abc import Iterable, Sequence

from rules.lookback.acceptance import Severity
from rules.lookback.verdict import Decision

# 9.3.1: two of five or fewer consecutive lots rejected on original inspection → tightened.
# 9.3.3: five consecutive lots accepted on tightened inspection → normal.
# 9.4: five lots rejected while on tightened inspection → stopped.
WINDOW = 5
REJECTED_TO_TIGHTEN = 2
ACCEPTED_TO_RELAX = 5
REJECTED_TO_STOP = 5


def next_severity(history: Iterable[Decision], *, start: Severity = Severity.NORMAL) -> Severity:
    """Return how the next lot is inspected after the decided lots, given in their order.

    Lots still open count for nothing. Once stopped it stays so until somebody intervenes; then
    the history begins anew, with ``start`` tightened (9.4).
    """
    severity, since = start, list[Decision]()
    for decision in history:
        if decision is Decision.OPEN:
            continue
        since.append(decision)
        after = _switch(severity, since)
        if after is not severity:
            severity, since = after, []
    return severity


def _switch(severity: Severity, since: Sequence[Decision]) -> Severity:
    """Return the severity after the lots inspected at this one."""
    if severity is Severity.NORMAL:
        rejected = since[-WINDOW:].count(Decision.REJECTED)
        return Severity.TIGHTENED if rejected >= REJECTED_TO_TIGHTEN else severity
    if severity is Severity.TIGHTENED:
        if since.count(Decision.REJECTED) >= REJECTED_TO_STOP:
            return Severity.STOPPED
        accepted = since[-ACCEPTED_TO_RELAX:].count(Decision.ACCEPTED)
        return Severity.NORMAL if accepted >= ACCEPTED_TO_RELAX else severity
    return severity
