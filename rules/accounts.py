"""What happens to an account, as its history tells it."""

from enum import StrEnum

from rules.wording import Wording


class AccountAct(StrEnum):
    OPEN = "open_account"
    SET_PASSWORD = "set_password"  # noqa: S105 — the name of an act
    DISABLE = "disable_account"
    ENABLE = "enable_account"
    SIGN_IN = "sign_in"
    ENROL = "enrol_second_factor"
    DROP_SECOND = "drop_second_factor"
    RECOVER = "use_recovery_code"
    MAKE_TOKEN = "make_token"  # noqa: S105 — the name of an act
    DROP_TOKEN = "drop_token"  # noqa: S105 — the name of an act
    LINK = "link_account"
    UNLINK = "unlink_account"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    AccountAct.OPEN: Wording("开通账号", "opened the account"),
    AccountAct.SET_PASSWORD: Wording("设置密码", "set the password"),
    AccountAct.DISABLE: Wording("停用账号", "disabled the account"),
    AccountAct.ENABLE: Wording("启用账号", "enabled the account"),
    AccountAct.SIGN_IN: Wording("登录", "signed in"),
    AccountAct.ENROL: Wording("启用两步验证", "enrolled a second factor"),
    AccountAct.DROP_SECOND: Wording("关闭两步验证", "dropped the second factor"),
    AccountAct.RECOVER: Wording("使用恢复码", "used a recovery code"),
    AccountAct.MAKE_TOKEN: Wording("生成访问令牌", "made an access token"),
    AccountAct.DROP_TOKEN: Wording("撤销访问令牌", "revoked an access token"),
    AccountAct.LINK: Wording("绑定统一身份", "linked an identity"),
    AccountAct.UNLINK: Wording("解除统一身份", "unlinked an identity"),
}
