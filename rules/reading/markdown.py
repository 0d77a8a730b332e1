"""Markdown blocks with their source lines: mistune 3.4, told where each token starts and hardened.

mistune keeps no positions, but it does keep lines: the child source it builds for a list item or a
block quote has one line per source line, minus the marker. So a child state needs only the number of
its first line, and any cursor inside it maps back to a source line. Each block token gains ``line`` and
``end_line`` (1-based, inclusive, trailing blank lines left out); so do list items and table rows.

Nothing of mistune with a leading underscore is touched. The slow paths found in 3.4.0 are taken out; a
caller still bounds size and time, and expects RecursionError.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import ChainMap
from collections.abc import Iterator
from re import Match
from typing import Any, ClassVar, cast

from mistune import Markdown
from mistune.block_parser import BlockParser
from mistune.core import BlockState
from mistune.helpers import BLOCK_TAGS, PRE_TAGS
from mistune.plugins.table import table, table_in_list, table_in_quote

Token = dict[str, Any]
Span = tuple[int, int]

_NEWLINE = re.compile("\n")
# Every HTML block but CommonMark's type 7 (a lone inline tag such as <a ...>),
# whose attribute pattern is exponential: <a b=c\td b=c\td ... with 24 repeats
# takes 30 s.
_RAW_HTML = (
    r"^ {0,3}(</?(?i:" + "|".join((*BLOCK_TAGS, *PRE_TAGS)) + r")(?=[\s/>]|$)"
    r"|<!--|<\?|<![A-Z]|<!\[CDATA\[)"
)
_MARKER_ALONE = re.compile(r"[ \t]*(?:[*+-]|\d{1,9}[.)])\s*\Z")


class LineState(BlockState):
    """A block state that knows the source line of its first line."""

    first_line = 1
    open_line = 0  # where the container (or list item) being read starts
    spans: list[Span]  # of the children the running container has made

    def process(self, src: str) -> None:
        """Take ``src`` as this state's source and note where its lines start."""
        super().process(src)
        self.spans = []
        self._starts = [0, *(m.end() for m in _NEWLINE.finditer(src))]

    def line_at(self, pos: int) -> int:
        """Return the source line that holds offset ``pos`` of this state."""
        return self.first_line + bisect_right(self._starts, pos) - 1

    def child_state(self, src: str, lazy_line_starts: set[int] | None = None) -> LineState:
        """Make the state for one list item or quote, placed at its source line."""
        child = cast("LineState", super().child_state(src, lazy_line_starts))
        # mistune caches this state's blank lines in env: keep one cache a state.
        child.env = ChainMap({}, self.env)
        start = self.open_line
        marker = self.get_line(self._starts[start - self.first_line])
        # mistune drops the first line of an item whose marker stands alone.
        child.first_line = start + bool(_MARKER_ALONE.match(marker))
        self.spans.append((start, _last_line(src, child.first_line) if src.strip() else start))
        # If another item follows, its marker line is the last one consumed.
        self.open_line = self.line_at(self.cursor - 1)
        return child

    def append_token(self, token: Token) -> None:
        """Stamp indented code, the one block mistune reads without a rule method."""
        if token.get("style") == "indent":
            token["line"] = self.line_at(self.cursor)
            token["end_line"] = _last_line(token["raw"], token["line"])
        super().append_token(token)

    def add_paragraph(self, text: str) -> None:
        """Begin or continue a paragraph and stretch its lines."""
        super().add_paragraph(text)
        self._stretch_paragraph(text)

    def append_paragraph(self) -> int | None:
        """Continue the open paragraph, if there is one, and stretch its lines."""
        end = super().append_paragraph()
        if end is not None:
            self._stretch_paragraph(self.get_text(end))
        return end

    def _stretch_paragraph(self, text: str) -> None:
        line = self.line_at(self.cursor)
        blank = len(text) - len(text.lstrip())
        self.tokens[-1].setdefault("line", line + text.count("\n", 0, blank))
        self.tokens[-1]["end_line"] = _last_line(text, line)


