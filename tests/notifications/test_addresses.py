"""No web address leads inside, however it is written and whatever its name resolves to."""

import json
from ipaddress import ip_address
from pathlib import Path

import pytest

from notifications.addresses import BadAddress, is_public, look_up, parse, pin, read_allowed

DATA = Path(__file__).with_name("data")
TRICKS = (DATA / "ssrf_urls.txt").read_text(encoding="utf-8").splitlines()
BROWSERS = json.loads((DATA / "urltestdata_http.json").read_text(encoding="utf-8"))
PUBLIC, INSIDE = "93.184.215.14", "10.0.0.8"
NOBODY = frozenset()
USUAL = {"http:": 80, "https:": 443}


def nowhere(_host, _port):
    return []


def to(*addresses):
    return lambda _host, _port: list(addresses)


@pytest.mark.parametrize("trick", [*TRICKS, *(each.split(" = ")[0] for each in TRICKS)])
def test_every_trick_is_refused(trick):
    with pytest.raises(BadAddress) as refused:
        pin(trick, NOBODY, nowhere)

    assert trick not in refused.value.say("zh") + refused.value.say("en")


def test_of_all_tricks_only_a_plain_public_name_needs_the_network_to_be_refused():
    """That one redirects to where it should not, and redirects are not followed."""
    pinned = []
    for trick in TRICKS:
        try:
            pinned.append(pin(trick, NOBODY, to(PUBLIC)).parsed.host)
        except BadAddress:
            continue

    assert pinned == ["62epax5fhvj3zzmzigyoe5ipkbn7fysllvges3a.302.r3dir.me"]


def test_what_we_accept_a_browser_reads_in_the_same_way():
    accepted = []
    for each in BROWSERS:
        try:
            accepted.append((each, parse(each["input"])))
        except BadAddress:
            continue

    assert len(accepted) > 10
    for each, parsed in accepted:
        assert not each["failure"], each["input"]
        assert f"{parsed.scheme}:" == each["protocol"]
        assert ip_or_name(parsed.host) == ip_or_name(each["hostname"]), each["input"]
        assert str(parsed.port) == (
            each["port"] or {"http:": "80", "https:": "443"}[each["protocol"]]
        )


def ip_or_name(host):
    return str(ip_address(host.strip("[]"))) if host.startswith("[") else host


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("https://example.cn/hook", "example.cn", 443, "/hook"),
        ("http://example.cn", "example.cn", 80, "/"),
        ("https://EXAMPLE.cn:8443/a?b=c&d=%E4%B8%AD", "example.cn", 8443, "/a?b=c&d=%E4%B8%AD"),
        ("https://example.cn?token=x", "example.cn", 443, "/?token=x"),
        ("https://93.184.215.14/x", "93.184.215.14", 443, "/x"),
        ("https://[2606:2800:220:1::1]/x", "[2606:2800:220:1::1]", 443, "/x"),
        ("https://xn--fiqs8s.cn/", "xn--fiqs8s.cn", 443, "/"),
    ],
)
def test_an_honest_address_is_read(url, host, port, target):
    parsed = parse(url)

    assert (parsed.host, parsed.port, parsed.target) == (host, port, target)


@pytest.mark.parametrize(
    "url",
    [
        "", "example.cn", "//example.cn/", "ftp://example.cn/", "https://", "https:///x",
        "https://user@example.cn/", "https://user:pass@example.cn/", "https://example.cn:0/",
        "https://example.cn:65536/", "https://example.cn:08/", "https://example.cn:/",
        "https://example.cn\\@evil.cn/", "https://example.cn/\t", "https://exa\tmple.cn/",
        "https://example.cn/ x", "https://example.cn/#x", "https://例子.cn/", "https://example。cn/",
        "https://example．cn/", "https://exa%6dple.cn/", "https://example.cn./", "https://.cn/",
        "https://a..cn/", "https://-a.cn/", "https://a-.cn/", "https://localhost/", "https://cn/",
        "https://127.1/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://2130706433/",
        "https://1.2.3.4.5/", "https://1.2.3/", "https://256.1.1.1/", "https://01.2.3.4/",
        "https://a.0x1/", "https://a.1/", "https://[::1%25eth0]/", "https://[1::2::3]/",
        "https://[127.0.0.1]/", "https://example.cn/?to=http://127.0.0.1/",
        "https://example.cn/http%3a%2f%2f127.0.0.1", "javascript://example.cn/%0aalert(1)",
        f"https://{'a' * 64}.cn/", "https://example.cn/\x00", "https://example.cn/\n",
    ],
)  # fmt: skip
def test_whatever_parsers_could_read_differently_is_refused(url):
    with pytest.raises(BadAddress):
        parse(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("223.5.5.5", True),
        ("2400:3200::1", True),
        ("0.0.0.0", False),  # noqa: S104 — an address to refuse
        ("10.255.255.255", False),
        ("100.63.255.255", True),
        ("100.64.0.0", False),
        ("100.100.100.200", False),  # a cloud's metadata
        ("100.127.255.255", False),
        ("100.128.0.0", True),
        ("127.0.0.53", False),
        ("169.254.169.254", False),
        ("172.31.0.1", False),
        ("172.32.0.1", True),
        ("192.0.0.8", False),
        ("192.0.2.1", False),
        ("192.168.0.1", False),
        ("198.18.0.1", False),
        ("203.0.113.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::7f00:1", False),
        ("::ffff:93.184.215.14", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::1", False),
        ("100::1", False),
        ("2001::1", False),  # Teredo
        ("2001:db8::1", False),
        ("2002:7f00:1::", False),
        ("fc00::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize(
    "resolved", [[INSIDE], [PUBLIC, INSIDE], [INSIDE, PUBLIC], [PUBLIC, "::1"], []]
)
def test_a_name_is_refused_when_any_of_its_addresses_is_inside(resolved):
    with pytest.raises(BadAddress):
        pin("https://example.cn/", NOBODY, to(*resolved))


def test_a_name_is_resolved_once_and_held_to_it():
    asked = []

    def rebinding(host, port):
        asked.append((host, port))
        return [PUBLIC] if len(asked) == 1 else [INSIDE]

    pinned = pin("https://example.cn:8443/hook?x=1", NOBODY, rebinding)

    assert pinned.url == f"https://{PUBLIC}:8443/hook?x=1"
    assert pinned.parsed.authority == "example.cn:8443"
    assert asked == [("example.cn", 8443)]


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("http://127.0.0.1:8080/x", True),
        ("http://127.0.0.1:8081/x", False),
        ("http://127.0.0.2:8080/x", False),
        ("http://hooks.school.lan:80/x", True),
        ("http://HOOKS.school.lan/x", True),
        ("https://hooks.school.lan/x", False),
    ],
)
def test_an_operator_allows_a_host_with_its_port(url, good):
    allowed = read_allowed("127.0.0.1:8080, Hooks.school.lan:80,")

    if good:
        assert pin(url, allowed, to(INSIDE)).parsed == parse(url)
    else:
        with pytest.raises(BadAddress):
            pin(url, allowed, to(INSIDE))


def test_the_system_resolves_this_machine_and_no_nonsense():
    assert "127.0.0.1" in look_up("localhost", 80)
    assert look_up("nobody.invalid", 80) == []
    assert look_up("a" * 300, 80) == []
