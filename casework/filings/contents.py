"""What is frozen of a filing: all of it, as canonical JSON, whose SHA-256 its history holds."""

from hashlib import sha256

from casework.filings.store import Held, sheet_json
from rules.proof import canonical


def written(held: Held) -> str:
    """Return a filing's canonical JSON."""
    template, period, unit = held.named
    cells = {
        key: {"computed": cell.computed, "typed": cell.typed}
        for key, cell in held.sheet.cells.items()
    }
    # What was frozen before templates had versions says nothing of one.
    by = {"template_digest": template.digest} if held.template_digest else {}
    return canonical({
        "template": template.key, "period": period.key, "unit": unit.code, "name": unit.name,
        "version": held.version, "reason": held.reason, "as_of": held.as_of.isoformat(),
        "cells": cells, **by, **sheet_json(held.sheet),
    })  # fmt: skip


def digest(content: str) -> str:
    return sha256(content.encode()).hexdigest()
