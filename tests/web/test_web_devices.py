"""A device is told by words that its owner knows, not by what its browser sends."""

import pytest

from web.devices import device

_ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (f"{_ANDROID} MicroMessenger/8.0", "WeChat, Android"),
        (f"{_ANDROID} wxwork/4.1 MicroMessenger/7.0", "WeCom, Android"),
        (_ANDROID, "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537.36 Edg/130", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Firefox/133.0", "Firefox, Linux"),
        ("curl/8.5", "another device"),
        ("", "another device"),
    ],
)
def test_a_device_is_told_in_words(agent, said):
    assert device(agent).en == said
