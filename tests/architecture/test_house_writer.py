"""One writer: only casework/writer.py writes a case, its events, clocks and steps."""

import pytest

from tests.architecture.source import modules, read
from tests.architecture.writing import writes

WRITER = "casework/writer.py"
# It carries a column from one table to the other; no process runs beside a migration.
MOVER = "models/migrations/versions/0006_keep_the_next_step_with_its_clock.py"


@pytest.mark.parametrize("module", modules())
def test_only_the_writer_writes_a_case(module):
    found = writes(read(module))

    assert bool(found) == (module in {WRITER, MOVER}), "\n".join(found)


@pytest.mark.parametrize(
    "planted",
    [
        "from models.tables import CASES\nstatement = update(CASES).values(owner='')",
        "from models.tables import EVENTS as told\nstatement = insert(told)",
        "from models import tables\nstatement = sqlalchemy.insert(tables.CLOCKS)",
        "from models.tables import CLOCK_STEPS\nstatement = CLOCK_STEPS.insert()",
        "from models.tables import CASES\nmine = CASES\nstatement = delete(table=mine)",
        "from models.case import Case\nstatement = update(Case.__table__)",
        "from models import Case\nsession.add(Case(state=state))",
        "from models import CaseEvent\nsession.add(CaseEvent.model_validate(row))",
        "import models\nsession.add(models.Clock(**row))",
        'connection.execute(text("UPDATE cases SET owner = :owner"))',
        'connection.execute(text("insert or ignore into case_event values (1)"))',
        'connection.exec_driver_sql(f"DELETE FROM clock_step WHERE case_id = {number}")',
        "case.state = State.CLOSED",
        "case.state: State = State.CLOSED",
        "before, case.state = case.state, State.CLOSED",
        "setattr(case, 'state', State.CLOSED)",
        "object.__setattr__(case, 'state', State.CLOSED)",
    ],
)
def test_a_second_writer_is_noticed(planted):
    assert len(writes(planted)) == 1


@pytest.mark.parametrize(
    "harmless",
    [
        "from models.tables import CASES, PLANS\nupdate(PLANS).where(PLANS.c.id == CASES.c.id)",
        "from models.tables import CASES\nselect(CASES).with_for_update(of=CASES)",
        "digest.update(told)",
        "after = replace(facts, state=State.CLOSED)",
        "if case.state == State.CLOSED:\n    app.state.closed = 1",
        '"""Never UPDATE cases SET state: the writer does."""',
    ],
)
def test_reading_a_case_is_not_writing(harmless):
    assert writes(harmless) == []
