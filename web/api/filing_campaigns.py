"""Campaigns 专项 by schedule: listed, and stopped; they are adopted as any text (``texts``)."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import Field

from casework.accounts.tokens import Scope
from casework.filings.campaigns import list_campaigns, stop_campaign
from rules.access import Verb
from rules.workdays import china_day
from web.api.calls import Asked
from web.api.routing import Operations
from web.api.sent import Given
from web.api.shapes import Told, Words

operations = Operations("filings")

CampaignName = Annotated[str, Path(max_length=80, description="a campaign's key or name")]


class CampaignPeriod(Told):
    period: str
    label: Words
    due_on: date | None = Field(description="the units'; null: as the policy says")
    begun: bool


class FilingCampaign(Told):
    """``places`` counts the clusters and units that file, 0 where everybody does."""

    key: str
    label: Words
    template: str
    first: date
    last: date
    state: Literal["coming", "running", "over", "stopped"]
    places: int
    digest: str
    periods: list[CampaignPeriod]
    source: str
    adopted_at: datetime
    adopted_by: str


class NewCampaignStop(Given):
    reason: str = Field(min_length=1, max_length=500)


class CampaignStopped(Told):
    key: str
    label: Words


@operations.get("/filing-campaigns", permission=Verb.VIEW, scope=Scope.READ)
def list_filing_campaigns(call: Asked) -> list[FilingCampaign]:
    """List the campaigns that concern you, those in force first."""
    rows = list_campaigns(call.office, by=call.by, today=china_day(call.at))
    return [FilingCampaign.model_validate(each) for each in rows]


@operations.post(
    "/filing-campaigns/{campaign}/stop", permission=Verb.ADMINISTER, scope=Scope.ADMINISTER
)
def stop_filing_campaign(
    call: Asked, campaign: CampaignName, told: NewCampaignStop
) -> CampaignStopped:
    """End a campaign before its time: nothing more is opened, what is not late is not owed."""
    stopped = stop_campaign(call.office, campaign, told.reason, call.hand)
    return CampaignStopped.model_validate(stopped.part)
