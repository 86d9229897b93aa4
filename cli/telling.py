"""The demonstration: a story told from a home of its own, which is gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from casework.home import find_home, found_office
from casework.office import Office
from cli.desk import Desk
from cli.printing import Answer, lines, plain_text
from rules.wording import Locale


def tell(desk: Desk, *, days: int, seed: int, start: datetime, mailbox: Path | None) -> Answer:
    story = _story(days, seed, start, desk.locale, mailbox)
    if desk.as_json:
        told = {"days": days, "seed": seed, "start": start, "story": list(story)}
        return Answer(told, lines())
    return Answer(None, lambda out: _print(out, story))


def _print(out: Console, story: Iterator[str]) -> None:
    for line in story:
        out.print(plain_text(line))


def _story(
    days: int, seed: int, start: datetime, locale: Locale, mailbox: Path | None
) -> Iterator[str]:
    from casework.sample.story import tell_story  # noqa: PLC0415 — only when it is asked for

    with _a_home_of_its_own() as office:
        yield from tell_story(
            office, days=days, seed=seed, start=start, locale=locale, mailbox=mailbox
        )


@contextmanager
def _a_home_of_its_own() -> Iterator[Office]:
    with TemporaryDirectory(prefix="bihuan-demo-") as folder:
        office = found_office(find_home({"BIHUAN_HOME": str(Path(folder) / "home")}))
        try:
            yield office
        finally:
            office.engine.dispose()
