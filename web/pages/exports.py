"""The list of cases as a file: the twin of the page, for the same filter and columns."""

from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import Response
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from casework.events import Door
from casework.exporting.export import Format, export
from rules.access import Verb
from web.listing import read_view
from web.routing import Pages
from web.visits import Here, Visit

pages = Pages()

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


@pages.get("/cases.csv", permission=Verb.VIEW)
def as_csv(visit: Here) -> Response:
    return _file(visit, Format.CSV, "csv")


@pages.get("/cases.xlsx", permission=Verb.VIEW)
def as_workbook(visit: Here) -> Response:
    return _file(visit, Format.XLSX, "xlsx")


@pages.get("/cases.json", permission=Verb.VIEW)
def as_json(visit: Here) -> Response:
    return _file(visit, Format.LINES, "json")


def _file(visit: Visit, kind: Format, ending: str) -> Response:
    """Write all that the filter finds; that it was taken is recorded by then."""
    view = read_view(visit.request.query_params)
    folder = TemporaryDirectory(prefix="bihuan-export-")
    try:
        path = Path(folder.name) / f"cases-{visit.at:%Y%m%d-%H%M}.{ending}"
        export(
            visit.office, view.wanted, path, by=visit.by, as_of=visit.at, format_=kind,
            door=Door.PAGE, locale=visit.locale, order=view.order, columns=view.exported,
        )  # fmt: skip
        if ending == "json":
            _enclose(path)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        path,
        filename=path.name,
        media_type=_TYPES[ending],
        background=BackgroundTask(folder.cleanup),
    )


def _enclose(path: Path) -> None:
    """Make one array of objects that stand a line each."""
    lines = path.with_suffix(".lines")
    path.rename(lines)
    with lines.open("rb") as read, path.open("wb") as written:
        written.write(b"[")
        for place, line in enumerate(read):
            if line.strip():
                written.write((b",\n" if place else b"\n") + line.rstrip())
        written.write(b"\n]\n")
