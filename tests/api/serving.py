"""The application that all tests of the API share; its office is another for each."""

from functools import lru_cache

from cryptography.fernet import Fernet

from notifications.sealing import Keys
from web.app import make_app
from web.settings import Settings


@lru_cache(maxsize=1)
def application():
    """The same routes for every office: building them takes longer than most tests."""
    return make_app(None, Settings(Keys([Fernet.generate_key().decode()])))


class Unlimited:
    """Rates that let everything pass."""

    def take(self, token, *, changes):
        pass
