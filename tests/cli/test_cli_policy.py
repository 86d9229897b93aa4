"""``bihuan policy``."""

import pytest

from rules.policy import default_text, digest

AT = "2026-03-02T09:00"
STRICTER = default_text().replace('plan = { limit = "3wd"', 'plan = { limit = "2wd"')


@pytest.fixture
def stricter(tmp_path):
    path = tmp_path / "规则.toml"
    path.write_text(STRICTER, encoding="utf-8")
    return path


def test_a_good_file_can_be_adopted(bihuan, bare_home, stricter):
    told = bihuan("policy", "check", stricter)

    assert told.code == 0
    assert f"可以采用：校园安全隐患整改默认规则（{digest(STRICTER)}）" in told.out
    assert "2个工作日" in told.out


def test_a_good_file_as_json_tells_its_limits(bihuan, bare_home, stricter):
    told = bihuan("policy", "check", stricter, "--json").json

    assert (told["version"], told["limits"]["ordinary"]["plan"]) == (digest(STRICTER), "2wd")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"schema = ", "请按提示的行列修改"),
        (default_text().replace('"3wd"', '"3 moons"').encode(), "limits.ordinary.plan"),
        ("规则".encode("gbk"), "不是 UTF-8 文本"),
    ],
)
def test_a_bad_file_is_refused_with_file_and_remedy(bihuan, bare_home, tmp_path, text, said):
    (tmp_path / "bad.toml").write_bytes(text)

    told = bihuan("policy", "check", "bad.toml")

    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("错误：bad.toml")
    assert said in told.err


def test_a_missing_file_is_not_found(bihuan, bare_home):
    assert bihuan("policy", "check", "none.toml").code == 3


def test_what_is_shown_can_be_edited_and_checked(bihuan, bare_home, tmp_path):
    shown = bihuan("policy", "show")
    (tmp_path / "mine.toml").write_text(shown.out, encoding="utf-8")

    assert shown.out == default_text()
    assert bihuan("policy", "check", "mine.toml").code == 0


def test_an_adopted_policy_is_in_force_and_listed(bihuan, home, stricter):
    adopted = bihuan("policy", "adopt", stricter, "--as", "admin", "--at", AT)

    assert adopted.code == 0
    assert bihuan("policy", "show", "--as-of", AT).out == STRICTER
    assert (
        bihuan("policy", "show", "--version", digest(STRICTER)[:6], "--json").json["text"]
        == STRICTER
    )
    assert digest(STRICTER) in bihuan("policy", "list", "--as-of", AT).out
    assert bihuan("policy", "list", "--as-of", AT, "--json").json[0]["in_force"] is True


def test_the_default_can_be_asked_for_by_its_version(bihuan, home):
    assert bihuan("policy", "show", "--version", digest(default_text())).out == default_text()


def test_policies_that_cannot_be_adopted_or_shown(bihuan, home, stricter):
    assert bihuan("policy", "adopt", stricter, "--as", "committee1").code == 1
    assert bihuan("policy", "adopt", stricter).code == 2
    assert bihuan("policy", "adopt", stricter, "--as", "admin", "--at", AT).code == 0
    assert bihuan("policy", "adopt", stricter, "--as", "admin", "--at", AT).code == 1
    assert bihuan("policy", "show", "--version", "feed").code == 3
    assert bihuan("policy", "show", "--version", "%").code == 3


def test_a_version_of_nowhere_is_unavailable(bihuan, bare_home):
    assert bihuan("policy", "show", "--version", "feed").code == 4
