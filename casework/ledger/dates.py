"""Dates as ledgers write them: 2020.3.5, 2020年3月5日, 20200305, or an Excel serial number."""

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from rules.wording import Wording

_DAY_ZERO = date(1899, 12, 30)  # Excel's serial 1 is 1900-01-01 and it counts a 29 February 1900
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)  # outside: a slip of the pen
_FIRST_SERIAL, _LAST_SERIAL = (FIRST - _DAY_ZERO).days, (LAST - _DAY_ZERO).days
_LONGEST = 40

_CLOCK = r"(?:[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?"
_WEEKDAY = r"(?:\(?(?:星期|周)[一二三四五六日天]\)?)?"
_FULL = re.compile(rf"(\d{{4}})[-./年](\d{{1,2}})[-./月](\d{{1,2}})[日号]?{_WEEKDAY}{_CLOCK}")
_COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_NO_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_UP_TO = re.compile(r"(?:之前|以前|前)$")

NOT_A_DATE = Wording("看不懂这个日期。", "This is not a date we can read.")
NO_YEAR = Wording("日期没有年份。", "The date has no year.")
NO_SUCH_DAY = Wording("没有这一天。", "There is no such day.")
IMPLAUSIBLE = Wording("日期不在 2000 年至 2099 年之间。", "The date is not between 2000 and 2099.")


@lru_cache(maxsize=8192)
def read_date(text: str, default_year: int | None = None) -> date | Wording:
    """Return the day ``text`` names, or why it names none; ``3月5日`` needs ``default_year``."""
    flat = _flat(text)
    if len(flat) > _LONGEST:
        return NOT_A_DATE
    if match := _FULL.fullmatch(flat) or _COMPACT.fullmatch(flat):
        return _day(*map(int, match.groups()))
    if match := _SERIAL.fullmatch(flat):
        return _plausible(_DAY_ZERO + timedelta(days=int(match[1])))
    if match := _NO_YEAR.fullmatch(flat):
        return _day(default_year, int(match[1]), int(match[2])) if default_year else NO_YEAR
    return NOT_A_DATE


def without_up_to(text: str) -> str:
    """Drop 前 from a deadline: 3月5日前 still allows the fifth."""
    return _UP_TO.sub("", text.strip())


def serial_as_text(cell: str, offset: int) -> str:
    """Write a plausible date serial as an ISO date and leave every other cell alone."""
    match = _SERIAL.fullmatch(cell)
    if not match:
        return cell
    serial = int(match[1]) + offset
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        return cell
    return (_DAY_ZERO + timedelta(days=serial)).isoformat()


def _flat(text: str) -> str:
    flat = unicodedata.normalize("NFKC", text).strip()
    return re.sub(r"\s*([-./年月日号])\s*", r"\1", flat) if len(flat) <= _LONGEST else flat


def _day(year: int, month: int, day: int) -> date | Wording:
    try:
        return _plausible(date(year, month, day))
    except ValueError:
        return NO_SUCH_DAY


def _plausible(day: date) -> date | Wording:
    return day if FIRST <= day <= LAST else IMPLAUSIBLE
