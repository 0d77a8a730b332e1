"""The files that are made from the code are current."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import pages
from tests.pages import PAGES

if TYPE_CHECKING:
    from pathlib import Path


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
