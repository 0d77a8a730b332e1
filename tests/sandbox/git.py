"""Bare git repositories, driven through the git command line.

Everything the stand-in says about files, commits and merge bases is read from real git objects, so that
branches behind their base, renames and conflicts behave as they do on GitHub.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

# GitHub, "Limits for viewing content and diffs": a larger single file comes without its patch.
MAX_PATCH_BYTES = 500_000
MAX_PATCH_LINES = 20_000


class GitError(RuntimeError):
    """A git command failed; the message is what git wrote to stderr."""


@dataclass(frozen=True)
class Signature:
    """Who made a commit, and when."""

    name: str
    email: str
    when: datetime

    def line(self) -> str:
        """Return the signature as a git object spells it: name, address, Unix seconds, zone."""
        return f"{self.name} <{self.email}> {int(self.when.timestamp())} +0000"


@dataclass(frozen=True)
class Commit:
    """A commit object."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


@dataclass(frozen=True)
class TreeEntry:
    """A file or folder in a tree; `size` is in bytes, 0 for a folder."""

    path: str
    kind: str
    sha: str
    size: int


@dataclass(frozen=True)
class FileChange:
    """One file of a diff; `patch` is None for a binary or very large file."""

    path: str
    previous: str | None
    status: str
    sha: str
    additions: int
    deletions: int
    patch: str | None


STATUSES = {"A": "added", "D": "removed", "M": "modified", "T": "changed", "R": "renamed", "C": "copied"}


class Git:
    """One bare repository on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._commits: dict[str, Commit] = {}
        self._merges: dict[tuple[str, str], str | None] = {}
        self._changes: dict[tuple[str, str], tuple[FileChange, ...]] = {}

    @classmethod
    def create(cls, path: Path) -> Git:
        """Return a new empty bare repository at `path`."""
        path.mkdir(parents=True)
        git = cls(path)
        git.run("init", "--quiet", "--bare", "--initial-branch=master", ".")
        return git

    def run(self, *arguments: str, stdin: bytes = b"", accept: Sequence[int] = (0,)) -> bytes:
        """Return what a git command writes to stdout.

        Raises:
            GitError: the exit status is not one of `accept`.
        """
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            input=stdin,
            capture_output=True,
            check=False,
            env=_environment(),
        )
        if done.returncode not in accept:
            raise GitError(f"git {arguments[0]}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout

    def resolve(self, revision: str) -> str | None:
        """Return the SHA of the commit a branch, tag, ref or SHA names, or None."""
        spelling = f"{revision}^{{commit}}"
        found = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", spelling, accept=(0, 1, 128))
        # With --end-of-options git 2.39 repeats the option before the answer.
        lines = found.decode().split()
        return lines[-1] if lines and len(lines[-1]) == 40 else None

    def commit(
        self,
        ref: str,
        files: Mapping[str, bytes | None],
        *,
        parents: Sequence[str],
        message: str,
        signature: Signature,
    ) -> str:
        """Return the SHA of a new commit on `ref`: the first parent's tree with `files` (None deletes)."""
        stream = [
            f"commit {ref}\nauthor {signature.line()}\ncommitter {signature.line()}\n".encode(),
            _data(message),
        ]
        if parents:
            stream.append(f"from {parents[0]}\n".encode())
            stream.extend(f"merge {parent}\n".encode() for parent in parents[1:])
        for path, content in sorted(files.items()):
            if content is None:
                stream.append(f"D {_quoted(path)}\n".encode())
            else:
                stream += [f"M 100644 inline {_quoted(path)}\n".encode(), _data(content)]
        self.run("fast-import", "--quiet", "--force", "--date-format=raw", stdin=b"".join(stream))
        return self.run("rev-parse", ref).decode().strip()

    def set_ref(self, ref: str, sha: str) -> None:
        """Point `ref` at a commit."""
        self.run("update-ref", ref, sha)

    def delete_ref(self, ref: str) -> None:
        """Remove `ref`."""
        self.run("update-ref", "-d", ref)

    def fetch(self, source: Path, sha: str, ref: str) -> None:
        """Bring a commit of another repository here, under `ref`."""
        self.run(
            "-c", "protocol.file.allow=always", "fetch", "--quiet", "--no-tags", str(source), f"+{sha}:{ref}"
        )

    def read_commit(self, sha: str) -> Commit:
        """Return a commit by its full SHA."""
        if sha not in self._commits:
            self._commits[sha] = _parse_commit(sha, self.run("cat-file", "commit", sha).decode())
        return self._commits[sha]

    def entries(self, commit: str, path: str) -> tuple[TreeEntry, ...]:
        """Return what stands at `path`: a file, a folder, or (with a last slash) what is in the folder."""
        listing = self.run("ls-tree", "-z", "-l", commit, "--", *([path] if path else []), accept=(0, 128))
        return tuple(_parse_entry(item) for item in listing.decode().split("\0") if item)

    def has_blob(self, sha: str) -> bool:
        """Say whether a blob of this SHA is here."""
        return self.run("cat-file", "-t", sha, accept=(0, 128)).strip() == b"blob"

    def read_blob(self, sha: str) -> bytes:
        """Return a blob's bytes."""
        return self.run("cat-file", "blob", sha)

    def merge_base(self, left: str, right: str) -> str | None:
        """Return the best common ancestor, or None of unrelated histories."""
        return self.run("merge-base", left, right, accept=(0, 1)).decode().strip() or None

    def commits_between(self, base: str, head: str) -> tuple[str, ...]:
        """Return the commits reachable from `head` and not from `base`, oldest first."""
        return tuple(self.run("rev-list", "--reverse", "--topo-order", head, f"^{base}").decode().split())

    def changes(self, base: str, head: str) -> tuple[FileChange, ...]:
        """Return the files that differ between two commits or trees, in git's order, renames found."""
        key = (base, head)
        if key not in self._changes:
            options = ("-r", "-M", "--full-index", "-z", "--raw", "--numstat")
            summary = self.run("diff-tree", *options, base, head).decode()
            patch = self.run("diff-tree", "-r", "-M", "-p", "--full-index", base, head).decode(
                errors="replace"
            )
            self._changes[key] = _parse_changes(summary, patch)
        return self._changes[key]

    def test_merge(self, base: str, head: str, signature: Signature) -> str | None:
        """Return the commit that merges `head` into `base`, on no branch; None when they conflict."""
        key = (base, head)
        if key not in self._merges:
            answer = self.run(
                "merge-tree", "--write-tree", "--allow-unrelated-histories", base, head, accept=(0, 1)
            )
            self._merges[key] = (
                self._commit_merge(answer.decode().split()[0], key, signature) if _clean(answer) else None
            )
        return self._merges[key]

    def _commit_merge(self, tree: str, parents: tuple[str, str], signature: Signature) -> str:
        message = _data(f"Merge {parents[1]} into {parents[0]}")
        ref = f"refs/sandbox/merge/{parents[0]}-{parents[1]}"
        head = f"commit {ref}\nauthor {signature.line()}\ncommitter {signature.line()}\n".encode()
        tail = f"from {parents[0]}\nmerge {parents[1]}\nM 040000 {tree} \n".encode()
        self.run("fast-import", "--quiet", "--force", "--date-format=raw", stdin=head + message + tail)
        return self.run("rev-parse", ref).decode().strip()


