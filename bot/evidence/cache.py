"""Answers kept in one JSON file, for the command line."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.evidence.contracts import Fetched
from bot.evidence.rows import Row, fetched_of, row_of

_log = logging.getLogger(__name__)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    answers: tuple[Row, ...] = ()


class FileCache:
    """A store in ``answers.json`` under ``directory``, which need not exist.

    A file that cannot be read counts as empty and is replaced; one that cannot be written costs a request
    next time. Threads may share it. Of two processes that write at once one loses its answers, never the
    file.
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
                self._path.parent.mkdir(parents=True, exist_ok=True)
                _replace(self._path, content)
            except OSError as error:
                _log.warning("answers of bibliographic services are not kept for next time: %s", error)

    def _read(self) -> dict[tuple[str, str], Row]:
        try:
            file = _File.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            _log.warning("%s is not readable and is started anew: %s", self._path.name, type(error).__name__)
            return {}
        return {(row.source, row.name): row for row in file.answers}


def _replace(path: Path, content: str) -> None:
    """Write ``content`` beside ``path`` and put it there in one step, so that no reader sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
