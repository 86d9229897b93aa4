"""Everything there is to open besides the daily pages, as one list: an entry a line."""

from collections.abc import Sequence
from typing import NamedTuple

from rules.access import Actor, Verb
from rules.wording import Wording
from web.permission import Anyone, Permission, is_permitted


class Entry(NamedTuple):
    """A place to go: its address, an icon of the sprite, what it is called, who may open it."""

    href: str
    icon: str
    word: Wording
    permission: Permission


class Section(NamedTuple):
    word: Wording
    entries: tuple[Entry, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        Wording("我的", "Mine"),
        (
            Entry("/notices", "bell", Wording("通知", "Notices"), Anyone.SIGNED_IN),
            Entry("/duties", "hourglass-split", Wording("应办事项", "Duties"), Anyone.SIGNED_IN),
            Entry("/visits", "clipboard-check", Wording("我的复查", "My visits"), Anyone.SIGNED_IN),
            Entry("/account", "person-circle", Wording("账号", "Account"), Anyone.SIGNED_IN),
        ),
    ),
    Section(
        Wording("案件", "Cases"),
        (
            Entry("/cases", "list-task", Wording("全部案件", "All cases"), Verb.VIEW),
            Entry("/report", "plus-circle", Wording("上报隐患", "Report a hazard"), Verb.REPORT),
            Entry("/import", "upload", Wording("导入台账", "Import a ledger"), Verb.IMPORT),
            Entry("/locations", "qr-code", Wording("地点二维码", "Locations"), Verb.LOCATE),
        ),
    ),
    Section(
        Wording("检查", "Inspections"),
        (
            Entry("/inspections", "clipboard-check", Wording("检查", "Inspections"), Verb.VIEW),
            Entry(
                "/inspections/plans",
                "calendar-event",
                Wording("检查计划", "Inspection plans"),
                Verb.VIEW,
            ),
            Entry(
                "/inspections/checklists",
                "card-checklist",
                Wording("检查表", "Checklists"),
                Verb.VIEW,
            ),
        ),
    ),
    Section(
        Wording("报告", "Reports"),
        (
            Entry(
                "/filings/today",
                "clipboard-check",
                Wording("今日自查", "Today's self-check"),
                Verb.REPORT,
            ),
            Entry("/filings", "journal-text", Wording("定期报告", "Periodic reports"), Verb.VIEW),
            Entry("/filings/board", "list-check", Wording("谁已报", "Who has reported"), Verb.VIEW),
        ),
    ),
    Section(
        Wording("督办", "Supervision"),
        (
            Entry("/escalations", "inbox", Wording("升级收件箱", "Escalations"), Verb.VIEW),
            Entry("/orders", "flag", Wording("挂牌督办", "Listed supervision"), Verb.VIEW),
            Entry(
                "/responsibility", "patch-check", Wording("主体责任", "Responsibility"), Verb.VIEW
            ),
            Entry("/assessments", "star", Wording("标准化创建", "Assessments"), Verb.VIEW),
            Entry("/heat", "map", Wording("片区热力", "Heat by cluster"), Verb.VIEW),
            Entry("/dashboard", "speedometer2", Wording("驾驶舱", "Dashboard"), Verb.VIEW),
            Entry("/notice-log", "envelope", Wording("通知记录", "Notice log"), Verb.SEE_NOTICES),
        ),
    ),
    Section(
        Wording("台账", "Registers"),
        (
            Entry("/registers", "card-checklist", Wording("台账", "Registers"), Verb.VIEW),
            Entry(
                "/registers/expiring",
                "calendar-event",
                Wording("到期一览", "Who runs out when"),
                Verb.VIEW,
            ),
            Entry(
                "/guard-checks",
                "person-badge",
                Wording("保安抽查", "Checks of guards"),
                Verb.CHECK_GUARDS,
            ),
            Entry(
                "/guard-reviews",
                "patch-check",
                Wording("保安年审", "Reviews of guards"),
                Verb.VIEW,
            ),
            Entry("/stock", "archive", Wording("危化品库存", "Chemicals in stock"), Verb.VIEW),
            Entry("/buses", "bus-front", Wording("校车监管", "School buses"), Verb.VIEW),
        ),
    ),
    Section(
        Wording("回头看", "Look-backs"),
        (
            Entry("/lookbacks", "dice-5", Wording("回头看", "Look-backs"), Verb.SEE_LOOKBACKS),
            Entry("/public", "globe", Wording("公开表", "Published"), Anyone.SIGNED_IN),
        ),
    ),
    Section(
        Wording("管理", "Administration"),
        (
            Entry("/admin/policy", "sliders", Wording("规则", "Policy"), Verb.ADMINISTER),
            Entry("/admin/calendar", "calendar3", Wording("日历", "Calendar"), Verb.ADMINISTER),
            Entry(
                "/admin/organisation", "diagram-3", Wording("组织", "Organisation"), Verb.ADMINISTER
            ),
            Entry("/admin/people", "people", Wording("人员", "People"), Verb.ADMINISTER),
            Entry("/admin/wordings", "megaphone", Wording("通知用语", "Wordings"), Verb.ADMINISTER),
            Entry(
                "/lookbacks/templates",
                "journal-text",
                Wording("回头看模板", "Look-back templates"),
                Verb.LOOK_BACK,
            ),
            Entry(
                "/lookbacks/schedules",
                "calendar-event",
                Wording("回头看排期", "Look-back schedules"),
                Verb.LOOK_BACK,
            ),
            Entry("/admin/webhooks", "send", Wording("网址回调", "Webhooks"), Verb.ADMINISTER),
            Entry("/admin/engine", "activity", Wording("引擎", "Engine"), Verb.ADMINISTER),
        ),
    ),
    Section(
        Wording("审计", "Audit"),
        (
            Entry("/audit", "search", Wording("查询", "Query"), Verb.VIEW),
            Entry("/audit/as-of", "clock-history", Wording("当时", "As of"), Verb.VIEW),
            Entry("/audit/statistics", "bar-chart", Wording("统计", "Statistics"), Verb.VIEW),
            Entry("/audit/proof", "shield-check", Wording("证明", "Proof"), Verb.VIEW),
            Entry(
                "/audit/conformance", "list-check", Wording("流程核对", "Conformance"), Verb.VIEW
            ),
            Entry("/audit/access", "eye", Wording("访问记录", "Access log"), Verb.VIEW),
        ),
    ),
)


def sections_for(actor: Actor) -> Sequence[Section]:
    """Return what ``actor`` may open, without empty sections."""
    open_to = (
        Section(section.word, tuple(each for each in section.entries if _opens(each, actor)))
        for section in SECTIONS
    )
    return [section for section in open_to if section.entries]


def _opens(entry: Entry, actor: Actor) -> bool:
    return is_permitted(entry.permission, actor)
