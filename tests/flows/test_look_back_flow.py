"""The look-back flow on a real server: what it draws, shows, asks, and puts on the calendar."""

import asyncio
import json
import logging
import time
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.schedules import RRuleSchedule
from prefect.exceptions import Pause
from prefect.flow_engine import run_flow
from prefect.settings import PREFECT_API_URL, temporary_settings
from pydantic import ValidationError
from sqlalchemy import select

from casework.clock import now
from casework.lookback.scheduling import (
    add_schedule,
    change_schedule,
    pause_schedule,
    remove_schedule,
)
from casework.lookback.templates import save_template
from casework.settings import adopt_policy
from flows.arranging import LOG, arrange, slug_of
from flows.look_back import LookBackRequest, look_back
from flows.look_back_pages import bar
from flows.serving import _deployments
from models.tables import LOOKBACKS
from rules.policy import default_text
from rules.workdays import CHINA
from tests.lookbacks import MONTHLY, closed_cases, found, visits_of, with_inspectors
from tests.offices import MONDAY_9AM

APRIL = datetime(2026, 4, 1, 7, tzinfo=CHINA)
LAST_MONTH = MONTHLY.replace("2026-03", "last-month")


@pytest.fixture
def scheduled(home, sqlite_office):
    with_inspectors(sqlite_office)
    closed_cases(sqlite_office)
    save_template(sqlite_office, "每月", LAST_MONTH, by="admin", at=MONDAY_9AM)
    tuesday = MONDAY_9AM + timedelta(days=1)  # 1 March, a Sunday, moved to that Monday
    add_schedule(sqlite_office, "每月", template="每月", timing="monthly:1", by="admin", at=tuesday)
    return sqlite_office


def looks(office):
    rows = select(LOOKBACKS.c.occurrence, LOOKBACKS.c.state).order_by(LOOKBACKS.c.id)
    with office.reading() as connection:
        return [(row.occurrence, row.state.value) for row in connection.execute(rows)]


def number_of(office):
    with office.reading() as connection:
        return connection.execute(select(LOOKBACKS.c.number)).scalar_one()


def test_it_commits_draws_and_assigns_what_the_schedules_ask_for_and_shows_it(run, scheduled):
    before, nothing = run(look_back, LookBackRequest(as_of=APRIL - timedelta(days=1)))
    state, shown = run(look_back, LookBackRequest(as_of=APRIL))
    again, no_more = run(look_back, LookBackRequest(as_of=APRIL))

    assert (before.message, nothing) == ("承诺种子 1 次，抽取 0 次", {})
    assert state.message == "承诺种子 0 次，抽取 1 次，抽中 4 件，指派 4 件"
    assert state.is_completed()
    assert set(shown) == {"lookback-drawn", "lookback-allocation"}
    assert len(json.loads(shown["lookback-drawn"].data)) == 4
    assert "| cluster=P1 | 8 | 3 | 3 |" in shown["lookback-allocation"].data
    assert (again.message, no_more) == ("承诺种子 0 次，抽取 0 次", {})
    assert looks(scheduled) == [("每月:2026-04-01", "drawn")]


def test_a_person_who_names_a_template_draws_at_once(run, scheduled):
    asked = LookBackRequest(template="每月", period="2026-03", cluster="P1", as_of=APRIL)

    state, _ = run(look_back, asked)

    number = number_of(scheduled)
    for visit in visits_of(scheduled, number)[:2]:
        found(scheduled, number, visit, at=APRIL)
    _, later = run(look_back, LookBackRequest(as_of=APRIL, schedule="每月"))
    assert state.message == "承诺种子 1 次，抽取 1 次，抽中 3 件，指派 3 件"
    assert looks(scheduled)[0][0].startswith("run:")
    assert "| cluster=P1 | 2/3 | 0 | 0.0% |" in later["lookback-verdict"].data


def test_a_preview_writes_nothing(run, scheduled):
    one, page = run(look_back, LookBackRequest(template="每月", as_of=APRIL, dry_run=True))
    ahead, calendar = run(look_back, LookBackRequest(as_of=MONDAY_9AM, dry_run=True))

    assert one.message == "预览，未写入：每月回头看：名单 12 件，将抽 4 件"
    assert "销号日期 2026-03-01 至 2026-03-31" in page["lookback-preview"].data
    assert ahead.message == "预览，未写入：今后 90 天将抽取 2 次"
    assert "| 2026-04-01 | 每月 | 每月 | 每月 1 日 | — |" in calendar["lookback-preview"].data
    assert looks(scheduled) == []


