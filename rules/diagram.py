"""The life of a case as a picture and as a table, both made from ``rules.moves.TABLE``.

The README files hold them between two markers; a test compares, ``splice`` brings up to date.
"""

from datetime import date

from rules.access import Role
from rules.actions import Given
from rules.case import Bounds, Facts, Level, Listing, State
from rules.consequences import evolve
from rules.decisions import Move
from rules.guards import CLAIMED, EXTENSION_PENDING, NOT_CLAIMED, ORDINARY_ONLY
from rules.moves import TABLE, Row
from rules.wording import Locale, Trouble, Wording

BEGIN, END = "<!-- lifecycle:begin -->", "<!-- lifecycle:end -->"


def mermaid() -> str:
    """Return a Mermaid state diagram, labelled in Chinese and English.

    Moves that stay in a place stand in a note beside it; who makes them, ``table`` tells.
    """
    nodes = [f'state "{label.zh}<br/>{label.en}" as {name}' for name, label in _LABELS.items()]
    lines = [*nodes, *_arrows(), *(line for name in _PLACES for line in _note(name))]
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in lines)]) + "\n"


def table(locale: Locale) -> str:
    """Return every move as a Markdown table: from, to, who, what it needs, on what condition."""
    head = "".join(f"| {column.say(locale)} " for column in _COLUMNS) + "|"
    rule = "|---" * len(_COLUMNS) + "|"
    return "\n".join([head, rule, *(_line(row, locale) for row in TABLE.values())]) + "\n"


def splice(text: str, locale: Locale) -> str:
    """Return a README with picture and table put between its markers.

    Raise Trouble unless each marker stands there once, in order.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end) or BEGIN in after or END in before + after:
        raise Trouble(
            Wording("生命周期图的标记不成对", "the markers of the life-cycle diagram do not pair"),
            remedy=Wording(
                f"请依次写一次 {BEGIN} 和 {END}。", f"Write {BEGIN} and then {END}, once each."
            ),
        )
    picture = f"```mermaid\n{mermaid()}```"
    return f"{before}{BEGIN}\n{_MADE}\n\n{picture}\n\n{table(locale)}\n{END}{after}"


_MADE = "<!-- 由 rules/moves.py 生成，请勿手改 · made from rules/moves.py, not by hand -->"
_START = "[*]"
_SOMEBODY = 0
_PLACES = {
    _START: Facts(state=None),
    "reported": Facts(State.REPORTED),
    "plan": Facts(State.PLAN),
    "rectifying": Facts(State.RECTIFYING, extension_asked_by=_SOMEBODY),
    "claimed": Facts(State.RECTIFYING, claimed=True),
    "verified": Facts(State.VERIFIED),
    "closed": Facts(State.CLOSED),
}
_CLAIMED_LABEL = Wording("待验收", "claimed")
_LABELS = {
    name: _CLAIMED_LABEL if facts.claimed else facts.state.label
    for name, facts in _PLACES.items()
    if facts.state
}
# What tells the place of a move made while rectifying: an extension is only pending before a claim.
_CLAIM_GUARDS = (CLAIMED, NOT_CLAIMED)
_PLACING = (*_CLAIM_GUARDS, EXTENSION_PENDING)
_COLUMNS = (
    Wording("动作", "Action"),
    Wording("从", "From"),
    Wording("到", "To"),
    Wording("一般隐患由谁办理", "Who, ordinary"),
    Wording("重大隐患由谁办理", "Who, major"),
    Wording("须填", "Needs"),
    Wording("条件", "On condition"),
)
_STAYS = Wording("不变", "stays")
_NOBODY = Wording("–", "–")
_SAME = Wording("同左", "the same")
_IF_NONE_YET = Wording("（尚无时）", " (if none yet)")

# Any answers will do: where a move leads does not depend on them.
_SAMPLE = {
    Given.LEVEL: Level.MAJOR,
    Given.KIND: Listing.SUPERVISION,
    Given.DEADLINE: date.min,
}


def _arrows() -> list[str]:
    return [
        f"{name} --> {there} : {_both(row.action.label)}<br/>{_who_in_both(row)}"
        for row in TABLE.values()
        for name, there in _ways(row)
        if there != name
    ]


def _note(name: str) -> list[str]:
    staying = [_both(row.action.label) for row in TABLE.values() if (name, name) in _ways(row)]
    if not staying:
        return []
    return [f"note right of {name}", *(f"    {each}" for each in staying), "end note"]


def _ways(row: Row) -> list[tuple[str, str]]:
    """Return the places a move is made from, each with the place it leads to."""
    return [(name, _leads_to(row, facts)) for name, facts in _PLACES.items() if _starts(row, facts)]


def _starts(row: Row, facts: Facts) -> bool:
    placing = [guard for guard in row.guards if guard in _PLACING]
    placed = all(guard.holds(facts, Bounds(date.min), None) for guard in placing)
    return facts.state in row.sources and placed


def _leads_to(row: Row, facts: Facts) -> str:
    target = row.target or facts.state or State.REPORTED
    role = min(row.roles(facts.level))
    after = evolve(facts, Move(row.action, target, None, role, _SAMPLE, row.clock, None))
    place = (after.state, after.claimed)
    return next(name for name, at in _PLACES.items() if (at.state, at.claimed) == place)


def _who_in_both(row: Row) -> str:
    ordinary, major = (_both(_who(_roles(row, level))) for level in Level)
    if ordinary == major:
        return ordinary
    told = [(Level.ORDINARY, ordinary), (Level.MAJOR, major)]
    return "<br/>".join(
        f"{_both(level.label)} – {who}" for level, who in told if _roles(row, level)
    )


def _both(wording: Wording) -> str:
    return f"{wording.zh} {wording.en}"


def _roles(row: Row, level: Level) -> frozenset[Role]:
    if level is Level.MAJOR and ORDINARY_ONLY in row.guards:
        return frozenset()
    return row.roles(level)


def _who(roles: frozenset[Role]) -> Wording:
    """Name the roles, or those left out where they are fewer."""
    others = frozenset(Role) - {Role.LADDER} - roles
    if not roles:
        return _NOBODY
    if len(others) < len(roles):
        named = _listed([role.label for role in others])
        return Wording(f"除{named.zh}外的任何人", f"anyone but the {named.en}")
    return _listed([role.label for role in Role if role in roles])


def _listed(labels: list[Wording]) -> Wording:
    if not labels:
        return _NOBODY
    return Wording("、".join(each.zh for each in labels), ", ".join(each.en for each in labels))


def _line(row: Row, locale: Locale) -> str:
    ordinary, major = (_who(_roles(row, level)) for level in Level)
    cells = (
        row.action.label,
        _listed([_LABELS[name] for name, _ in _ways(row) if name != _START]),
        next((_LABELS[there] for name, there in _ways(row) if there != name), _STAYS),
        ordinary,
        _SAME if major == ordinary else major,
        _listed(_needs(row)),
        _listed([guard.label for guard in row.guards if guard not in _CLAIM_GUARDS]),
    )
    return "".join(f"| {cell.say(locale)} " for cell in cells) + "|"


def _needs(row: Row) -> list[Wording]:
    needs = [field.label for field in row.needs]
    if row.shows_after:
        photo = Given.EVIDENCE.label
        needs.append(Wording(photo.zh + _IF_NONE_YET.zh, photo.en + _IF_NONE_YET.en))
    return needs
