"""What happens to the organisation and its people, as their histories tell it."""

from enum import StrEnum

from rules.wording import Wording


class StaffAct(StrEnum):
    ADD_PLACE = "add_place"
    RENAME_PLACE = "rename_place"
    ADD_PERSON = "add_person"
    RENAME_PERSON = "rename_person"
    GRANT = "grant_role"
    REVOKE = "revoke_role"
    STAND_IN = "set_stand_in"
    RETURN = "end_stand_in"
    ADD_LOCATION = "add_location"
    RETIRE_LOCATION = "retire_location"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    StaffAct.ADD_PLACE: Wording("新增单位", "added the place"),
    StaffAct.RENAME_PLACE: Wording("更改单位名称", "renamed the place"),
    StaffAct.ADD_PERSON: Wording("新增人员", "added the person"),
    StaffAct.RENAME_PERSON: Wording("更改姓名", "renamed the person"),
    StaffAct.GRANT: Wording("授予角色", "granted a role"),
    StaffAct.REVOKE: Wording("收回角色", "revoked a role"),
    StaffAct.STAND_IN: Wording("设置代理人", "set a stand-in"),
    StaffAct.RETURN: Wording("结束代理", "ended the stand-in"),
    StaffAct.ADD_LOCATION: Wording("登记地点", "added a location"),
    StaffAct.RETIRE_LOCATION: Wording("停用地点", "retired a location"),
}
