"""A stratum's key in words: ``cluster=P1;level=major`` is 片区 P1 · 等级 重大."""

from rules.case import Level
from rules.lookback.frame import StratumBy, read_stratum
from rules.wording import Wording

_WHOLE = Wording("全部", "all")
_YES_NO = {"yes": Wording("是", "yes"), "no": Wording("否", "no")}


def stratum_words(key: str) -> Wording:
    """Return what a stratum is called on a page."""
    said = [_said(by, value) for by, value in read_stratum(key).items()]
    if not said:
        return _WHOLE
    return Wording(" · ".join(each.zh for each in said), " · ".join(each.en for each in said))


def _said(by: StratumBy, value: str) -> Wording:
    if by is StratumBy.LEVEL and value in set(Level):
        label = Level(value).label
    else:
        label = _YES_NO.get(value, Wording(value or "—", value or "—"))
    return Wording(f"{by.label.zh} {label.zh}", f"{by.label.en} {label.en}")
