"""Which web addresses we post to: public ones, looked up once and held to what was found.

An address is read by a grammar narrower than any parser's, so that no two can disagree on its
host; then every address that its host resolves to must be public. An operator may allow others.
"""

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple

from rules.wording import Trouble, Wording

Resolve = Callable[[str, int], Sequence[str]]
IP = IPv4Address | IPv6Address

_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>\[[0-9A-Fa-f:]{2,39}\]|[A-Za-z0-9.-]{1,253})"
    r"(:(?P<port>[1-9][0-9]{0,4}))?"
    # Printable ASCII but quotes, angle brackets, backslash, ^ ` { | } and #, which need escaping.
    r"(?P<target>[/?][!$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]*)?",
)
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_OCTET = re.compile(r"0|[1-9][0-9]{0,2}")
# An address that carries another one may be a relay to it.
_INNER = re.compile(r"(:|%3a)(/|%2f){2}", re.IGNORECASE)
_LAST_PORT = 65_535
_PORTS = {"http": 80, "https": 443}

# What `ipaddress` calls global on some versions, or is local to a cloud: shared address space and
# its metadata services (RFC 6598), protocol assignments (RFC 6890), every way to write an IPv4
# address as IPv6 (RFC 6052, 8215, 3056, 4380, 4291), and site-local (RFC 3879).
_CLOSED = tuple(
    ip_network(each)
    for each in (
        "100.64.0.0/10", "100.100.100.200/32", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4",
        "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/23", "::ffff:0:0/96", "::/96",
        "fec0::/10", "100::/64",
    )
)  # fmt: skip


class BadAddress(Trouble):
    """An address that cannot be used, or must not be. Its words never repeat the address."""


class Parsed(NamedTuple):
    """A web address in its parts; ``target`` is path and query as they were written."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Return the Host header."""
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"


class Pinned(NamedTuple):
    """An address and the one IP address that it may be reached at."""

    parsed: Parsed
    ip: IP

    @property
    def url(self) -> str:
        """Return the address with its host replaced by the IP address."""
        host = f"[{self.ip}]" if self.ip.version == 6 else str(self.ip)
        return f"{self.parsed.scheme}://{host}:{self.parsed.port}{self.parsed.target}"


def parse(url: str) -> Parsed:
    """Return an http(s) address in its parts; raise BadAddress."""
    found = _URL.fullmatch(url)
    if found is None:
        raise _refused(
            Wording("不是可用的网址", "it is not a usable web address"),
            Wording(
                "请填 http(s)://主机/路径；不得含用户名、空格、反斜杠、# 或非 ASCII 字符。",
                "Write http(s)://host/path without user name, space, backslash, # or non-ASCII.",
            ),
        )
    host, scheme, target = found["host"].lower(), found["scheme"], found["target"] or "/"
    port = int(found["port"] or _PORTS[scheme])
    if port > _LAST_PORT or not _is_host(host):
        raise _refused(
            Wording("主机或端口不可用", "its host or port is not usable"),
            Wording(
                "请填完整域名，或四段十进制 IP。", "Write a full name, or four decimal numbers."
            ),
        )
    if _INNER.search(target):
        raise _refused(
            Wording("网址中含有另一网址", "another address is inside the address"),
            Wording("请填最终接收方的网址。", "Give the receiver's own address."),
        )
    return Parsed(scheme, host, port, target if target[0] == "/" else f"/{target}")


def pin(url: str, allowed: frozenset[str], resolve: Resolve) -> Pinned:
    """Return the address with the IP address to connect to, resolved once; raise BadAddress.

    ``allowed`` holds the operator's own ``host:port``, which may be anywhere.
    """
    parsed = parse(url)
    found = [ip_address(each) for each in _resolved(parsed, resolve)]
    if not found:
        raise _refused(
            Wording("找不到该主机", "its host cannot be found"),
            Wording("请检查网址和域名解析。", "Check the address and name resolution."),
        )
    if f"{parsed.host}:{parsed.port}" not in allowed and not all(map(is_public, found)):
        raise _refused(
            Wording("该网址不在公网上", "it does not lead to the public network"),
            Wording(
                "内部接收方须由管理员列入 BIHUAN_ALLOW_HOSTS（主机：端口）。",
                "The operator lists receivers inside as host:port in BIHUAN_ALLOW_HOSTS.",
            ),
        )
    return Pinned(parsed, found[0])


def read_allowed(text: str) -> frozenset[str]:
    """Return the ``host:port`` pairs of a comma-separated list."""
    return frozenset(each.strip().lower() for each in text.split(",") if each.strip())


def look_up(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host as the system resolves it; none when it cannot."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(ip: IP) -> bool:
    """Return whether anybody on the internet means the same machine by it."""
    scoped = isinstance(ip, IPv6Address) and ip.scope_id
    closed = any(ip in each for each in _CLOSED if each.version == ip.version)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or closed or scoped)


def _resolved(parsed: Parsed, resolve: Resolve) -> Sequence[str]:
    host = parsed.host.strip("[]")
    try:
        return [str(ip_address(host))]
    except ValueError:
        return resolve(host, parsed.port)


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return _is_ip(host[1:-1])
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):  # then browsers read an IPv4 address, in whatever base
        return all(map(_OCTET.fullmatch, labels)) and _is_ip(host)
    return len(labels) > 1 and all(map(_is_label, labels))


def _is_label(label: str) -> bool:
    if _LABEL.fullmatch(label) is None:
        return False
    try:
        return label.encode().decode("idna").encode("idna").decode() == label
    except UnicodeError:  # xn-- and nonsense
        return False


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _refused(problem: Wording, remedy: Wording) -> BadAddress:
    return BadAddress(problem, remedy=remedy, where="address")
