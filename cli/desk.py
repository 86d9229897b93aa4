"""The desk one command is carried out at: who stands there, when, and in which language."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cli.troubles import Usage
from rules.wording import Locale, Wording

if TYPE_CHECKING:
    from casework.home import Home
    from casework.office import Office


@dataclass(frozen=True, slots=True)
class Desk:
    """``at`` is when the command acts or looks; ``who`` the code given by ``--as``, '' if none."""

    locale: Locale
    as_json: bool
    environ: Mapping[str, str]
    at: datetime
    who: str = ""

    @property
    def by(self) -> str:
        """Return who acts; raise Usage when nobody said."""
        if self.who:
            return self.who
        raise Usage(
            Wording("没有说明您是谁", "nobody said who acts"),
            remedy=Wording(
                "请加 --as 人员代码,或设置环境变量 BIHUAN_AS;bihuan people 列出人员。",
                "Add --as CODE or set BIHUAN_AS; `bihuan people` lists the codes.",
            ),
            where="--as",
        )

    @property
    def home(self) -> "Home":
        from casework.home import find_home  # noqa: PLC0415 — --help does without casework

        return find_home(self.environ)

    @contextmanager
    def office(self) -> Iterator["Office"]:
        """Open the office at home, and close its connections afterwards."""
        from casework.home import open_office  # noqa: PLC0415 — --help does without casework

        office = open_office(self.home)
        try:
            yield office
        finally:
            office.engine.dispose()

    def say(self, wording: Wording) -> str:
        return wording.say(self.locale)
