"""A store of answers in one JSON file, for the command line."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.evidence.contracts import Fetched
from bot.evidence.rows import Row, fetched_of, row_of
from bot.process.private_files import read_private, replace_private

_log = logging.getLogger(__name__)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    answers: tuple[Row, ...] = ()


class FileCache:
    """A store in ``answers.json`` under ``directory``, which need not exist and must be the user's own.

    A file that cannot be read counts as empty and is replaced; without one that can be written, the next
    run asks again. Threads may share it. Of two processes that write at the same time one loses its answers;
    the file stays whole.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / "answers.json"
        self._writing = threading.Lock()

    def get(self, source: str, names: Collection[str]) -> Mapping[str, Fetched]:
        """Return the kept answers of ``source``, however old; a name without one is absent."""
        rows = self._read()
        wanted = ((name, rows.get((source, name))) for name in names)
        return {name: fetched_of(row) for name, row in wanted if row}

    def put(self, source: str, answers: Mapping[str, Fetched]) -> None:
        """Keep ``answers`` of ``source`` in place of earlier ones."""
        with self._writing:
            rows = self._read()
            for name, fetched in answers.items():
                rows[source, name] = row_of(source, name, fetched)
            content = _File(answers=tuple(rows[key] for key in sorted(rows))).model_dump_json(indent=1)
            try:
                replace_private(self._path, content.encode())
            except OSError as error:
                _log.warning("the answers of bibliographic services are not kept for the next run: %s", error)

    def _read(self) -> dict[tuple[str, str], Row]:
        try:
            file = _File.model_validate_json(read_private(self._path))
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            _log.warning("%s cannot be read and is replaced: %s", self._path.name, type(error).__name__)
            return {}
        return {(row.source, row.name): row for row in file.answers}
