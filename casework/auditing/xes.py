"""XES, IEEE 1849-2016: a trace for each case, with the standard extensions for name, time,
life cycle and organisation.
"""

import re
from collections.abc import Sequence
from typing import Any, TextIO
from xml.sax.saxutils import quoteattr

from sqlalchemy import Row

_EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
)
# XML 1.0 has no place for these, escaped or not.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

OPENING = "\n".join([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">',
    *(
        f'<extension name="{name}" prefix="{prefix}" uri="{uri}"/>'
        for name, prefix, uri in _EXTENSIONS
    ),
    '<global scope="trace"><string key="concept:name" value=""/></global>',
    '<global scope="event">',
    '<string key="concept:name" value=""/>',
    '<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>',
    '<string key="lifecycle:transition" value="complete"/>',
    "</global>",
    '<classifier name="Activity" keys="concept:name"/>',
    '<classifier name="Resource" keys="org:resource"/>',
    '<string key="concept:name" value="Bihuan"/>',
    '<string key="lifecycle:model" value="standard"/>',
    "",
])  # fmt: skip
CLOSING = "</log>\n"


def write_trace(out: TextIO, rows: Sequence[Row[Any]]) -> int:
    """Write one case's events as a trace; return how many."""
    first = rows[0]
    out.write("<trace>")
    out.write(_string("concept:name", first.number))
    out.write(_string("category", first.category) + _string("level", first.level.value))
    out.write(_string("unit", first.unit) + "\n")
    out.writelines(_event(row) for row in rows)
    out.write("</trace>\n")
    return len(rows)


def _event(row: Row[Any]) -> str:
    actor = _string("org:resource", row.actor) if row.actor else ""
    return "".join([
        "<event>", _string("concept:name", row.kind),
        f'<date key="time:timestamp" value="{row.at.isoformat(timespec="milliseconds")}"/>',
        _string("lifecycle:transition", "complete"), actor, _string("org:role", row.role),
        _string("door", row.door), f'<int key="seq" value="{row.seq}"/>', "</event>\n",
    ])  # fmt: skip


def _string(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(_UNWRITABLE.sub("�", value))}/>'
