"""A paper of the list as a BibTeX entry: its key, its authors, and text that nobody can break out of."""

from __future__ import annotations

from datetime import date

import pytest

from rules.bibliography.bibtex import bibtex, cite_key
from rules.papers.evidence import Record
from rules.papers.identifiers import Identifier
from rules.reading.document import Listed
from tests.rules.making import POLICY, TOP, change, entry, text

DAY = date(2017, 3, 1)


def listed(line: str) -> Listed:
    """Return the one entry of a list."""
    (only,) = change(text(TOP), text(TOP, line), POLICY).head.entries
    return only


def written(line: str, *records: Record) -> str:
    (only,) = bibtex([(listed(line), records)])
    return only


@pytest.mark.parametrize(
    ("surname", "year", "title", "key"),
    [
        ("Hinton", 2015, "Distilling the knowledge in a neural network", "hinton2015distilling"),
        ("van den Oord", 2016, "A pixel model", "van2016pixel"),
        ("Gülçehre", 2014, "On the number of regions", "gulcehre2014number"),
        ("", None, "The", "paper"),
        ("", 2015, "", "2015"),
        ("He", None, "3D models", "he3d"),
    ],
)
def test_a_key_is_surname_year_and_first_word(surname: str, year: int | None, title: str, key: str) -> None:
    """Articles and prepositions are no first word; letters are plain."""
    assert cite_key(surname, year, title) == key


def test_keys_that_collide_get_a_letter_and_then_a_number() -> None:
    """b to z, and from then on x26, x27."""
    taken: set[str] = set()
    for _ in range(28):
        taken.add(cite_key("He", 2016, "Deep nets", taken))
    assert len(taken) == 28
    assert {"he2016deep", "he2016deepb", "he2016deepz", "he2016deepx26", "he2016deepx27"} <= taken


def test_no_key_of_the_file_or_of_another_entry_is_used_again() -> None:
    """Nor is one used twice among the entries that are written together."""
    papers = [(listed(entry("Deep nets", authors="K. He et al.")), ())] * 2
    texts = list(bibtex(papers, ["he2015deep"]))
    keys = [made.partition("{")[2].partition(",")[0] for made in texts]
    assert keys == ["he2015deepb", "he2015deepc"]


def test_the_entry_of_a_paper_without_records() -> None:
    """What the list says: surnames with initials, others for "et al.", the link."""
    assert written(entry("Deep nets", authors="K. He and X. Zhang", url="http://example.org/a.pdf")) == (
        "@misc{he2015deep,\n  title={Deep nets},\n  author={He, K. and Zhang, X.},\n  year={2015},\n"
        "  url={http://example.org/a.pdf}\n}"
    )
    assert "author={He, K. and others}," in written(entry("Deep nets", authors="K. He et al."))


def test_the_record_with_the_most_authors_is_used() -> None:
    """Full names where a record has them; surnames get the initials of the list where they agree."""
    line = entry("Deep nets", authors="K. He et al.", url="https://arxiv.org/pdf/1512.03385")
    few = Record("A", DAY, 1, surnames=("He",))
    names = Record("B", DAY, 1, surnames=("He", "Zhang"), authors=("Kaiming He", "Xiangyu Zhang"))
    more = Record("C", DAY, 1, surnames=("He", "Zhang", "Ren"))
    assert "author={Kaiming He and Xiangyu Zhang}," in written(line, few, names, more)
    assert "author={He, K. and Zhang and Ren}," in written(line, few, more)


def test_identifiers_make_journal_and_doi() -> None:
    """The list's own link comes first; of one kind the first is taken."""
    names = frozenset(
        {Identifier("doi", "10.1000/b"), Identifier("doi", "10.1000/a"), Identifier("arxiv", "1601.00001")}
    )
    made = written(
        entry("Deep nets", url="https://arxiv.org/pdf/1512.03385"), Record("A", DAY, 1, identifiers=names)
    )
    assert made.startswith("@article{")
    assert "journal={arXiv preprint arXiv:1512.03385}," in made
    assert "doi={10.1000/a}," in made


@pytest.mark.parametrize(
    "title", ["100% sure & safe_nets #1 $x$", "}, note={x", "a \\input{/etc/passwd} b", "a~b^c"]
)
def test_hostile_text_stays_in_its_field(title: str) -> None:
    """Braces balance, and signs that LaTeX reads are literal."""
    made = written(entry(title))
    body = made[made.index("title={") + 7 : made.index("},\n  author")]
    assert (
        body.replace(r"\textbackslash{}", "")
        .replace(r"\textasciitilde{}", "")
        .replace(r"\textasciicircum{}", "")
        .count("{")
        == 0
    )
    assert made.count("{") == made.count("}")
    for sign in "%&_#$":
        assert body.count(sign) == body.count("\\" + sign)
