"""How often a token may ask: counted in moving windows, in this process."""

from hashlib import sha256

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from casework.accounts.throttle import TooMany
from rules.wording import Wording

ASKING = RateLimitItemPerMinute(600)
CHANGING = RateLimitItemPerMinute(120)


class TooOften(TooMany):
    """Asked too often; ``retry_after`` seconds are to pass."""

    retry_after = 60


class Rates:
    """Counts by token; who asks in vain is counted too."""

    def __init__(self, asking: RateLimitItem = ASKING, changing: RateLimitItem = CHANGING) -> None:
        self._asking, self._changing = asking, changing
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def take(self, token: str, *, changes: bool) -> None:
        """Count one request; raise TooOften when there were too many within a minute."""
        who = sha256(token.encode()).hexdigest()
        allowed = self._windows.hit(self._asking, "all", who)
        if changes:
            allowed = self._windows.hit(self._changing, "changes", who) and allowed
        if not allowed:
            raise TooOften(
                Wording("请求过于频繁", "there were too many requests"),
                remedy=Wording("请一分钟后再试。", "Try again in a minute."),
            )
