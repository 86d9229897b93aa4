"""Holding and recording checks of guards from the command line."""

from casework.events import Door
from casework.guardchecks.checks import Hand
from casework.guardchecks.drawing import commit_check, draw_check
from casework.guardchecks.looking import publish_check
from casework.guardchecks.recording import Seen, record_guard
from cli.desk import Desk
from cli.printing import Answer, lines
from notifications.sealing import Keys, read_keys
from rules.guardchecks.findings import Identity
from rules.wording import Wording


def commit_one(desk: Desk, period: str, share: int) -> Answer:
    with desk.office() as office:
        done = commit_check(office, period, share, _hand(desk), _keys(desk))
    told = Wording(
        f"{done.number} 已承诺种子，每个片区抽 {share}%",
        f"{done.number}: committed to its seed, {share} % of each cluster",
    )
    return _told(desk, done._asdict(), told, done.receipt, done.commitment)


def draw_one(desk: Desk, number: str) -> Answer:
    with desk.office() as office:
        done = draw_check(office, number, _hand(desk), _keys(desk))
    told = Wording(
        f"{done.number}：{done.frame_size} 人中抽 {done.drawn} 人",
        f"{done.number}: {done.drawn} of {done.frame_size} guards drawn",
    )
    more = "\n".join([done.frame_digest, *done.impossible])
    return _told(desk, done._asdict(), told, done.receipt, more)


def record_one(desk: Desk, which: tuple[str, str, str], seen: Seen) -> Answer:
    with desk.office() as office:
        done = record_guard(office, *which, seen, _hand(desk))
    label = Identity(done.identity).label
    told = Wording(f"{done.guard}({done.unit}){label.zh}", f"{done.guard}: {label.en}")
    return _told(desk, done._asdict(), told, done.receipt, done.case)


def publish_one(desk: Desk, number: str) -> Answer:
    with desk.office() as office:
        receipt = publish_check(office, number, _hand(desk))
    return _told(desk, {"receipt": receipt}, Wording("已公开", "published"), receipt)


def _told(
    desk: Desk, data: dict[str, object], told: Wording, receipt: str, more: str = ""
) -> Answer:
    said = Wording(f"回执 {receipt}", f"receipt {receipt}")
    return Answer(data, lines(desk.say(told), *([more] if more else []), desk.say(said)))


def _hand(desk: Desk) -> Hand:
    return Hand(desk.by, desk.at, Door.CLI)


def _keys(desk: Desk) -> Keys:
    return read_keys(desk.environ, desk.home.folder)
