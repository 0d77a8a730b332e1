"""The rule ``format``: an entry is written in the form of its group of sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rules.context import RuleContext
from rules.entry_check import Fault, check_entries
from rules.form_check import asked_of, form_faults, numbering
from rules.policy.style import Style
from rules.reading.document import Listed
from rules.reading.entry import Entry, linked_name
from rules.reading.entry_text import Bold, YearForm
from rules.reading.links import first_link
from rules.reading.names import Author, NameForm
from rules.reading.rendering import hinted_year
from rules.report.findings import Finding, Severity
from rules.rule import Code, Rule

_DOUBLE_SPACE = re.compile(r"\S {2,}\S")
_NO_SPACE = re.compile(r"[^\[]*[^\s\[]\[\[")
_GLUED_YEAR = re.compile(r"[^\s(]\((?:19|20)\d\d\)|\((?:19|20)\d\d\),\S")
_HTML_EMPHASIS = re.compile(r"</?(?:b|strong|i|em)\s*>", re.IGNORECASE)
_OTHER_AND = re.compile(r"\s(?:A[nN][dD]|&|&amp;|/)\s(?=[^\s()]+(?:\s[^\s()]+){0,3}\s*\Z)")
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>")
_MARKER = "- "
_SHOWN = 40  # characters of stray text that a message quotes: enough to find it in the line


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield what is wrong with the form of each entry, with the corrected line where its words allow one.

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
    Bad: off-form
        - **[Spatial transformer network](http://arxiv.org/pdf/1506.02025)** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: not-an-entry
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
        > See also [this list](http://example.org/list)
    Bad: numbering, form `[{title}]({url})`
        1. [Spatial transformer network](http://arxiv.org/pdf/1506.02025)
        3. [Memory networks](https://arxiv.org/pdf/1410.3916)
    Good: form `[{title}]({url})`
        1. [Spatial transformer network](http://arxiv.org/pdf/1506.02025)
        2. [Memory networks](https://arxiv.org/pdf/1410.3916)
    Good:
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
        - **Adam: A method for stochastic optimization** (2014), D. Kingma and J. Ba [[pdf]](http://arxiv.org/pdf/1412.6980)
        - **Generating sequences with recurrent neural networks** (2013), A. Graves [[pdf]](https://arxiv.org/pdf/1308.0850)
    Good:
        ### Video Lectures / Tutorials / Blogs
        - CS231n, Convolutional Neural Networks for Visual Recognition, Stanford University [[web]](http://cs231n.stanford.edu/)
    """
    forms = context.policy.forms
    if forms is None:
        yield from check_entries(context, RULE, faults)
    else:
        found = check_entries(context, RULE, lambda one: form_faults(one, asked_of(context.policy, one)))
        yield from (finding for finding in found if finding.introduced)  # old lines are never judged
        for listed, message in numbering(context):
            yield RULE.at(listed, "numbering", message)
    yield from _strays(context)


def _strays(context: RuleContext) -> Iterator[Finding]:
    """Yield the text that the change adds to a section of papers and that is no entry and no note."""
    known = Counter(stray.shown for stray in context.list_change.merge_base.strays)
    for stray in context.list_change.head.strays:
        if stray.shown.startswith(_CONFLICT):
            continue  # the rule `structure` reports it
        if context.list_change.whole or known[stray.shown] > 0:
            known[stray.shown] -= 1
            continue
        if stray.hides:
            message = "Put a blank line below this line: it turns the entries below it into plain text."
        elif stray.shown == "\u2022":
            message = "Remove the empty item."
        elif stray.anywhere:
            message = "Remove this link, definition or carriage return: no entry shows where it leads."
        else:
            message = "Remove this text, or write it as an entry: no rule reads it here."
        yield RULE.finding("not-an-entry", message, line=stray.line, end_line=stray.end_line)


