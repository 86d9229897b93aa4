"""Time is an argument: one line of the product reads the clock."""

import pytest

from tests.architecture.clock_reading import readings
from tests.architecture.importing import imports
from tests.architecture.source import modules, read

CLOCK = "casework/clock.py"


@pytest.mark.parametrize("module", modules())
def test_only_one_line_reads_the_clock(module):
    found = readings(read(module))

    assert len(found) == (module == CLOCK), "\n".join(found)


@pytest.mark.parametrize("module", sorted(set(modules()) - set(modules("flows", "web", "cli"))))
def test_only_doors_ask_for_the_time(module):
    assert imports(read(module), "casework.clock") == []


@pytest.mark.parametrize(
    "planted",
    [
        "from datetime import UTC, datetime\nat = datetime.now(UTC)",
        "from datetime import datetime as moment\nat = moment.utcnow()",
        "import datetime\nat = datetime.datetime.today()",
        "import datetime as dt\ntoday = dt.date.today()",
        "from datetime import datetime\nat = Field(default_factory=datetime.now)",
        "import time\nat = time.time()",
        "from time import time_ns\nat = time_ns()",
        "from sqlalchemy import func\nat = Column(server_default=func.now())",
        "import sqlalchemy\nat = sqlalchemy.func.current_timestamp()",
        'at = text("CURRENT_TIMESTAMP")',
        'rows = text("SELECT id FROM cases WHERE due_at < now()")',
        "rows = text(\"SELECT datetime('now')\")",
    ],
)
def test_a_second_clock_is_noticed(planted):
    assert len(readings(planted)) == 1


@pytest.mark.parametrize(
    "harmless",
    [
        "from datetime import datetime\nat = datetime.fromisoformat(typed)",
        "from time import perf_counter\nstarted = perf_counter()",
        "from datetime import time\nclose = time(0, 0)",
        "at = office.now()",
        '"""SQL\'s now() escapes every frozen clock."""',
    ],
)
def test_being_told_the_time_is_not_reading_a_clock(harmless):
    assert readings(harmless) == []
