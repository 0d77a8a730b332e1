"""Work that needs no job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.database import audit_log
from bot.database.identity import PullKey
from bot.jobs.deliveries import Delivery, accept
from bot.jobs.handlers import ForeignEdit

if TYPE_CHECKING:
    from tests.bot.jobs.conftest import Stage

EDIT = ForeignEdit(70, 7, "ann", "meg", "https://github.com/owner/list/pull/7#issuecomment-1")


def test_a_foreign_edit_is_in_the_audit_log_and_no_job(stage: Stage) -> None:
    """Once, however often its delivery arrives."""
    for _ in range(2):
        accept(stage.database, Delivery("a-guid", "issue_comment", "edited"), EDIT)
    with stage.database.connect() as connection:
        (entry,) = audit_log.history(connection, PullKey(70, 7))
    assert (entry.actor, entry.detail, entry.comment_url) == ("meg", {"author": "ann"}, EDIT.comment_url)
    assert stage.unfinished() == 0
