"""Passwords: long rather than tangled, kept as argon2id."""

from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from casework.errors import Invalid
from rules.wording import Wording

# NIST SP 800-63B and ASVS 6.2 ask for length and forbid rules of composition; 12 is our choice.
SHORTEST, LONGEST = 12, 128
_FEWEST_CHARACTERS = 5  # different ones: aaaaaaaaaaaa is long too

# OWASP's least argon2id (19 MiB, two passes): 20 ms, for a morning when everybody signs in.
_HASHER = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))
_AT_ONCE = BoundedSemaphore(8)  # 8 times 19 MiB, however many threads ask
_NOBODYS = _HASHER.hash("nobody's password")


def hash_password(password: str, *, code: str) -> str:
    """Return what is kept of a password; raise Invalid for one that is easily guessed."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            Wording(
                f"密码须为 {SHORTEST} 至 {LONGEST} 个字符，现为 {len(password)} 个",
                f"a password takes {SHORTEST} to {LONGEST} characters, this has {len(password)}",
            ),
            remedy=_LONGER,
            where="password",
        )
    if len(set(password)) < _FEWEST_CHARACTERS or (len(code) > 3 and code in password):
        raise Invalid(
            Wording("密码太容易被猜到", "the password is easily guessed"),
            remedy=_LONGER,
            where="password",
        )
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Return whether it is the one kept; as slow for an account that there is not."""
    with _AT_ONCE:
        fits = _HASHER.verify(password[: LONGEST + 1], kept or _NOBODYS)
    return fits and kept is not None


_LONGER = Wording(
    "可用几个不相干的词连成一句，例如“青椒-班车-云梯-三月”这样的，不必有符号和大写。",
    "Several unrelated words make a good one; symbols and capitals are not asked for.",
)
