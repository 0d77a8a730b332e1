"""What people do with reviews and suggestions, and reading reviews back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.sandbox import events
from tests.sandbox.git import GitError
from tests.sandbox.pull_actions import ConversationActions
from tests.sandbox.representations.reviews import standing
from tests.sandbox.writes import write_review

if TYPE_CHECKING:
    from tests.sandbox.model import Pull, Review, ReviewComment

SUGGESTION = re.compile(
    r"^(`{3,}|~{3,})suggestion[^\n]*\n(?P<text>.*?)^\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL
)


class ReviewActions(ConversationActions):
    """Suggestions committed, patches applied."""

    def reviews(self, pull: Pull) -> list[Review]:
        """Return the reviews of a pull request, the first one first."""
        with self.state.lock:
            return [
                item for item in self.state.reviews.values() if (item.repository, item.number) == pull.key
            ]

    def review_comments(self, pull: Pull, *, outdated: bool | None = None) -> list[ReviewComment]:
        """Return the comments on lines in order; with `outdated`, only those that are, or are not."""
        with self.state.lock:
            now = self.state.pulls[pull.key]
            mine = [
                item
                for item in self.state.review_comments.values()
                if (item.repository, item.number) == pull.key
            ]
            return [item for item in mine if outdated in {None, standing(self.state, now, item) is None}]

    def submit_review(self, pull: Pull, body: str, *, by: str, kind: str = "COMMENTED") -> Review:
        """Return a person's new review with a body and no comments on lines."""
        with self.changing() as state:
            now = state.pulls[pull.key]
            made = write_review(state, now, by, body, kind=kind, commit=now.head_sha)
            payload = events.pull_request_review(state, made, "submitted")
            state.outbox.append(("pull_request_review", payload))
            return made

    def commit_suggestion(self, comment: ReviewComment, *, by: str) -> Pull:
        """Press *Commit suggestion* on a comment and return its pull request, pushed to.

        Raises:
            ValueError: the comment is outdated or suggests nothing.
        """
        with self.state.lock:
            pull = self.state.pulls[(comment.repository, comment.number)]
            now = standing(self.state, pull, comment)
            found = SUGGESTION.search(comment.body)
            if now is None or found is None or comment.place.side == "LEFT":
                raise ValueError(f"no suggestion can be committed from {comment.body!r}")
            path = comment.place.path
            lines = self.read_file(pull.repository, path, ref=pull.head_sha).splitlines(keepends=True)
            lines[(now.start_line or now.line) - 1 : now.line] = [found["text"]]
            author = self.state.signature(comment.author)
            message = f"Update {path}\n\nCo-authored-by: {author.name} <{author.email}>"
        return self.push(pull, {path: "".join(lines)}, message=message, by=by)

    def apply_patch(self, pull: Pull, patch: str, *, by: str, message: str = "Apply the patch") -> Pull:
        """Return the pull request after a person applied a patch on its branch by `git apply` and pushed.

        Raises:
            ValueError: git does not take the patch.
        """
        with self.changing() as state:
            now = state.pulls[pull.key]
            git = state.gits[now.head_repository]
            try:
                tree = git.apply(now.head_sha, patch.encode())
            except GitError as error:
                raise ValueError(str(error)) from error
            signature = state.signature(by)
            sha = git.write_commit(tree, (now.head_sha,), message, signature, signature)
        self.set_branch(now.head_repository, now.head_ref, sha, by=by)
        return self.pull(pull)
