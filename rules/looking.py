"""How somebody looks at the audit: each way is recorded with who, when, at what and why."""

from enum import StrEnum

from rules.wording import Wording


class Look(StrEnum):
    """What was done. ``REVEAL`` is seeing personal data that is masked otherwise."""

    SHOW = "show"
    AS_OF = "as_of"
    LIST = "list"
    SEARCH = "search"
    STATISTICS = "statistics"
    EXPORT = "export"
    PROVE = "prove"
    EVENT_LOG = "event_log"
    CONFORMANCE = "conformance"
    REVEAL = "reveal"
    ACCESS = "access"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    Look.SHOW: Wording("查看案件", "looked at a case"),
    Look.AS_OF: Wording("查看案件当时情况", "looked at a case as of a moment"),
    Look.LIST: Wording("查看当时名单", "looked at a list as of a moment"),
    Look.SEARCH: Wording("检索", "searched"),
    Look.STATISTICS: Wording("查看统计", "looked at statistics"),
    Look.EXPORT: Wording("导出", "exported"),
    Look.PROVE: Wording("导出证明", "took a proof"),
    Look.EVENT_LOG: Wording("导出事件日志", "exported the event log"),
    Look.CONFORMANCE: Wording("核对流程", "checked against the life-cycle table"),
    Look.REVEAL: Wording("查看个人信息", "revealed personal data"),
    Look.ACCESS: Wording("查看访问记录", "looked at the access record"),
}
