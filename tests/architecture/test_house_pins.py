"""What is installed is what the lock says, and the lock is what pyproject.toml asks for."""

from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.locking import locked
from tests.architecture.source import PROJECT, read

LOCK = locked(read("requirements.lock"))
ASKED = [
    *PROJECT["build-system"]["requires"],
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["dev"],
]
HASH = " --hash=sha256:" + 64 * "0"


@pytest.mark.parametrize("asked", ASKED)
def test_the_lock_satisfies_what_is_asked_for(asked):
    required = Requirement(asked)

    assert LOCK[canonicalize_name(required.name)] in required.specifier


@pytest.mark.parametrize(("name", "pinned"), LOCK.items())
def test_what_is_installed_is_what_the_lock_says(name, pinned):
    assert version(name) == pinned


@pytest.mark.parametrize(
    ("name", "refused", "why"),
    [
        ("sqlalchemy", "2.1.0", "Prefect's scheduler fails every loop: no scheduled run is made"),
        ("fastapi", "0.151.0", "`prefect deploy` ends in a 422"),
        ("fastapi", "0.155.0", "Prefect's server fails to import"),
    ],
)
def test_a_version_that_breaks_prefect_silently_is_refused(name, refused, why):
    asked = next(each for each in map(Requirement, ASKED) if each.name == name)

    assert refused not in asked.specifier, why
    assert version(name) in asked.specifier, why


def test_a_lock_is_read_over_continued_lines_and_comments():
    lock = f"a==1.0 \\\n   {HASH} \\\n   {HASH}\n    # via b\nb[c]==2.0{HASH}\n"

    assert locked(lock) == {"a": "1.0", "b": "2.0"}


def test_what_a_lock_holds_for_other_machines_is_left_out():
    lock = f"a==1.0 ; os_name == 'none'{HASH}\nb==2.0 ; python_version >= '3.11'{HASH}\n"

    assert locked(lock) == {"b": "2.0"}


@pytest.mark.parametrize(
    "planted",
    [
        "a==1.0",
        "a==1.0 --hash=md5:00",
        f"a>=1.0{HASH}",
        f"a==1.0,<2{HASH}",
        f"a @ https://example.org/a.whl{HASH}",
        "--index-url https://example.org/simple",
        "--find-links wheels",
        "-e .",
    ],
)
def test_a_line_that_pins_nothing_or_names_an_index_is_refused(planted):
    with pytest.raises(ValueError, match=r"no hash|not one version|Invalid|Expected"):
        locked(planted)
