"""School buses on the road: what the platform tells, the board, bulletins, violations, vetoes."""

from pathlib import Path as FilePath
from typing import Annotated

from fastapi import Path, Query, Response
from starlette.responses import FileResponse

from casework.accounts.tokens import Scope
from casework.buses.feeding import Fed, feed_buses
from casework.buses.looking import Bulletin, list_bulletins, open_board, open_bulletin
from casework.buses.reading import BadLine, read_events
from casework.buses.sheets import write_bulletin, write_violations
from casework.buses.vetoes import list_vetoes
from casework.buses.vetoing import Which, lift, veto
from casework.buses.violations import Narrow, list_violations
from casework.events import Door
from rules.access import Verb
from web.api import bus_shapes as shapes
from web.api.calls import Asked
from web.api.cases import next_page
from web.api.files import gives
from web.api.routing import Operations
from web.downloads import MEDIA, send_made

operations = Operations("buses")

Day = Annotated[shapes.Day, Path()]
_SHEET = gives(MEDIA[".xlsx"], MEDIA[".csv"])


@operations.post("/buses/sightings", permission=Verb.SWEEP, scope=Scope.FEED)
def feed_bus_sightings(call: Asked, told: shapes.NewBusFeed) -> shapes.BusFeed:
    """Take in positions and violations, each once; bad ones are named, the others land.

    The same batch again changes nothing, so that whoever got no answer sends it again.
    """
    events = read_events(told.events, now=call.at)
    fed = feed_buses(call.office, events, source=told.source, by=call.by, at=call.at, door=Door.API)
    return _fed(call, fed, len(told.events))


@operations.get("/buses", permission=Verb.VIEW, scope=Scope.READ)
def open_bus_board(call: Asked) -> shapes.BusBoard:
    """Tell which buses did today what they may not."""
    board = open_board(call.office, by=call.by, at=call.at)
    rows = [
        shapes.BusToday(
            plate=each["key"], unit=each["unit"], unit_code=each["code"], fault=each["fault"],
            offence=each["offence"], times=each["n"],
        )
        for each in board.rows
    ]  # fmt: skip
    return shapes.BusBoard(day=board.day, rows=rows, strangers=[*board.strangers])


@operations.get("/buses/bulletins", permission=Verb.VIEW, scope=Scope.READ)
def list_bus_bulletins(call: Asked) -> list[shapes.BulletinHead]:
    """List the newest sixty daily bulletins, as far as you see buses."""
    found = list_bulletins(call.office, by=call.by)
    return [shapes.BulletinHead.model_validate(_head(each)) for each in found]


@operations.get("/buses/bulletins/{day}", permission=Verb.VIEW, scope=Scope.READ)
def open_bus_bulletin(call: Asked, day: Day) -> shapes.BusBulletin:
    """Open a day's bulletin: the buses that you see, with what each did."""
    found = open_bulletin(call.office, day, by=call.by)
    rows = [{**each, "vetoed": each["plate"] in found.vetoed} for each in found.rows]
    return shapes.BusBulletin.model_validate({**_head(found), "rows": rows})


@operations.get(
    "/buses/bulletins/{day}/sheet", permission=Verb.VIEW, scope=Scope.READ,
    response_class=FileResponse, openapi_extra=_SHEET,
)  # fmt: skip
def get_bulletin_sheet(
    call: Asked, day: Day, wanted: Annotated[shapes.BulletinSheet, Query()]
) -> FileResponse:
    """Get a day's bulletin as a sheet, a row an offence; that you took it is recorded."""

    def write(path: FilePath) -> object:
        return write_bulletin(call.office, day, path, call.taking)

    return send_made(f"bus-bulletin-{day}.{wanted.form}", write)


@operations.get("/buses/violations", permission=Verb.VIEW, scope=Scope.READ)
def list_bus_violations(
    call: Asked, wanted: Annotated[shapes.ViolationList, Query()], response: Response
) -> shapes.ViolationPage:
    """List violations, the latest day first."""
    page = list_violations(
        call.office, by=call.by, narrow=_narrow(wanted), size=wanted.size, after=wanted.after
    )
    following = next_page(call, page.after, response)
    return shapes.ViolationPage.model_validate({"items": page.rows, "next": following})


@operations.get(
    "/buses/violations/sheet", permission=Verb.VIEW, scope=Scope.READ,
    response_class=FileResponse, openapi_extra=_SHEET,
)  # fmt: skip
def get_violation_sheet(
    call: Asked, wanted: Annotated[shapes.ViolationSheet, Query()]
) -> FileResponse:
    """Get all violations that a list finds as a sheet; that you took it is recorded."""

    def write(path: FilePath) -> object:
        return write_violations(call.office, _narrow(wanted), path, call.taking)

    return send_made(f"bus-violations.{wanted.form}", write)


@operations.get("/buses/vetoes", permission=Verb.VIEW, scope=Scope.READ)
def list_bus_vetoes(
    call: Asked, wanted: Annotated[shapes.VetoList, Query()]
) -> list[shapes.BusVeto]:
    """List the vetoes of buses and drivers that stand, the newest first."""
    found = list_vetoes(call.office, by=call.by, lifted=wanted.lifted)
    return [shapes.BusVeto.model_validate(each) for each in found]


@operations.post("/buses/vetoes", permission=Verb.SWEEP, scope=Scope.MOVE)
def act_on_bus_veto(call: Asked, told: shapes.NewVeto) -> shapes.BusVetoed:
    """Veto a bus or a driver, or lift the veto; the reason stands in the record's history."""
    act = veto if told.act == "veto" else lift
    which = Which(told.kind, told.key, told.unit)
    done = act(call.office, which, told.reason, by=call.by, at=call.at, door=Door.API)
    return shapes.BusVetoed.model_validate(done)


def _fed(call: Asked, fed: Fed, received: int) -> shapes.BusFeed:
    return shapes.BusFeed(
        received=received, new=fed.new, known=fed.known, offences=fed.offences,
        strangers=sorted(fed.strangers), cases=fed.cases,
        bad=[_bad(call, each) for each in fed.bad],
    )  # fmt: skip


def _bad(call: Asked, each: BadLine) -> shapes.BadBusEvent:
    field = each.field.replace("~", "~0").replace("/", "~1")
    return shapes.BadBusEvent(
        pointer=f"#/events/{each.line - 1}/{field}", field=each.field,
        detail=each.problem.say(call.locale),
    )  # fmt: skip


def _head(found: Bulletin) -> dict[str, object]:
    return {**found._asdict(), "violations": found.violations, "buses": len(found.rows)}


def _narrow(wanted: shapes.BusNarrow) -> Narrow:
    return Narrow(wanted.place, wanted.text, wanted.since, wanted.until)
