"""Reading a local repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.git import Repository
from bot.commands.history import contents, merged_changes
from bot.commands.inputs import READ_LIMIT, InputError
from tests.bot.commands.hosted import git


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a repository with a small file, a large one, an odd name, a link and a folder."""
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "small.md").write_text("text\n")
    (tmp_path / "large.md").write_bytes(b"x" * (3 * READ_LIMIT))
    (tmp_path / ":(glob)*.md").write_text("odd\n")
    (tmp_path / "link.md").symlink_to("small.md")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a b.md").write_text("spaced\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Files")
    return tmp_path


def test_a_file_of_a_commit_is_read(folder: Path) -> None:
    """By its literal path from the top, wherever the command runs; a missing one is None."""
    for repository in (Repository(folder), Repository(folder / "docs")):
        assert repository.content("HEAD", "small.md") == b"text\n"
        assert repository.content("HEAD", "docs/a b.md") == b"spaced\n"
        assert repository.content("HEAD", ":(glob)*.md") == b"odd\n"
        assert repository.content("HEAD", "*.md") is None


def test_of_a_large_file_only_the_start_is_read(folder: Path) -> None:
    """Whether files are read one by one or through one process, and the next answer is not mixed up."""
    repository = Repository(folder)
    assert repository.content("HEAD", "large.md") == b"x" * READ_LIMIT
    with contents(repository) as files:
        assert files.of("HEAD", "large.md") == b"x" * READ_LIMIT
        assert files.of("HEAD", "none.md") is None
        assert files.of("HEAD", "docs") is None
        assert files.of("HEAD", "small.md") == b"text\n"


@pytest.mark.parametrize("path", ["link.md", "docs"])
def test_what_is_no_regular_file_is_refused(folder: Path, path: str) -> None:
    """A link is never followed."""
    with pytest.raises(InputError, match="is a link or a directory"):
        Repository(folder).content("HEAD", path)


def test_a_ref_is_never_an_option(folder: Path) -> None:
    """What git does not know is an error."""
    for ref in ("--help", "--output=x", "none"):
        with pytest.raises(InputError, match="git: "):
            Repository(folder).commit(ref)
    assert not (folder / "x").exists()


def test_a_file_outside_has_no_name_in_the_repository(folder: Path) -> None:
    """A path with .. is resolved first."""
    repository = Repository(folder)
    assert repository.name_of(folder / "docs" / ".." / "small.md") == "small.md"
    with pytest.raises(InputError, match="is outside the repository"):
        repository.name_of(folder.parent / "small.md")


def test_only_a_merge_of_the_head_has_a_base(folder: Path) -> None:
    """Its first parent. Other commits, and those that the clone lacks, have none."""
    first = git(folder, "rev-parse", "HEAD")
    git(folder, "checkout", "-qb", "branch")
    (folder / "small.md").write_text("changed\n")
    git(folder, "commit", "-qam", "Change")
    head = git(folder, "rev-parse", "HEAD")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "-m", "Merge", "branch")
    merge = git(folder, "rev-parse", "HEAD")
    repository = Repository(folder)
    assert repository.merged_into(merge, head) == first
    assert repository.merged_into(merge, first) is None
    assert repository.merged_into(head, first) is None
    assert repository.merged_into("0" * 40, head) is None
    assert repository.merged_into("", head) is None


def test_titles_that_are_not_utf_8_are_read(folder: Path) -> None:
    """With a replacement character."""
    (folder / "small.md").write_text("changed\n")
    (folder / ".git" / "message").write_bytes(b"Gr\xfc\xdfe\n")
    git(folder, "-c", "i18n.commitEncoding=utf-8", "commit", "-qa", "-F", ".git/message")
    (change,) = merged_changes(Repository(folder), ["small.md"], None)
    assert change.title.startswith("Gr")
