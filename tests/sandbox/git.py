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

from tests.sandbox.diff import FileChange, parse_changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


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
    mode: str


class Git:
    """One bare repository on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._commits: dict[str, Commit] = {}
        self._bases: dict[tuple[str, str], str | None] = {}
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

    def commit_entry(self, ref: str, path: str, mode: str, sha: str, signature: Signature) -> str:
        """Return the SHA of a new commit on `ref` with an object of any mode, such as a link, at `path`."""
        parent = self.run("rev-parse", ref).decode().strip()
        tree = self.write_tree(parent, {path: (mode, sha)})
        made = self.write_commit(tree, (parent,), f"Add {path}", signature, signature)
        self.set_ref(ref, made)
        return made

    def history(self, sha: str) -> tuple[str, ...]:
        """Return a commit and its ancestors, the newest first."""
        return tuple(self.run("rev-list", sha).decode().split())

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
        """Return what is at `path`: a file, a folder, or (with a last slash) what is in the folder."""
        listing = self.run("ls-tree", "-z", "-l", commit, "--", *([path] if path else []), accept=(0, 128))
        return tuple(_parse_entry(item) for item in listing.decode().split("\0") if item)

    def read_blob(self, sha: str) -> bytes:
        """Return a blob's bytes."""
        return self.run("cat-file", "blob", sha)

    def merge_base(self, left: str, right: str) -> str | None:
        """Return the best common ancestor, or None of unrelated histories."""
        key = (left, right)
        if key not in self._bases:
            self._bases[key] = self.run("merge-base", *key, accept=(0, 1)).decode().strip() or None
        return self._bases[key]

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
            self._changes[key] = parse_changes(summary, patch)
        return self._changes[key]

    def merge_tree(self, base: str, head: str) -> str | None:
        """Return the tree that merging `head` into `base` gives, None when they conflict."""
        options = ("--write-tree", "--allow-unrelated-histories")
        answer = self.run("merge-tree", *options, base, head, accept=(0, 1)).decode(errors="replace")
        # On a conflict merge-tree lists the conflicted files after the tree.
        lines = answer.strip().splitlines()
        return lines[0] if len(lines) == 1 else None

    def test_merge(self, base: str, head: str, signature: Signature) -> str | None:
        """Return the commit that merges `head` into `base`, on no branch; None when they conflict."""
        key = (base, head)
        if key not in self._merges:
            tree = self.merge_tree(base, head)
            message = f"Merge {head} into {base}"
            self._merges[key] = tree and self.write_commit(tree, key, message, signature, signature)
        return self._merges[key]

    def tree(self, sha: str, *, recursive: bool) -> tuple[TreeEntry, ...]:
        """Return what is in a tree, with all that is below its folders if `recursive`."""
        options = ("-r", "-t") if recursive else ()
        listing = self.run("ls-tree", "-z", "-l", *options, sha).decode()
        return tuple(_parse_entry(item) for item in listing.split("\0") if item)

    def kind(self, sha: str) -> str | None:
        """Return what an object is: blob, tree or commit; None of one that is not here."""
        return self.run("cat-file", "-t", sha, accept=(0, 128)).decode().strip() or None

    def write_blob(self, content: bytes) -> str:
        """Return the SHA of a new blob."""
        return self.run("hash-object", "-w", "--stdin", stdin=content).decode().strip()

    def write_tree(self, base: str | None, changes: Mapping[str, tuple[str, str] | None]) -> str:
        """Return a new tree: `base` (None: nothing) with each path at its mode and SHA, None removing it."""
        # The index of a bare repository is free for this: writers hold the state's lock.
        self.run("read-tree", *((base,) if base else ("--empty",)))
        gone = ("0", "0" * 40)
        lines = [f"{' '.join(change or gone)}\t{path}\0" for path, change in changes.items()]
        self.run("update-index", "-z", "--index-info", stdin="".join(lines).encode())
        return self.run("write-tree").decode().strip()

    def apply(self, commit: str, patch: bytes) -> str:
        """Return the tree that `git apply` makes of a commit's.

        Raises:
            GitError: it is not a patch, or does not apply.
        """
        self.run("read-tree", commit)
        self.run("apply", "--cached", "-", stdin=patch)
        return self.run("write-tree").decode().strip()

    def write_commit(
        self, tree: str, parents: Sequence[str], message: str, author: Signature, committer: Signature
    ) -> str:
        """Return the SHA of a new commit, on no branch."""
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author {author.line()}", f"committer {committer.line()}", "", message]
        raw = "\n".join(lines).encode()
        return self.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw).decode().strip()


def _environment() -> dict[str, str]:
    """Return an environment in which nobody's own git configuration counts."""
    quiet = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_LITERAL_PATHSPECS": "1",
        "LC_ALL": "C",
    }
    return {"PATH": os.environ.get("PATH", os.defpath), **quiet}


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
    mode, kind, sha, size = head.split()
    return TreeEntry(path, kind, sha, 0 if size == "-" else int(size), mode)
