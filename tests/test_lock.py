"""The lock files name everything that is needed, so that nothing is resolved when they are installed."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

RUNTIME, DEV = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
OWN = {"bot", "rules", "tests"}


@dataclass
class Pinned:
    """One package of a lock file."""

    requirement: Requirement
    hashes: set[str] = field(default_factory=set)


def read_lock(path: Path) -> dict[str, Pinned]:
    """Return the packages by their canonical name."""
    found: dict[str, Pinned] = {}
    lines = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    for line in lines:
        if not line.startswith("#"):
            requirement, *hashes = re.split(r"\s+--hash=", line.strip())
            pinned = Pinned(Requirement(requirement), set(hashes))
            found[canonicalize_name(pinned.requirement.name)] = pinned
    return found


def imported(folder: str) -> set[str]:
    """Return the names of the foreign packages that the modules below a folder import."""
    roots = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                roots |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                roots.add(str(node.module).partition(".")[0])
    return roots - sys.stdlib_module_names - OWN - {"_typeshed"}


def declared(*, dev: bool) -> set[str]:
    """Return the canonical names of the direct dependencies."""
    lines = PROJECT["dependencies"] + (PROJECT["optional-dependencies"]["dev"] if dev else [])
    return {canonicalize_name(Requirement(line).name) for line in lines}


def missing(lock: Mapping[str, Pinned], wanted: list[str], python: str) -> Iterator[str]:
    """Yield what a lock lacks for these requirements, extras included, on Linux with this Python."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    seen: dict[str, set[str]] = defaultdict(set)
    waiting = [(Requirement(line), "") for line in wanted]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate(environment | {"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        pinned = lock.get(name)
        if pinned is None or (
            pinned.requirement.marker and not pinned.requirement.marker.evaluate(environment)
        ):
            yield f"{requirement} is not there"
            continue
        (version,) = pinned.requirement.specifier
        if not requirement.specifier.contains(version.version, prereleases=True):
            yield f"{requirement} is not met by {version.version}"
        for more in {"", *requirement.extras} - seen[name]:
            seen[name].add(more)
            try:
                waiting += [(Requirement(line), more) for line in requires(name) or ()]
            except PackageNotFoundError:
                yield f"{name} is not installed: run `make setup`"


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("path", [RUNTIME, DEV], ids=lambda path: path.name)
def test_a_lock_holds_every_requirement_of_every_package(path: Path, python: str) -> None:
    """A requirement of an extra counts as well: pip's own check does not see those."""
    wanted = list(PROJECT["dependencies"])
    if path == DEV:
        wanted += PROJECT["optional-dependencies"]["dev"]
    assert list(missing(read_lock(path), wanted, python)) == []


def test_an_incomplete_lock_is_noticed() -> None:
    """The check above sees a missing package of an extra, and a version that is too low."""
    lock = read_lock(RUNTIME)
    del lock["psycopg-pool"]
    lock["click"] = Pinned(Requirement("click==8.1.0"))
    found = list(missing(lock, PROJECT["dependencies"], "3.12"))
    assert any("psycopg-pool" in line and "not there" in line for line in found)
    assert any("click" in line and "not met by 8.1.0" in line for line in found)


@pytest.mark.parametrize("path", [RUNTIME, DEV], ids=lambda path: path.name)
def test_every_package_is_pinned_with_hashes_and_no_index_is_named(path: Path) -> None:
    """The files hold pins, hashes and comments; where the packages come from is up to the machine."""
    for pinned in read_lock(path).values():
        assert [one.operator for one in pinned.requirement.specifier] == ["=="]
        assert pinned.hashes
        assert all(one.startswith("sha256:") for one in pinned.hashes)
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^--?[a-z]", text, re.MULTILINE)


def test_the_runtime_lock_is_a_part_of_the_lock_for_development() -> None:
    """The tests run with the versions that a server gets."""
    runtime, dev = read_lock(RUNTIME), read_lock(DEV)
    assert runtime.keys() <= dev.keys()
    for name, pinned in runtime.items():  # a marker may be wider where another package asks for it too
        assert (pinned.requirement.specifier, pinned.hashes) == (
            dev[name].requirement.specifier,
            dev[name].hashes,
        )


def test_every_import_is_declared() -> None:
    """A package that another one happens to need may be gone with its next release."""
    distributions = packages_distributions()

    def names(roots: set[str]) -> set[str]:
        return {canonicalize_name(distributions[root][0]) for root in roots}

    assert names(imported("bot") | imported("rules")) - declared(dev=False) == set()
    assert names(imported("tests")) - declared(dev=True) == set()
