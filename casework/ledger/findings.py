"""Does a row name a hazard, say that all is normal, or say too little?"""

from dataclasses import dataclass

from casework.ledger.words import look_up
from rules.wording import Wording

LONGEST_WORD = 12  # no word of columns.toml is longer; hazards are not looked up needlessly


@dataclass(frozen=True, slots=True)
class Finding:
    """``description`` is the hazard's; it is "" when the row says there is none."""

    description: str

    @property
    def is_normal(self) -> bool:
        return not self.description


NORMAL = Finding("")

MISSING = Wording("没有写隐患描述。", "The hazard is not described.")
WORDLESS = Wording(
    "描述里没有文字，可能是没有算出来的公式。",
    "The description has no words in it; it may be a formula that was never calculated.",
)
UNSAID = Wording(
    "只写了有无、是否，看不出是什么隐患。", "It says yes or no, but not what the hazard is."
)
CONTRADICTION = Wording(
    "检查结果和隐患描述互相矛盾。", "The result and the description contradict each other."
)


def find_hazard(*, description: str, result: str, item: str, name: str) -> Finding | Wording:
    """Weigh the four cells that may tell; return the finding, or what is wrong with them.

    正常 in either column means no hazard, unless the other column says there is one.
    """
    result_means = look_up("finding", result) if result else ""
    if description:
        return _described(description, result_means)
    if result_means == "normal":
        return NORMAL
    if result:
        return _from_result(result, result_means, item)
    return Finding(name) if name else MISSING


def _described(description: str, result_means: str) -> Finding | Wording:
    means = look_up("finding", description) if len(description) <= LONGEST_WORD else ""
    if means == "normal":
        return CONTRADICTION if result_means == "bad" else NORMAL
    if means:
        return UNSAID
    if result_means == "normal":
        return CONTRADICTION
    return Finding(description) if any(map(str.isalpha, description)) else WORDLESS


def _from_result(result: str, means: str, item: str) -> Finding | Wording:
    if means == "vague" or (means == "bad" and not item):
        return UNSAID
    if not any(map(str.isalpha, result)) and means != "bad":
        return WORDLESS
    return Finding(f"{item}：{result}" if item else result)
