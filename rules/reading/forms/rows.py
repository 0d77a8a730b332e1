"""The form of a row of a table: columns by the name in the header, each with a form of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rules.reading.blocks import Block
from rules.reading.forms import landmarks
from rules.reading.forms.strict import Strict
from rules.reading.forms.template import FormError, parse
from rules.reading.inline import Definitions, Kind, scan, without


@dataclass(frozen=True, slots=True)
class RowRead:
    """What a row says, by field; ``exact`` when each cell fits its form and their number is right."""

    values: Mapping[str, str]
    exact: bool


@dataclass(frozen=True)
class RowForm:
    """The forms of a row's cells; ``title_column`` is the column that holds the title."""

    cells: tuple[tuple[str, Strict], ...]
    title_column: str

    def holds_title(self, column: str) -> bool:
        """Return whether the title stands in the column of this name."""
        return _fold(column) == self.title_column

    def read(self, block: Block, definitions: Definitions) -> RowRead | None:
        """Return what the row says, None when its table lacks the columns or its cell the title."""
        cells = {_fold(name): cell for name, cell in block.cells}
        if self.title_column not in cells:
            return None
        values: dict[str, str] = {}
        exact = block.found == block.columns
        for name, form in self.cells:
            cell = _shown(cells.get(name, ""), definitions)
            match = form.match(cell)
            if match:
                values |= match.values
                continue
            exact = False
            if name == self.title_column:
                found = landmarks.landmarks(form.template).find(cell, scan(cell, definitions))
                found = found or landmarks.guess(cell, scan(cell, definitions))
                if not found:
                    return None
                values["title"] = cell[found.start : found.end]
            elif form.template.has("year"):
                year = landmarks.year(form.template, cell, (), 0)
                values |= {"year": str(year)} if year else {}
        return RowRead(values, exact) if values.get("title") else None


@lru_cache(maxsize=64)
def row_form(cells: tuple[tuple[str, str], ...]) -> RowForm:
    """Return the form of a row with these cells. Raises FormError."""
    forms = []
    title = None
    for name, text in cells:
        template = parse(text, need="")
        forms.append((_fold(name), Strict(template, "[{label}]({url})", " ")))
        if template.needs("title"):
            if title is not None:
                raise FormError("two columns hold the title")
            title = _fold(name)
    if title is None:
        raise FormError("expected a column with the field {title}")
    return RowForm(tuple(forms), title)


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())


def _shown(cell: str, definitions: Definitions) -> str:
    hidden = [
        piece for piece in scan(cell, definitions) if piece.kind in {Kind.COMMENT, Kind.IMAGE, Kind.TAG}
    ]
    return " ".join(without(cell, hidden).split())
