"""Errors of a job as values: a job has to end in a check that says so, whatever happens in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


@dataclass(slots=True)
class Faults:
    """A context that keeps the error of its block in ``error`` instead of raising it.

    A lost database connection is raised: without the database, there is no place to keep it.
    """

    error: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception) or isinstance(error, OperationalError):
            return False
        self.error = error
        return True
