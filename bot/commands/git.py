"""Read commits and files of a local git repository. Nothing in it is ever run or checked out."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bot.commands.inputs import READ_LIMIT, InputError

_SECONDS = 30  # a local command takes milliseconds; this stops one that waits for a lock or a terminal
_GITHUB = re.compile(
    r"(?:https://(?:[^/@]+@)?github\.com/|ssh://git@github\.com/|git@github\.com:)"
    r"(?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?",
    re.ASCII,
)
_REGULAR_FILES = (b"100644", b"100755")


@dataclass(frozen=True, slots=True)
class Repository:
    """A local repository, by any directory in it; a bare repository will do."""

    directory: Path

    def root(self) -> Path:
        """Return the top directory of the work tree. Raises `InputError` where there is none."""
        return Path(os.fsdecode(self.run("rev-parse", "--show-toplevel").removesuffix(b"\n")))

    def name_of(self, file: Path) -> str:
        """Return the path of ``file`` within the repository.

        Raises `InputError` when it is outside, or a link that leads outside.
        """
        root = self.root().resolve()
        named = file.parent.resolve() / file.name
        if not named.is_relative_to(root) or not named.resolve().is_relative_to(root):
            raise InputError(f"{file} is outside the repository {root}")
        return named.relative_to(root).as_posix()

    def commit(self, ref: str) -> str:
        """Return the SHA of the commit that ``ref`` names. Raises `InputError` when there is none."""
        return self._line("rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}")

    def merge_base(self, one: str, other: str) -> str:
        """Return the SHA of the merge base. Raises `InputError` when the commits have none."""
        try:
            return self._line("merge-base", "--end-of-options", one, other)
        except InputError as error:
            raise InputError(f"{error} ({one} and {other} may have no commit in common)") from error

    def has(self, commit: str) -> bool:
        """Say whether the clone has a commit."""
        try:
            self.run("cat-file", "-e", f"{commit}^{{commit}}")
        except InputError:
            return False
        return True

    def is_shallow(self) -> bool:
        """Say whether the history of the clone is cut off. Raises `InputError` when git fails."""
        return self._line("rev-parse", "--is-shallow-repository") == "true"

    def merged_into(self, merge: str, head: str) -> str | None:
        """Return the first parent of ``merge`` when it merges ``head``, else None."""
        if not merge or not self.has(merge):
            return None
        parents = self._line("rev-list", "--no-walk", "--parents", "--end-of-options", merge).split()[1:]
        return parents[0] if parents[1:] == [head] else None

    def changed_paths(self, before: str, after: str) -> tuple[str, ...]:
        """Return the paths of the files that differ between two commits. Raises `InputError`."""
        output = self.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", before, after)
        return tuple(output.decode(errors="surrogateescape").split("\0")[:-1])

    def renamed_from(self, before: str, after: str, path: str) -> str | None:
        """Return the path that ``path`` had before it was renamed between two commits, None if it was not.

        Raises `InputError` when git fails.
        """
        output = self.run(
            "diff-tree", "-r", "-z", "--name-status", "--find-renames", "--diff-filter=R", before, after
        )
        fields = iter(output.decode(errors="surrogateescape").split("\0"))
        renames = {new: old for _, old, new in zip(fields, fields, fields, strict=False)}
        return renames.get(path)

    def github_page(self) -> str | None:
        """Return the page of the remote ``origin`` on GitHub, None when it is elsewhere."""
        try:
            match = _GITHUB.fullmatch(self._line("config", "--get", "remote.origin.url"))
        except InputError:
            return None
        return f"https://github.com/{match['name']}" if match else None

    def content(self, commit: str, path: str) -> bytes | None:
        """Return at most ``READ_LIMIT`` bytes of a file, None when the commit has none at ``path``.

        ``path`` is relative to the top of the repository. Raises `InputError` when git fails, and for a
        symbolic link, a directory or a submodule: no link is ever followed.
        """
        listed = self.run("--literal-pathspecs", "ls-tree", "-z", "--full-tree", commit, "--", path)
        if not listed:
            return None
        mode, _, blob = listed.split(b"\t")[0].split()
        if mode not in _REGULAR_FILES:
            raise InputError(f"{path} at {commit} is a link or a directory; a regular file is needed")
        return self._blob(blob.decode())

    def run(self, *arguments: str, seconds: float = _SECONDS) -> bytes:
        """Return the output of ``git ARGUMENTS``. Raises `InputError` with git's first line of error."""
        try:
            done = subprocess.run(  # noqa: S603 - a list of arguments, no shell
                self.command(*arguments),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                check=False,
                env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},  # a fetch that lacks a password fails at once
            )
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise InputError(f"git: {error}") from error
        if done.returncode:
            reason = done.stderr.decode(errors="replace").strip().splitlines()
            raise InputError(f"git: {reason[0] if reason else 'failed'}")
        return done.stdout

    def _line(self, *arguments: str) -> str:
        return self.run(*arguments).decode().strip()

    def _blob(self, blob: str) -> bytes:
        """Return the first ``READ_LIMIT`` bytes; the rest of a large blob is never read."""
        with subprocess.Popen(  # noqa: S603
            self.command("cat-file", "blob", blob), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            content = process.stdout.read(READ_LIMIT)
            complete = len(content) < READ_LIMIT
            if not complete:
                process.kill()
        if complete and process.returncode:
            raise InputError(f"git: cannot read the object {blob}")
        return content

    def command(self, *arguments: str) -> list[str]:
        """Return the command line of ``git ARGUMENTS``."""
        return ["git", "-C", str(self.directory), *arguments]