def test_what_fails_ends_the_run_as_failed_and_says_what(run, scheduled):
    state, _ = run(look_back, LookBackRequest(template="没有", as_of=APRIL))
    future, _ = run(look_back, LookBackRequest(as_of="2999-01-01T00:00+08:00"))

    assert state.is_failed()
    assert "没有名为“没有”的模板" in state.message
    assert "尚未到来" in future.message


@pytest.mark.parametrize(
    "given", [{"template": "a", "schedule": "b"}, {"period": "2026"}, {"cluster": "P1"}]
)
def test_a_request_that_contradicts_itself_is_refused_by_the_form(given):
    with pytest.raises(ValidationError):
        LookBackRequest(**given)


def test_every_field_of_the_run_form_has_a_chinese_title():
    fields = LookBackRequest.model_json_schema()["properties"].values()

    assert [each["title"] for each in fields] == [
        "模板", "期间", "片区", "排期", "时点", "预览",
    ]  # fmt: skip


ASKING = default_text().replace("confirm_draw = false", "confirm_draw = true")


@pytest.fixture
def asking(scheduled):
    """Confirmed within ten years of April 2026, so that these runs of that day wait in earnest."""
    text = ASKING.replace('confirm_within = { limit = "24h"', 'confirm_within = { limit = "3650d"')
    adopt_policy(scheduled, text, by="admin", at=MONDAY_9AM)
    return scheduled


def test_a_draw_waits_for_an_admin_and_goes_on_with_what_they_agreed_to(deployed, asking):
    waiting, run_id = deployed(LookBackRequest(as_of=APRIL))
    meanwhile, _ = deployed(LookBackRequest(as_of=APRIL))
    before = looks(asking)
    resumed(run_id, draw=True, numbers=[number_of(asking)])
    done, _ = deployed(LookBackRequest(as_of=APRIL), run_id)

    assert (waiting.is_paused(), before) == (True, [("每月:2026-04-01", "committed")])
    assert meanwhile.message == "承诺种子 0 次，抽取 0 次，等待确认 1 次"
    assert done.message == "承诺种子 0 次，抽取 1 次，抽中 4 件，指派 4 件"
    assert looks(asking) == [("每月:2026-04-01", "drawn")]


def test_an_admin_who_says_no_is_asked_again_by_the_next_run(deployed, asking):
    _, run_id = deployed(LookBackRequest(as_of=APRIL))
    resumed(run_id, draw=False, numbers=[])
    refused, _ = deployed(LookBackRequest(as_of=APRIL), run_id)
    asked_again, _ = deployed(LookBackRequest(as_of=APRIL + timedelta(days=1)))

    assert refused.message == "承诺种子 0 次，抽取 0 次，等待确认 1 次"
    assert asked_again.is_paused()
    assert looks(asking) == [("每月:2026-04-01", "committed")]


def test_nothing_is_drawn_when_nobody_answers_in_time(deployed, scheduled):
    adopt_policy(scheduled, ASKING, by="admin", at=MONDAY_9AM)
    # The term of a day ran out, for a run of April, long before it began: it waits a second.
    _, run_id = deployed(LookBackRequest(as_of=APRIL))
    time.sleep(1.5)

    late = resumed(run_id, draw=True, numbers=[number_of(scheduled)])

    with get_client(sync_client=True) as client:
        state = client.read_flow_run(run_id).state
    assert (late, state.is_failed()) == ("REJECT", True)
    assert "never resumed" in state.message
    assert looks(scheduled) == [("每月:2026-04-01", "committed")]


def test_a_run_that_cannot_wait_draws_nothing(run, asking):
    state, shown = run(look_back, LookBackRequest(as_of=APRIL))

    assert state.message == "承诺种子 1 次，抽取 0 次，等待确认 1 次"
    assert "等待管理员确认后抽取" in shown["lookback-problems"].data


