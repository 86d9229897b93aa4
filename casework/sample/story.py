"""A quarter told in seconds: the sample's people work through their cases in simulated time.

They go through the verbs of casework as at any door; the dice decide only who does what when.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from casework.case_list import Filter, count_cases
from casework.events import Door
from casework.importing import import_ledger
from casework.office import Office
from casework.salts import salted_by
from casework.sample.agenda import is_workday, working_moment
from casework.sample.chance import dice
from casework.sample.hazards import hazard_described
from casework.sample.ledger import write_sample_ledger
from casework.sample.lives import begin, paces_of
from casework.sample.loading import found_sample
from casework.sample.lookbacks import look_back
from casework.sample.mailroom import Mailroom, open_mailroom
from casework.sample.news import DayNews, tell_day
from casework.sample.occasions import every_case, meet, patrol
from casework.sample.organisation import AUDITOR, COMMITTEE, ROOT, compose
from casework.sample.photos import Album
from casework.sample.service import serve_orders
from casework.sample.tally import (
    Checked,
    blame,
    check_chains,
    count_lookbacks,
    count_totals,
)
from casework.sample.visits import inspect
from casework.sample.world import World
from casework.sweep import Swept, sweep
from rules.case import State
from rules.wording import Locale, Wording
from rules.workdays import CHINA, china_day, close_of

_MORNING = time(8, tzinfo=CHINA)
_OFFICE_OPENS = time(8, 40, tzinfo=CHINA)
_MEETING, _PATROL, _LOOK_BACK, _SERVICE = "meeting", "patrol", "look-back", "service"
_OCCASIONS = {_MEETING: meet, _PATROL: patrol, _LOOK_BACK: look_back, _SERVICE: serve_orders}
# Working days from one occasion to the next: a meeting a week, a patrol on most days, a morning
# for look-backs, orders served every day or two. Our choice.
_EVERY = {_MEETING: (5, 5), _PATROL: (0, 2), _LOOK_BACK: (1, 1), _SERVICE: (1, 2)}
_SUNDAY = 6
_WORST = 5


def tell_story(
    office: Office,
    *,
    days: int,
    seed: int,
    start: datetime,
    locale: Locale = "zh",
    mailbox: Path | None = None,
) -> Iterator[str]:
    """Live through ``days`` days from the day of ``start`` (aware) in an office of its own.

    Yield lines as it goes: a day's news, each week's end, and the totals.

    The sample is founded and its ledger imported on the first working day. The same seed, days and
    start give the same lines, case numbers included, in an office that was empty. Words that
    people of the story wrote stay Chinese in either ``locale``. With a ``mailbox`` folder notices
    are delivered into it as the days go by, and reports under orders demanded.
    """
    today = china_day(start)
    found_sample(office, at=_morning(today))
    world = _world(office, seed, today)
    mailroom = _mailroom(world, mailbox, today, locale)
    yield _opening(days, today).say(locale)
    salts = dice("salts", seed)
    for day in (today + timedelta(days=n) for n in range(days)):
        # Draws hang on hashes that cover salts. A whole day is lived within: nothing of whoever
        # listens to the story may be salted by dice.
        with salted_by(lambda: salts.randbytes(16).hex()):
            told = list(_pass(world, mailroom, day, locale))
        yield from told
    end = close_of(today + timedelta(days=days - 1))
    yield from (line.say(locale) for line in _closing(world, end))
    if mailroom:
        yield mailroom.told().say(locale)
        yield f"  {mailroom.show(locale)}"


def _pass(world: World, mailroom: Mailroom | None, day: date, locale: Locale) -> Iterator[str]:
    swept = sweep(world.office, as_of=_morning(day), ran_at=_morning(day), door=Door.FLOW)
    if not world.lives and is_workday(_morning(day)):
        yield _receive_ledger(world, day).say(locale)
    if mailroom:
        mailroom.work(_morning(day))
    yield from _live(world, day, swept, locale)
    if day.weekday() == _SUNDAY:
        yield _week(world.office, close_of(day)).say(locale)


def _world(office: Office, seed: int, today: date) -> World:
    organisation = compose()
    paces = paces_of(organisation, dice("paces", seed)) | {ROOT: "steady", COMMITTEE[0]: "steady"}
    first = today.replace(day=1)
    return World(office, organisation, dice("story", seed), paces, Album(office), month=first)


def _mailroom(world: World, mailbox: Path | None, today: date, locale: Locale) -> Mailroom | None:
    if mailbox is None:
        return None
    at = _morning(today)
    mailroom = open_mailroom(world.office, world.organisation, mailbox, at=at, locale=locale)
    world.keys = mailroom.channels.keys
    return mailroom


def _receive_ledger(world: World, day: date) -> Wording:
    """Import the sample's ledger, and put each case on somebody's agenda."""
    at = _morning(day) + timedelta(hours=1)
    with TemporaryDirectory() as folder:
        path = write_sample_ledger(Path(folder), as_of=day)
        imported = import_ledger(world.office, path, by=COMMITTEE[0], at=at)
    for row in sorted(every_case(world.office, Filter(), at), key=lambda row: int(row["id"])):
        hazard, team = hazard_described(row["description"]), world.organisation.named(row["unit"])
        if hazard and team:
            world.take_up(begin(row["number"], hazard, team, world.chance), at)
    for key in _OCCASIONS:
        _put(world, key, at)
    return Wording(
        f"{day.month}月{day.day}日 导入台账：{imported.rows} 行，立案 {imported.cases}，"
        f"正常 {imported.normal}，重复 {imported.duplicate}",
        f"{day.isoformat()} ledger imported: {imported.rows} rows, {imported.cases} cases, "
        f"{imported.normal} normal, {imported.duplicate} duplicate",
    )


def _live(world: World, day: date, swept: Swept, locale: Locale) -> Iterator[str]:
    for at, key in world.agenda.due(close_of(day)):
        if key in _OCCASIONS:
            _OCCASIONS[key](world, at)
            _put(world, key, at)
        elif key in world.calls:
            inspect(world, world.calls.pop(key), at)
        else:
            world.visit(world.lives[key], at)
    yield from tell_day(day, world.news, swept, locale)
    world.news = DayNews()


def _put(world: World, key: str, after: datetime) -> None:
    workdays = world.chance.randint(*_EVERY[key])
    moment = working_moment(after, workdays, world.chance)
    if key == _LOOK_BACK:  # inspectors go out for the rest of the day
        moment = datetime.combine(china_day(moment), _OFFICE_OPENS)
    world.agenda.put(key, moment)


def _opening(days: int, today: date) -> Wording:
    return Wording(
        f"湖东区（虚构）校园安全隐患整改，{today} 起 {days} 天",
        f"An invented district and its real hazards, {days} days from {today}",
    )


def _week(office: Office, at: datetime) -> Wording:
    def count(wanted: Filter) -> int:
        return count_cases(office, wanted, by=AUDITOR, as_of=at)

    total, closed = count(Filter()), count(Filter(state=State.CLOSED))
    overdue, listed = count(Filter(overdue=True)), count(Filter(listed=True))
    return Wording(
        f"── 本周末：在办 {total - closed}，逾期 {overdue}，挂牌 {listed}，办结 {closed} ──",
        f"── week's end: open {total - closed}, overdue {overdue}, listed {listed}, "
        f"closed {closed} ──",
    )


def _closing(world: World, at: datetime) -> Iterator[Wording]:
    late_now = list(every_case(world.office, Filter(overdue=True), at))
    for row in late_now:
        life = world.lives.get(row["number"])
        if life:
            blame(world.late, row["holder"], life.team, row["days_late"])
    with world.office.reading() as connection:
        totals = count_totals(connection, len(late_now))
        looked_back = count_lookbacks(connection)
    yield Wording("合计：", "Totals:")
    yield _counted(totals)
    yield Wording("回头看合计：", "Look-backs:")
    yield _counted(looked_back)
    yield from _who_let_it_lie(world)
    yield _proof(check_chains(world.office))


def _counted(totals: list[tuple[Wording, int]]) -> Wording:
    return Wording(
        "  " + " · ".join(f"{name.zh} {count}" for name, count in totals),
        "  " + " · ".join(f"{name.en} {count}" for name, count in totals),
    )


def _who_let_it_lie(world: World) -> Iterator[Wording]:
    yield Wording("拖延最久（累计逾期天数）：", "Who let it lie (days late, summed):")
    ranked = sorted(world.late.items(), key=lambda each: (-each[1], each[0]))
    for (role, place), days in ranked[:_WORST]:
        name = role.label
        yield Wording(f"  {place} {name.zh}：{days} 天", f"  {place}, {name.en}: {days} days")


def _proof(checked: Checked) -> Wording:
    if checked.broken:
        listed = ", ".join(checked.broken)
        return Wording(f"历史核对：有断裂 {listed}", f"History check: broken in {listed}")
    return Wording(
        f"历史核对：{checked.cases} 个案件 {checked.events} 条事件，哈希链全部完好",
        f"History check: {checked.cases} cases, {checked.events} events, every chain intact",
    )


def _morning(day: date) -> datetime:
    return datetime.combine(day, _MORNING)
