"""Reads requirements.lock, line by line as pip does."""

import re

from packaging.requirements import Requirement

_HASHES = re.compile(r"( --hash=sha256:[0-9a-f]{64})+")


def locked(text: str) -> dict[str, str]:
    """Return each package that a lock asks for on this machine, with its version.

    Raise ValueError for a line that is anything but one exact version with its hashes.
    """
    found = {}
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        if line.lstrip().startswith("#"):
            continue
        pinned, *hashes = line.partition(" --hash=")
        if not _HASHES.fullmatch("".join(["", *hashes])):
            message = f"no hash: {line}"
            raise ValueError(message)
        required = Requirement(pinned)
        versions = [each.version for each in required.specifier if each.operator == "=="]
        if required.url or len(required.specifier) != 1 or not versions:
            message = f"not one version: {line}"
            raise ValueError(message)
        if required.marker is None or required.marker.evaluate():
            found[required.name] = versions[0]
    return found
