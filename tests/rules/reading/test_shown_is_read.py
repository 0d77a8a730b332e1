"""What GitHub shows of a change is what is read: every visible word is in an entry, a note or a finding."""

from __future__ import annotations

import html
import random
import re
from datetime import date

import cmarkgfm
import pytest

from rules.context import Question
from rules.evaluate import Unreadable, evaluate, read_change
from rules.policy.forms import FormLine, ListForms
from rules.policy.policy import Policy
from rules.policy.presets import MOST_CITED

TODAY = date(2026, 11, 24)
REFERENCE = """# A list

### Image: Segmentation / Object Detection
- **You only look once** (2016), J. Redmon et al. [[pdf]](http://example.org/1.pdf)
- **Fast R-CNN** (2015), R. Girshick [[pdf]](http://example.org/2.pdf)

### Old Papers
- A theory of the learnable (1984), L. Valiant [[pdf]](http://example.org/3.pdf)
"""
LINKED = """# A list

## One
- [You only look once](http://example.org/1.pdf) - detection
- [Fast R-CNN](http://example.org/2.pdf)

## Two
1. [A theory of the learnable](http://example.org/3.pdf) - learning
"""
LISTS = {
    "reference": (REFERENCE, MOST_CITED),
    "declared": (
        LINKED,
        Policy("list", (), forms=ListForms((FormLine("[{title}]({url})<< - {text}>>"),)), order=None),
    ),
}
PIECES = [
    "{w}", "[{w}](http://e.example/{w})", "**{w}**", "`{w}`", "<!--", "-->", "<!-- {w} -->", "`", "\\", "\n",
    "\n\n", "\n- ", "\n* ", "\n1. ", "\n  - ", "\n    ", "\n> ", "\n# ", "\n#### ", "\n---\n", "\n===\n",
    "\n```\n", "\n| {w} | b |\n|---|---|\n| {w} | d |\n", "<b>", "</b>", "<div>", "</div>", "\n<div>\n",
    "\n</div>\n", "\n<details>\n<summary>{w}</summary>\n\n", "\n</details>\n", "<a href='http://e.example'>{w}</a>",
    "<!", "<?", "![{w}](http://e.example/i.png)", "[{w}]: http://e.example\n", "[^1]", "\n[^1]: {w}\n",
    "(2015)", "A. {w} et al.", "[[pdf]](http://e.example/{w}.pdf)", "http://e.example/{w}", "www.e.example",
    "&lt;", " ", "\t", "  \n", "\r", "<{w}@e.example>", "*{w}*", "~~{w}~~", "- [ ] {w}", "+ {w}",
]  # fmt: skip
_TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
_MARKED = re.compile(r"zq\d+zq")


def generated(seed: int, text: str) -> str:
    """Return ``text`` with a few random pieces of Markdown put in, each word of them one of its own."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    lines = text.split("\n")
    number = 0
    for _ in range(chance.randint(1, 2)):
        pieces = [chance.choice(PIECES) for _ in range(chance.randint(1, 6))]
        new = "".join(pieces)
        while "{w}" in new:
            number += 1
            new = new.replace("{w}", f"zq{number}zq", 1)
        at = chance.randrange(3, len(lines))
        if chance.random() < 0.5:
            lines[at] += new
        else:
            lines.insert(at, new)
    return "\n".join(lines)


def visible(text: str) -> set[str]:
    """Return the words of ours that GitHub shows: as text, or as the address of a link."""
    page = cmarkgfm.github_flavored_markdown_to_html(text)
    links = re.findall(r"<a [^>]*href=\"([^\"]*)\"", page)
    return set(_MARKED.findall(html.unescape(_TAG.sub(" ", page)) + " ".join(links)))


def unread(text: str, head: str, policy: Policy) -> set[str]:
    """Return the visible words of ``head`` that are in no changed entry, in no note and in no finding."""
    found = read_change(text, text, head, policy)
    if isinstance(found, Unreadable):
        return set()
    report = evaluate(found, policy, None, Question(TODAY))
    lines = head.split("\n")
    read: list[str] = []
    for listed in found.diff.touched:
        read += lines[listed.line - 1 : listed.end_line]
    for listed in found.head.entries:
        read.append(listed.subgroup or "")
    for section in found.head.sections:
        read.append(section.name)
    for finding in report.findings:
        if finding.line is not None:
            read += lines[finding.line - 1 : finding.end_line or finding.line]
        read.append(finding.message)
    if any(finding.rule == "structure" for finding in report.findings):
        return set()  # a new section is reported as a whole
    new = [
        number for number, line in enumerate(lines) if _ends_section(line) and line not in text.split("\n")
    ]
    if new:  # reported itself where it is no section of the list; what is below it is no section of papers
        lines = lines[: new[0]]
        head = "\n".join(lines)
    notes = [line for line in lines if _is_note(line, declared=policy.forms is not None)]
    return visible(head) - set(_MARKED.findall("\n".join(read + notes)))


def _ends_section(line: str) -> bool:
    """Return whether a line is, or may be, a heading of the top levels."""
    return re.match(r" {0,3}(?:#{1,2}(?:\s|$)|=+\s*$|-+\s*$)", line) is not None


def _is_note(line: str, *, declared: bool) -> bool:
    """Return whether a line says nothing of a paper: a footnote, a remark below an entry, a short line."""
    if re.search(r"\]\(|https?:|www\.|@|href", line):
        return False
    if re.fullmatch(r"\s*\*[^*]+\*\s*", line):
        return True
    nested = re.match(r"\s|[-*+] [-*+]", line) is not None
    return line.lstrip().startswith("[^") or ((nested or declared) and len(line.strip()) <= 60)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("block", range(4))
def test_every_visible_word_is_accounted_for(name: str, block: int) -> None:
    """GitHub's own parser shows nothing of a change that no rule has read."""
    text, policy = LISTS[name]
    for seed in range(block * 100, block * 100 + 100):
        head = generated(seed, text)
        assert not unread(text, head, policy), f"seed {seed}: {head!r}"
