"""The texts that a command judges, from files or from a local git repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

from rules.evaluate import LARGEST

_GIT_SECONDS = 30
_READ_MOST = LARGEST + 1  # one byte more than can be judged is enough to say so


class InputError(Exception):
    """A text that cannot be judged: missing, empty, not UTF-8. The message is one line."""


def read_list(path: Path) -> str:
    """Return the text of the file ``path``. Raises InputError when it is missing, empty or not UTF-8."""
    return decode(read_content(path), str(path))


def read_content(path: Path) -> bytes:
    """Return what ``path`` holds, no more than can be judged. Raises InputError as the system does."""
    try:
        with path.open("rb") as file:
            return file.read(_READ_MOST)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error


def decode(content: bytes, name: str) -> str:
    """Return ``content`` as text. Raises InputError when it is empty or not UTF-8."""
    if not content.strip():
        raise InputError(f"{name}: is empty, expected a list in Markdown")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(content) == _READ_MOST and error.start > LARGEST - 4:
            return content[: error.start].decode("utf-8") + " " * 4  # the read ended inside a character
        raise InputError(f"{name}: is not UTF-8 (byte {error.start})") from error


def merge_base_of(ref: str, directory: Path) -> str:
    """Return the commit where HEAD left ``ref``. Raises InputError when git knows no such thing."""
    return _git(directory, "merge-base", "--end-of-options", ref, "HEAD").decode().strip()


def read_at(ref: str, path: Path) -> str:
    """Return the text of ``path`` at ``ref``, empty when it is not there. Raises InputError as git does."""
    content = content_at(ref, path)
    return "" if content is None else decode(content, f"{path} at {ref}")


def content_at(ref: str, path: Path) -> bytes | None:
    """Return the content of ``path`` at ``ref``, None when it is not there. Raises InputError as git does."""
    directory = path.parent
    commit = (
        _git(directory, "rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}").decode().strip()
    )
    listed = _git(directory, "ls-tree", commit, "--", path.name)
    if not listed:
        return None
    blob = listed.split()[2].decode()
    return _git(directory, "cat-file", "blob", blob)


def _git(directory: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            ["git", "-C", str(directory), *arguments],  # noqa: S607 - the user's own git
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputError(f"git: {error}") from error
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise InputError(f"git: {reason[0] if reason else 'failed'}")
    return done.stdout
