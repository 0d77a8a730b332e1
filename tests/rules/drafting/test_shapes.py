"""Tests of ``rules.drafting.shapes``: which fields a drafted form has."""

from __future__ import annotations

import pytest

from rules.context import ListChange
from rules.drafting.draft import draft_policy
from rules.evaluate import read_change

NAMES = ("Spatial transformer networks at work", "Memory networks in the wild", "Deep learning for all of us")


def listed(form: str) -> str:
    """Return a list with an entry of this form for each name."""
    lines = [form.format(name=name, number=number) for number, name in enumerate(NAMES)]
    return "# A list\n\n## Papers\n\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("entry", "form", "year"),
    [
        (
            "- STN{number} - [{name}](http://arxiv.org/abs/150{number}.02025)",
            "{short} - [{title}]({url})",
            None,
        ),
        (
            "- <b>{name} (2015)</b> [[Paper]](http://example.org/{number}.pdf)",
            "{title} ({year}) {links}",
            2015,
        ),
        (
            "- **{name} (2018 CVPR)** [[Paper]](http://example.org/{number}.pdf)",
            "**{title} ({year} {venue})** {links}",
            2018,
        ),
    ],
)
def test_a_name_before_the_title_and_a_year_within_it_are_fields(
    entry: str, form: str, year: int | None
) -> None:
    """The title is what names the paper, without the short name before it and the year behind it."""
    text = listed(entry)
    draft = draft_policy(text)
    assert [drafted.line.text for drafted in draft.forms] == [form]
    read = read_change(text, text, text, draft.policy())
    assert isinstance(read, ListChange)
    assert [one.title for one in read.head.entries] == list(NAMES)
    assert {one.year.value for one in read.head.entries} == {year}


def test_a_text_before_the_title_without_a_sign_is_left_to_a_person() -> None:
    """Nobody can say which part is the name."""
    draft = draft_policy(listed("- Read about it in [{name}](http://example.org/{number}.pdf) today"))
    assert "{short}" not in "".join(drafted.line.text for drafted in draft.forms)
