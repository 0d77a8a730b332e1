"""Patches are taken by the real git, and give exactly what the edits give."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.editing.edits import Edit, edited, lines_of
from rules.editing.patch import binary_patch, unified_patch
from tests.paths import DATA

REAL = (DATA / "list" / "README.md").read_bytes().decode()
FORMS = {"unified": unified_patch, "binary": binary_patch}


def applied(folder: Path, path: str, text: str, patch: str) -> str:
    """Return the file's content after the real git has applied the patch; fail when git does not take it."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text.encode())
    done = subprocess.run(
        ["git", "apply", "--verbose", "-"], cwd=folder, input=patch.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return target.read_bytes().decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A git repository with nothing in it."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


@st.composite
def _edits(draw: st.DrawFn, count: int) -> list[Edit]:
    """Edits of a text of ``count`` lines that do not overlap and change something."""
    words = st.text("ab *", min_size=1, max_size=5)
    found: list[Edit] = []
    line = 1
    for _ in range(draw(st.integers(1, 6))):
        line += draw(st.integers(0, max(1, count // 4)))
        if line > count:
            break
        end = min(count, line + draw(st.integers(-1, 2)))
        text = draw(st.none() | words) if end >= line else draw(words)
        found.append(Edit(line, end, None if text is None else f"new {text}\nand {text}"))
        line = end + 2
    return found or [Edit(count + 1, count, "at the end")]


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_git_takes_any_edits_of_the_real_list(folder: Path, form: str, data: st.DataObject) -> None:
    """Edits anywhere in the real list come out of git as the core makes them, whatever the line ends."""
    text = data.draw(st.sampled_from([REAL, REAL.replace("\n", "\r\n"), "\ufeff" + REAL, REAL.rstrip("\n")]))
    edits = data.draw(_edits(len(lines_of(text))))
    wanted = edited(text, edits)
    assert applied(folder, "README.md", text, FORMS[form]("README.md", text, edits)) == wanted


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_git_takes_any_edits_of_a_short_text(folder: Path, form: str, data: st.DataObject) -> None:
    """In a text of few lines the context runs against both ends."""
    text = data.draw(st.lists(st.sampled_from(["a", "b", "", "c\r"]), min_size=1, max_size=9).map("\n".join))
    text = text.rstrip("\n") + data.draw(st.sampled_from(["end", "\n"]))
    edits = data.draw(_edits(len(lines_of(text))))
    wanted = edited(text, edits)
    if wanted:  # an empty file would be a deletion
        assert applied(folder, "README.md", text, FORMS[form]("README.md", text, edits)) == wanted


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "path",
    ["docs/README.md", "my list.md", 'with "quotes".md', "tab\there.md", "папки/список.md", "back\\slash.md"],
)
def test_git_takes_any_path(folder: Path, form: str, path: str) -> None:
    """A path is quoted as git quotes it."""
    patch = FORMS[form](path, "one\ntwo\n", [Edit(2, 2, "three")])
    assert applied(folder, path, "one\ntwo\n", patch) == "one\nthree\n"


def test_a_binary_patch_is_taken_only_on_what_it_was_made_from(folder: Path) -> None:
    """A file that has changed since is left alone."""
    (folder / "README.md").write_text("one\nother\n")
    patch = binary_patch("README.md", "one\ntwo\n", [Edit(2, 2, "three")])
    done = subprocess.run(
        ["git", "apply", "-"], cwd=folder, input=patch.encode(), capture_output=True, check=False
    )
    assert done.returncode != 0
    assert (folder / "README.md").read_text() == "one\nother\n"
