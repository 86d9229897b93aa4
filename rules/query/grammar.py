"""Read a query: ``cluster:唯亭 level:major overdue:>10d 灭火器 "quoted phrase" -state:closed``.

Parts are separated by white space and must all hold. ``-`` before a part negates it; commas part
several values, of which one must hold; double quotes keep spaces, and ``""`` inside them is one.
Full-width punctuation counts as half-width.
"""

import unicodedata
from dataclasses import dataclass

from rules.query.fields import BY_NAME, SORT, Field
from rules.query.grams import HALF
from rules.query.meanings import Clause, Meant, Phrase, Query, Sort, Value
from rules.query.troubles import misread, unknown_field, unknown_value
from rules.wording import NOTHING, Wording

LONGEST = 1_000
MOST_PARTS = 40


def parse(text: str) -> Query:
    """Return what ``text`` asks for; raise QueryTrouble pointing at the word that is at fault."""
    _refuse_unreadable(text)
    reader = _Reader(text.translate(HALF))
    clauses, phrases, sort = [], [], None
    while reader.at_part():
        match reader.part():
            case Clause() as clause:
                clauses.append(clause)
            case Phrase() as phrase:
                phrases.append(phrase)
            case Sort() as each:
                if sort:
                    raise reader.trouble(_SORTED_TWICE, reader.begun, _ONE_SORT)
                sort = each
    return Query(tuple(clauses), tuple(phrases), sort)


@dataclass(slots=True)
class _Reader:
    """Where in the text the reading is; ``begun`` is where the part being read begins."""

    text: str
    at: int = 0
    begun: int = 0
    parts: int = 0

    def at_part(self) -> bool:
        """Move to the next part; return whether there is one."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        self.begun = self.at
        return self.at < len(self.text)

    def part(self) -> Clause | Phrase | Sort:
        self._count()
        negated = self._take("-")
        if self._ends():
            raise self.trouble(_NOTHING_NEGATED, self.begun, _WRITE_AFTER_MINUS)
        if self._next() == '"':
            return Phrase(self._quoted(), negated, self.begun + 1)
        name = self._name()
        if name is None:
            return Phrase(self._until(spaces_only=True), negated, self.begun + 1)
        clause = self._clause(name, negated=negated)
        return self._sort(clause) if clause.name == SORT.key else clause

    def trouble(self, what: Wording, start: int, remedy: Wording = NOTHING) -> Exception:
        """Return that the word from ``start`` to here is wrong."""
        word = self.text[start : max(self.at, start + 1)].strip()
        return misread(what, start + 1, word, remedy)

    def _clause(self, name: str, *, negated: bool) -> Clause:
        field = BY_NAME.get(name.casefold())
        start = self.at
        self.at += len(name) + 1
        if field is None:
            raise unknown_field(name, start + 1, BY_NAME)
        values = [self._value(field)]
        while self._take(","):
            values.append(self._value(field))
        if not self._ends():
            raise self.trouble(_STUCK_TOGETHER, self.begun, _SPACE_BETWEEN)
        return Clause(field.key, tuple(values), negated, self.begun + 1)

    def _value(self, field: Field) -> Value:
        start = self.at
        written = self._quoted() if self._next() == '"' else self._until()
        if not written:
            raise self.trouble(_EMPTY_VALUE, self.begun, field.form)
        for read in field.readers:
            meant: Meant | None = read(written)
            if meant is not None:
                return Value(meant, start + 1)
        raise unknown_value(field.key, written, start + 1, field.known, field.form)

    def _sort(self, clause: Clause) -> Sort:
        meant = clause.values[0].meant
        if clause.negated or len(clause.values) > 1 or not isinstance(meant, Sort):
            raise self.trouble(_ODD_SORT, self.begun, _ONE_SORT)
        return meant

    def _name(self) -> str | None:
        """Return the field's name before a colon here; None for a word to look for."""
        end = self.at
        while end < len(self.text) and (self.text[end].isalnum() or self.text[end] == "_"):
            end += 1
        name = self.text[self.at : end]
        is_name = self.text[end : end + 1] == ":" and not name.isdecimal()
        return name if name and is_name else None

    def _quoted(self) -> str:
        start = self.at
        kept = ""
        while True:
            end = self.text.find('"', self.at + 1)
            if end < 0:
                self.at = len(self.text)
                raise self.trouble(_UNCLOSED, start, _CLOSE_IT)
            kept += self.text[self.at + 1 : end]
            self.at = end + 1
            if self._next() != '"':
                break
            kept += '"'
        if not kept.strip():
            raise self.trouble(_BLANK, start, _WRITE_INSIDE)
        return kept

    def _until(self, *, spaces_only: bool = False) -> str:
        start = self.at
        while not self._ends() and (spaces_only or self._next() != ","):
            self.at += 1
        return self.text[start : self.at]

    def _take(self, sign: str) -> bool:
        taken = self._next() == sign
        self.at += taken
        return taken

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _ends(self) -> bool:
        return self.at >= len(self.text) or self.text[self.at].isspace()

    def _count(self) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise self.trouble(_TOO_MANY, self.begun, _SHORTER)


def _refuse_unreadable(text: str) -> None:
    if len(text) > LONGEST:
        raise misread(_TOO_LONG, LONGEST + 1, text[LONGEST : LONGEST + 10], _SHORTER)
    for at, each in enumerate(text):
        if unicodedata.category(each) in {"Cc", "Cs"} and not each.isspace():
            raise misread(_CONTROL, at + 1, repr(each)[1:-1], _TYPE_AGAIN)


_NOTHING_NEGATED = Wording("减号后面没有内容", "nothing follows the minus sign")
_WRITE_AFTER_MINUS = Wording(
    "请写 -字段:值 或 -词；要查找减号本身，请加引号。",
    "Write -field:value or -word; to look for the sign itself, quote it.",
)
_UNCLOSED = Wording("引号没有结束", "the quotes are not closed")
_CLOSE_IT = Wording("请补上后引号。", "Close them.")
_BLANK = Wording("引号内没有内容", "there is nothing between the quotes")
_WRITE_INSIDE = Wording("请写要查找的词。", "Write what to look for.")
_EMPTY_VALUE = Wording("缺少取值", "the value is missing")
_STUCK_TOGETHER = Wording("引号后面紧跟着别的内容", "something clings to the quotes")
_SPACE_BETWEEN = Wording("请在中间加空格或逗号。", "Put a space or a comma between.")
_SORTED_TWICE = Wording("排序写了两次", "the order is given twice")
_ODD_SORT = Wording("排序只能写一种，不能取反", "one order only, and not negated")
_ONE_SORT = Wording("例如 排序:时限。", "For example sort:due.")
_TOO_MANY = Wording(f"条件超过 {MOST_PARTS} 个", f"more than {MOST_PARTS} parts")
_TOO_LONG = Wording(f"超过 {LONGEST} 字", f"longer than {LONGEST} characters")
_SHORTER = Wording("请缩短查询。", "Shorten the query.")
_CONTROL = Wording("有无法识别的字符", "there is a character that cannot be read")
_TYPE_AGAIN = Wording("请删去后重新输入。", "Type it again without it.")
