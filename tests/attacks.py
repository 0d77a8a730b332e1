"""The table of attacks in SECURITY.md, made from the tests that are marked ``attack``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.paths import ROOT

PAGE = ROOT / "SECURITY.md"
_START, _END = "<!-- attacks -->\n", "<!-- end of attacks -->\n"


@dataclass(frozen=True, order=True, slots=True)
class Attack:
    """One attack: what somebody does, what the test shows, and which test that is."""

    what: str
    shows: str
    test: str


def attacks() -> list[Attack]:
    """Return every attack that a test is marked with, in the order of their names."""
    return sorted(
        attack for path in sorted((ROOT / "tests").rglob("test_*.py")) for attack in _attacks_of(path)
    )


def _attacks_of(path: Path) -> Iterator[Attack]:
    place = path.relative_to(ROOT).as_posix()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.FunctionDef):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.attack":
                what = ast.literal_eval(mark.args[-1])
                shows = (ast.get_docstring(node) or "").split("\n")[0]
                yield Attack(what, shows, f"[{path.stem}]({place})")


def page() -> str:
    """Return SECURITY.md with the table as the tests have it."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_START)
    _, _, after = rest.partition(_END)
    rows = "\n".join(f"| {one.what} | {one.shows} | {one.test} |" for one in attacks())
    return f"{before}{_START}| attack | what the test shows | test |\n|---|---|---|\n{rows}\n{_END}{after}"
