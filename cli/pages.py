"""The pages of ``bihuan up``: their settings, what is printed of them, accounts of the sample."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from secrets import token_urlsafe

from casework.accounts.register import has_accounts
from casework.clock import now
from casework.home import Home
from casework.office import Office
from casework.sample.accounts import log_ins, open_sample_accounts
from casework.summary import has_cases
from rules.wording import Locale, Wording
from web.serving import running_pages
from web.settings import read_settings

Serving = Callable[[Office, str], AbstractContextManager[Sequence[str]]]
_PASSWORD = Path("sample") / "password.txt"


def pages_of(
    home: Home, environ: Mapping[str, str], locale: Locale, *, host: str, port: int, sample: bool
) -> Serving:
    """Return what serves the pages, given the office and the address of Prefect's pages.

    It yields the lines that say where they are and who can sign in.
    """

    @contextmanager
    def serve(office: Office, engine_address: str) -> Iterator[Sequence[str]]:
        password = _sample_password(office, home.folder) if sample else ""
        with office.reading() as connection:
            founded = has_accounts(connection)
        token = "" if founded else token_urlsafe(24)
        settings = read_settings(
            environ, home.folder, setup_token=token, engine_address=engine_address
        )
        if engine_address:
            from flows.handing_in import start_import  # noqa: PLC0415 — the engine is up by now

            by_engine = partial(start_import, office, engine_address)
            settings = replace(settings, start_import=by_engine)
        with running_pages(office, settings, host=host, port=port) as address:
            told = [*_set_up(address, token), *_sample(password), _ready(address)]
            yield [each.say(locale) for each in told]

    return serve


def _sample_password(office: Office, folder: Path) -> str:
    """Return the sample accounts' password, which is kept beside the sample for its owner."""
    kept = folder / _PASSWORD
    with office.reading() as connection:
        founded = has_accounts(connection)
    if not founded and has_cases(office):
        password = open_sample_accounts(office, at=now())
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(password + "\n")
    return kept.read_text(encoding="ascii").strip() if kept.exists() else ""


def _set_up(address: str, token: str) -> list[Wording]:
    if not token:
        return []
    link = f"{address}/setup?token={token}"
    return [
        Wording(
            f"还没有账号。请打开此链接开通管理员（用一次即失效）：{link}",
            f"There is no account yet. Open the administrator's with this link, once: {link}",
        )
    ]


def _sample(password: str) -> list[Wording]:
    if not password:
        return []
    zh = "，".join(f"{each.role.label.zh} {each.code}" for each in log_ins())
    en = ", ".join(f"{each.role.label.en} {each.code}" for each in log_ins())
    return [
        Wording(f"示例账号：{zh}", f"Sample accounts: {en}"),
        Wording(f"示例密码：{password}", f"Their password: {password}"),
    ]


def _ready(address: str) -> Wording:
    return Wording(f"页面：{address}", f"Pages: {address}")
