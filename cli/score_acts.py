"""Calling, opening, filling in, reviewing, signing and correcting assessments."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from casework.events import Door
from casework.scoring.filling import attach, fill_in
from casework.scoring.opening import call_year, open_assessment
from casework.scoring.places import Which
from casework.scoring.reviewing import review
from casework.scoring.signing import correct, sign
from casework.scoring.store import Held
from cli import reading
from cli.desk import Desk
from cli.printing import Answer, lines
from rules.wording import Wording

Written = tuple[str, int, str]


def call_all(desk: Desk, sheet: str, year: int) -> Answer:
    with desk.office() as office:
        new, every = call_year(office, sheet, year, by=desk.by, at=desk.at, door=Door.CLI)
    said = Wording(
        f"{year} 年自评：{every} 校，新布置 {new} 校", f"{year}: {every} schools, {new} of them new"
    )
    return Answer({"year": year, "new": new, "schools": every}, lines(desk.say(said)))


def open_one(desk: Desk, written: Written) -> Answer:
    with desk.office() as office:
        held = open_assessment(office, Which(*written), by=desk.by, at=desk.at, door=Door.CLI)
    return _done(desk, held)


def fill_one(desk: Desk, written: Written, typed: Mapping[str, str]) -> Answer:
    with desk.office() as office:
        held = fill_in(office, Which(*written), typed, by=desk.by, at=desk.at, door=Door.CLI)
    return _done(desk, held)


def attach_all(desk: Desk, written: Written, item: str, files: Sequence[Path]) -> Answer:
    paths = [reading.existing(each, "FILE") for each in files]
    with desk.office() as office:
        stored = [office.evidence.put(each, name=each.name) for each in paths]
        held = attach(office, Which(*written), item, stored, by=desk.by, at=desk.at, door=Door.CLI)
    return _done(desk, held)


def review_one(desk: Desk, written: Written, values: Mapping[str, str], reason: str) -> Answer:
    with desk.office() as office:
        held = review(
            office, Which(*written), values, reason, by=desk.by, at=desk.at, door=Door.CLI
        )
    return _done(desk, held)


def sign_one(desk: Desk, written: Written) -> Answer:
    with desk.office() as office:
        held = sign(office, Which(*written), by=desk.by, at=desk.at, door=Door.CLI)
    return _done(desk, held)


def correct_one(desk: Desk, written: Written, reason: str) -> Answer:
    with desk.office() as office:
        held = correct(office, Which(*written), reason, by=desk.by, at=desk.at, door=Door.CLI)
    return _done(desk, held)


def _done(desk: Desk, held: Held) -> Answer:
    whole, (sheet, year, unit) = held.score, held.named
    data = {
        "sheet": sheet.key, "year": year, "unit": unit.code, "version": held.version,
        "stage": held.stage, "points": whole.points, "total": sheet.total,
        "result": whole.result, "number": held.number, "receipt": held.receipt,
    }  # fmt: skip
    stage, result = held.stage.label, whole.result.label
    said = Wording(
        f"{held.subject.name}：{whole.points}/{sheet.total} 分，{result.zh}；{stage.zh}",
        f"{held.subject.name}: {whole.points}/{sheet.total}, {result.en}; {stage.en}",
    )
    receipt = Wording(f"回执 {held.receipt}", f"receipt {held.receipt}")
    return Answer(data, lines(desk.say(said), desk.say(receipt)))
