"""``bihuan audit stats|xes|conformance``: figures, the event log, and the life-cycle table."""

from openpyxl import load_workbook

from tests.offices import closed, planned


def test_figures_stand_beside_their_definitions(bihuan, office):
    closed(office)

    told = bihuan("audit", "stats", "--as", "auditor", "--as-of", "2026-03-09")

    assert told.code == 0, told.err
    assert "按期率 = 未超时限而离开的" in told.out
    assert "100.0%" in told.out


def test_a_rate_of_nothing_is_blank_in_json(bihuan, office):
    planned(office)

    told = bihuan(
        "audit",
        "stats",
        "--by",
        "cluster",
        "--as",
        "auditor",
        "--as-of",
        "2026-03-02T10:00",
        "--json",
    )

    [group] = told.json["groups"]
    assert (group["name"], group["relapse_rate"]) == ("第一片区", None)
    assert group["stages"]["approval"]["running"] == 1


def test_figures_are_written_as_a_workbook_with_their_definitions(bihuan, office, tmp_path):
    closed(office)
    path = tmp_path / "统计.xlsx"

    told = bihuan("audit", "stats", "--by", "unit", "--to", path, "--as", "auditor")

    book = load_workbook(path)
    assert f"已写入 {path}" in told.out
    assert book.sheetnames == ["统计", "定义"]
    assert [cell.value for cell in book["统计"][2]][:2] == ["第一小学", 1]


def test_the_event_log_is_written(bihuan, office, tmp_path):
    planned(office)

    told = bihuan("audit", "xes", "--to", tmp_path / "log.xes", "--as", "auditor", "--json")

    assert (told.json["cases"], told.json["events"]) == (1, 2)


def test_a_log_that_cannot_be_written_is_refused(bihuan, office, tmp_path):
    told = bihuan("audit", "xes", "--to", tmp_path / "none" / "log.xes", "--as", "auditor")

    assert told.code == 1
    assert "事件日志写不进去" in told.err


def test_lives_are_held_against_the_table(bihuan, office):
    planned(office)

    told = bihuan("audit", "conformance", "--as", "auditor")

    assert told.code == 0
    assert "1 个案件中 1 个合乎流程表" in told.out
