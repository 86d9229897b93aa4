"""From a school's own sheet to the frozen one: who acts when, what is kept, what is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from casework.asking.search import count_found
from casework.duties.ending import fulfil
from casework.duties.listing import DutyFilter, count_duties
from casework.duties.opening import Wanted, open_duties
from casework.errors import Conflict, Invalid, NotFound, Refused
from casework.scoring.filling import attach, fill_in
from casework.scoring.listing import cover, rank
from casework.scoring.opening import call_year, open_assessment
from casework.scoring.reviewing import review
from casework.scoring.showing import open_evidence, show_assessment
from casework.scoring.signing import correct, sign
from rules.actions import Action
from rules.duties.acts import Counted
from rules.scoring.acts import ScoringResult, ScoringStage
from rules.wording import Wording
from rules.workdays import china_day
from tests.casework.scoring.assessed import NOVEMBER, acting, filled, opened, signed, which
from tests.offices import MONDAY_9AM, ORGANISATION, a_photo, act, closed, rectifying
from tests.sealing import faults, sealed


def shown(office, unit="S1", by="committee1"):
    return show_assessment(office, which(unit), by=by)


def item(of, key):
    return next(each for level in of["levels"] for each in level["items"] if each["key"] == key)


def told_behind(found):
    """How many each list behind a figure is said to have."""
    rows = [each for level in found["levels"] for each in level["items"]] + found["vetoes"]
    return [(each["link"], each["number"]) for row in rows for each in row["behind"]]


def listed_behind(office, found):
    """How many each list behind a figure has, asked as its page asks."""
    return [(link, _count(office, link)) for link, _ in told_behind(found)]


def _count(office, link):
    asked = dict(parse_qsl(urlsplit(link).query))
    if "q" in asked:
        return count_found(office, asked["q"], by="committee1", as_of=NOVEMBER).number
    days = {name: date.fromisoformat(asked[name]) for name in ("since", "until")}
    wanted = DutyFilter(**{**asked, **days, "counted": Counted(asked["counted"])})
    return count_duties(office, by="committee1", today=china_day(NOVEMBER), wanted=wanted)


def refused(call, *words, **named):
    with pytest.raises(Refused) as refusal:
        call(*words, **named)
    return refusal.value.problem.zh


def test_a_school_assesses_itself_and_is_reviewed_signed_and_frozen(office, tmp_path):
    filled(office, fire__exit="1", honour="是", **{"text:fire": "已清理"})
    sign(office, which(), **acting("head1"))
    review(office, which(), {"fire": "2"}, "仍有一处", **acting("cluster1"))
    sign(office, which(), **acting("cluster1"))
    review(office, which(), {"fire": "0"}, "复查未改", **acting("committee1"))
    held = sign(office, which(), **acting("committee1"))

    found = shown(office)
    fire = item(found, "fire")
    assert (held.number, held.stage, held.score.points) == ("创建2026-S1", ScoringStage.FROZEN, 97)
    assert (fire["school"], fire["cluster"], fire["committee"]) == (1, 2, 0)
    assert (fire["cluster_why"], fire["committee_why"]) == ("仍有一处", "复查未改")
    assert [each["act"] for each in found["history"]] == [
        "open", "fill_in", "sign", "review", "sign", "review", "sign", "freeze",
    ]  # fmt: skip
    sealed(office, tmp_path, days=300)
    assert faults(office, tmp_path) == []


def test_cases_and_duties_score_by_themselves_and_say_by_which_lists(office):
    closed(office)
    number = rectifying(office, description="配电箱破损", category="消防")
    act(office, number, Action.LIST, "committee1", reason="久拖", kind="supervision",
        supervisor="committee", new_due="2026-03-16")  # fmt: skip
    _duties(office)

    opened(office)
    found = shown(office)

    assert item(found, "on_time")["figures"] == (1, 1)
    assert (item(found, "listed")["figures"], item(found, "listed")["value"]) == ((0, 1), 3)
    assert item(found, "listed")["behind"][0]["query"] == 'unit:"S1" listed:now voided:no'
    assert (item(found, "training")["figures"], item(found, "training")["value"]) == ((1, 4), 1)
    assert (item(found, "reports")["figures"], item(found, "reports")["value"]) == ((0, 0), 4)
    assert listed_behind(office, found) == told_behind(found)


def _duties(office):
    """Four trainings: one done in the last minute, one in the first of the day after, two not."""
    midnight = datetime.fromisoformat("2026-03-03T00:00+08:00")
    with office.writing() as connection:
        title = Wording("培训", "training")
        wanted = [
            Wanted("training", key, ORGANISATION["S1"], china_day(MONDAY_9AM), title, "/x")
            for key in "abcd"
        ]
        open_duties(connection, wanted, MONDAY_9AM)
        fulfil(connection, "training", ["a"], midnight - timedelta(minutes=1), None)
        fulfil(connection, "training", ["b"], midnight, None)


def test_opening_again_is_the_same_one(office):
    first = opened(office)

    assert opened(office).id == first.id
    assert refused(open_assessment, office, which("S2"), **acting("cluster1"))


def test_a_veto_fails_a_school_of_full_points(office):
    held = signed(office, death="是")

    assert (held.score.points, held.score.result) == (100, ScoringResult.VETOED)


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"nonsense": "1"}, "nonsense"), ({"fire.nonsense": "1"}, "fire.nonsense"),
        ({"fire.exit": "-1"}, "fire.exit"), ({"fire.exit": "100"}, "fire.exit"),
        ({"on_time.late": "1"}, "on_time.late"), ({"major_late": "是"}, "major_late"),
        ({"honour": "也许"}, "honour"), ({"text:fire": "字" * 501}, "text:fire"),
    ],
    ids=["field", "step", "negative", "too-many", "automatic", "automatic-veto", "truth", "long"],
)  # fmt: skip
def test_what_cannot_be_filled_in_names_its_field(sqlite_office, typed, where):
    opened(sqlite_office)

    with pytest.raises(Invalid) as invalid:
        fill_in(sqlite_office, which(), typed, **acting("head1"))

    assert invalid.value.where == where


@pytest.mark.parametrize("value", ["4", "-1", "x"])
def test_a_reviewer_gives_no_more_than_the_item_has(sqlite_office, value):
    signed(sqlite_office, times=1)

    with pytest.raises(Invalid):
        review(sqlite_office, which(), {"fire": value}, "原因", **acting("cluster1"))
    with pytest.raises(Invalid):
        review(sqlite_office, which(), {"fire": "3"}, " ", **acting("cluster1"))


def test_nobody_acts_out_of_turn(sqlite_office):
    office = sqlite_office
    opened(office)

    assert refused(review, office, which(), {"fire": "1"}, "原因", **acting("cluster1"))
    assert refused(sign, office, which(), **acting("owner1"))
    assert refused(sign, office, which(), **acting("cluster1"))
    sign(office, which(), **acting("head1"))
    assert refused(fill_in, office, which(), {"fire.exit": "1"}, **acting("head1"))
    assert refused(sign, office, which(), **acting("head1"))
    assert refused(review, office, which(), {"fire": "1"}, "原因", **acting("committee1"))
    assert refused(correct, office, which(), "原因", **acting("committee1"))


@pytest.mark.parametrize("by", ["head2", "head3", "cluster2"])
def test_what_is_another_schools_is_not_there(sqlite_office, by):
    opened(sqlite_office)

    for call in (
        lambda: show_assessment(sqlite_office, which(), by=by),
        lambda: sign(sqlite_office, which(), **acting(by)),
        lambda: fill_in(sqlite_office, which(), {}, **acting(by)),
    ):
        with pytest.raises(NotFound):
            call()


def test_what_is_frozen_is_never_changed_but_corrected_with_a_reason(office):
    held = signed(office)

    assert "不能更改" in refused(sign, office, which(), **acting("committee1"))
    for change in ("UPDATE assessment SET points = 1", "DELETE FROM assessment"):
        with pytest.raises(DBAPIError, match="written once"), office.writing() as connection:
            connection.execute(text(change))
    correct(office, which(), "错看一项", **acting("committee1"))
    review(office, which(), {"food": "0"}, "错看一项", **acting("committee1"))
    again = sign(office, which(), **acting("committee1"))

    assert (again.number, again.version, again.score.points) == ("创建2026-S1-更正1", 2, 97)
    assert show_assessment(office, which(), by="head1", version=1)["points"] == 100
    assert held.number == "创建2026-S1"


def test_of_two_signers_at_once_one_signs(office):
    opened(office)

    def one(_):
        try:
            return sign(office, which(), **acting("head1"), seen=ScoringStage.SCHOOL).stage
        except Conflict:
            return "conflict"

    with ThreadPoolExecutor(2) as pool:
        done = sorted(str(each) for each in pool.map(one, range(2)))

    assert done == ["cluster", "conflict"]


def test_of_two_that_open_at_once_both_have_the_same(office):
    with ThreadPoolExecutor(2) as pool:
        ids = {held.id for held in pool.map(lambda _: opened(office), range(2))}

    assert len(ids) == 1


def test_evidence_is_seen_by_who_may_see_the_school(sqlite_office):
    office = sqlite_office
    opened(office)
    stored = office.evidence.put(a_photo(), name="走廊.jpg")
    attach(office, which(), "fire", [stored], **acting("owner1"))
    held = attach(office, which(), "fire", [stored], **acting("owner1"))

    assert [each.sha256 for each in held.marks["fire"].evidence] == [stored.sha256]
    assert open_evidence(office, which(), stored.sha256, by="cluster1").path.exists()
    with pytest.raises(NotFound):
        open_evidence(office, which(), "0" * 64, by="cluster1")
    with pytest.raises(NotFound):
        open_evidence(office, which(), stored.sha256, by="head2")


def test_the_year_is_a_duty_of_every_school_until_its_head_signs(office):
    assert call_year(office, "safe_campus", 2026, **acting("committee1")) == (3, 3)
    assert call_year(office, "safe_campus", 2026, **acting("committee1")) == (0, 3)
    signed(office, times=1)
    filled(office, "S2")

    found = cover(office, "safe_campus", 2026, by="committee1", today=china_day(NOVEMBER))

    assert (found.assessed, found.total) == (1, 3)
    assert [each["standing"] for each in found.rows] == ["cluster", "school", "missing"]
    with office.reading() as connection:
        states = connection.execute(text("SELECT state FROM duty ORDER BY key")).scalars().all()
    assert states == ["fulfilled", "open", "open"]


@pytest.mark.parametrize(("day", "late"), [("2026-11-30", False), ("2026-12-01", True)])
def test_a_school_is_late_from_the_day_after(sqlite_office, day, late):
    today = china_day(datetime.fromisoformat(f"{day}T09:00+08:00"))
    found = cover(sqlite_office, "safe_campus", 2026, by="head1", today=today)

    assert [each["late"] for each in found.rows] == [late]


def test_the_best_of_each_cluster_is_a_model_and_each_sees_its_own(office):
    signed(office, "S1", honour="是")
    signed(office, "S2", honour="是", fire__exit="1")
    signed(office, "S3")

    whole = rank(office, "safe_campus", 2026, by="committee1")
    own = rank(office, "safe_campus", 2026, by="head2")

    assert [(each["unit_code"], each["rank"], each["chosen"]) for each in whole.rows] == [
        ("S1", 1, True), ("S2", 2, False), ("S3", 1, False),
    ]  # fmt: skip
    assert whole.quotas == {"P1": 1, "P2": 0}
    assert [(each["unit_code"], each["rank"]) for each in own.rows] == [("S2", 2)]
    assert own.quotas == {"P1": 1}
