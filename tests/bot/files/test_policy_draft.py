"""A drafted policy reads the list it was drafted from, whatever the list's form."""

from __future__ import annotations

import pytest

from bot.files.policy_draft import as_policy_file
from bot.files.policy_file import read_policy
from rules.drafting.draft import draft_policy
from rules.policy.forms import Numbers, Order, Scope
from rules.reading.document import Document
from rules.reading.walk import read_document

TITLES = [
    f"A title of paper {word}" for word in ("one", "two", "three", "four", "five", "six", "seven", "eight")
]
LISTS = {
    "bold title, names in italics": (
        "{n}. **{t}**. *Ann Author, Bob Writer*. ACL 20{y}. [[pdf](http://example.org/{n}.pdf)]"
        " [[code](http://example.org/code/{n})]\n"
    ),
    "title as link": "- [{t}](http://example.org/{n}.pdf), Author et al., CVPR 20{y} | [github](http://example.org/c/{n})\n",
    "title as link with a description": "* [{t}](http://example.org/{n}) - What it is about\n",
    "two paragraphs": (
        "1. **[{t}.](http://example.org/{n}.pdf)** [[code](http://example.org/c/{n})]\n\n"
        "    *Ann Author, Bob Writer.* ACL'{y}\n\n"
    ),
    "plain title": "- {t} [[paper]](http://example.org/{n}.pdf) [[code]](http://example.org/c/{n})\n",
}


def list_of(form: str) -> str:
    entries = "".join(form.format(n=number, t=title, y=10 + number) for number, title in enumerate(TITLES, 1))
    return f"# A list\n\n## Contents\n\n- [Papers](#papers)\n\n## Papers\n\n{entries}\n## License\n\nCC0\n"


def read(text: str, draft: str) -> Document:
    return read_document(text, read_policy(draft))


@pytest.mark.parametrize("name", LISTS)
def test_drafted_policy_reads_title_link_and_year(name: str) -> None:
    """Each entry is read by a form, letter by letter."""
    text = list_of(LISTS[name])
    document = read(text, as_policy_file(draft_policy(text)))
    assert [listed.title for listed in document.entries] == TITLES
    assert all(listed.urls[0].startswith("http://example.org/") for listed in document.entries)
    assert all(listed.entry.fit and listed.entry.fit.exact for listed in document.entries)
    if "{y}" in LISTS[name]:
        assert [listed.year.value for listed in document.entries] == list(range(2011, 2019))


def test_table_is_drafted_by_its_columns() -> None:
    """The column with the links holds the title, the one with dates the year."""
    rows = "".join(
        f"| 201{number}-0{number} | word | [{title}](http://example.org/{number}) |\n"
        for number, title in enumerate(TITLES, 1)
    )
    text = f"# A list\n\n## Papers\n\n| Date | Keyword | Paper |\n|---|---|---|\n{rows}"
    document = read(text, as_policy_file(draft_policy(text)))
    assert [listed.title for listed in document.entries] == TITLES
    assert [(listed.year.value, listed.entry.month) for listed in document.entries] == [
        (2010 + number, number) for number in range(1, 9)
    ]


def test_customs_are_what_the_list_does() -> None:
    """Counted numbers, one place for each paper, oldest first."""
    form = LISTS["bold title, names in italics"]
    text = (
        list_of(form)
        + "\n## More\n\n"
        + "".join(
            form.format(n=number, t=f"Another title {number}", y=10 + number) for number in range(1, 9)
        ).replace("example.org", "example.com")
    )
    draft = draft_policy(text)
    assert draft.numbers is Numbers.COUNTING
    assert draft.repeats.within is Scope.LIST
    assert draft.order == Order("year", newest_first=False)


def test_papers_in_two_sections_are_no_repeats() -> None:
    """Where the list has a paper in several sections, only one section is looked at."""
    section = list_of(LISTS["title as link"])
    text = section + section.replace("## Papers", "## Again").replace("# A list", "")
    assert draft_policy(text).repeats.within is Scope.SECTION


def test_draft_of_nothing_says_so() -> None:
    """A page without entries has no form to draft."""
    draft = draft_policy("# A page\n\nWords.\n")
    assert draft.forms == ()
    assert draft.unsure == ("No entries were found.",)


@pytest.mark.parametrize("title", ['a "b"', "x: y # z", "{title}", "a\\b", "<<a>>", "'", "\u202e", "- a"])
def test_hostile_headings_and_titles_stay_data(title: str) -> None:
    """What the list says never becomes YAML, nor a field."""
    text = list_of(LISTS["title as link"]).replace("## Papers", f"## {title} tools").replace("one", title)
    read_policy(as_policy_file(draft_policy(text)))
