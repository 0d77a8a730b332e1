"""What the App's comment on each pull request last said, so that a deleted one is not repeated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.database.tables import pull_request

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Engine

    from bot.database.identity import PullKey


@dataclass(frozen=True, slots=True)
class CommentStore:
    """Fingerprints of comments, as `bot.github.publish.content_digest` makes them."""

    database: Engine

    def last(self, pull: PullKey) -> str | None:
        """Return the fingerprint of what the comment last said; None if there was no evaluation."""
        with self.database.connect() as connection:
            found: str | None = connection.execute(
                select(pull_request.c.comment_digest).where(_row(pull))
            ).scalar()
        return found

    def keep(self, pull: PullKey, digest: str) -> None:
        """Record what the comment says now."""
        with self.database.begin() as connection:
            connection.execute(update(pull_request).where(_row(pull)).values(comment_digest=digest))


def _row(pull: PullKey) -> ColumnElement[bool]:
    return (pull_request.c.repository_id == pull.repository_id) & (pull_request.c.number == pull.number)
