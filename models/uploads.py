"""Ledgers handed in on a page or through the API: rehearsed first, then imported."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from models.base import BIG, choice


class UploadState(StrEnum):
    """Where the run of an upload stands; whoever moves it from waiting to running has it."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"
    FAILED = "failed"


class LedgerUpload(SQLModel, table=True):
    """A ledger file that was handed in, and its last run. The file lies beside the evidence.

    ``answer`` is what came of the run that ended, ``trouble`` why it failed; ``landed`` once the
    cases are there.
    """

    __tablename__ = "ledger_upload"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    token: str = Field(max_length=40, unique=True)
    by_id: int = Field(foreign_key="person.id", sa_type=BIG, index=True)
    name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    uploaded_at: datetime = Field(index=True)
    unit: str = Field(default="", max_length=200)
    year: int | None = None
    dry_run: bool
    partial: bool
    state: UploadState = Field(sa_type=choice(UploadState, "state"))
    asked_at: datetime
    landed: bool = False
    answer: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    trouble: dict[str, Any] | None = Field(default=None, sa_type=JSON)
