"""What the pages are started with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import URL

from casework import clock
from casework.accounts.provider import Provider, read_provider
from casework.proving.sealing import Outside, outside_of
from casework.uploads.keeping import Upload
from notifications.hooks import Hooks, open_hooks
from notifications.posting import Post
from notifications.sealing import Keys, read_keys

_HERE = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """``https`` makes cookies that leave over TLS only; ``hosts`` are the names we answer to;
    ``setup_token`` opens the set-up page while there is no account; ``outside`` is where heads lie
    and the keys that open them; ``hooks`` posts to webhooks that are tried out;
    ``provider`` is another house whose accounts may sign in; ``start_import`` gives a waiting
    upload to the engine, and says whether it took it.
    """

    keys: Keys
    https: bool = False
    hosts: tuple[str, ...] = _HERE
    setup_token: str = ""
    engine_address: str = ""
    outside: Outside | None = None
    hooks: Hooks | None = None
    provider: Provider | None = None
    start_import: Callable[[Upload], bool] | None = None
    now: Callable[[], datetime] = clock.now

    @property
    def cookie(self) -> str:
        """Return the session cookie's name; ``__Host-`` binds it to this host, and needs TLS."""
        return "__Host-bihuan" if self.https else "bihuan"

    def base_of(self, url: URL) -> str:
        """Return the address a request was read at; its host is one that we answer to."""
        return f"{'https' if self.https else url.scheme}://{url.netloc}"

    @property
    def posting(self) -> Hooks:
        """Return what posts to webhooks; to public addresses only unless it was set up."""
        return self.hooks or Hooks(self.keys, Post(frozenset()))


def read_settings(
    environ: Mapping[str, str], folder: Path, *, setup_token: str = "", engine_address: str = ""
) -> Settings:
    """Return the settings of an installation: ``BIHUAN_BASE_URL`` is where people find it."""
    base = urlsplit(environ.get("BIHUAN_BASE_URL", ""))
    hosts = (*_HERE, base.hostname) if base.hostname else _HERE
    return Settings(
        read_keys(environ, folder),
        https=base.scheme == "https",
        hosts=hosts,
        setup_token=setup_token,
        engine_address=engine_address,
        outside=outside_of(folder, environ),
        hooks=open_hooks(environ, folder),
        provider=read_provider(environ),
    )
