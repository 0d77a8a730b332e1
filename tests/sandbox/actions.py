"""What people do on GitHub, with the webhooks that it causes.

Every method returns the new value of what it changed. Pull requests are named by the value an earlier method
returned; a stale one will do, for only its repository and number count.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.sandbox import events
from tests.sandbox.git import Git
from tests.sandbox.model import Installation, Repository
from tests.sandbox.pushes import Files, announce_push, commit_files, tip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.sandbox.state import State
    from tests.sandbox.webhooks import Webhooks


class RepositoryActions:
    """Repositories, branches, forks, installations and roles."""

    def __init__(self, state: State, webhooks: Webhooks) -> None:
        self.state = state
        self.webhooks = webhooks

    @contextmanager
    def changing(self) -> Iterator[State]:
        """Hold the state's lock for a change; deliver its events, one after the other, once it is made."""
        with self.state.lock:
            yield self.state
            caused = self.state.take_outbox()
        for event, payload in caused:
            self.webhooks.send(event, payload)

    def create_repository(
        self,
        full_name: str,
        files: Files,
        *,
        private: bool = False,
        description: str | None = None,
        owner_type: str = "User",
        install: bool = True,
        message: str = "Initial commit",
    ) -> Repository:
        """Return a new repository with one commit on `master`; `install` installs the App on it."""
        owner, _, name = full_name.partition("/")
        with self.changing() as state:
            state.account(owner, owner_type)
            now = state.now()
            number = state.next_id("repository", 10_001)
            made = Repository(number, owner, name, "master", now, now, description, private)
            state.repositories[full_name] = made
            state.gits[full_name] = Git.create(state.folder / owner / f"{name}-{number}.git")
            commit_files(state, made, "master", files, message, owner, parents=())
        if install:
            self.install(full_name)
        return made

    def install(self, full_name: str) -> Installation:
        """Return the App's installation on the repository's account, now covering this repository."""
        with self.changing() as state:
            owner = state.repositories[full_name].owner
            known = next((item for item in state.installations.values() if item.account == owner), None)
            if known is None:
                made = Installation(
                    state.next_id("installation", 70_001), owner, frozenset({full_name}), state.now()
                )
                state.installations[made.id] = made
                state.outbox.append(("installation", events.installation(state, made, "created")))
                return made
            widened = replace(known, repositories=(known.repositories or frozenset()) | {full_name})
            state.installations[known.id] = widened
            payload = events.installation_repositories(state, widened, [full_name], [])
            state.outbox.append(("installation_repositories", payload))
            return widened

    def grant(self, full_name: str, permissions: Mapping[str, str]) -> Installation:
        """Return the installation on a repository's account, once its owner accepted these permissions only.

        Raises:
            LookupError: the App is not installed there.
        """
        with self.changing() as state:
            known = state.installation_for(full_name)
            if known is None:
                raise LookupError(f"the App is not installed on {full_name}")
            changed = replace(known, permissions=tuple(sorted(permissions.items())))
            state.installations[known.id] = changed
            payload = events.installation(state, changed, "new_permissions_accepted")
            state.outbox.append(("installation", payload))
            return changed

    def set_permission(self, full_name: str, login: str, role: str) -> None:
        """Give a person a role on a repository: admin, maintain, write, triage, read or none."""
        with self.state.lock:
            self.state.account(login)
            self.state.permissions[(full_name, login.lower())] = role

    def head(self, full_name: str, branch: str | None = None) -> str:
        """Return the SHA a branch (the default one) points at."""
        with self.state.lock:
            name = branch or self.state.repositories[full_name].default_branch
            return tip(self.state, full_name, name)

    def parent(self, full_name: str, sha: str) -> str:
        """Return the first parent of a commit."""
        with self.state.lock:
            return self.state.gits[full_name].read_commit(sha).parents[0]

    def read_file(self, full_name: str, path: str, *, ref: str | None = None) -> str:
        """Return a text file at a branch or commit, the default branch unless named.

        Raises:
            LookupError: there is no such file.
        """
        with self.state.lock:
            git = self.state.gits[full_name]
            entries = git.entries(ref or self.head(full_name), path)
            if not entries:
                raise LookupError(f"{full_name} has no {path}")
            return git.read_blob(entries[0].sha).decode()

    def commit(
        self,
        full_name: str,
        files: Files,
        *,
        branch: str | None = None,
        message: str = "Edit",
        by: str | None = None,
    ) -> str:
        """Return the SHA of a new commit on a branch (the default one); None as content deletes a file.

        A branch that is not there starts from the default branch. Pull requests from the branch move along.
        """
        with self.changing() as state:
            repository = state.repositories[full_name]
            name, author = branch or repository.default_branch, by or repository.owner
            known = state.gits[full_name].resolve(f"refs/heads/{name}")
            start = known or tip(self.state, full_name, repository.default_branch)
            sha = commit_files(state, repository, name, files, message, author, parents=(start,))
            announce_push(state, repository, name, known, sha, author)
            return sha

    def commit_link(self, full_name: str, path: str, target: str, *, branch: str | None = None) -> str:
        """Return the SHA of a new commit on a branch (the default one) with a symlink at `path`."""
        with self.state.lock:
            return self._commit_entry(full_name, branch, path, "120000", target)

    def commit_submodule(self, full_name: str, path: str, *, branch: str | None = None) -> str:
        """Return the SHA of a new commit on a branch (the default one) with a submodule at `path`."""
        with self.state.lock:
            return self._commit_entry(full_name, branch, path, "160000", None)

    def _commit_entry(
        self, full_name: str, branch: str | None, path: str, mode: str, content: str | None
    ) -> str:
        repository, git = self.state.repositories[full_name], self.state.gits[full_name]
        name = branch or repository.default_branch
        sha = tip(self.state, full_name, name) if content is None else git.write_blob(content.encode())
        signature = self.state.signature(repository.owner)
        return git.commit_entry(f"refs/heads/{name}", path, mode, sha, signature)

    def set_branch(self, full_name: str, branch: str, sha: str, *, by: str | None = None) -> None:
        """Point a branch at any commit, as a (forced) push does; pull requests from it move along."""
        with self.changing() as state:
            repository = state.repositories[full_name]
            known = state.gits[full_name].resolve(f"refs/heads/{branch}")
            state.gits[full_name].set_ref(f"refs/heads/{branch}", sha)
            announce_push(state, repository, branch, known, sha, by or repository.owner)

    def fork(self, full_name: str, owner: str) -> Repository:
        """Return a person's fork, the one there is or a new one with the parent's default branch."""
        with self.changing() as state:
            parent = state.repositories[full_name]
            known = state.repositories.get(f"{owner}/{parent.name}")
            if known:
                return known
            state.account(owner)
            now = state.now()
            number = state.next_id("repository", 10_001)
            made = replace(parent, id=number, owner=owner, created_at=now, pushed_at=now, parent=full_name)
            git = Git.create(state.folder / owner / f"{parent.name}.git")
            branch = parent.default_branch
            git.fetch(state.gits[full_name].path, f"refs/heads/{branch}", f"refs/heads/{branch}")
            state.repositories[made.full_name], state.gits[made.full_name] = made, git
            return made
