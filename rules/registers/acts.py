"""What happens to a record of a register: the kinds of its events."""

from enum import StrEnum

from rules.wording import Wording


class RegisterAct(StrEnum):
    """``RAISE_CASE`` is the engine's, the rest a person's."""

    ADD = "add"
    CHANGE = "change"
    RETIRE = "retire"
    ATTACH = "attach"
    RAISE_CASE = "raise_case"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    RegisterAct.ADD: Wording("登记", "added"),
    RegisterAct.CHANGE: Wording("变更", "changed"),
    RegisterAct.RETIRE: Wording("注销", "retired"),
    RegisterAct.ATTACH: Wording("添加附件", "attached files"),
    RegisterAct.RAISE_CASE: Wording("立案", "raised a case"),
}
