"""Ledgers brought in at once, a row a record or line: how they are sent, what came of it."""

from collections.abc import Callable
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO, Annotated, Any

from fastapi import Depends
from pydantic import Field

from casework.ledger.entries import Problem
from casework.ledger.limits import DEFAULT
from casework.registers.importing import Imported
from web.api.asked import Asking
from web.api.calls import Call
from web.api.files import spooled
from web.api.shapes import LedgerProblem, Told

Ledger = Annotated[IO[bytes], Depends(spooled(DEFAULT.text_bytes))]


class LedgerPaper(Asking):
    unit: Annotated[str, Field(max_length=200, description="of a ledger that names none")] = ""
    dry_run: bool = Field(default=True, description="check it all, and write nothing")
    partial: bool = Field(default=False, description="write the rows that hold, if not all do")


class LedgerImported(Told):
    """What came of a ledger; ``same`` stood there already, ``problems`` are the first 200."""

    landed: bool
    rows: int
    added: int
    same: int
    rejected: int
    problems: list[LedgerProblem]


def bring_in(
    call: Call, wanted: LedgerPaper, file: IO[bytes], run: Callable[..., Imported]
) -> dict[str, Any]:
    """Import what was sent, as ``run`` does it from a path; return what came of it."""
    with TemporaryDirectory(prefix="bihuan-ledger-") as folder:
        path = Path(folder) / "ledger"
        with path.open("wb") as kept:
            copyfileobj(file, kept)
        done = run(
            call.office, path, by=call.by, at=call.at, dry_run=wanted.dry_run,
            partial=wanted.partial, default_unit=wanted.unit,
        )  # fmt: skip
    counts = ("landed", "rows", "added", "changed", "same", "rejected")
    problems = [_problem(call, each) for each in done.problems]
    return {**{name: getattr(done, name) for name in counts}, "problems": problems}


def _problem(call: Call, each: Problem) -> LedgerProblem:
    return LedgerProblem(
        sheet=each.sheet, row=each.row, field=each.field, value=each.value,
        detail=each.wording.say(call.locale), remedy=each.remedy.say(call.locale),
    )  # fmt: skip
