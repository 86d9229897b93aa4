"""A wheel holds the whole product; nothing committed knows the machine it was written on."""

import re
import subprocess
import sys
import zipfile

import pytest

from tests.architecture.source import PACKAGES, PROJECT, ROOT, read, tracked

NOT_SHIPPED = {"tests", "benchmarks", "docs"}
# Written in pieces, or this file would be the one that names them.
HOSTS = [
    ".".join(each)
    for each in [
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"),
        ("yarnpkg", "com"), ("deb", "debian", "org"), ("snapshot", "debian", "org"),
        ("archive", "ubuntu", "com"), ("conda", "anaconda", "org"), ("proxy", "golang", "org"),
        ("crates", "io"), ("docker", "io"), ("mirrors", "aliyun", "com"),
        ("tuna", "tsinghua", "edu"),
    ]
]  # fmt: skip
MACHINE = re.compile(r"(?<![\w.~/-])/(?:{})/".format("|".join(["work", "root", "home", "Users"])))
SCRATCH = re.compile(r"(?<![\w.~/-])/(?:var/)?{}/".format("tmp"))


def test_every_package_with_code_is_shipped_typed_and_layered():
    with_code = {name.split("/")[0] for name in tracked() if re.fullmatch(r"\w+/.*\.py", name)}

    assert set(PACKAGES) == with_code - NOT_SHIPPED
    assert PROJECT["tool"]["mypy"]["packages"] == PACKAGES
    assert PROJECT["tool"]["importlinter"]["root_packages"] == PACKAGES


def test_the_wheel_holds_every_file_of_every_package(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.iterdir()

    shipped = set(zipfile.ZipFile(wheel).namelist())

    assert set(tracked(*PACKAGES)) - shipped == set()
    assert "rules/policies/school.toml" in shipped
    assert "models/migrations/script.py.mako" in shipped
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in shipped)
    assert {name.split("/")[0] for name in shipped if ".dist-info/" not in name} == set(PACKAGES)


@pytest.mark.parametrize("host", HOSTS)
def test_no_committed_file_names_a_package_registry(host):
    assert [name for name in tracked() if host.encode() in (ROOT / name).read_bytes()] == []


def test_no_committed_file_names_a_path_of_the_machine_it_was_written_on():
    texts = {name: (ROOT / name).read_bytes().decode(errors="ignore") for name in tracked()}

    assert [name for name, text in texts.items() if MACHINE.search(text)] == []
    assert [
        name
        for name, text in texts.items()
        if SCRATCH.search(text) and not name.startswith("tests/")
    ] == []


@pytest.mark.parametrize(
    ("text", "noticed"),
    [
        ("see /{}/notes", True),
        ('"/{}/notes"', True),
        ("https://example.org/{}/notes", False),
        ("docs/{}/notes", False),
        ("~/{}/notes", False),
    ],
)
def test_a_path_of_a_machine_is_told_from_a_part_of_an_address(text, noticed):
    assert bool(MACHINE.search(text.format("work"))) == noticed
    assert bool(SCRATCH.search(text.format("tmp"))) == noticed


def test_the_licence_is_apache_2():
    licence = read("LICENSE")

    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert "Version 2.0, January 2004" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
