"""``python -m tests.fuzz --minutes N [--seed S]``: hostile variations of everything that strangers write.

Each reader takes texts that are made from real ones by random changes. It must end in time, and raise nothing
but the errors that it names. A failure prints the seed that repeats it; add such a seed to `SEEDS`.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.evidence import crossref, openalex, semantic_scholar
from bot.files.bib_file import read_bibliography
from bot.files.policy_file import PolicyError, read_policy
from bot.slash.parse import parse
from bot.web.events import PayloadError, read
from rules.context import Question
from rules.evaluate import evaluate, read_change
from rules.papers.evidence import Evidence
from rules.policy.presets import MOST_CITED
from tests.bot.web import payloads
from tests.paths import DATA

SEEDS = (1, 2, 3)
"""Of the runs that every test run repeats; a seed that found a fault stays here."""
SECONDS = 2.0
"""CPU time for one text; the product's own limit is 10 s for all steps of an evaluation."""
_LONGEST = 20_000  # characters
_SHOWN = 300  # characters of an error, which may hold the whole text
_NOW = datetime(2026, 1, 15, tzinfo=UTC)
_LIST = (DATA / "list" / "README.md").read_text(encoding="utf-8")
_LINES = [line for line in _LIST.split("\n") if line]
_CONTROLS = ("\x00", "\r", "\n", "\t", "\ufeff", "\u202e", "\ud800", "\u0085", "\xa0", "\u200b", "\U0001f600")
_MARKUP = (
    "*",
    "**",
    "_",
    "`",
    "```",
    "[[",
    "]]",
    "](",
    "<!--",
    "-->",
    "<a",
    "&amp;",
    "\\",
    "|",
    "~",
    "{",
    "}",
    "$",
    '"',
    "#",
    ">",
    "-",
)
_WORDS = (
    "(2015)",
    "et\xa0al.",
    "A.",
    "van",
    "https://",
    "http://[",
    "%00",
    "%0A",
    "://",
    "@",
    "/accept",
    "null",
    "true",
    "-1",
    "1e999",
    "&a",
)
_PARTS = (*_CONTROLS, *_MARKUP, *_WORDS, "\n# ", "\n> ", "\n- ", "9" * 400, "[" * 200, "{" * 200)


@dataclass(frozen=True, slots=True)
class Reader:
    """Something that reads what strangers write: ``texts`` it usually gets, ``errors`` it may raise."""

    name: str
    read: Callable[[str], object]
    texts: tuple[str, ...]
    errors: tuple[type[Exception], ...] = ()


class FuzzError(Exception):
    """A reader failed; says which, how, and the seed that repeats it."""


def _change(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()  # a file that is not UTF-8 is refused before
    base = "\n".join(_LINES[60:120])
    found = read_change(base, base, f"{base}\n{text}", MOST_CITED)
    evaluate(found, MOST_CITED, Evidence(), Question(date(2026, 1, 15)))


def _json(reader: Callable[[object], object]) -> Callable[[str], None]:
    def read_json(text: str) -> None:
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            return  # `bot.evidence.service` calls this unreadable
        reader(body)

    return read_json


def _data(*names: str) -> tuple[str, ...]:
    return tuple((DATA / name).read_text(encoding="utf-8") for name in names)


READERS = (
    Reader(
        "webhook",
        lambda text: read("pull_request", text.encode("utf-8", "surrogatepass")),
        (payloads.pull_request().body.decode(),),
        (PayloadError,),
    ),
    Reader(
        "comment",
        parse,
        ("/accept because it is good", "> /waive count\n\n```\n/recheck\n```"),
    ),
    Reader("list", _change, ("\n".join(_LINES[60:90]), "\n".join(_LINES[200:230]), *_LINES[60:70])),
    Reader(
        "policy",
        read_policy,
        ("list: README.md\npreset: most-cited\n", "commands:\n  accept: [write]\nthresholds: {2015: 200}\n"),
        (PolicyError,),
    ),
    Reader("BibTeX", read_bibliography, (_data("list/top100papers.bib")[0][:3000], "@misc{a, title={A}}")),
    Reader(
        "Semantic Scholar", _json(lambda body: semantic_scholar._read(body, _NOW)), ('{"citationCount": 1}',)
    ),
    Reader("OpenAlex", _json(lambda body: openalex._read(body, _NOW)), _data("openalex/work.json")),
    Reader("Crossref", _json(lambda body: crossref._read(body, _NOW)), ('{"message": {"DOI": "10.1/x"}}',)),
)


def varied(text: str, chance: random.Random) -> str:
    """Return ``text`` after a few random changes: cut, doubled, moved, and with hostile parts inside."""
    for _ in range(chance.randint(1, 8)):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice([1, 1, 3, 20, 200]))
        part = chance.choice([*_PARTS, text[start:end]])
        times = chance.choice([1, 1, 1, 2, 50, 1000])
        text = (text[:start] + part * times + text[chance.choice([start, end]) :])[:_LONGEST]
    return text


def run(reader: Reader, seed: int) -> None:
    """Read one text, which the seed determines. Raises FuzzError."""
    chance = random.Random(f"{reader.name} {seed}")  # noqa: S311 - no secret is made of it
    text = varied(chance.choice(reader.texts), chance)
    started = time.process_time()
    try:
        reader.read(text)
    except reader.errors:
        pass
    except Exception as error:
        raise FuzzError(f"{reader.name}, seed {seed}: {repr(error)[:_SHOWN]}") from error
    seconds = time.process_time() - started
    if seconds > SECONDS:
        raise FuzzError(f"{reader.name}, seed {seed}: it took {seconds:.1f} s for {len(text)} characters")


def _rounds(first: int) -> Iterator[int]:
    while True:
        yield first
        first += 1


def main() -> int:
    """Run for so many minutes; return 1 when a reader failed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=1.0)
    options.add_argument("--seed", type=int, default=int(time.time()) * 1000)
    given = options.parse_args()
    end = time.monotonic() + 60 * given.minutes
    failures = texts = 0
    for seed in _rounds(given.seed):
        for reader in READERS:
            texts += 1
            try:
                run(reader, seed)
            except FuzzError as failure:
                failures += 1
                sys.stdout.write(f"{failure}\n")
        if time.monotonic() > end:
            break
    sys.stdout.write(f"{texts} texts, {failures} failures, seeds from {given.seed}\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
