"""What all tests share."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# The same examples at every run: a failure is a failure for everybody. A slow machine is none.
settings.register_profile("papergate", derandomize=True, deadline=None)
settings.load_profile("papergate")


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """Return a folder for a database.

    It is not in pytest's own, which another run may clear, or close to the server's user, at any time.
    """
    with TemporaryDirectory(prefix="papergate-tests-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
