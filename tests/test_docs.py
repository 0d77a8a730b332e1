"""The files that are made from the code are current, and every page's links lead somewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests import pages
from tests.pages import PAGES
from tests.paths import DOCS, ROOT
from tests.picture import LARGEST_BYTES

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "tests" / "sandbox" / "README.md"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_generated_file_is_current(path: Path) -> None:
    """A change of the code changes the page in the same commit."""
    assert path.read_text(encoding="utf-8") == PAGES[path](), f"{path.name} is out of date: run `make docs`"


def test_docs_writes_what_differs_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing file is written, a current one is left alone."""
    old, current = tmp_path / "old.md", tmp_path / "current.md"
    current.write_text("same")
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.setattr(pages, "PAGES", {old: lambda: "new", current: lambda: "same"})
    pages.main()
    assert old.read_text() == "new"
    assert capsys.readouterr().out == "wrote old.md\n"


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_to_files_lead_somewhere(page: Path) -> None:
    """A page names no file that was moved or removed."""
    outside_code = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\((?![a-z]+:|#)([^)#\s]+)", outside_code)
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_pictures_are_small() -> None:
    """Every clone carries them."""
    sizes = [path.stat().st_size for path in (DOCS / "images").iterdir()]
    assert sizes
    assert max(sizes) <= LARGEST_BYTES
