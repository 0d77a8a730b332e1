"""The rule ``format``: an entry reads as its group of sections wants it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.context import Fault, RuleContext, check_entries
from rules.policy.style import Style
from rules.reading.authors import Author, NameForm
from rules.reading.document import Listed
from rules.reading.entry import Entry
from rules.reading.entry_text import Bold, YearForm
from rules.reading.links import first_link
from rules.reading.rendering import hinted_year
from rules.report.findings import Finding, Severity

RULE = "format"

_DOUBLE_SPACE = re.compile(r"\S {2,}\S")
_NO_SPACE = re.compile(r"[^\[]*[^\s\[]\[\[")
_GLUED_YEAR = re.compile(r"[^\s(]\((?:19|20)\d\d\)|\((?:19|20)\d\d\),\S")
_MARKER = "- "


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield what is wrong with the form of each entry, with the corrected line where its words allow one.

    The form is the list's own: ``- **Title** (2015), A. Author et al. [[pdf]](url)``, bold in the top
    sections alone. Lectures, tutorials and blogs need neither year nor authors.

    Bad: missing-year
        - **Adam: A method for stochastic optimization**, D. Kingma and J. Ba [[pdf]](http://arxiv.org/pdf/1412.6980)
    Bad: year-malformed
        - **Adam: A method for stochastic optimization** (2014, D. Kingma and J. Ba [[pdf]](http://arxiv.org/pdf/1412.6980)
    Bad: year-misplaced
        - **Adam: A method for stochastic optimization (2014)**, D. Kingma and J. Ba [[pdf]](http://arxiv.org/pdf/1412.6980)
    Bad: authors-missing
        - **Adam: A method for stochastic optimization** (2014) [[pdf]](http://arxiv.org/pdf/1412.6980)
    Bad: not-bold
        - Adam: A method for stochastic optimization (2014), D. Kingma and J. Ba [[pdf]](http://arxiv.org/pdf/1412.6980)
    Bad: bold-outside-top
        ### Old Papers
        - **Long short-term memory** (1997), S. Hochreiter and J. Schmidhuber [[pdf]](http://www.bioinf.jku.at/publications/older/2604.pdf)
    Bad: comma-before-link
        - **Spatial transformer network** (2015), M. Jaderberg et al., [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: et-al
        - **Spatial transformer network** (2015), M. Jaderberg, et. al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: author-full-name
        - **Spatial transformer network** (2015), Max Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: author-no-initial
        - **Spatial transformer network** (2015), Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: author-initial-dot
        - **Spatial transformer network** (2015), M Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: three-authors
        - **Memory networks** (2014), J. Weston, S. Chopra and A. Bordes [[pdf]](https://arxiv.org/pdf/1410.3916)
    Bad: period-after-authors
        - **Generating sequences with recurrent neural networks** (2013), A. Graves. [[pdf]](https://arxiv.org/pdf/1308.0850)
    Bad: no-comma-after-year
        - **Generating sequences with recurrent neural networks** (2013) A. Graves [[pdf]](https://arxiv.org/pdf/1308.0850)
    Bad: double-space
        - **Spatial transformer network** (2015), M. Jaderberg et al.  [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: trailing-space
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)␣
    Bad: marker
        * **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: tag-malformed
        - **Spatial transformer network** (2015), M. Jaderberg et al. *DeepMind* [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: text-after-link
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025):
    Good:
        - **Adam: A method for stochastic optimization** (2014), D. Kingma and J. Ba [[pdf]](http://arxiv.org/pdf/1412.6980)
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
        - **Generating sequences with recurrent neural networks** (2013), A. Graves [[pdf]](https://arxiv.org/pdf/1308.0850)
    Good:
        ### Video Lectures / Tutorials / Blogs
        - CS231n, Convolutional Neural Networks for Visual Recognition, Stanford University [[web]](http://cs231n.stanford.edu/)
    """
    yield from check_entries(context, RULE, faults)


def faults(listed: Listed) -> Iterator[Fault]:
    """Yield what is wrong with the form of one entry."""
    entry, style = listed.entry, listed.group.style
    if style.year:
        yield from _year(entry)
    if style.authors:
        yield from _authors(entry)
    yield from _boldness(entry, style)
    yield from _signs(entry, style)
    yield from _spacing(entry)


