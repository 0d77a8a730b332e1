"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# The same examples at every run: a failure is a failure for everybody. A slow machine is none.
settings.register_profile("papergate", derandomize=True, deadline=None)
settings.load_profile("papergate")
