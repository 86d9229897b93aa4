"""Records to test with: a bus, a driver and a guard in order, and what differs."""

from casework.events import Door
from casework.registers.acts import add_record
from tests.offices import MONDAY_9AM

BUS = {
    "plate": "苏E12345", "model": "dedicated", "vehicle_owner": "某客运公司", "seats": "36",
    "first_registered_on": "2020-03-01", "inspected_on": "2026-01-10",
    "insured_until": "2026-12-31", "permit_until": "2026-07-10", "contact_phone": "13812345678",
}  # fmt: skip
DRIVER = {
    "file_no": "320500123456", "name": "王小明", "id_card": "11010519491231002X",
    "born_on": "1980-05-01", "phone": "13912345678", "licence_class": "a1",
    "licensed_on": "2010-01-01", "approved_on": "2015-01-01", "reviewed_on": "2026-02-01",
}  # fmt: skip
GUARD = {
    "staff_no": "A01", "name": "李大力", "born_on": "1985-01-01", "phone": "13712345678",
    "certificate_no": "苏保123", "school_certificate_no": "园教45",
}  # fmt: skip
ATTENDANT = {
    "staff_no": "Z01", "name": "陈小芳", "id_card": "11010519491231002X", "born_on": "1979-06-02",
    "phone": "13512345678", "plate": "苏E12345", "taught_on": "2026-02-01",
}  # fmt: skip
ROUTE = {
    "route_no": "1", "line": "东环路—第一小学", "stops": "东环路口；星湖街", "plate": "苏E12345",
    "morning_from": "06:40", "morning_to": "07:40", "approved_on": "2026-01-10",
    "approved_until": "2026-12-31",
}  # fmt: skip
PROTECTION = {
    "campus": "本部", "day_pupils": "80", "boarders": "0", "patrols": "5", "gate_watch": "yes",
    "escort": "yes", "barrier": "yes", "fence": "yes", "gear": "yes", "video_days": "30",
    "alarm_days": "30", "direct_alarm": "yes",
}  # fmt: skip
PLAN = {
    "plan_no": "P1", "year": "2026", "topic": "消防演练", "audience": "everybody", "hours": "2",
    "due_on": "2026-05-29",
}  # fmt: skip
SESSION = {
    "session_no": "T1", "plan_no": "P1", "held_on": "2026-02-27", "topic": "消防演练",
    "audience": "everybody", "hours": "2", "attended": "41", "attendees": "赵一鸣、钱二喜",
    "result": "passed", "trainer": "孙三多",
}  # fmt: skip
LETTER = {
    "item_no": "R1", "year": "2026", "post": "总务处", "person": "周四维", "scope": "消防设施",
    "signed_on": "2026-02-20",
}  # fmt: skip
FEEDBACK = {
    "feedback_no": "F1", "item_no": "R1", "year": "2026", "period": "first",
    "given_on": "2026-02-28", "outcome": "done",
}  # fmt: skip
CHEMICAL = {
    "code": "HX1", "name": "高锰酸钾", "cas": "7722-64-7", "danger": "explosive",
    "measure": "gram", "cabinet": "甲柜", "locks": "double", "keeper": "郑守成",
    "second_keeper": "冯守业", "label": "whole", "filing_no": "备1",
}  # fmt: skip
WASTE = {
    "batch": "F1", "sort": "unused", "species": "废酸", "quantity": "2.5", "measure": "千克",
    "producer": "化学实验室", "produced_on": "2026-02-01", "destination": "pending",
}  # fmt: skip
OF = {
    "training_plan": PLAN, "training_session": SESSION, "responsibility": LETTER,
    "responsibility_fb": FEEDBACK,
    "bus": BUS, "driver": DRIVER, "guard": GUARD, "attendant": ATTENDANT, "route": ROUTE,
    "protection": PROTECTION, "chemical": CHEMICAL, "waste": WASTE,
}  # fmt: skip


def added(office, kind="bus", *, unit="S1", by="head1", at=MONDAY_9AM, **differs):
    """Add a record in order but for what differs; return what was kept."""
    typed = {**OF[kind], **differs}
    return add_record(office, kind, unit, typed, by=by, at=at, door=Door.CLI)
