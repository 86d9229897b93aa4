"""A small ledger to hand in: its header, good rows, and one that no school would sign."""

HEADER = "序号,责任单位,检查项目,隐患部位,隐患描述,整改措施,整改时限,责任人,检查日期"
FIRE = "1,第一小学,消防,一楼,灭火器压力不足,更换,2026-03-20,张三,2026-02-27"
WIRE = "2,S2,用电安全,食堂,插座松动,重装,,李四,2026.2.27"
BAD = "4,无此学校,消防,二楼,通道堵塞,清理,2026-03-20,,2026-02-27"


def a_ledger(*rows):
    """The bytes of a CSV ledger."""
    return "\n".join((HEADER, *rows)).encode()