RULE = Rule(
    name="format",
    summary="An entry is written in the list's form.",
    why="Entries of one form are easy to read, and a program can count, sort and compare them. The reference"
    " list writes `- **Title** (2015), A. Author et al. [[pdf]](url)`, in bold only in its top sections."
    " Lectures, tutorials and blogs need neither year nor authors.",
    how="Take the corrected line where one is suggested. Otherwise change the entry as the message says.",
    codes=(
        Code("not-an-entry", Severity.ERROR, "Text in a section of papers is no entry, note or comment."),
        Code("off-form", Severity.WARNING, "The entry is not in the form of the list."),
        Code("numbering", Severity.WARNING, "The number of the item does not follow the one above."),
        Code("missing-year", Severity.ERROR, "The entry has no year."),
        Code("year-malformed", Severity.ERROR, "The year is not written as `(2015)`."),
        Code("year-misplaced", Severity.ERROR, "The year is not between title and authors."),
        Code("authors-missing", Severity.ERROR, "The entry has no authors."),
        Code("not-bold", Severity.ERROR, "The title is not bold in a section of bold titles."),
        Code("bold-outside-top", Severity.ERROR, "The title is bold in a section of plain titles."),
        Code("no-comma-after-year", Severity.WARNING, "The comma after the year is missing."),
        Code("et-al", Severity.WARNING, "`et al.` is written in another way."),
        Code("three-authors", Severity.WARNING, "More than two authors are named; `et al.` is missing."),
        Code("author-full-name", Severity.WARNING, "A first name is written out instead of its initial."),
        Code("author-no-initial", Severity.WARNING, "An author has a surname only."),
        Code("author-initial-dot", Severity.WARNING, "An initial has no period."),
        Code("comma-before-link", Severity.WARNING, "A comma stands between the authors and the link."),
        Code("period-after-authors", Severity.WARNING, "A period stands after the authors."),
        Code("marker", Severity.WARNING, "The line does not start with `- `, or has a mark such as a star."),
        Code("tag-malformed", Severity.WARNING, "An affiliation is not written as `*(Name)*`."),
        Code("text-after-link", Severity.WARNING, "Text follows the links."),
        Code("double-space", Severity.WARNING, "A space is doubled or missing."),
        Code("trailing-space", Severity.WARNING, "The line ends with white space."),
    ),
    check=check,
)  # fmt: skip


def faults(listed: Listed) -> Iterator[Fault]:
    """Yield what is wrong with the form of one entry."""
    entry, style = listed.entry, listed.group.style
    if entry.citation:
        what = f"`{_citation_as_entry(listed)}`, instead of a whole citation."
        code = "missing-year" if entry.year.value is None else "year-misplaced"
        yield Fault(code, f"Write it in the list's form: {what}")
        return
    if style.year:
        yield from _year(entry)
    if style.authors:
        yield from _authors(entry)
    yield from _boldness(entry, style)
    yield from _signs(entry, style)
    yield from _spacing(entry)
    yield from _adornments(entry)


def _citation_as_entry(listed: Listed) -> str:
    """Return the entry that a citation means, with the parts that it has."""
    entry, style = listed.entry, listed.group.style
    title = f"**{entry.title}**" if style.bold else entry.title
    return f"- {title} ({entry.year.value or 'YYYY'}), {entry.authors.canonical} [[pdf]](url)"


def _year(entry: Entry) -> Iterator[Fault]:
    form = entry.year.form
    if form is YearForm.MISSING:
        hinted = hinted_year(entry)
        what = f"`({hinted})`, by its link." if hinted else "`(YYYY)`."
        yield Fault("missing-year", f"Add the year after the title: {what}")
    elif form is YearForm.MALFORMED:
        what = f"`({entry.year.value})`" if entry.year.value else "`(YYYY)`, four digits"
        yield Fault("year-malformed", f"Put the year in parentheses after the title: {what}.")
    elif form is YearForm.MISPLACED:
        yield Fault("year-misplaced", f"Move `({entry.year.text})` between title and authors.")
    elif entry.authors.names and not entry.comma:
        yield Fault("no-comma-after-year", f"Put a comma after `({entry.year.text})`.")


