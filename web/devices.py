"""What a browser says of itself, in words that its owner knows it by."""

from collections.abc import Sequence

from rules.wording import Wording

# The first that is named counts: a browser also says the names of those after it.
_BROWSERS = (
    ("wxwork", Wording("企业微信", "WeCom")), ("MicroMessenger", Wording("微信", "WeChat")),
    ("DingTalk", Wording("钉钉", "DingTalk")), ("Lark", Wording("飞书", "Feishu")),
    ("Edg", Wording("Edge", "Edge")), ("Firefox", Wording("Firefox", "Firefox")),
    ("Chrome", Wording("Chrome", "Chrome")), ("Safari", Wording("Safari", "Safari")),
)  # fmt: skip
_MACHINES = (
    ("iPhone", Wording("苹果手机", "iPhone")), ("iPad", Wording("苹果平板", "iPad")),
    ("HarmonyOS", Wording("鸿蒙", "HarmonyOS")), ("Android", Wording("安卓", "Android")),
    ("Windows", Wording("Windows", "Windows")), ("Macintosh", Wording("Mac", "Mac")),
    ("Linux", Wording("Linux", "Linux")),
)  # fmt: skip


def device(agent: str) -> Wording:
    """Return the browser and the machine that a ``User-Agent`` names, as far as it is known."""
    said = [_named(names, agent) for names in (_BROWSERS, _MACHINES)]
    known = [each for each in said if each]
    if not known:
        return Wording("其他设备", "another device")
    return Wording("，".join(each.zh for each in known), ", ".join(each.en for each in known))


def _named(names: Sequence[tuple[str, Wording]], agent: str) -> Wording | None:
    return next((word for part, word in names if part in agent), None)
