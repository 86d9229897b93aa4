"""``bihuan bus``: a platform made up, taken in, told of, and a bus vetoed."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from casework.accounts.tokens import Scope
from tests.api.conftest import an_api
from tests.casework.buses.roads import HEAD, PLATE, a_bus, position, violation
from web.serving import running_app

AT = ("--at", "2026-03-03T09:00")


@pytest.fixture
def bus(office):
    a_bus(office)


@pytest.fixture
def served(office):
    """The API of the office on a port, and a token that feeds."""
    api = an_api(office)
    api.clock.at = datetime.fromisoformat("2026-03-03T09:00+08:00")
    with running_app(api.app, host="127.0.0.1", port=8870) as address:
        yield SimpleNamespace(address=address, token=api.token("committee1", Scope.FEED))


def test_a_platform_is_made_up_and_taken_in(bihuan, bus, tmp_path):
    file = str(tmp_path / "sim.csv")
    made = bihuan("bus", "simulate", file, "--days", "2", *AT, "--as", "committee1", "--json")
    fed = bihuan("bus", "feed", file, *AT, "--as", "committee1", "--json")
    again = bihuan("bus", "feed", file, *AT, "--as", "committee1")

    assert (made.code, fed.json["new"]) == (0, made.json["rows"])
    assert f"新 0 条，已有 {made.json['rows']} 条" in again.out


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

    assert (fed.code != 0, "第 4 行 车牌：没有车牌" in fed.out) == (True, True)
    assert "已生成 校车通报〔2026〕1号" in made.out
    assert "2026-03-02  校车通报〔2026〕1号  1 起违法，1 辆车" in listed.out
    assert "07:00 超员 校门口" in read.out
    assert "在准许时段外移动 1" in read.out


def test_a_veto_stands_until_it_is_lifted(bihuan, bus):
    vetoed = bihuan("bus", "veto", "bus", PLATE, "--reason", "屡次", "--as", "committee1")
    twice = bihuan("bus", "veto", "bus", PLATE, "--reason", "屡次", "--as", "committee1")
    lifted = bihuan("bus", "lift", "bus", PLATE, "--reason", "改好", "--as", "committee1")

    assert f"{PLATE} 已一概否决" in vetoed.out
    assert "已被否决" in twice.err
    assert f"{PLATE} 已解除否决" in lifted.out


def test_violations_and_vetoes_are_listed_and_taken_away(bihuan, bus, tmp_path):
    file, sheet, told = (tmp_path / name for name in ("told.csv", "out.csv", "bulletin.xlsx"))
    file.write_text("\n".join([HEAD, violation("2026-03-02 07:00:00")]), "utf-8")
    bihuan("bus", "feed", str(file), *AT, "--as", "committee1")
    bihuan("bus", "bulletin", "--as-of", "2026-03-03T09:00")
    bihuan("bus", "veto", "bus", PLATE, "--reason", "屡次", *AT, "--as", "committee1")

    listed = bihuan("bus", "violations", "--since", "2026-03-01", "--as", "head1")
    none = bihuan("bus", "violations", "--plate", "苏F", "--as", "head1")
    taken = bihuan("bus", "violations", "--to", str(sheet), "--as", "head1")
    frozen = bihuan("bus", "bulletins", "2026-03-02", "--to", str(told), "--as", "head1")
    vetoes = bihuan("bus", "vetoes", "--as", "head1")
    refused = bihuan("bus", "bulletins", "--to", str(told), "--as", "head1")

    assert f"2026-03-02 07:00  {PLATE}" in listed.out
    assert listed.out.rstrip().endswith("校车通报〔2026〕1号")
    assert "没有违法" in none.out
    assert ("已写 1 条" in taken.out, "回执 audit:head1/" in taken.out) == (True, True)
    assert PLATE in sheet.read_text("utf-8-sig")
    assert (frozen.code, told.read_bytes()[:2]) == (0, b"PK")
    assert f"{PLATE}  第一小学  屡次  COMMITTEE1" in vetoes.out
    assert "没有说明哪一天" in refused.err


def test_a_platform_is_made_up_and_posted_once(bihuan, bus, office, served, monkeypatch):
    monkeypatch.setenv("BIHUAN_TOKEN", served.token)
    words = ("bus", "simulate", "--post", served.address, *AT, "--as", "committee1")

    first = bihuan(*words, "--json")
    again = bihuan(*words)
    monkeypatch.setenv("BIHUAN_TOKEN", "nobodys")
    refused = bihuan(*words)
    monkeypatch.delenv("BIHUAN_TOKEN")

    assert first.json["new"] == first.json["received"] > 10
    assert "新 0 条" in again.out
    assert (refused.code, "401" in refused.err) == (4, True)
    assert "没有令牌" in bihuan(*words).err
