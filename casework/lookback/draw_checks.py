"""The draw of a bundle, repeated: frame, sizes, first draw, every enlargement, the whole list."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, repeat
from typing import Any, NamedTuple

from casework.lookback.bundle_reading import Bundle, Told
from casework.lookback.checks import absent, differs, event
from casework.lookback.drawing import drawn_digest
from casework.lookback.parts import DrawnStratum
from casework.lookback.planning import sizes_of
from rules.lookback.acceptance import Severity
from rules.lookback.acts import LookbackAct
from rules.lookback.draw import Drawn, draw
from rules.lookback.frame import FrameFilter, read_filter, read_frame, read_stratum
from rules.wording import Trouble

_HEADER = 2  # lines before a frame's rows


@dataclass(frozen=True, slots=True)
class Frame:
    """What one reading of the frame told; ``drawn`` by the seed and the sizes of the history."""

    digest: str
    wanted: FrameFilter
    counts: Mapping[str, int]
    drawn: Mapping[str, Sequence[Drawn]]


class _Wave(NamedTuple):
    """An enlargement (0: the first draw), and how many of a stratum came with it."""

    no: int
    size: int


class DrawChecks:
    """The frame is read once for all of them."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._read: Frame | Trouble | None = None

    def check_frame(self, bundle: Bundle) -> None:
        frozen, frame = self._event(LookbackAct.FREEZE), self._frame()
        if frame.digest != frozen.said["digest"]:
            differs("名单被改动", "the frame was changed", "frame.txt")
        if frame.wanted != bundle.plan.frame:
            differs("名单的范围不是计划的", "it is the frame of another plan", "frame.txt: line 2")
        told = (frozen.said["strata"], frozen.said["size"])
        if told != (frame.counts, sum(frame.counts.values())):
            differs("各层件数不符", "the strata have other counts", event(frozen.seq))
        wrong = (key for key in frame.counts if tuple(read_stratum(key)) != bundle.plan.strata)
        if strange := next(wrong, None):
            differs("不是计划所分的层", "it is no stratum of the plan", strange)

    def check_sizes(self, bundle: Bundle) -> None:
        drawn, frame = self._event(LookbackAct.DRAW), self._frame()
        stated = drawn.said["strata"]
        severities = {key: Severity(each["severity"]) for key, each in stated.items()}
        sizes = sizes_of(bundle.plan, frame.counts, severities)
        wanted = {key: size._asdict() for key, size in sizes.items()}
        for key in sorted({*wanted, *stated}):
            if wanted.get(key) != stated.get(key):
                differs(f"“{key}”的样本量不符", f"another size: {key}", event(drawn.seq))

    def check_draw(self, _bundle: Bundle) -> None:
        said = self._event(LookbackAct.DRAW)
        drawn = {key: self._frame().drawn[key][: each["n"]]
                 for key, each in said.said["strata"].items()}  # fmt: skip
        if drawn_digest(drawn) != said.said["drawn"]:
            differs("重抽的结果不同", "drawn again it is another list", event(said.seq))
        if sum(map(len, drawn.values())) != said.said["count"]:
            differs("件数不符", "the count differs", event(said.seq))

    def check_enlargements(self, bundle: Bundle) -> None:
        enlarged = bundle.of_kind(LookbackAct.ENLARGE)
        if not enlarged:
            absent("没有扩大抽样", "nothing was enlarged")
        stated = self._event(LookbackAct.DRAW).said["strata"]
        reached = {key: each["n"] for key, each in stated.items()}
        for each in enlarged:
            key, to = each.said["stratum"], each.said["to"]
            more = self._frame().drawn[key][reached[key] : to]
            said = (each.said["added"], each.said["drawn"], to - reached[key])
            if said != (len(more), drawn_digest({key: more}), len(more)) or not more:
                differs("增加的不是其后的票号", "not the tickets that follow", event(each.seq))
            reached[key] = to

    def check_list(self, bundle: Bundle) -> None:
        listed, frame = bundle.parts.drawn, self._frame()
        if listed is None:
            differs("缺少抽中名单", "the drawn list is missing", "drawn.json")
        waves = _waves(bundle)
        if listed.keys() != waves.keys():
            differs("层不符", "other strata", "drawn.json")
        for key, stratum in listed.items():
            self._check_stratum(key, stratum, frame.drawn[key], waves[key])

    def _check_stratum(
        self, key: str, listed: DrawnStratum, drawn: Sequence[Drawn], waves: Sequence[_Wave]
    ) -> None:
        stated = self._event(LookbackAct.DRAW).said["strata"][key]
        if listed.model_dump(exclude={"cases"}) != stated:
            differs("样本量与历史不符", "the sizes are not the history's", f"drawn.json: {key}")
        found = [(each.case, each.ticket, each.wave) for each in listed.cases]
        each_wave = chain.from_iterable(repeat(wave.no, wave.size) for wave in waves)
        again = [(case.id, case.ticket, no) for case, no in zip(drawn, each_wave, strict=False)]
        if found != again:
            bad = _first_difference(found, again)
            differs("名单与重抽的不同", "not what was drawn again", f"drawn.json: {key}/{bad}")

    def _event(self, act: LookbackAct) -> Told:
        found = self._bundle.of_kind(act)
        if not found:
            if self._bundle.has_frame or self._bundle.of_kind(LookbackAct.DRAW):
                differs(f"缺少“{act.label.zh}”", f"missing: {act.label.en}", "events.jsonl")
            absent("尚未抽取", "not drawn yet")
        return found[0]

    def _frame(self) -> Frame:
        if self._read is None:
            try:
                self._read = _read_frame(self._bundle, self._event(LookbackAct.DRAW).said)
            except Trouble as trouble:
                self._read = trouble
        if isinstance(self._read, Trouble):
            raise self._read
        return self._read


def _read_frame(bundle: Bundle, drawn: Mapping[str, Any]) -> Frame:
    if not bundle.has_frame:
        differs("缺少抽样名单", "the frame is missing", "frame.txt")
    hashed, counts, head = sha256(), dict[str, int](), list[bytes]()

    def seen(lines: Iterator[bytes]) -> Iterator[bytes]:
        for line in lines:
            hashed.update(line)
            if len(head) < _HEADER:
                head.append(line)
            yield line

    def items(lines: Iterator[bytes]) -> Iterator[tuple[str, str]]:
        for row in read_frame(lines):
            counts[row.stratum] = counts.get(row.stratum, 0) + 1
            yield row.number, row.stratum

    sizes = {key: sum(each.size for each in waves) for key, waves in _waves(bundle).items()}
    with closing(bundle.frame_lines()) as lines:
        found = draw(items(seen(lines)), drawn["seed"], sizes)
    return Frame(hashed.hexdigest(), read_filter(head), counts, found)


def _waves(bundle: Bundle) -> dict[str, list[_Wave]]:
    """Return for each stratum how many were drawn in which wave, as the history tells it."""
    drawn = bundle.of_kind(LookbackAct.DRAW)[0].said["strata"]
    waves = {key: [_Wave(0, each["n"])] for key, each in drawn.items()}
    for no, each in enumerate(bundle.of_kind(LookbackAct.ENLARGE), start=1):
        waves[each.said["stratum"]].append(_Wave(no, each.said["added"]))
    return waves


def _first_difference(found: Sequence[object], again: Sequence[object]) -> int:
    pairs = zip(found, again, strict=False)
    return next((n for n, (a, b) in enumerate(pairs, 1) if a != b), min(len(found), len(again)) + 1)
