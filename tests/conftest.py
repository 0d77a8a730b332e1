"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# A proxy of the machine may be needed to install packages, and cannot reach a server of the tests.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"

# The same examples at every run, so that a test fails for everybody or nobody; a slow machine is no failure.
settings.register_profile("papergate", derandomize=True, deadline=None)
settings.load_profile("papergate")


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """Return a folder for a database.

    It is not in pytest's own, which another run may clear, or close to the server's user, at any time.
    """
    with TemporaryDirectory(prefix="papergate-tests-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
