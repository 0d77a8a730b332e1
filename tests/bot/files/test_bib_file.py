"""A BibTeX file is read with whatever faults it has, within its limits."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files.bib_file import read_bibliography
from bot.files.companion_file import LARGEST, CompanionFile
from bot.process.child_pool import ChildPool
from bot.process.isolation import InProcess, TooSlow
from rules.bibliography.matching import BibEntry, Bibliography, Broken, differences
from rules.policy.presets import MOST_CITED
from rules.reading.walk import read_document


@pytest.fixture(scope="module")
def pool() -> Iterator[ChildPool]:
    with ChildPool() as isolation:
        yield isolation


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        (
            "@article{a, title={Deep {R}esidual\n  Learning.}, author={He, K. and Sun, J.}, year={2016}}",
            BibEntry("a", "Deep Residual Learning", ("He", "Sun"), 2016, 1),
        ),
        (
            "\n" r'@misc{b, AUTHOR="J{\"u}rgen Schmidhuber and Aaron van den Oord and others", Year=2015}',
            BibEntry("b", "", ("Schmidhuber", "van den Oord"), 2015, 2, more=True),
        ),
        (
            r"@misc(c, title = {na{\"\i}ve \& \textbf{bold} stra{\ss}e}, year = {c. 2014})",
            BibEntry("c", "naïve & bold straße", (), 2014, 1),
        ),
        (
            '@string{t = "Networks"}\n@misc{d, title = t, author = {{Google and Co} and Le, Quoc}}',
            BibEntry("d", "Networks", ("Google and Co", "Le"), None, 2),
        ),
        (
            "@misc{e, title={First}, title={Second}, year={soon}, author={}}",
            BibEntry("e", "First", (), None, 1),
        ),
    ],
)
def test_entries_are_read_as_plain_text(text: str, entry: BibEntry) -> None:
    """Braces, accents, macros, both orders of a name, a field that comes twice."""
    assert read_bibliography(text) == Bibliography((entry,))


def test_a_broken_entry_spoils_no_other() -> None:
    """It is told with its line; the entries around it, and one with a key used before, are read."""
    text = (
        "@misc{a, title={A}}\n\n@misc{b, title={B\n\n@misc{a, title={C}}\njunk\n@misc{d, title={D}}\n@misc{e"
    )
    read = read_bibliography(text)
    assert [(entry.key, entry.title, entry.line) for entry in read.entries] == [
        ("a", "A", 1),
        ("a", "C", 5),
        ("d", "D", 7),
    ]
    assert read.broken == (Broken(3, "@misc{b, title={B"), Broken(8, "@misc{e"))


def test_nothing_of_the_file_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The text is a stranger's."""
    with caplog.at_level(logging.DEBUG):
        read_bibliography("@misc{secret, title={B\n\n@misc{a, title={C}}")
    assert caplog.text == ""


HOSTILE = {
    "braces": "@a{b,title={" + "{" * 60_000,
    "closed braces": "@a{b,title={" + "{" * 30_000 + "}" * 30_001 + "}",
    "starts": "@a{" * 40_000,
    "lines of starts": "@a{b,\n" * 20_000,
    "fields": "@a{b," + ",".join(f"f{number}={{x}}" for number in range(10_000)) + "}",
    "authors": "@a{b,author={" + "a and " * 8_000 + "}}",
    "macros": "@a{b,title={" + "\\x{" * 20_000 + "}" * 20_000 + "}}",
    "mathematics": "@a{b,title={" + "$" * 100_000 + "}}",
    "strings": "\n".join(f"@string{{x{n}=x{n - 1} # x{n - 1}}}" for n in range(1, 60)) + "@a{b,title=x59}",
    "nul": "@a{b,title={\0\ud7ff}}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_read_or_refused_in_time(pool: ChildPool, name: str) -> None:
    """None of them ends the process that reads it."""
    companion = CompanionFile("a.bib", None, HOSTILE[name].encode()).read(pool.session())
    assert companion.after.unreadable is None
    assert companion.before is None


@given(st.text(alphabet='@{}(),="\\#% \nabçé1$&~', max_size=200))
def test_any_text_is_read(text: str) -> None:
    """Whatever it holds, an answer comes."""
    read_bibliography(text)
    read_bibliography("@misc{a, title={" + text + "}, author={" + text + "}}")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b" " * (LARGEST + 1), "larger than 128 KiB"), (b"@misc{a, title={\xff}}", "not UTF-8")],
)
def test_what_cannot_be_read_says_why(content: bytes, reason: str) -> None:
    """On the side where it is."""
    good = b"\xef\xbb\xbf@misc{a, title={A}}"
    companion = CompanionFile("a.bib", good, content).read(InProcess().session())
    assert companion.after.unreadable is not None
    assert reason in companion.after.unreadable
    assert companion.before == read_bibliography("@misc{a, title={A}}")


class Slow:
    """A session without time left."""

    def run(self, *_: object, seconds: float = 10) -> NoReturn:
        raise TooSlow(seconds)


def test_a_file_that_takes_too_long_is_unreadable() -> None:
    """Both sides are, for they are read together; it gets a part of the evaluation's time."""
    companion = CompanionFile("a.bib", b"", b"@misc{a}").read(Slow())
    assert companion.before == companion.after
    assert companion.after.unreadable == "it takes longer than 3 s to read"


@pytest.mark.parametrize(
    "bib",
    [
        "@article{m, title={Mask {R-CNN}}, author={He, Kaiming and others}, year={2017}}",
        '@article{m, title="MASK R--CNN.", author="Kaiming He and Georgia Gkioxari", year=2017}',
        "@article{m, title={Mask R-CNN}}",
    ],
)
def test_ways_of_writing_an_entry_are_no_difference(bib: str) -> None:
    """Braces, case, dashes, the order of names and what is left out do not differ from the list."""
    line = "- **Mask R-CNN** (2017), K. He et al. [[pdf]](https://arxiv.org/pdf/1703.06870)"
    document = read_document(f"### Optimization / Training Techniques\n{line}\n", MOST_CITED)
    (entry,) = read_bibliography(bib).entries
    assert list(differences(document.entries[0], entry)) == []
