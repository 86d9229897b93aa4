"""What somebody typed into a register's fields, read into the texts that are kept."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from rules.registers.kinds import FieldKind, FieldType, Kind
from rules.wording import Wording

FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)  # outside: a slip of the pen
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
# YD/T 755: mobile numbers are 1[3-9] and nine digits; others an area code and 7 or 8 digits.
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
_CAS = re.compile(r"(\d{2,7})-(\d{2})-(\d)")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
# GB 11643-1999: weights of the 17 digits, and the check character by the sum modulo 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class Fault(NamedTuple):
    """What is wrong with a field, and how it is mended."""

    field: str
    problem: Wording
    remedy: Wording


class _Bad(Exception):
    def __init__(self, problem: Wording, remedy: Wording) -> None:
        super().__init__(problem.en)
        self.problem, self.remedy = problem, remedy


def read_values(
    kind: Kind, typed: Mapping[str, str], today: date
) -> tuple[dict[str, str], list[Fault]]:
    """Return the values that hold, blank ones left out, and every fault there is."""
    values: dict[str, str] = {}
    faults = [_unknown(name, kind) for name in typed if name not in kind.by_key]
    for field in kind.fields:
        text = typed.get(field.key, "")
        if not text and not field.required:
            continue
        if field.counts:  # the engine's: what was known of it stands until it is counted anew
            if text.isdigit():
                values[field.key] = text
            continue
        try:
            if value := _read(field, text, today):
                values[field.key] = value
        except _Bad as bad:
            faults.append(Fault(field.key, bad.problem, bad.remedy))
    return values, faults or [*_contradictions(kind, values), *_unmet(kind, values)]


def retyped(kind: Kind, before: Mapping[str, str], values: Mapping[str, str]) -> Fault | None:
    """Return what is wrong with typing what a review alone sets; what is known may stay."""
    if values.get(kind.reviewed, "") in ("", before.get(kind.reviewed, "")):
        return None
    return Fault(
        kind.reviewed,
        Wording("由年审登记，不能手工填写", "the yearly review sets it; it is not typed"),
        Wording(
            "请申请年审；以前的日期只在首次导入台账时带入。",
            "Ask for the review; an earlier day comes in by a first ledger alone.",
        ),
    )


def _unknown(name: str, kind: Kind) -> Fault:
    return Fault(
        name[:40],
        Wording(f"“{kind.zh}”没有这一项", f"a {kind.en} has no such field"),
        Wording(
            "可填：" + "、".join(f"{each.key}({each.zh})" for each in kind.fields) + "。",
            "It takes: " + ", ".join(each.key for each in kind.fields) + ".",
        ),
    )


def _read(field: FieldKind, typed: str, today: date) -> str:
    text = unicodedata.normalize("NFKC", typed).strip() if field.is_code else typed.strip()
    if not text:
        if field.required:
            raise _Bad(
                Wording(f"缺少{field.zh}", f"the {field.en} is missing"),
                Wording("请填写。", "Fill it in."),
            )
        return ""
    # Of what cannot be stored only U+FFFD is printable: most texts are told at once.
    doubtful = not text.isprintable() or "\ufffd" in text
    if len(text) > field.longest or (doubtful and _UNWRITABLE.search(text)):
        raise _Bad(
            Wording(
                f"超过 {field.longest} 字或含有无法保存的字符",
                f"longer than {field.longest} characters, or holds what cannot be stored",
            ),
            Wording("请缩短或重新填写。", "Shorten it or type it again."),
        )
    return _READERS[field.type](field, text, today)


def _text(field: FieldKind, text: str, _today: date) -> str:
    if not field.pattern:
        return text
    code = text.upper().replace(" ", "")
    if not re.fullmatch(field.pattern, code):
        raise _Bad(
            Wording(f"{field.zh}格式不对", f"this is no {field.en}"),
            Wording(f"例如 {field.example}。", f"For example {field.example}."),
        )
    return code


def _choice(field: FieldKind, text: str, _today: date) -> str:
    for each in field.choices:
        if text in {each.key, each.zh, each.en}:
            return each.key
    raise _Bad(
        Wording("不在可选范围", "this is not a choice"),
        Wording(
            "可填：" + "、".join(each.zh for each in field.choices) + "。",
            "Choose from: " + ", ".join(each.key for each in field.choices) + ".",
        ),
    )


def _date(field: FieldKind, text: str, today: date) -> str:
    day = _day_of(text)
    if day is None or not FIRST <= day <= LAST:
        raise _Bad(
            Wording("不是日期", "this is not a date"),
            Wording("请按 2026-03-05 填写。", "Write it as 2026-03-05."),
        )
    if field.past and day > today:
        raise _Bad(
            Wording(f"{field.zh}在今天之后", f"the {field.en} is in the future"),
            Wording("请核对日期。", "Check the date."),
        )
    return day.isoformat()


def _day_of(text: str) -> date | None:
    try:
        if len(text) == 10 and text.isascii() and text[4] == text[7] == "-":  # as most write it
            return date.fromisoformat(text)
        match = _DAY.fullmatch(text) or _COMPACT.fullmatch(text)
        return date(*map(int, match.groups())) if match else None
    except ValueError:  # the 30th of February
        return None


def _number(field: FieldKind, text: str, _today: date) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    least, most = field.least, field.most
    too_small = least is not None and number < Decimal(str(least)) if number.is_finite() else True
    if too_small or (most is not None and number > Decimal(str(most))):
        raise _Bad(
            Wording(
                f"不是 {_end(least)} 至 {_end(most)} 之间的数",
                f"must be a number from {_end(least)} to {_end(most)}",
            ),
            Wording("请核对数字。", "Check the number."),
        )
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _end(bound: float | None) -> str:
    return "…" if bound is None else f"{bound:g}"


def _id_card(field: FieldKind, text: str, today: date) -> str:
    code = text.upper()
    digits = code[:17]
    if len(code) == 18 and digits.isascii() and digits.isdigit():
        total = sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True))
        born = _day_of(code[6:14])
        if code[17] == _CHECKS[total % 11] and born and born <= today:
            return code
    raise _Bad(
        Wording(
            f"{field.zh}不对（18 位，末位为校验码）", f"this is no {field.en}: 18, last a check"
        ),
        Wording("请对照身份证核对。", "Check it against the card."),
    )


def _phone(_field: FieldKind, text: str, _today: date) -> str:
    number = text.replace(" ", "")
    if _PHONE.fullmatch(number):
        return number
    raise _Bad(
        Wording("不是电话号码", "this is not a telephone number"),
        Wording("请填手机号，或区号加号码。", "Give a mobile number, or area code and number."),
    )


def _cas(field: FieldKind, text: str, _today: date) -> str:
    """CAS registry numbers end in a check digit: the digits before it, weighted from the right."""
    match = _CAS.fullmatch(text)
    if match:
        digits = reversed(match[1] + match[2])
        total = sum(place * int(digit) for place, digit in enumerate(digits, start=1))
        if total % 10 == int(match[3]):
            return text
    raise _Bad(
        Wording(f"{field.zh}不对（末位为校验码）", f"this is no {field.en}: its last digit checks"),
        Wording("例如硫酸 7664-93-9。", "For example 7664-93-9, sulfuric acid."),
    )


_READERS: dict[FieldType, Callable[[FieldKind, str, date], str]] = {
    FieldType.TEXT: _text,
    FieldType.CHOICE: _choice,
    FieldType.DATE: _date,
    FieldType.NUMBER: _number,
    FieldType.ID_CARD: _id_card,
    FieldType.PHONE: _phone,
    FieldType.CAS: _cas,
}


def _contradictions(kind: Kind, values: Mapping[str, str]) -> list[Fault]:
    """Days in the wrong order: ISO texts compare as the days do."""
    return [
        Fault(
            field.key,
            Wording(
                f"{field.zh}早于{kind.by_key[field.not_before].zh}",
                f"the {field.en} is before the {kind.by_key[field.not_before].en}",
            ),
            Wording("请核对两个日期。", "Check both dates."),
        )
        for field in kind.following
        if field.key in values and values[field.key] < values.get(field.not_before, "")
    ]


def _unmet(kind: Kind, values: Mapping[str, str]) -> list[Fault]:
    """What is filled without what it needs: a batch disposed of without its papers."""
    return [
        _needed(field, kind.by_key[need.field], need.among)
        for field in kind.needing
        if field.key in values
        for need in field.needs
        if (there := values.get(need.field, "")) == "" or (need.among and there not in need.among)
    ]


def _needed(field: FieldKind, needed: FieldKind, among: Sequence[str]) -> Fault:
    wanted = [each for each in needed.choices if each.key in among]
    zh, en = "、".join(each.zh for each in wanted), " or ".join(each.en for each in wanted)
    problem = Wording(
        f"填了“{field.zh}”，须填“{needed.zh}”", f"“{field.en}” asks for “{needed.en}”"
    )
    remedy = Wording(
        f"请填{zh or needed.zh}，或先不填{field.zh}。",
        f"Give {en or 'it'}, or leave “{field.en}” blank.",
    )
    return Fault(needed.key, problem, remedy)