def _authors(entry: Entry) -> Iterator[Fault]:
    authors = entry.authors
    if not authors.names:
        yield Fault("authors-missing", "Add the authors: `A. Author et al.`")
        return
    if not authors.sure:
        unread = next(name.written for name in authors.names if name.form is NameForm.OTHER)
        yield Fault("off-form", f'Write the authors as `A. Author et al.`; "{unread[:_SHOWN]}" is no name.')
        return
    if authors.et_al and authors.et_al != " et al.":
        yield Fault("et-al", f'Write `et al.` after the first author, instead of "{authors.et_al.strip()}".')
    if len(authors.names) + bool(authors.et_al) > 2 or (authors.et_al and len(authors.names) > 1):
        yield Fault("three-authors", f"More than two authors: write `{authors.canonical}`")
    shown = authors.names[:1] if authors.et_al or len(authors.names) > 2 else authors.names
    yield from _names(shown)
    if "," in authors.end:
        yield Fault("comma-before-link", "Remove the comma before the link.")
    if "." in authors.end:
        yield Fault("period-after-authors", "Remove the period after the authors.")


def _names(names: tuple[Author, ...]) -> Iterator[Fault]:
    full = [name for name in names if name.form is NameForm.FULL]
    if full:
        yield Fault("author-full-name", f"Shorten first names to initials: {_canonical(full)}.")
    bare = [name.written for name in names if name.form is NameForm.SURNAME]
    if bare:
        yield Fault("author-no-initial", f"Add the initials of {' and '.join(bare)}.")
    loose = [name for name in names if name.form is NameForm.INITIAL]
    if loose:
        yield Fault("author-initial-dot", f"Put a period after each initial: {_canonical(loose)}.")


def _canonical(names: list[Author]) -> str:
    return " and ".join(name.canonical for name in names)


def _boldness(entry: Entry, style: Style) -> Iterator[Fault]:
    if style.bold is True and entry.bold is not Bold.ALL:
        yield Fault("not-bold", "Make the title bold: `**Title**`. All titles of this section are bold.")
    elif style.bold is False and entry.bold is not Bold.NONE:
        yield Fault("bold-outside-top", "Remove the `**` around the title: titles of this section are plain.")


def _signs(entry: Entry, style: Style) -> Iterator[Fault]:
    if entry.marker != _MARKER:
        instead = f', instead of "{entry.marker}"' if entry.marker.strip() else ""
        yield Fault("marker", f"Start the line with `- `{instead}.")
    if entry.marks and not style.marks:
        yield Fault("marker", f"Remove {entry.marks[0]}: this list uses no such marks.")
    if entry.bad_tags and style.tags:
        yield Fault("tag-malformed", f"Write the tag as `*({entry.bad_tags[0]})*`.")
    elif entry.bad_tags:
        yield Fault("tag-malformed", f"Remove the tag ({entry.bad_tags[0]}): this list uses none.")
    elif entry.tags and not style.tags:
        yield Fault("tag-malformed", f"Remove the tag `*({entry.tags[0]})*`: this list uses none.")
    if entry.extra.strip(" .,;)]"):
        yield Fault("text-after-link", f'Remove the text after the links: "{entry.extra[:_SHOWN]}".')


def _adornments(entry: Entry) -> Iterator[Fault]:
    """Yield what reads well and is written otherwise in this list: linked titles and names, HTML, signs."""
    body = entry.text[len(entry.marker) :]
    head = body[: first_link(body)]
    if entry.title_linked:
        yield Fault("off-form", "Write the title without a link, and the link behind the authors.")
    elif _HTML_EMPHASIS.search(body):
        yield Fault("off-form", "Write `**Title**` for bold, instead of HTML.")
    elif linked_name(body):
        yield Fault("off-form", "Write the authors without links.")
    elif _OTHER_AND.search(head) and entry.authors.sure and len(entry.authors.names) == 2:
        yield Fault("off-form", f"Write the authors as `{entry.authors.canonical}`.")


def _spacing(entry: Entry) -> Iterator[Fault]:
    first = entry.text[len(entry.marker) :].split("\n", 1)[0]
    head = first[: first_link(first)]
    if _DOUBLE_SPACE.search(first.rstrip()):
        yield Fault("double-space", "Remove the extra space: one is enough.")
    elif _GLUED_YEAR.search(head):
        yield Fault("double-space", "Put one space before the year and one after its comma.")
    elif _NO_SPACE.match(first):
        yield Fault("double-space", "Put a space before the link.")
    if first != first.rstrip():
        yield Fault("trailing-space", "Remove the white space at the end of the line.")
