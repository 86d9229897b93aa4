"""In which language to speak, and whether to a machine: known before a command line is parsed."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from rules.wording import Locale

_UNSET = ("", "C", "POSIX")


def choose_locale(words: Sequence[str], environ: Mapping[str, str]) -> Locale:
    """Return what ``--lang`` says, else BIHUAN_LANG, else the system; Chinese when none does."""
    asked = _after(words, "--lang") or environ.get("BIHUAN_LANG", "")
    if asked in ("zh", "en"):
        return "zh" if asked == "zh" else "en"
    system = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    language = system.partition(".")[0]
    return "zh" if language in _UNSET or language.lower().startswith("zh") else "en"


def wants_json(words: Sequence[str]) -> bool:
    return "--json" in words


def _after(words: Sequence[str], option: str) -> str:
    for here, following in pairwise([*words, ""]):
        if here == option:
            return following
        if here.startswith(f"{option}="):
            return here.partition("=")[2]
    return ""
