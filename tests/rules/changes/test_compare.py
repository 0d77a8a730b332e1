"""What a change does is told in papers, not in lines."""

from __future__ import annotations

import random

import pytest

from rules.changes.apply import apply
from rules.changes.compare import Comparison, compare
from rules.policy.presets import MOST_CITED
from rules.reading.document import Document
from rules.reading.walk import read_document
from tests.rules.reading.test_document import REFERENCE

BASE = """# A list

### Image / Video / Etc
- **First title of a paper** (2016), A. Author et al. [[pdf]](http://example.org/1.pdf)
- **Second title of a paper** (2015), B. Author et al. [[pdf]](http://example.org/2.pdf)

### Speech / Other Domain
- **Third title of a paper** (2014), C. Author et al. [[pdf]](http://example.org/3.pdf)

### Appendix: More than Top 100
*(2015)*
- Fourth title of a paper (2015), D. Author et al. [[pdf]](http://example.org/4.pdf)
"""


def read(text: str) -> Document:
    return read_document(text, MOST_CITED)


def change(old: str, new: str, text: str = BASE) -> Comparison:
    assert old in text
    return compare(read(text), read(text.replace(old, new)))


def summary(found: Comparison) -> dict[str, list[str]]:
    told = {
        "added": [entry.title for entry in found.added],
        "removed": [entry.title for entry in found.removed],
        "moved": [pair.after.title for pair in found.moved],
        "modified": [pair.after.title for pair in found.modified],
    }
    return {kind: titles for kind, titles in told.items() if titles}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(2016), A. Author", "(2016),  A. Author"),
        ("1.pdf)", "1.pdf)   "),
        ("- **First", "-  **First"),
        ("(2016), A.", "(2016), <!-- the first --> A."),
        ("et al. [[pdf]](http://example.org/1.pdf)", "et al.\n  [[pdf]](http://example.org/1.pdf)"),
    ],
)
def test_white_space_and_comments_are_no_change(old: str, new: str) -> None:
    """An entry that reads as before is as before."""
    assert summary(change(old, new)) == {}


def test_order_of_entries_is_no_change() -> None:
    """Entries of a section in another order are the same entries."""
    lines = BASE.split("\n")
    lines[3], lines[4] = lines[4], lines[3]
    assert summary(compare(read(BASE), read("\n".join(lines)))) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("First title of a paper", "First Title of a Paper"),
        ("First title of a paper", "Frist title of a paper"),
        ("(2016), A.", "(2017), A."),
        ("A. Author et al.", "A. Writer et al."),
        ("1.pdf", "one.pdf"),
        ("First title of a paper", "First title of a paper: With a subtitle of its own"),
    ],
)
def test_correction_is_a_modification(old: str, new: str) -> None:
    """A corrected title, year, name or link makes no other paper."""
    found = change(old, new)
    assert list(summary(found)) == ["modified"]
    assert found.modified[0].before.title == "First title of a paper"


def test_another_paper_in_the_same_line_is_another_paper() -> None:
    """A paper put in another's place is one added and one removed, whatever URL it has."""
    told = summary(change("First title of a paper", "Quite different work"))
    assert told == {"added": ["Quite different work"], "removed": ["First title of a paper"]}


def test_move_is_a_move_also_when_its_form_changes() -> None:
    """A paper that leaves the top loses its bold and stays itself."""
    line = "- **Third title of a paper** (2014), C. Author et al. [[pdf]](http://example.org/3.pdf)\n"
    text = BASE.replace(line, "") + line.replace("**", "")
    assert summary(compare(read(BASE), read(text))) == {"moved": ["Third title of a paper"]}


def test_short_title_of_another_author_is_another_paper() -> None:
    """Two works called "Deep learning" are two works."""
    article = "- Deep learning (2015), Y. LeCun et al. [[pdf]](http://example.org/5.pdf)"
    book = "- Deep learning (Book, 2016), I. Goodfellow [[html]](http://example.org/6)"
    told = summary(change(article, book, BASE + article + "\n"))
    assert told == {"added": ["Deep learning"], "removed": ["Deep learning"]}


