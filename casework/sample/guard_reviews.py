"""Reviews of the sample's guards, this year's: passed, with conditions, waiting, not asked for."""

from datetime import datetime, timedelta

from casework.events import Door
from casework.office import Office
from casework.reviews.asking import ask_reviews
from casework.reviews.deciding import pass_records, review_record
from casework.reviews.listing import list_reviews
from casework.reviews.store import Named
from casework.sample.organisation import Team, compose
from rules.registers.outcomes import ReviewOutcome
from rules.registers.reviews import Verdict
from rules.workdays import china_day

_CLUSTER = "PQ01"
_ASKING = 4  # of its five schools
_TRAINED_IN = timedelta(60)


def review_sample_guards(office: Office, at: datetime) -> None:
    """Let four schools ask; of the first three all pass that nothing speaks against, and one guard
    of the fourth is to be trained.
    """
    teams = [each for each in compose().teams.values() if each.cluster == _CLUSTER][:_ASKING]
    lead = teams[0].lead
    guards = [_ask(office, each, at) for each in teams]
    early = [each for several in guards[:-1] for each in several]
    pass_records(office, "guard", early, by=lead, at=at, door=Door.CLI)
    until = china_day(at) + _TRAINED_IN
    verdict = Verdict(ReviewOutcome.CONDITIONAL, ("training",), until, "上岗培训缺一次，限期补训")
    review_record(office, "guard", guards[-1][0], verdict, by=lead, at=at, door=Door.CLI)


def _ask(office: Office, team: Team, at: datetime) -> list[Named]:
    page = list_reviews(office, "guard", by=team.head, today=china_day(at))
    named = [Named(team.unit, row["key"]) for row in page.rows]
    ask_reviews(office, "guard", named, by=team.head, at=at, door=Door.CLI)
    return named
