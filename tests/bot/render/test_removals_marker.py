"""A comment's hidden marker records which removals it lists, and since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.render.comment import comment
from bot.render.removals_marker import MARK_BYTES, Shown, carried, digest_of, mark, read, without_mark
from tests.bot.render.samples import AUDIENCE, FAIL, JUDGED, OVER, removal, report

FIRST = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = FIRST + timedelta(days=1)
ONE = report(OVER, removals=(removal(), removal("Second paper")))
OTHER = report(OVER, removals=(removal("Second paper"), removal()))


def test_the_comment_has_the_marker_of_its_report() -> None:
    """The titles and their order make the digest; line numbers do not."""
    assert read(comment(FAIL, JUDGED, AUDIENCE).body, FIRST) == Shown(digest_of(FAIL))
    assert digest_of(ONE) != digest_of(OTHER)
    moved = replace(ONE, removals=tuple(replace(item, line=item.line + 1) for item in ONE.removals))
    assert digest_of(ONE) == digest_of(moved)


def test_a_list_that_never_changed_has_no_date() -> None:
    """Edits of the comment for other reasons do not count."""
    body = carried(f"again {mark(ONE)}", mark(ONE), FIRST)
    assert read(body, LATER) == Shown(digest_of(ONE))


def test_a_list_that_changed_has_the_date_of_its_comment() -> None:
    """The time is that of the edit that changed the list; later edits keep it."""
    changed = carried(mark(OTHER), mark(ONE), FIRST)
    assert read(changed, LATER) == Shown(digest_of(OTHER), LATER)
    kept = carried(f"more {mark(OTHER)}", changed, LATER)
    assert read(kept, LATER + timedelta(days=1)) == Shown(digest_of(OTHER), LATER)
    again = carried(mark(ONE), kept, LATER + timedelta(days=1))
    assert read(again, LATER + timedelta(days=2)) == Shown(digest_of(ONE), LATER + timedelta(days=2))
    assert len(kept.removeprefix("more ")) <= MARK_BYTES


def test_the_date_alone_makes_no_difference() -> None:
    """Comments that list the same removals are equal without the date."""
    changed = carried(mark(OTHER), mark(ONE), FIRST)
    assert without_mark(changed) == mark(OTHER)
    assert without_mark(carried(mark(OTHER), changed, LATER)) == mark(OTHER)


def test_a_quoted_marker_does_not_count() -> None:
    """Text of a pull request is shown above the marker, in a fence for example."""
    body = f"```\n{mark(OTHER)}\n```\n\n{mark(ONE)}\n"
    assert read(body, FIRST) == Shown(digest_of(ONE))
    assert read(f"```\n{mark(OTHER)}\n```\n", FIRST) is None


def test_a_comment_without_a_marker_lists_nothing_known() -> None:
    """An earlier version wrote comments without one."""
    assert read("<!-- papergate:report v1 -->", FIRST) is None
    assert carried(mark(ONE), "an older comment", FIRST) == mark(ONE)