def test_one_of_two_copies_is_taken_out() -> None:
    """The copy that stays is not the one removed."""
    line = "- Fourth title of a paper (2015), D. Author et al. [[pdf]](http://example.org/4.pdf)\n"
    found = compare(read(BASE + line), read(BASE))
    assert summary(found) == {"removed": ["Fourth title of a paper"]}
    assert len(found.kept) == 4


def test_renamed_section_moves_nothing() -> None:
    """Papers under a new heading have not moved."""
    found = change("### Speech / Other Domain", "### Speech and more")
    assert summary(found) == {}
    assert [(rename.before.name, rename.after.name) for rename in found.renamed] == [
        ("Speech / Other Domain", "Speech and more")
    ]
    assert (found.sections_added, found.sections_removed) == ((), ())


def test_of_two_merged_sections_the_larger_one_is_renamed() -> None:
    """Where sections are merged under a new heading, the papers of the smaller one move."""
    text = BASE.replace("\n### Speech / Other Domain", "").replace(
        "### Image / Video / Etc", "### Perception"
    )
    found = compare(read(BASE), read(text))
    assert summary(found) == {"moved": ["Third title of a paper"]}
    assert [section.name for section in found.sections_removed] == ["Speech / Other Domain"]


def test_shuffled_list_is_the_same_list() -> None:
    """The reference list with the lines of every section shuffled has changed in nothing."""
    lines = REFERENCE.split("\n")
    shuffled: list[str] = []
    block: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("- **"):
            block.append(line)
            continue
        random.Random(len(shuffled)).shuffle(block)  # noqa: S311 - no secret
        shuffled += [*block, line]
        block = []
    found = compare(read(REFERENCE), read("\n".join(shuffled)))
    assert summary(found) == {}
    assert len(found.kept) == 238


def result(merge_base: str, base: str, head: str) -> list[str]:
    left, now, after = read(merge_base), read(base), read(head)
    stands = apply(compare(left, after), left, now, after)
    return sorted(f"{item.listed.section[:5]}: {item.listed.title}" for item in stands)


ADDED = "- **Fifth title of a paper** (2016), E. Author et al. [[pdf]](http://example.org/5.pdf)\n"


def test_what_the_base_gained_meanwhile_stays() -> None:
    """A branch behind its base neither removes nor hides what came since."""
    base = BASE.replace("\n### Speech", ADDED + "\n### Speech")
    head = BASE.replace(
        "- **Second title",
        "- **Sixth title of work** (2016), F. Author [[pdf]](http://example.org/6)\n- **Second title",
    )
    assert result(BASE, base, head) == [
        "Appen: Fourth title of a paper", "Image: Fifth title of a paper", "Image: First title of a paper",
        "Image: Second title of a paper", "Image: Sixth title of work", "Speec: Third title of a paper",
    ]  # fmt: skip


def test_what_the_base_lost_or_mended_meanwhile_stays_so() -> None:
    """What the change did not touch stands as the base has it."""
    base = BASE.replace("Third title of a paper", "Third title of a papers").replace(
        "- Fourth title of a paper (2015), D. Author et al. [[pdf]](http://example.org/4.pdf)\n", ""
    )
    head = BASE.replace("(2016), A. Author", "(2016), A. Writer")
    assert result(BASE, base, head) == [
        "Image: First title of a paper", "Image: Second title of a paper", "Speec: Third title of a papers",
    ]  # fmt: skip


def test_same_line_on_both_sides_stands_once() -> None:
    """A paper that base and branch both added in the same place, to the letter, is one."""
    both = BASE.replace("\n### Speech", ADDED + "\n### Speech")
    assert result(BASE, both, both).count("Image: Fifth title of a paper") == 1


def test_paper_added_elsewhere_meanwhile_stands_twice() -> None:
    """A paper that the base got in another section is there twice, for a rule to see."""
    base = BASE.replace("\n### Speech", ADDED + "\n### Speech")
    head = BASE.replace("\n### Appendix", ADDED + "\n### Appendix")
    titles = [line.split(": ")[1] for line in result(BASE, base, head)]
    assert titles.count("Fifth title of a paper") == 2
