"""A ranking as a table for the terminal, as JSON and as CSV."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Literal, get_args

from bot.render.escape import plain, visible
from bot.render.safe_output import as_json_text, no_commands
from rules.sentences import counted

if TYPE_CHECKING:
    from rules.ranking.rank import Ranked, Ranking, Unranked

Format = Literal["text", "json", "csv"]
FORMATS: tuple[str, ...] = get_args(Format)
SCHEMA = 1
_COLUMNS = (
    "rank", "title", "section", "line", "year", "citations", "threshold", "ratio", "source", "counted_on",
    "url", "why",
)  # fmt: skip
# A spreadsheet treats a cell that begins with one of these as a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PIPE_WIDTH = 160


def render(ranking: Ranking, path: str, form: Format, width: int | None = None) -> str:
    """Return ``ranking`` of the list ``path`` in one of ``FORMATS``, ending in a line end.

    ``width`` is the number of columns of ``text``; the default suits a log.
    """
    match form:
        case "text":
            return _text(ranking, width or _PIPE_WIDTH)
        case "json":
            return as_json_text(_json(ranking, path))
        case "csv":
            return _csv(ranking)


def _text(ranking: Ranking, width: int) -> str:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - slow to import, and only this format needs it
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("#", justify="right")
    table.add_column("Paper", overflow="fold")
    for name in ("Year", "Citations", "Threshold", "Ratio"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("Source", "Counted on"):
        table.add_column(name, no_wrap=True)
    for item in ranking.ranked:
        figures = (str(item.year), f"{item.citations:,}", f"{item.threshold:,}", f"{item.ratio:,.1f}")
        cells = (str(item.rank), plain(item.title), *figures, item.source, item.counted_on.isoformat())
        table.add_row(*map(Text, cells))
    file = StringIO()
    if ranking.ranked:
        Console(file=file, width=width).print(table)
    if ranking.unranked:
        number = counted(len(ranking.unranked), "paper", "papers")
        file.write(f"Not ranked: {number}\n")
        for left in ranking.unranked:
            year = f" ({left.year})" if left.year else ""
            file.write(f"  line {left.line}: {plain(left.title)}{year}: {plain(left.why)}\n")
    return no_commands("\n".join(line.rstrip() for line in file.getvalue().split("\n")))


def _json(ranking: Ranking, path: str) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "list": path,
        "ranked": [_fields(item) for item in ranking.ranked],
        "unranked": [_fields(item) for item in ranking.unranked],
    }


def _csv(ranking: Ranking) -> str:
    file = StringIO()
    rows = csv.DictWriter(file, _COLUMNS, restval="", lineterminator="\n")
    rows.writeheader()
    items: list[Ranked | Unranked] = [*ranking.ranked, *ranking.unranked]
    for item in items:
        rows.writerow({name: _cell(value) for name, value in _fields(item).items()})
    return file.getvalue()


def _fields(item: Ranked | Unranked) -> dict[str, object]:
    """Return the fields in order; dates in ISO form, the ratio with two decimals."""
    values = {name: getattr(item, name) for name in item.__slots__}
    if "ratio" in values:
        values["ratio"] = round(values["ratio"], 2)
        values["counted_on"] = values["counted_on"].isoformat()
    return values


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = no_commands(visible(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
