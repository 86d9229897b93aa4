"""The office a flow works in: the one its process was started for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from casework.home import find_home, open_office
from casework.office import Office


@contextmanager
def entered_office() -> Iterator[Office]:
    """Open the office of ``BIHUAN_HOME`` and ``BIHUAN_DATABASE_URL``; raise Unavailable."""
    office = open_office(find_home(os.environ))
    try:
        yield office
    finally:
        office.engine.dispose()
