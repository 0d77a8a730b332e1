"""Which lines of a comment are shown in code, a quote or HTML, and which speak for themselves.

A command starts its line, indented by three spaces at most. So only the outermost of CommonMark's blocks
matter: such a line ends whatever stands inside a list item. One pass over the lines follows those blocks;
`bot.slash.markdown_spans` looks inside paragraphs. Both are linear: the text is a stranger's. In doubt a line
counts as shown: a command that did not run can be given again, one that ran cannot be taken back.

https://spec.commonmark.org/0.31.2/#blocks-and-inlines
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.slash import markdown_spans as spans

if TYPE_CHECKING:
    from bot.slash.commands import Where

_LINE_END = re.compile(r"\r\n?|\n")
_FENCE = re.compile(r" {0,3}(?:(`{3,})[^`]*|(~{3,}).*)")
_QUOTE = re.compile(r"[\s*+\-0-9.)]*>")  # also one in a list item
_RULE = re.compile(r" {0,3}(?:(?:- *){3,}|(?:_ *){3,}|(?:\* *){3,})")
_ITEM = re.compile(r" {0,3}(?:[-+*]|([0-9]{1,9})[.)])(?=( *))(?: |$)")
_TAG = re.compile(r" {0,3}<(?:[!?]|/?[A-Za-z][A-Za-z0-9-]*(?=[\s/>]|$))")
_SPAN = re.compile(r"`[^`]*`")

# HTML blocks that go on over blank lines, and what ends them.
_VERBATIM = (
    (re.compile(r" {0,3}<!--"), re.compile("-->")),
    (re.compile(r" {0,3}<\?"), re.compile(r"\?>")),
    (re.compile(r" {0,3}<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(r" {0,3}<![A-Za-z]"), re.compile(">")),
    (
        re.compile(r" {0,3}<(?:pre|script|style|textarea)(?=[\s>]|$)", re.IGNORECASE),
        re.compile(r"</(?:pre|script|style|textarea)>", re.IGNORECASE),
    ),
)
# What a browser reads on to the end of, whatever Markdown makes of the lines between.
_ELEMENT = re.compile(
    r"<(!--|(?:pre|script|style|textarea|blockquote|code|samp|kbd|template)(?=[\s/>]|$))", re.IGNORECASE
)
_COMMENT = "-->"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comment, without its end; ``shown_in`` is None where it speaks for itself."""

    text: str
    shown_in: Where | None


def lines(body: str) -> list[Line]:
    """Return the lines of a comment's Markdown, at any of CommonMark's line ends."""
    reader = _Reader()
    texts = _LINE_END.split(body)
    for text in texts:
        reader.read(text.expandtabs(4))
    reader.end_paragraph()
    return [Line(text, shown) for text, shown in zip(texts, reader.shown, strict=True)]


