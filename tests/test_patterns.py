"""Every compiled pattern of the product takes linear time: hard texts are derived from its own parse."""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]  # the parser of the standard library
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType
from typing import Any

import pytest

import bot
import rules

SIZES = (1000, 4000)
"""Characters of the two texts that are compared."""
GROWTH = 4 * 2.2
"""Four times the text may take this many times as long: quadratic time would take 16 times as long."""
FLOOR = 0.003
"""Seconds; below that a measurement says nothing, and nobody is delayed."""
LIMIT = 0.5
_ENDINGS = ("\x00", "x", " ", "*")
_SAMPLE = "aA1 .,:-_*()[]{}<>/\\'\"~#|=&%$!?\n\té\u2013"
_PREFIX = 40  # characters of a text that leads to a repetition


class _Stopped(Exception):  # noqa: N818 - not an error
    """The match took longer than `LIMIT`."""


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Return the compiled patterns in the globals of all modules, each once, with its name."""
    seen = set()
    for package in (bot, rules):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.startswith(("bot.database.migrations.", "rules.reading.")):
                continue  # no text reaches a migration; an entry is cut before it is read
            for name, value in vars(importlib.import_module(module.name)).items():
                several = isinstance(value, tuple)
                for number, pattern in enumerate(value if several else (value,)):
                    if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                        if (pattern.pattern, pattern.flags) in seen:
                            continue
                        seen.add((pattern.pattern, pattern.flags))
                        yield f"{module.name}.{name}" + (f"[{number}]" if several else ""), pattern


PATTERNS = dict(patterns())
SOURCES = [path.read_text() for package in (bot, rules) for path in Path(package.__path__[0]).rglob("*.py")]


_CATEGORIES = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_NOT_SPACE: "a",
    codes.CATEGORY_NOT_WORD: " ",
}


def _char(node: Any) -> str:
    """Return a character that a set or a single item takes, or nothing."""
    operation, argument = node
    if operation is codes.IN and argument[0][0] is not codes.NEGATE:
        return _char(argument[0])
    if operation is codes.IN:
        text = "".join(_char(item) for item in argument[1:])
        return next((char for char in _SAMPLE if char not in text), "a")
    if operation is codes.NOT_LITERAL:
        return next(char for char in _SAMPLE if ord(char) != argument)
    if operation is codes.CATEGORY:
        return _CATEGORIES[argument]
    if operation in {codes.LITERAL, codes.RANGE}:
        return chr(argument if operation is codes.LITERAL else argument[0])
    return "a" if operation is codes.ANY else ""


def _chars(node: Any) -> list[str]:
    """Return characters that a set takes, one of each of its items."""
    operation, argument = node
    if operation is codes.IN and argument[0][0] is not codes.NEGATE:
        return [_char(item) for item in argument]
    return [_char(node)]


def _example(tree: Any) -> str:
    """Return a short text that the pattern takes, roughly."""
    text = ""
    for operation, argument in tree:
        if operation in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}:
            text += _example(argument[2]) * max(1, argument[0])
        elif operation is codes.SUBPATTERN:
            text += _example(argument[3])
        elif operation is codes.BRANCH:
            text += _example(argument[1][0])
        elif operation is codes.ATOMIC_GROUP:
            text += _example(argument)
        elif operation in {codes.ASSERT, codes.ASSERT_NOT, codes.AT, codes.GROUPREF, codes.GROUPREF_EXISTS}:
            continue
        else:
            text += _char((operation, argument))
    return text


def _pumps(tree: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Yield (text that leads to a repetition, text to repeat) for each unbounded repetition."""
    for node in tree:
        operation, argument = node
        if operation in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}:
            least, most, body = argument
            if most is codes.MAXREPEAT or most > 20:
                for char in {_example(body), *(_chars(body[0]) if len(body) == 1 else [])}:
                    yield before[-_PREFIX:], char
            yield from _pumps(body, before)
            before += _example(body) * max(1, least)
        elif operation is codes.SUBPATTERN:
            yield from _pumps(argument[3], before)
            before += _example(argument[3])
        elif operation is codes.ATOMIC_GROUP:
            yield from _pumps(argument, before)
            before += _example(argument)
        elif operation is codes.BRANCH:
            for branch in argument[1]:
                yield from _pumps(branch, before)
            before += _example(argument[1][0])
        elif operation in {codes.ASSERT, codes.ASSERT_NOT}:
            yield from _pumps(argument[1], before)
        else:
            before += _example([node])


def hard_texts(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    """Return (start, repeated part) of texts that make the pattern try much."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    found = {(start, part) for start, part in _pumps(tree) if part}
    found |= {("", part) for _, part in found} | {("", start + part) for start, part in found}
    whole = _example(tree)
    return found | ({("", whole)} if whole else set())


def is_searched(name: str) -> bool:
    """Return whether the product looks for the pattern anywhere in a text, not only at its beginning."""
    place = name.rpartition(".")[2]
    if place.endswith("]"):
        return True  # one of several, called by another name
    calls = re.compile(rf"\b{place}\.(?:search|finditer|findall|sub|subn|split)\b")
    return any(calls.search(source) for source in SOURCES)


def _seconds(pattern: re.Pattern[str], text: str, *, searched: bool) -> float:
    """Return how long the pattern takes to match, or to find all of its matches, at most LIMIT."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _Stopped

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    started = time.process_time()
    try:
        if searched:
            for _ in pattern.finditer(text):
                pass
        else:
            pattern.match(text)
            pattern.fullmatch(text)
        return time.process_time() - started
    except _Stopped:
        return LIMIT
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


Slow = list[tuple[str, str, str, float, float]]


def slow_texts(pattern: re.Pattern[str], *, searched: bool = True) -> Slow:
    """Return the texts for which the pattern's time grows faster than their length."""
    found = []
    for start, part in sorted(hard_texts(pattern)):
        for ending in _ENDINGS:
            texts = [start + part * (size // len(part) + 1) + ending for size in SIZES]
            large = _seconds(pattern, texts[1], searched=searched)
            if large < FLOOR:
                continue
            if large >= LIMIT <= _seconds(pattern, texts[0], searched=searched):
                return [(start, part, ending, LIMIT, LIMIT)]
            small = max(min(_seconds(pattern, texts[0], searched=searched) for _ in range(2)), FLOOR / 16)
            large = min(large, _seconds(pattern, texts[1], searched=searched))
            if large >= FLOOR and large > GROWTH * small:
                found.append((start, part, ending, small, large))
                return found
    return found


@pytest.mark.attack("A text that makes a regular expression hang")
@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_takes_linear_time(name: str) -> None:
    """Four times the text takes about four times as long, whatever part of the pattern it repeats."""
    assert slow_texts(PATTERNS[name], searched=is_searched(name)) == []


@pytest.mark.parametrize(
    "pattern", [r"\s*\*\(?\s*(?P<name>[^*()]+?)\s*\)?\*\s*\Z", r"(a+)+$", r"\s+$", r"(?:van\s+)*(?:\s+van)*x"]
)
def test_a_slow_pattern_is_found(pattern: str) -> None:
    """The test itself works: these were or are super-linear."""
    assert slow_texts(re.compile(pattern)) != []