def _year(entry: Entry) -> Iterator[Fault]:
    form = entry.year.form
    if form is YearForm.MISSING:
        hinted = hinted_year(entry)
        hint = f"; the link suggests {hinted}" if hinted else ""
        yield _error(
            "missing-year", f"Unexpected entry without a year, expected (YYYY) after the title{hint}"
        )
    elif form is YearForm.MALFORMED:
        yield _error(
            "year-malformed",
            f"Unexpected form of the year, expected ({entry.year.value}) in parentheses after the title",
        )
    elif form is YearForm.MISPLACED:
        yield _error(
            "year-misplaced",
            f"Unexpected place of ({entry.year.text}), expected it between title and authors",
        )
    elif entry.authors.names and not entry.comma:
        yield _warning("no-comma-after-year", f"Expected a comma after ({entry.year.text})")


def _authors(entry: Entry) -> Iterator[Fault]:
    authors = entry.authors
    if not authors.names:
        yield _error("authors-missing", "Unexpected entry without authors, expected A. Author et al.")
        return
    if authors.et_al and authors.et_al != " et al.":
        yield _warning(
            "et-al", f'Unexpected "{authors.et_al.strip()}", expected "et al." after the first author'
        )
    if len(authors.names) + bool(authors.et_al) > 2 or (authors.et_al and len(authors.names) > 1):
        yield _warning(
            "three-authors", f"Unexpected list of more than two authors, expected {authors.canonical}"
        )
    shown = authors.names[:1] if authors.et_al or len(authors.names) > 2 else authors.names
    yield from _names(shown)
    if "," in authors.end:
        yield _warning("comma-before-link", "Unexpected comma between the authors and the link")
    if "." in authors.end:
        yield _warning("period-after-authors", "Unexpected period after the authors")


def _names(names: tuple[Author, ...]) -> Iterator[Fault]:
    full = [name for name in names if name.form is NameForm.FULL]
    if full:
        yield _warning(
            "author-full-name", f"Unexpected first name in {_quoted(full)}, expected {_written(full)}"
        )
    bare = [name for name in names if name.form is NameForm.SURNAME]
    if bare:
        yield _warning("author-no-initial", f"Unexpected name without an initial: {_quoted(bare)}")
    loose = [name for name in names if name.form is NameForm.INITIAL]
    if loose:
        yield _warning(
            "author-initial-dot", f"Unexpected initial in {_quoted(loose)}, expected {_written(loose)}"
        )


def _quoted(names: list[Author]) -> str:
    return " and ".join(f'"{name.written}"' for name in names)


def _written(names: list[Author]) -> str:
    return " and ".join(name.canonical for name in names)


def _boldness(entry: Entry, style: Style) -> Iterator[Fault]:
    if style.bold is True and entry.bold is not Bold.ALL:
        yield _error("not-bold", "Unexpected plain title, expected **bold** in the top sections")
    elif style.bold is False and entry.bold is not Bold.NONE:
        yield _error(
            "bold-outside-top", "Unexpected bold title, expected plain text outside the top sections"
        )


def _signs(entry: Entry, style: Style) -> Iterator[Fault]:
    if entry.marker != _MARKER:
        shown = entry.marker if entry.marker.strip() else "none"
        yield _warning("marker", f'Unexpected list marker "{shown}", expected "- " at the start of the line')
    if entry.marks and not style.marks:
        yield _warning("marker", f"Unexpected mark {entry.marks[0]}: this list has none")
    if entry.bad_tags:
        yield _warning(
            "tag-malformed", f"Unexpected tag {entry.bad_tags[0]}, expected *({entry.bad_tags[0]})*"
        )
    elif entry.tags and not style.tags:
        yield _warning("tag-malformed", f"Unexpected tag *({entry.tags[0]})*: this list has none")
    if entry.extra.strip(" .,;)]"):
        yield _warning("text-after-link", f'Unexpected text after the links: "{entry.extra[:40]}"')


def _spacing(entry: Entry) -> Iterator[Fault]:
    first = entry.text[len(entry.marker) :].split("\n", 1)[0]
    head = first[: first_link(first)]
    if _DOUBLE_SPACE.search(first.rstrip()):
        yield _warning("double-space", "Unexpected double space, expected one")
    elif _GLUED_YEAR.search(head):
        yield _warning("double-space", "Unexpected lack of space around the year, expected one")
    elif _NO_SPACE.match(first):
        yield _warning("double-space", "Unexpected lack of space before the link, expected one")
    if first != first.rstrip():
        yield _warning("trailing-space", "Unexpected white space at the end of the line")


def _error(code: str, message: str) -> Fault:
    return Fault(code, Severity.ERROR, message)


def _warning(code: str, message: str) -> Fault:
    return Fault(code, Severity.WARNING, message)
