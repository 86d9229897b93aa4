"""Templates are adopted with versions; campaigns open, are chased and end without a hand."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from casework.adopting import adopt_text
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.filings.campaigns import CAMPAIGNS, list_campaigns, stop_campaign
from casework.filings.catching_up import compile_due
from casework.filings.compiling import compile_period
from casework.filings.correcting import correct_filing
from casework.filings.listing import show_board
from casework.filings.showing import show_filing
from casework.filings.templates import TEMPLATES
from casework.lookback.looks import Hand
from models.tables import DUTIES, FILINGS
from rules.faults import Unfit
from rules.filings.templates import shipped
from rules.workdays import china_day
from tests.casework.filings.filed import APRIL, MAY, acting, compiled, filled, signed, which
from tests.offices import MONDAY_9AM
from tests.rules.test_filing_campaigns import TEXT

WIDER = shipped()["monthly"].replace(
    "[[relations]]",
    '[[figures]]\nkey = "drills"\nzh = "演练次数"\nen = "drills"\ntype = "typed"\n'
    'source = "our choice"\n\n[[relations]]',
    1,
)
ONE = TEXT.replace('source = "our', 'places = ["S1"]\nsource = "our', 1)
SUNDAY = MONDAY_9AM - timedelta(days=1)


def adopt(office, family, text, *, at=SUNDAY, by="admin"):
    return adopt_text(office, family, text, "试行", Hand(by, at, Door.CLI))


def night(office, day):
    """What the engine does of a night."""
    at = datetime.fromisoformat(f"2026-{day}T01:00+08:00")
    return compile_due(office, as_of=at, ran_at=at, door=Door.FLOW, only="surroundings").new


def units(office, period="2026-03-02..2026-03-08"):
    board = show_board(office, "surroundings", period, by="committee1", today=china_day(MONDAY_9AM))
    return [(row["unit_code"], f"{row['due_on']:%m-%d}") for row in board.rows]


def duties(office):
    with office.reading() as connection:
        rows = connection.execute(select(DUTIES.c.key, DUTIES.c.state).order_by(DUTIES.c.id))
        return {key.split("/", 1)[1]: state.value for key, state in rows}


def keys_of(office, of, by="head1"):
    return [row["key"] for row in show_filing(office, of, by=by, at=MAY)["rows"]]


def test_what_is_compiled_keeps_its_template_and_what_comes_takes_the_new_one(office):
    compiled(office)
    adopt(office, TEMPLATES, WIDER, at=APRIL)
    compiled(office, period="2026-04", at=MAY)
    signed(office, nil="是", at=APRIL)

    correct_filing(office, which(), "漏填", **acting("S1", MAY))
    filled(office, of=which(period="2026-04"), at=MAY, drills="2")

    assert "drills" not in keys_of(office, which())
    assert "drills" in keys_of(office, which(period="2026-04"))
    with pytest.raises(Invalid):
        filled(office, at=MAY, drills="2")


def test_a_frozen_filing_is_unaltered_under_another_template(sqlite_office):
    compiled(sqlite_office)
    frozen = signed(sqlite_office, nil="是")
    adopt(sqlite_office, TEMPLATES, WIDER, at=APRIL)

    shown = show_filing(sqlite_office, which(), by="head1", at=MAY)

    assert (shown["number"], "drills" in keys_of(sqlite_office, which())) == (frozen.number, False)


@pytest.mark.parametrize(
    ("family", "text", "refusal"),
    [
        (TEMPLATES, shipped()["monthly"].replace('mark = "月报"', 'mark = "月"'), Unfit),
        (CAMPAIGNS, TEXT.replace('"surroundings"', '"monthly"'), Invalid),
        (CAMPAIGNS, TEXT.replace('"surroundings"', '"nothing"'), NotFound),
        (CAMPAIGNS, ONE.replace("S1", "S99"), NotFound),
    ],
)
def test_what_does_not_fit_is_refused(sqlite_office, family, text, refusal):
    with pytest.raises(refusal):
        adopt(sqlite_office, family, text)


def test_a_campaign_opens_each_period_on_its_day_once_and_ends(office):
    adopt(office, CAMPAIGNS, TEXT)

    nights = [night(office, day) for day in ("03-01", "03-02", "03-03", "03-09", "03-16", "06-01")]

    assert nights == [0, 6, 0, 6, 0, 0]
    assert dict(units(office))["S1"] == "03-13"
    assert dict(units(office, "2026-03-09..2026-03-15"))["S1"] == "03-20"
    assert duties(office)["2026-03-09..2026-03-15/S1"] == "open"


def test_a_stop_of_the_engine_is_made_up_for_after_the_campaign(sqlite_office):
    adopt(sqlite_office, CAMPAIGNS, TEXT)

    assert night(sqlite_office, "03-20") == 12


def test_a_campaign_of_some_places_asks_nobody_else(office):
    adopt(office, CAMPAIGNS, ONE)

    assert night(office, "03-02") == 3  # the school, its cluster, the committee
    assert [code for code, _ in sorted(units(office))] == ["P1", "S1", "ZWH"]
    assert night(office, "03-03") == 0
    shown = show_filing(
        office, which("P1", template="surroundings", period="2026-03-02..2026-03-08"),
        by="cluster1", at=MONDAY_9AM,
    )  # fmt: skip
    assert [each["problem"].zh.count("第二小学") for each in shown["findings"]] == [0] * len(
        shown["findings"]
    )


def test_a_campaign_is_stopped_before_its_end(office):
    adopt(office, CAMPAIGNS, TEXT)
    night(office, "03-02")

    hand = Hand("admin", MONDAY_9AM, Door.CLI)
    with pytest.raises(Refused):
        stop_campaign(office, "around", "提前完成", hand._replace(by="cluster1"))
    stop_campaign(office, "around", "提前完成", hand)

    assert night(office, "03-09") == 0
    assert set(duties(office).values()) == {"waived"}
    (row,) = list_campaigns(office, by="head1", today=china_day(MONDAY_9AM))
    assert row["state"] == "stopped"


@pytest.mark.parametrize(("by", "seen"), [("head1", 1), ("cluster1", 1), ("committee1", 1),
                                          ("head3", 0), ("cluster2", 0)])  # fmt: skip
def test_a_campaign_is_shown_to_whom_it_concerns(sqlite_office, by, seen):
    adopt(sqlite_office, CAMPAIGNS, ONE)

    assert len(list_campaigns(sqlite_office, by=by, today=china_day(MONDAY_9AM))) == seen


def test_a_filing_from_before_templates_had_versions_is_read_by_the_shipped_one(sqlite_office):
    compile_period(sqlite_office, "monthly", "2026-03", by=None, at=APRIL, door=Door.FLOW)
    with sqlite_office.writing() as connection:
        connection.execute(FILINGS.update().values(template_digest=""))

    frozen = signed(sqlite_office, nil="是")

    assert "template_digest" not in frozen.content
    assert show_filing(sqlite_office, which(), by="head1", at=MAY)["number"] == frozen.number