class LineBlockParser(BlockParser):
    """A block parser that stamps source lines on the tokens it makes."""

    state_cls = LineState
    # mistune's block_html misses <details>, so such a line would join a list item.
    SPECIFICATION: ClassVar[dict[str, str]] = {
        **BlockParser.SPECIFICATION,
        "raw_html": _RAW_HTML,
        "block_html": _RAW_HTML,
    }

    def parse(self, state: BlockState, rules: list[str] | None = None) -> None:
        """Parse ``state`` and put its tokens in source order.

        mistune emits a quote after the list that interrupted it.
        """
        super().parse(state, rules)
        state.tokens.sort(key=lambda token: token["line"])

    def parse_method(self, m: Match[str], state: BlockState) -> int | None:
        """Run one rule and stamp its token.

        A rule may run others on the same state (a heading that ends a list), so
        tokens that already have lines belong to an inner call.  It may also put
        its token before the last one that was there.
        """
        state = cast("LineState", state)
        outer = state.open_line, state.spans
        count, start, line = len(state.tokens), m.start(), state.line_at(m.start())
        state.open_line, state.spans = line, []
        end = super().parse_method(m, state)
        for token in state.tokens[max(count - 1, 0) :]:
            if "end_line" not in token:
                token["line"] = line
                token["end_line"] = _last_line(state.src[start:end], line)
                _stamp_children(token, state.spans)
        state.open_line, state.spans = outer
        return end

    def parse_atx_heading(self, m: Match[str], state: BlockState) -> int:
        """Make the heading in linear time (mistune's is quadratic in inner spaces)."""
        text = m.group("atx_2").strip(" \t\v\f\r")
        bare = text.rstrip("#")
        if not bare or bare[-1].isspace():
            text = bare.rstrip()
        level = len(m.group("atx_1"))
        state.append_token({"type": "heading", "text": text, "attrs": {"level": level}, "style": "atx"})
        return m.end() + 1

    def parse_setex_heading(self, m: Match[str], state: BlockState) -> int | None:
        """Stretch the paragraph that became a heading over its underline."""
        state = cast("LineState", state)
        end = super().parse_setex_heading(m, state)
        heading = state.last_token()
        if end and heading and heading.get("style") == "setext":
            heading["end_line"] = state.line_at(m.start())
        return end


def _last_line(text: str, line: int) -> int:
    """Return the line of the last non-blank line of ``text``, which is at ``line``."""
    return line + text.rstrip().count("\n")


def _stamp_children(token: Token, spans: list[Span]) -> None:
    """Give a container its children's lines; ``spans`` has one for each child state."""
    if spans:
        token["end_line"] = spans[-1][1]
    if token["type"] == "list":
        for item, (line, end_line) in zip(token["children"], spans, strict=True):
            item["line"], item["end_line"] = line, end_line
    elif token["type"] == "table":
        head, body = token["children"]
        for row, line in zip([head, *body["children"]], _row_lines(token["line"]), strict=False):
            row["line"] = row["end_line"] = line


def _row_lines(line: int) -> Iterator[int]:
    """Yield the line of the header row, then of each body row."""
    yield line
    line += 2
    while True:
        yield line
        line += 1


def parse(text: str) -> list[Token]:
    """Return the block tokens of ``text`` in source order, each with its lines.

    Inline Markdown is left as it stands in the tokens' ``text``. Only ``\n`` ends a line, as for git
    and GitHub's line numbers. Raises RecursionError on absurdly nested input.
    """
    markdown = Markdown(block=LineBlockParser(), plugins=[table, table_in_list, table_in_quote])
    state = LineState()
    state.process(normalize(text))
    markdown.block.parse(state)
    return state.tokens


def normalize(text: str) -> str:
    """Return ``text`` without byte order mark, its lines ended by ``\n`` alone."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", " ")
    return text if text.endswith("\n") else text + "\n"


def walk(tokens: list[Token]) -> Iterator[Token]:
    """Yield every token that has lines, parents first."""
    for token in tokens:
        if "line" in token:
            yield token
        yield from walk(token.get("children", []))
