"""Locks that all processes share."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from bot.database.locks import head_lock

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_one_head_is_held_by_one_at_a_time(database: Engine) -> None:
    """Another head is free meanwhile; the same one once it is released."""
    entered = threading.Event()

    def enter() -> None:
        with head_lock(database, 70, "a" * 40):
            entered.set()

    other = threading.Thread(target=enter)
    with head_lock(database, 70, "a" * 40):
        other.start()
        with head_lock(database, 70, "b" * 40), head_lock(database, 71, "a" * 40):
            assert not entered.wait(0.1)
    assert entered.wait(10)
    other.join()
