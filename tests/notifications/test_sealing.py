"""Addresses are opened by our keys alone; keys are rotated; nothing shows them."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet

from notifications import kinds
from notifications.addresses import BadAddress
from notifications.sealing import Keys, Unopened, read_keys

UUID, TOKEN = "693a91f6-7aaa-4bc4-97a0-0ec2sifaabcd", "0123456789abcdefabcd"
HOOK = "https://example.cn/hook?token=secret"
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def test_what_is_sealed_is_opened_and_does_not_show():
    keys = Keys([OLD])

    sealed = keys.seal("zhang@example.cn")

    assert keys.unseal(sealed) == "zhang@example.cn"
    assert "zhang" not in sealed
    assert sealed != keys.seal("zhang@example.cn")


def test_a_new_key_seals_and_the_old_one_still_opens():
    before = Keys([OLD]).seal("zhang@example.cn")
    both = Keys([NEW, OLD])

    assert both.unseal(before) == "zhang@example.cn"
    assert Keys([NEW]).unseal(both.seal("li@example.cn")) == "li@example.cn"
    with pytest.raises(Unopened):
        Keys([NEW]).unseal(before)


@pytest.mark.parametrize(
    "spoil",
    [lambda s: s[:-4], lambda s: "A" + s, lambda s: s[:30] + "-" + s[31:], lambda _s: ""],
)
def test_what_was_altered_is_not_opened(spoil):
    keys = Keys([OLD])
    sealed = keys.seal("zhang@example.cn")

    assert spoil(sealed) != sealed
    with pytest.raises(Unopened) as refused:
        keys.unseal(spoil(sealed))
    assert refused.value.__cause__ is None


def test_signatures_follow_the_keys():
    signature = Keys([OLD]).sign("7.8")

    assert Keys([NEW, OLD]).is_signed("7.8", signature)
    assert not Keys([NEW, OLD]).is_signed("7.9", signature)
    assert not Keys([NEW]).is_signed("7.8", signature)
    assert not Keys([OLD]).is_signed("7.8", "ü" + signature)


def test_keys_are_not_shown():
    shown = f"{Keys([OLD, NEW])!r} {Keys([OLD])}"

    assert shown == "Keys(2) Keys(1)"


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _n: read_keys({}, tmp_path).seal("x"), range(8)))

    path = tmp_path / "keys" / "contacts.key"
    keys = read_keys({}, tmp_path)
    assert [keys.unseal(each) for each in made] == ["x"] * 8
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["contacts.key"]


def test_the_environment_goes_before_the_file(tmp_path):
    keys = read_keys({"BIHUAN_KEY": f"{NEW},{OLD}"}, tmp_path)

    assert keys.unseal(Keys([OLD]).seal("x")) == "x"
    assert Keys([NEW]).unseal(keys.seal("x")) == "x"
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize(
    "key", ["short", "长", OLD[:-2], f"{OLD},x"], ids=["short", "chinese", "cut", "lengthened"]
)
def test_what_is_no_key_is_refused_without_repeating_it(key):
    with pytest.raises(Unopened) as refused:
        read_keys({"BIHUAN_KEY": key}, None)

    assert refused.value.where == "BIHUAN_KEY"
    assert key not in refused.value.say("zh") + refused.value.say("en")


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "shown"),
    [
        ("email", " zhang.san@example.cn ", "zhang.san@example.cn", "z***@example.cn"),
        ("sms", "138 1234-1234", "13812341234", "138****1234"),
        ("sms", "+8613812341234", "13812341234", "138****1234"),
        ("wecom", UUID, UUID, "wecom …abcd"),
        ("dingtalk", TOKEN, TOKEN, "dingtalk …abcd"),
        ("dingtalk", f"{TOKEN}:SEC{TOKEN}", f"{TOKEN}:SEC{TOKEN}", "dingtalk …abcd"),
        ("feishu", UUID, UUID, "feishu …abcd"),
        ("webhook", HOOK, HOOK, "example.cn …"),
    ],
)  # fmt: skip
def test_an_address_is_read_and_shown_masked(kind, typed, kept, shown):
    assert kinds.read(kind, typed) == kept
    assert kinds.mask(kind, kept) == shown


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("email", "wang"), ("email", "a@b"), ("email", "a@b@example.cn"),
        ("email", "a b@example.cn"), ("email", "a@example.cn,b@example.cn"),
        ("email", "a@example.cn\nBcc: b@example.cn"), ("email", "A <a@example.cn>"),
        ("email", '"a"@example.cn'), ("email", "张@example.cn"),
        ("email", f"{'a' * 500}@example.cn"),
        ("sms", "12812341234"), ("sms", "1390000000"), ("sms", "+1 202 555 0100"),
        ("wecom", "short"), ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"),
        ("dingtalk", "0123456789abcdefabcd:nosecret"), ("dingtalk", "a/b?c"), ("feishu", "../../x"),
        ("webhook", "json://example.cn/"), ("webhook", "https://u:p@example.cn/"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_repeating_it(kind, typed):
    with pytest.raises(BadAddress) as refused:
        kinds.read(kind, typed)

    assert refused.value.where == "address"
    assert typed not in refused.value.say("zh") + refused.value.say("en")