@dataclass(slots=True)
class _Reader:
    """Follows the outermost blocks, line by line."""

    shown: list[Where | None] = field(default_factory=list)
    paragraph: list[str] = field(default_factory=list)
    """The last lines without a blank one between: a paragraph, or several blocks close together."""
    quoted: bool = False
    tagged: bool = False
    """A line of ``paragraph`` began with a tag: it may be HTML instead."""
    fence: str = ""
    verbatim: re.Pattern[str] | None = None
    """What ends the HTML block that goes on over blank lines."""
    element: str = ""
    """What ends the comment or element that a browser may see, in lower case."""
    item: int | None = None
    """The column where the content of the outermost list item begins; ``None`` outside lists."""
    item_empty: bool = False
    item_doubtful: bool = False
    """Whether there is a list here at all depends on more than is known."""
    lost: bool = False
    """From here on the blocks can be read in two ways."""

    def read(self, text: str) -> None:
        """Take the next line, its tabs expanded."""
        if self.fence:
            self._read_fenced(text)
        elif self.verbatim:
            self._read_verbatim(text)
        elif text.strip(" "):
            self._read_block(text)
        else:
            self.end_paragraph()
            self.shown.append(None)
            if self.item_empty:  # one blank line is all that may follow a marker that stands alone
                self.item = None

    def end_paragraph(self) -> None:
        """Look inside the last lines, now that they are complete."""
        if self.paragraph:
            first = len(self.shown) - len(self.paragraph)
            for index, inside in enumerate(spans.shown_in(self.paragraph), first):
                self.shown[index] = self.shown[index] or inside
        self.paragraph = []
        self.quoted = self.tagged = False

    def _read_fenced(self, text: str) -> None:
        self.shown.append("code")
        mark = text.strip(" ")
        if len(mark) >= len(self.fence) and not mark.strip(self.fence[0]) and not text.startswith("    "):
            self.fence = ""

    def _read_verbatim(self, text: str) -> None:
        assert self.verbatim is not None  # noqa: S101 - `read` saw it
        self.shown.append("an HTML comment" if self.verbatim.pattern == _COMMENT else "HTML")
        if self.verbatim.search(text):
            self.verbatim = None

    def _read_block(self, text: str) -> None:
        indent = len(text) - len(text.lstrip(" "))
        inside_item = self.item is not None and indent >= self.item
        doubtful = self.tagged or bool(self.element) or (self.item_doubtful and inside_item)
        if fence := _FENCE.fullmatch(text):
            if doubtful:
                self.lost = True
            elif not inside_item:
                self._leave_blocks()
                self.fence = fence[1] or fence[2]
                self.shown.append("code")
                return
        elif (end := _verbatim_end(text)) and doubtful:
            self.lost = self.lost or not end.search(text)
        elif end and not inside_item:
            self._leave_blocks()
            self.verbatim = end
            self._read_verbatim(text)
            return
        self._follow_list(text, inside_item=inside_item)
        self.quoted = self.quoted or bool(_QUOTE.match(text))
        self.shown.append(self._where() or ("a list item" if inside_item else None))
        self.tagged = self.tagged or bool(_TAG.match(text))
        self._follow_elements(text)
        self.paragraph.append(text)

    def _leave_blocks(self) -> None:
        self.end_paragraph()
        self.item, self.item_doubtful = None, False

    def _follow_list(self, text: str, *, inside_item: bool) -> None:
        if inside_item:
            self.item_empty = False
            return
        marker = None if _RULE.fullmatch(text) else _ITEM.match(text)
        if marker:
            rest = text[marker.end() :].strip(" ")
            # Directly under a paragraph, only some markers make a list.
            free = not self.paragraph or (self.item is not None and not self.item_doubtful)
            certain = free or bool(rest and marker[1] in {None, "1"})
            self.item_doubtful = self.tagged or bool(self.element) or not certain
            spaces = len(marker[2])
            self.item = len(marker[0].rstrip(" ")) + (spaces if rest and spaces <= 4 else 1)
            self.item_empty = not rest
        elif self.item is not None and self.paragraph:
            self.item_doubtful = True  # the item's paragraph goes on, or the list has ended
        else:
            self.item, self.item_doubtful = None, False

    def _where(self) -> Where | None:
        if self.element:
            return "an HTML comment" if self.element == _COMMENT else "HTML"
        if self.quoted:
            return "a quote"
        if self.tagged:
            return "HTML"
        return "markup that can be read in two ways" if self.lost else None

    def _follow_elements(self, text: str) -> None:
        """Follow comments and elements as a browser does; those in inline code are none."""
        if not self.element and "<" not in text:
            return
        lower = text.lower()
        if not self.tagged and not self.element:
            lower = _SPAN.sub("", lower)
        position = 0
        while True:
            if not self.element:
                begun = _ELEMENT.search(lower, position)
                if begun is None:
                    return
                self.element = _COMMENT if begun[1] == "!--" else f"</{begun[1]}"
                position = begun.end()
            end = lower.find(self.element, position)
            if end < 0:
                return
            position, self.element = end + len(self.element), ""


def _verbatim_end(text: str) -> re.Pattern[str] | None:
    """Return what ends the HTML block that a line begins, if it may go on over blank lines."""
    if "<" not in text:
        return None
    return next((end for begin, end in _VERBATIM if begin.match(text)), None)
