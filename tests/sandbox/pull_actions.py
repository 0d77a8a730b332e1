"""What people do with pull requests, comments and checks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.sandbox import events
from tests.sandbox.installation_actions import InstallationActions
from tests.sandbox.model import Pull, Reaction
from tests.sandbox.pushes import Files, announce_push, commit_files, tip
from tests.sandbox.writes import delete_comment, edit_comment, write_comment

if TYPE_CHECKING:
    from tests.sandbox.model import CheckRun, Comment


class PullActions(InstallationActions):
    """Pull requests, from opening to merging."""

    def open_pull(
        self,
        full_name: str,
        files: Files,
        *,
        title: str = "Add a paper",
        body: str | None = None,
        author: str = "contributor",
        branch: str | None = None,
        base: str | None = None,
        start: str | None = None,
        from_fork: bool = True,
        draft: bool = False,
    ) -> Pull:
        """Return a new pull request: one commit with `files` on a new branch of the author's fork.

        `start` is the commit the branch leaves the base at (default: its tip; an older one leaves the
        branch behind), `from_fork=False` puts the branch into the repository itself.
        """
        source = self.fork(full_name, author).full_name if from_fork else full_name
        with self.state.lock:
            state = self.state
            base_ref = base or state.repositories[full_name].default_branch
            parent = start or tip(state, full_name, base_ref)
            name = branch or f"{author}-patch-{state.next_id(f'branch {source}')}"
            if source != full_name:
                state.gits[source].fetch(state.gits[full_name].path, parent, "refs/sandbox/start")
            commit_files(state, state.repositories[source], name, files, title, author, parents=(parent,))
        return self.open_pull_from(
            full_name, source, name, title=title, body=body, author=author, base=base_ref, draft=draft
        )

    def open_pull_from(
        self,
        full_name: str,
        head_repository: str,
        branch: str,
        *,
        title: str = "Add a paper",
        body: str | None = None,
        author: str = "contributor",
        base: str | None = None,
        draft: bool = False,
    ) -> Pull:
        """Return a new pull request from a branch that is there, of the repository or of a fork."""
        with self.changing() as state:
            base_ref = base or state.repositories[full_name].default_branch
            sha, base_sha = tip(state, head_repository, branch), tip(state, full_name, base_ref)
            number = state.next_id(f"pull {state.repositories[full_name].id}")
            login = state.account(author).login
            now = state.now()
            pull = Pull(
                id=state.next_id("pull", 80_001),
                repository=full_name,
                number=number,
                title=title,
                body=body,
                author=login,
                head_repository=head_repository,
                head_ref=branch,
                head_sha=sha,
                base_ref=base_ref,
                base_sha=base_sha,
                created_at=now,
                updated_at=now,
                draft=draft,
            )
            source = state.gits[head_repository].path
            state.gits[full_name].fetch(source, sha, f"refs/pull/{number}/head")
            state.pulls[pull.key] = pull
            state.outbox.append(("pull_request", events.pull_request(state, pull, "opened", login)))
            return pull

    def pull(self, pull: Pull) -> Pull:
        """Return the current state of a pull request, also after its repository was renamed."""
        with self.state.lock:
            return next(item for item in self.state.pulls.values() if item.id == pull.id)

    def push(self, pull: Pull, files: Files, *, message: str = "Edit", by: str | None = None) -> Pull:
        """Return the pull request after one more commit on its branch."""
        now = self.pull(pull)
        self.commit(now.head_repository, files, branch=now.head_ref, message=message, by=by or now.author)
        return self.pull(pull)

    def edit_pull(
        self,
        pull: Pull,
        *,
        title: str | None = None,
        body: str | None = None,
        base: str | None = None,
        by: str | None = None,
    ) -> Pull:
        """Return the pull request with another title, description or base branch."""
        with self.changing() as state:
            now = state.pulls[pull.key]
            changes: dict[str, object] = {}
            edited = replace(now, updated_at=state.now())
            if title is not None:
                changes["title"], edited = {"from": now.title}, replace(edited, title=title)
            if body is not None:
                changes["body"], edited = {"from": now.body or ""}, replace(edited, body=body)
            if base is not None:
                changes["base"] = {"ref": {"from": now.base_ref}, "sha": {"from": now.base_sha}}
                edited = replace(edited, base_ref=base, base_sha=tip(state, now.repository, base))
            return self._changed(edited, "edited", by or now.author, changes=changes)

    def mark_ready(self, pull: Pull) -> Pull:
        """Return the pull request, no longer a draft."""
        with self.changing() as state:
            now = state.pulls[pull.key]
            return self._changed(replace(now, draft=False), "ready_for_review", now.author)

    def convert_to_draft(self, pull: Pull) -> Pull:
        """Return the pull request as a draft."""
        with self.changing() as state:
            now = state.pulls[pull.key]
            return self._changed(replace(now, draft=True), "converted_to_draft", now.author)

    def close_pull(self, pull: Pull, *, by: str | None = None) -> Pull:
        """Return the pull request, closed without a merge."""
        with self.changing() as state:
            now = state.pulls[pull.key]
            closed = replace(now, state="closed", closed_at=state.now())
            return self._changed(closed, "closed", by or now.author)

    def reopen_pull(self, pull: Pull, *, by: str | None = None) -> Pull:
        """Return the pull request, open again."""
        with self.changing() as state:
            now = state.pulls[pull.key]
            return self._changed(replace(now, state="open", closed_at=None), "reopened", by or now.author)

    def merge(self, pull: Pull, *, by: str | None = None) -> Pull:
        """Return the pull request, merged into its base by a merge commit.

        Raises:
            ValueError: it conflicts with its base.
        """
        with self.changing() as state:
            now = state.pulls[pull.key]
            merger = by or pull.repository.partition("/")[0]
            before = tip(state, now.repository, now.base_ref)
            merged = state.gits[now.repository].test_merge(before, now.head_sha, state.merge_signature())
            if merged is None:
                raise ValueError(f"pull request {now.number} conflicts with {now.base_ref}")
            return self._merged(now, before, merged, merger)

    def _merged(self, pull: Pull, before: str, merged: str, merger: str) -> Pull:
        """Return the pull request, its base moved from `before` to the commit `merged`."""
        state, when = self.state, self.state.now()
        state.gits[pull.repository].set_ref(f"refs/heads/{pull.base_ref}", merged)
        closed = replace(pull, state="closed", closed_at=when, merged_at=when, base_sha=before)
        done = self._changed(replace(closed, merged_by=merger, merge_commit_sha=merged), "closed", merger)
        repository = state.repositories[pull.repository]
        announce_push(state, repository, pull.base_ref, before, merged, merger)
        return done

    def _changed(self, pull: Pull, action: str, sender: str, **more: object) -> Pull:
        changed = replace(pull, updated_at=self.state.now())
        self.state.pulls[pull.key] = changed
        self.state.outbox.append(
            ("pull_request", events.pull_request(self.state, changed, action, sender, **more))
        )
        return changed


class ConversationActions(PullActions):
    """Comments by people, and the buttons of checks; and what can be read back."""

    def comment(self, pull: Pull, body: str, *, by: str) -> Comment:
        """Return a new comment of a person."""
        with self.changing() as state:
            return write_comment(state, state.pulls[pull.key], by, body)

    def edit_comment(self, comment: Comment, body: str, *, by: str | None = None) -> Comment:
        """Return a comment with another text; `by` is its author by default (a maintainer may edit any)."""
        with self.changing() as state:
            return edit_comment(state, state.comments[comment.id], body, by=by)

    def delete_comment(self, comment: Comment, *, by: str | None = None) -> None:
        """Remove a comment."""
        with self.changing() as state:
            delete_comment(state, state.comments[comment.id], by=by)

    def react(self, comment: Comment, content: str, *, by: str) -> Reaction:
        """Return a person's reaction to a comment; GitHub sends no event for it."""
        with self.state.lock:
            number, when = self.state.next_id("reaction", 60_001), self.state.now()
            made = Reaction(number, comment.id, self.state.account(by).login, content, when)
            self.state.reactions[made.id] = made
            return made

    def rerequest_run(self, run: CheckRun, *, by: str) -> None:
        """Press *Re-run* on a check run."""
        with self.changing() as state:
            state.restart_suite(run.repository, run.head_sha)
            payload = events.check_run(state, state.check_runs[run.id], "rerequested", by)
            state.outbox.append(("check_run", payload))

    def press(self, run: CheckRun, identifier: str, *, by: str) -> None:
        """Press one of a check run's own buttons."""
        with self.changing() as state:
            asked = {"identifier": identifier}
            current = state.check_runs[run.id]
            payload = events.check_run(state, current, "requested_action", by, requested_action=asked)
            state.outbox.append(("check_run", payload))

    def rerequest_suite(self, full_name: str, sha: str, *, by: str) -> None:
        """Press *Re-run all checks* on a commit."""
        with self.changing() as state:
            payload = events.check_suite(state, state.restart_suite(full_name, sha), "rerequested", by)
            state.outbox.append(("check_suite", payload))

    def check_runs(self, full_name: str, sha: str) -> list[CheckRun]:
        """Return the check runs of a commit, the first one first; `history` has the requests made."""
        with self.state.lock:
            runs = self.state.check_runs.values()
            return [run for run in runs if (run.repository, run.head_sha) == (full_name, sha)]

    def comments(self, pull: Pull, *, by: str | None = None) -> list[Comment]:
        """Return the comments of a pull request, the first one first; only those of `by` if given."""
        with self.state.lock:
            all_of_them = [
                item for item in self.state.comments.values() if (item.repository, item.number) == pull.key
            ]
            return [item for item in all_of_them if by in {None, item.author}]

    def bot_comments(self, pull: Pull) -> list[Comment]:
        """Return the App's own comments of a pull request."""
        return self.comments(pull, by=self.state.app.bot_login)

    def reactions(self, comment: Comment) -> list[Reaction]:
        """Return the reactions to a comment."""
        with self.state.lock:
            return [item for item in self.state.reactions.values() if item.comment == comment.id]
