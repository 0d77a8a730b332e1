"""What owners do with installations and with whole repositories: suspend, uninstall, rename, transfer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.sandbox import events
from tests.sandbox.actions import RepositoryActions
from tests.sandbox.renames import rename

if TYPE_CHECKING:
    from tests.sandbox.model import Installation, Repository
    from tests.sandbox.state import State


class InstallationActions(RepositoryActions):
    """The App's installations, and repositories that get another name or owner."""

    def suspend(self, full_name: str) -> Installation:
        """Return the installation that covers a repository, suspended: its tokens are refused."""
        with self.changing() as state:
            found = replace(_installation(state, full_name), suspended_at=state.now())
            return self._changed_installation(found, "suspend")

    def unsuspend(self, full_name: str) -> Installation:
        """Return the installation that covers a repository, in force again."""
        with self.changing() as state:
            found = replace(_installation(state, full_name), suspended_at=None)
            return self._changed_installation(found, "unsuspend")

    def uninstall(self, full_name: str) -> Installation:
        """Return the installation that covered a repository, now deleted with its tokens."""
        with self.changing() as state:
            found = _installation(state, full_name)
            state.outbox.append(("installation", events.installation(state, found, "deleted")))
            del state.installations[found.id]
            state.tokens = {
                value: token for value, token in state.tokens.items() if token.installation != found.id
            }
            return found

    def remove_from_installation(self, full_name: str) -> Installation:
        """Return the installation that covered a repository, now without it."""
        with self.changing() as state:
            found = _installation(state, full_name)
            names = frozenset(item.full_name for item in state.covered(found)) - {full_name}
            narrowed = replace(found, repositories=names)
            state.installations[found.id] = narrowed
            payload = events.installation_repositories(state, narrowed, [], [full_name])
            state.outbox.append(("installation_repositories", payload))
            return narrowed

    def rename_repository(self, full_name: str, name: str) -> Repository:
        """Return the repository under another name of the same owner; requests to the old one redirect."""
        owner = full_name.partition("/")[0]
        with self.changing() as state:
            moved = rename(state, full_name, f"{owner}/{name}")
            if state.installation_for(moved.full_name):
                payload = events.repository_renamed(state, moved, full_name.partition("/")[2])
                state.outbox.append(("repository", payload))
            return moved

    def transfer_repository(self, full_name: str, owner: str, *, install: bool = True) -> Repository:
        """Return the repository under another owner; `install` adds it to that owner's installation.

        The former owner becomes a collaborator:
        https://docs.github.com/en/repositories/creating-and-managing-repositories/transferring-a-repository
        """
        with self.changing() as state:
            former, _, name = full_name.partition("/")
            moved = rename(state, full_name, f"{owner}/{name}")
            state.permissions[moved.full_name, former.lower()] = "write"
        if install:
            self.install(moved.full_name)
        return moved

    def _changed_installation(self, changed: Installation, action: str) -> Installation:
        self.state.installations[changed.id] = changed
        self.state.outbox.append(("installation", events.installation(self.state, changed, action)))
        return changed


def _installation(state: State, full_name: str) -> Installation:
    found = state.installation_for(full_name)
    if found is None:
        raise LookupError(f"the App is not installed on {full_name}")
    return found
