"""The desk one command is carried out at: who stands there, when, and in which language."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cli.troubles import Unable, Usage
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
                "请加 --as 人员代码，或设置环境变量 BIHUAN_AS；bihuan people 列出人员。",
                "Add --as CODE or set BIHUAN_AS; `bihuan people` lists the codes.",
            ),
            where="--as",
        )

    def labelled(self, label: Wording, text: str) -> str:
        """Return ``text`` behind what it is called, with the colon of the language."""
        return Wording(f"{label.zh}：{text}", f"{label.en}: {text}").say(self.locale)

    @property
    def home(self) -> "Home":
        """Return where things are kept; raise Unable for an address that is none."""
        from casework.home import find_home  # noqa: PLC0415 — --help does without casework

        home = find_home(self.environ)
        _require_address(home.database_url)
        return home

    @property
    def founded(self) -> bool:
        """Return whether anything was set up at home."""
        return self.home.is_founded

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


def _require_address(url: str) -> None:
    from sqlalchemy.engine import make_url  # noqa: PLC0415 — --help does without casework
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415 — --help does without casework

    with suppress(ArgumentError, ValueError):  # ValueError: a port that is no number
        if make_url(url).get_backend_name() in ("sqlite", "postgresql"):
            return
    raise Unable(
        Wording("数据库地址无法识别", "it is not an address of a database"),
        remedy=Wording(
            "请按 postgresql://用户:密码@主机:5432/库名 填写，或不设此变量以使用内置数据库。",
            "Write postgresql://user:password@host:5432/name, or unset it to use SQLite.",
        ),
        where="BIHUAN_DATABASE_URL",
    )
