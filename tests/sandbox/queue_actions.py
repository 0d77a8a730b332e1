"""The merge queue: pull requests tested together with the base and with all that is before them.

As "Managing a merge queue" and the `merge_group` event tell it: each entry is a merge commit on a branch of
its own, stacked on the entry before; an entry that leaves the queue unmerged invalidates those behind it, and
they are rebuilt.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.sandbox import events
from tests.sandbox.model import MergeGroup
from tests.sandbox.pushes import announce_push, tip
from tests.sandbox.review_actions import ReviewActions

if TYPE_CHECKING:
    from tests.sandbox.model import Pull

QUEUE_BOT = "github-merge-queue[bot]"
REQUIRED_CHECK = "papergate"


class QueueActions(ReviewActions):
    """What people and the merge queue do with entries."""

    def enqueue(self, pull: Pull, *, by: str | None = None) -> MergeGroup:
        """Return the new last entry of the queue of the pull request's base branch.

        Raises:
            ValueError: it conflicts with what is before it.
        """
        with self.changing() as state:
            now = state.pulls[pull.key]
            group = self._build(now)
            self._changed(now, "enqueued", by or pull.repository.partition("/")[0])
            self._announce(group)
            return group

    def merge_groups(self, full_name: str, base: str | None = None) -> list[MergeGroup]:
        """Return the entries that wait for a branch (the default one), the next to merge first."""
        with self.state.lock:
            return self._waiting(full_name, base or self.state.repositories[full_name].default_branch)

    def destroy_group(self, group: MergeGroup, reason: str = "dequeued") -> list[MergeGroup]:
        """Return the entries rebuilt for those behind this one, which leaves the queue.

        `reason` is `dequeued` (somebody took it out) or `invalidated` (its check failed, its base moved).
        """
        with self.changing() as state:
            waiting = self._waiting(group.repository, group.base_ref)
            behind = waiting[waiting.index(group) + 1 :]
            why = "MANUAL" if reason == "dequeued" else "CI_FAILURE"
            self._changed(state.pulls[(group.repository, group.number)], "dequeued", QUEUE_BOT, reason=why)
            self._end(group, reason)
            for item in behind:
                self._end(item, "invalidated")
            rebuilt = [self._build(state.pulls[(item.repository, item.number)]) for item in behind]
            for item in rebuilt:
                self._announce(item)
            return rebuilt

    def merge_group(self, group: MergeGroup) -> Pull:
        """Return the pull request of the queue's first entry, merged: the base moves to the entry's commit.

        Raises:
            ValueError: it is not the first, its base moved on, or its required check has not succeeded.
        """
        with self.changing() as state:
            if self._waiting(group.repository, group.base_ref)[0] != group:
                raise ValueError(f"{group.head_ref} is not the first of the queue")
            if tip(state, group.repository, group.base_ref) != group.base_sha:
                raise ValueError(f"{group.base_ref} moved on under {group.head_ref}")
            runs = [
                run
                for run in state.check_runs.values()
                if (run.repository, run.head_sha, run.name)
                == (group.repository, group.head_sha, REQUIRED_CHECK)
            ]
            if not runs or runs[-1].conclusion != "success":
                found = runs[-1].conclusion if runs else "missing"
                raise ValueError(f"the check {REQUIRED_CHECK} on {group.head_ref} is {found}")
            pull = state.pulls[(group.repository, group.number)]
            done = self._merged(pull, group.base_sha, group.head_sha, QUEUE_BOT)
            self._end(group, "merged")
            return done

    def _waiting(self, full_name: str, base: str) -> list[MergeGroup]:
        groups = self.state.merge_groups.values()
        return [
            item
            for item in groups
            if (item.repository, item.base_ref, item.state) == (full_name, base, "waiting")
        ]

    def _build(self, pull: Pull) -> MergeGroup:
        state, git = self.state, self.state.gits[pull.repository]
        waiting = self._waiting(pull.repository, pull.base_ref)
        base = waiting[-1].head_sha if waiting else tip(state, pull.repository, pull.base_ref)
        tree = git.merge_tree(base, pull.head_sha)
        if tree is None:
            raise ValueError(f"pull request {pull.number} conflicts with what is before it in the queue")
        owner = pull.head_repository.partition("/")[0]
        message = f"Merge pull request #{pull.number} from {owner}/{pull.head_ref}\n\n{pull.title}"
        signature = state.signature(QUEUE_BOT)
        head = git.write_commit(tree, (base, pull.head_sha), message, signature, signature)
        ref = f"refs/heads/gh-readonly-queue/{pull.base_ref}/pr-{pull.number}-{base}"
        git.set_ref(ref, head)
        number = state.next_id("merge group")
        made = MergeGroup(number, pull.repository, pull.number, pull.base_ref, base, ref, head)
        state.merge_groups[made.id] = made
        return made

    def _announce(self, group: MergeGroup) -> None:
        """Tell of the entry's branch and ask for its checks."""
        state, branch = self.state, group.head_ref.removeprefix("refs/heads/")
        repository = state.repositories[group.repository]
        announce_push(state, repository, branch, None, group.head_sha, QUEUE_BOT)
        payload = events.merge_group(state, group, "checks_requested", QUEUE_BOT)
        state.outbox.append(("merge_group", payload))

    def _end(self, group: MergeGroup, reason: str) -> None:
        state = self.state
        state.merge_groups[group.id] = replace(group, state=reason)
        state.gits[group.repository].delete_ref(group.head_ref)
        payload = events.merge_group(state, group, "destroyed", QUEUE_BOT, reason=reason)
        state.outbox.append(("merge_group", payload))
