"""``bihuan``: the command line. Every command is casework's verb, asked and answered in words."""

import errno
import os
import sys
from collections.abc import Mapping, Sequence

import typer
from typer.main import get_command

from cli import (
    audit,
    audit_export,
    audit_figures,
    audit_history,
    audit_proof,
    audit_search,
    bus,
    calendar,
    case,
    contacts,
    database,
    documents,
    duty,
    filing,
    guard_check,
    guard_review,
    health,
    inspection,
    ledger,
    lookback,
    notices,
    orders,
    policy,
    register,
    responsibility,
    score,
    setting_up,
    starting,
    stock,
    sweeping,
    transfer,
    users,
    webhooks,
)
from cli.command import noun
from cli.locale import choose_locale, wants_json
from cli.logs import LogFile, logging_to_file
from cli.troubles import (
    INTERRUPTED,
    UNREAD,
    USAGE,
    Unread,
    misunderstood,
    tell,
    unavailable,
    unexpected,
)
from rules.wording import Trouble

app = noun("闭环：学校安全隐患整改 / Bihuan: school hazards, kept in sight until they are gone.")
for _each in (setting_up, starting, ledger, sweeping, orders, notices, health):
    _each.register(app)
app.add_typer(case.app, name="case")
app.add_typer(audit.app, name="audit")
app.add_typer(contacts.app, name="contact")
app.add_typer(notices.app, name="notice")
app.add_typer(orders.app, name="order")
app.add_typer(documents.app, name="document")
app.add_typer(policy.app, name="policy")
app.add_typer(calendar.app, name="calendar")
app.add_typer(lookback.app, name="lookback")
app.add_typer(register.app, name="register")
app.add_typer(guard_check.app, name="guard-check")
app.add_typer(guard_review.app, name="guard-review")
app.add_typer(stock.app, name="stock")
app.add_typer(transfer.app, name="transfer")
app.add_typer(bus.app, name="bus")
app.add_typer(filing.app, name="filing")
app.add_typer(score.app, name="score")
app.add_typer(inspection.app, name="inspection")
app.add_typer(duty.app, name="duty")
app.add_typer(responsibility.app, name="responsibility")
app.add_typer(users.app, name="user")
app.add_typer(webhooks.app, name="webhook")
app.add_typer(database.app, name="db")
for _part in (audit_figures, audit_history, audit_search, audit_export, audit_proof):
    audit.app.add_typer(_part.app)


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Carry out one command line; return its exit code. Never raises for what a person did."""
    words = list(sys.argv[1:] if argv is None else argv)
    _print_what_can_be_printed()
    with logging_to_file(environ) as log:
        try:
            return _carry_out(words)
        except Unread:
            return _hush()
        except Exception as fault:  # noqa: BLE001 — the last door before a person
            trouble = _trouble_of(fault, log)
            locale = choose_locale(words, environ)
            return tell(trouble, locale, as_json=wants_json(words))


def _carry_out(words: Sequence[str]) -> int:
    try:
        code = get_command(app).main(list(words), prog_name="bihuan", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception as fault:
        # A noun without a verb: typer has printed the noun's help and raises this.
        if type(fault).__name__ == "NoArgsIsHelpError":
            return USAGE
        raise
    return code if isinstance(code, int) else 0


def _trouble_of(fault: Exception, log: LogFile) -> Trouble:
    if isinstance(fault, Trouble):
        return fault
    if hasattr(fault, "format_message"):
        return misunderstood(fault)
    if isinstance(fault, OSError) and fault.errno is not None:
        return unavailable(fault)
    log.keep(fault)
    return unexpected(fault, log.baseFilename)


def _print_what_can_be_printed() -> None:
    """Let a terminal that lacks a character show a mark for it rather than end the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _hush() -> int:
    """Point stdout nowhere, so that the interpreter's last flush is as quiet as we are."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as fault:
        if fault.errno != errno.EBADF:
            raise
    return UNREAD