@pytest.fixture
def deployed(prefect_server):
    """Run the flow as its deployment does, in this process; again under the id of a run."""
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(_deploy())
        made = []

        def run(request, run_id=None):
            if run_id is None:
                parameters = {"request": request.model_dump(mode="json")}
                flow_run = client.create_flow_run_from_deployment(
                    deployment.id, parameters=parameters
                )
                made.append(flow_run.id)
            else:
                flow_run = client.read_flow_run(run_id)
            parameters = {"request": request}
            with suppress(Pause):  # what the engine's own process ends with
                asyncio.run(
                    run_flow(look_back, flow_run, parameters=parameters, return_type="state")
                )
            return client.read_flow_run(flow_run.id).state, flow_run.id

        yield run
        for each in made:
            client.delete_flow_run(each)


def _deploy():
    async def deploy():
        for each in await _deployments():
            if each.name == "look-back":
                await each.aapply()

    asyncio.run(deploy())
    return "look-back/look-back"


def resumed(run_id, **word):
    with get_client(sync_client=True) as client:
        return client.resume_flow_run(run_id, run_input=word).status.value


def updated():
    """When each of Prefect's schedules was last written."""
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name("look-back/look-back")
        return sorted((each.slug, each.updated) for each in deployment.schedules)


def arranged():
    """The schedules Prefect shows of ours: slug, active, the first day, for which schedule."""
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name("look-back/look-back")
        return sorted(
            (each.slug, each.active, each.schedule.rrule.split(",")[0], each.parameters)
            for each in deployment.schedules
            if isinstance(each.schedule, RRuleSchedule)
        )


def test_prefect_shows_our_schedules_and_forgets_those_that_are_gone(
    prefect_server, scheduled, deployed
):
    at = now()
    add_schedule(scheduled, "q", template="每月", timing="quarterly:10", by="admin", at=at)
    pause_schedule(scheduled, "每月", by="admin", at=at)
    done = [asyncio.run(arrange())]
    both, before = arranged(), updated()
    done.append(asyncio.run(arrange()))
    after = updated()
    change_schedule(scheduled, "q", timing="monthly:28", by="admin", at=at)
    asyncio.run(arrange())
    changed = arranged()
    _deploy()
    served_again = arranged()
    remove_schedule(scheduled, "q", by="admin", at=at)
    remove_schedule(scheduled, "每月", by="admin", at=at)
    asyncio.run(arrange())

    assert (done, after) == ([True, True], before)
    assert [each[:2] for each in both] == [("lookback-68b21af9", False), ("lookback-q", True)]
    assert both[1][3] == {"request": {"schedule": "q"}}
    assert changed[1][2] != both[1][2]
    assert served_again == changed
    assert arranged() == []


def test_without_a_server_nothing_is_arranged(home):
    with temporary_settings({PREFECT_API_URL: None}):
        assert asyncio.run(arrange()) is False


def test_a_server_that_is_gone_is_only_a_warning(home):
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}), listened_to(LOG) as said:
        assert asyncio.run(arrange(within=1.0)) is False

    assert ["未能更新" in each for each in said] == [True]


@contextmanager
def listened_to(log):
    """What a logger says meanwhile, however Prefect has set up logging."""
    said, before = [], (log.disabled, log.level)
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())
    log.addHandler(handler)
    log.disabled, log.level = False, logging.WARNING
    yield said
    log.removeHandler(handler)
    log.disabled, log.level = before


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("monthly", "lookback-monthly"),
        ("Monthly", "lookback-monthly-4d6e5f3b"),
        ("before.term", "lookback-before-term-5c5aa1f0"),
        ("每月", "lookback-68b21af9"),
    ],
)
def test_a_slug_is_plain_and_no_other_schedules(name, slug):
    assert slug_of(name)[: len(slug) - 8] == slug[:-8]
    assert set(slug_of(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize(
    ("rate", "high", "drawn"),
    [
        (0, 0, "·" * 20),
        (0, 1, "▒" * 20),
        (1, 1, "█" * 20),
        (0.25, 0.5, "█████▒▒▒▒▒··········"),
    ],
)
def test_a_bar_is_twenty_characters_wide(rate, high, drawn):
    assert bar(Fraction(rate), Fraction(high)) == drawn