def _environment() -> dict[str, str]:
    """Return an environment in which nobody's own git configuration counts."""
    quiet = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_LITERAL_PATHSPECS": "1",
        "LC_ALL": "C",
    }
    return {"PATH": os.environ.get("PATH", os.defpath), **quiet}


def _clean(answer: bytes) -> bool:
    # On a conflict merge-tree lists the conflicted files after the tree.
    return len(answer.decode(errors="replace").strip().splitlines()) == 1


def _data(content: str | bytes) -> bytes:
    raw = content.encode() if isinstance(content, str) else content
    return f"data {len(raw)}\n".encode() + raw + b"\n"


def _quoted(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _parse_commit(sha: str, text: str) -> Commit:
    header, _, message = text.partition("\n\n")
    fields = [line.partition(" ")[::2] for line in header.split("\n")]
    single = dict(fields)
    parents = tuple(value for name, value in fields if name == "parent")
    author, committer = _parse_signature(single["author"]), _parse_signature(single["committer"])
    return Commit(sha, single["tree"], parents, author, committer, message.rstrip("\n"))


def _parse_signature(line: str) -> Signature:
    name, _, rest = line.partition(" <")
    email, _, stamp = rest.partition("> ")
    return Signature(name, email, datetime.fromtimestamp(int(stamp.split()[0]), UTC))


def _parse_entry(line: str) -> TreeEntry:
    head, _, path = line.partition("\t")
    _, kind, sha, size = head.split()
    return TreeEntry(path, kind, sha, 0 if size == "-" else int(size))


def _parse_changes(summary: str, patch: str) -> tuple[FileChange, ...]:
    fields = iter(summary.split("\0"))
    raw: list[tuple[str, str, str | None, str]] = []
    counts: dict[str, tuple[int, int]] = {}
    for field in fields:
        if field.startswith(":"):
            _, _, _, sha, status = field.split()
            first = next(fields)
            renamed = status[0] in "RC"
            path, previous = (next(fields), first) if renamed else (first, None)
            raw.append((status[0], path, previous, sha))
        elif field:
            added, removed, path = field.split("\t")
            if not path:
                next(fields)
                path = next(fields)
            counts[path] = (0, 0) if added == "-" else (int(added), int(removed))
    patches = _parse_patches(patch)
    return tuple(
        FileChange(path, previous, STATUSES[status], sha, *counts.get(path, (0, 0)), patches[index])
        for index, (status, path, previous, sha) in enumerate(raw)
    )


def _parse_patches(text: str) -> list[str | None]:
    """Return each file's hunks in order; in a patch only a file's header can start with `diff --git`."""
    patches: list[str | None] = []
    for part in ("\n" + text).split("\ndiff --git ")[1:]:
        _, mark, hunks = part.partition("\n@@ ")
        body = f"@@ {hunks.rstrip(chr(10))}"
        small = len(body.encode()) <= MAX_PATCH_BYTES and body.count("\n") <= MAX_PATCH_LINES
        patches.append(body if mark and small else None)
    return patches
