"""``bihuan bus``: a platform made up, taken in, told of, and a bus vetoed."""

import pytest

from tests.casework.buses.roads import HEAD, PLATE, a_bus, position, violation

AT = ("--at", "2026-03-03T09:00")


@pytest.fixture
def bus(office):
    a_bus(office)


def test_a_platform_is_made_up_and_taken_in(bihuan, bus, tmp_path):
    file = str(tmp_path / "sim.csv")
    made = bihuan("bus", "simulate", file, "--days", "2", *AT, "--as", "committee1", "--json")
    fed = bihuan("bus", "feed", file, *AT, "--as", "committee1", "--json")
    again = bihuan("bus", "feed", file, *AT, "--as", "committee1")

    assert (made.code, fed.json["new"]) == (0, made.json["rows"])
    assert f"新 0 条,已有 {made.json['rows']} 条" in again.out


def test_a_bulletin_is_made_and_read(bihuan, bus, tmp_path):
    file = tmp_path / "told.csv"
    lines = [
        HEAD,
        violation("2026-03-02 07:00:00"),
        position("2026-03-02 12:00", 30),
        ",,2026-03-02 12:00,,,,,,",
    ]
    file.write_text("\n".join(lines), "utf-8")
    fed = bihuan("bus", "feed", str(file), *AT, "--as", "committee1")
    made = bihuan("bus", "bulletin", "--as-of", "2026-03-03T09:00")
    listed = bihuan("bus", "bulletins", "--as", "head1")
    read = bihuan("bus", "bulletins", "2026-03-02", "--as", "head1")

    assert (fed.code != 0, "第 4 行 车牌:没有车牌" in fed.out) == (True, True)
    assert "已生成 校车通报〔2026〕1号" in made.out
    assert "2026-03-02  校车通报〔2026〕1号  1 起违法,1 辆车" in listed.out
    assert "07:00 超员 校门口" in read.out
    assert "在准许时段外移动 1" in read.out


def test_a_veto_stands_until_it_is_lifted(bihuan, bus):
    vetoed = bihuan("bus", "veto", "bus", PLATE, "--reason", "屡次", "--as", "committee1")
    twice = bihuan("bus", "veto", "bus", PLATE, "--reason", "屡次", "--as", "committee1")
    lifted = bihuan("bus", "lift", "bus", PLATE, "--reason", "改好", "--as", "committee1")

    assert f"{PLATE} 已一概否决" in vetoed.out
    assert "已被否决" in twice.err
    assert f"{PLATE} 已解除否决" in lifted.out
