"""The watchdog: tells the operator that the engine stands still, by a way that needs no sweep.

It writes into ``log/watchdog.log`` at home, and mails ``BIHUAN_OPERATOR_MAILTO`` through the same
mail server as the notices, at once and not through the outbox.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from casework.errors import Unavailable
from casework.health import check_health, is_news, record_watch
from casework.home import Home, open_office
from casework.office import Office
from notifications.channels import Channels, open_channels
from notifications.messages import Message
from rules.wording import Locale, Trouble, Wording
from rules.workdays import CHINA

LOG = logging.getLogger(__name__)
OPERATOR = "BIHUAN_OPERATOR_MAILTO"
UNFINISHED_FOR = timedelta(days=1)
_EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch found; ``told`` says whether the operator was told of it, ``how`` in a word."""

    at: datetime
    problems: Sequence[Wording]
    told: bool
    how: str = ""

    @property
    def ok(self) -> bool:
        return not self.problems


def watch(
    home: Home, environ: Mapping[str, str], *, at: datetime, locale: Locale = "zh"
) -> Watched:
    """Look at the engine and tell the operator of new trouble, and again every few hours.

    A database that does not answer is trouble too, and is told every time.
    """
    problems, telling = _look(home, at)
    if problems:
        said = " ".join(f"{each.say(locale)};" for each in problems)
        LOG.error("%s", said)
        _write(home, at, said)
    how = _mail(home, environ, problems, at, locale) if telling else ""
    watched = Watched(at, problems, told=telling and not how, how=how)
    _record(home, watched)
    _sweep_unfinished(home, at)
    return watched


def _look(home: Home, at: datetime) -> tuple[Sequence[Wording], bool]:
    try:
        with _opened(home) as office:
            problems = check_health(office, at=at).problems
            with office.reading() as connection:
                return problems, is_news(connection, len(problems), at=at)
    except Unavailable as trouble:
        return [trouble.problem], True


def _record(home: Home, watched: Watched) -> None:
    """Remember what the operator was told; a mail that did not leave is tried again next time."""
    try:
        with _opened(home) as office, office.writing() as connection:
            record_watch(connection, len(watched.problems), told=watched.told, at=watched.at)
    except Unavailable:
        LOG.exception("the watch cannot be recorded")


def _sweep_unfinished(home: Home, at: datetime) -> None:
    """Remove what writers that crashed left in the evidence store; none takes a day to write."""
    try:
        with _opened(home) as office:
            swept = office.evidence.sweep_temporary(older_than=at - UNFINISHED_FOR)
    except (OSError, Unavailable):
        LOG.exception("unfinished files cannot be removed")
        return
    if swept:
        LOG.info("removed %d unfinished file(s)", swept)


@contextmanager
def _opened(home: Home) -> Iterator[Office]:
    office = open_office(home)
    try:
        yield office
    finally:
        office.engine.dispose()


def _write(home: Home, at: datetime, said: str) -> None:
    """Append to the log; a full disk must not keep the mail from leaving."""
    folder = home.folder / "log"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / "watchdog.log").open("a", encoding="utf-8") as log:
            log.write(f"{at.astimezone(CHINA):%Y-%m-%d %H:%M} {said}\n")
    except OSError:
        LOG.exception("the watchdog's log cannot be written")


def _mail(
    home: Home,
    environ: Mapping[str, str],
    problems: Sequence[Wording],
    at: datetime,
    locale: Locale,
) -> str:
    """Mail the operator; return why that was not possible, '' when it was."""
    operator = environ.get(OPERATOR, "")
    if not operator:
        return f"{OPERATOR} is not set"
    try:
        channels = open_channels(environ, home.folder, locale=locale)
    except Trouble as trouble:
        return trouble.say(locale)
    return _send(channels, operator, _message(home, problems, at, locale))


def _send(channels: Channels, operator: str, message: Message) -> str:
    channel = channels.by_kind.get(_EMAIL)
    if channel is None:
        return "BIHUAN_SMTP_URL is not set"
    try:
        receipt = channel.send(operator, message)
    except Trouble as trouble:
        return trouble.say(channels.locale)
    return "" if receipt.sent else receipt.detail


def _message(home: Home, problems: Sequence[Wording], at: datetime, locale: Locale) -> Message:
    subject = _SUBJECT.say(locale)
    lines = [
        *(f"- {each.say(locale)}" for each in problems), "",
        f"{at.astimezone(CHINA):%Y-%m-%d %H:%M} {home.folder}", "bihuan health",
    ]  # fmt: skip
    text = "\n".join([subject, "", *lines])
    html = "".join(f"<p>{escape(each)}</p>" for each in (subject, *lines) if each)
    return Message(subject, text, html, text, (f"watchdog:{at.isoformat()}",))


_SUBJECT = Wording("闭环：系统需要人工处理", "Bihuan: the engine needs somebody")
