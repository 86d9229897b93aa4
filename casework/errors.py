"""What casework raises, each with one wording and one exit code at every door.

::

    Trouble (rules.wording)
    ├── Refused        1   a rule says no
    │   └── Conflict   1   somebody else moved the case meanwhile; says what happened
    ├── Invalid        1   a field, row or file that cannot be accepted
    ├── NotFound       3   no such case, unit, person …
    └── Unavailable    4   the database or a service does not answer
"""

from typing import ClassVar

from rules.wording import Trouble


class Refused(Trouble):
    exit_code: ClassVar[int] = 1


class Conflict(Refused):
    """Two people moved one case at once and the other one won."""


class Invalid(Trouble):
    exit_code: ClassVar[int] = 1


class NotFound(Trouble):
    exit_code: ClassVar[int] = 3


class Unavailable(Trouble):
    exit_code: ClassVar[int] = 4
