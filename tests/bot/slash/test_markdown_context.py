"""A command is never one that is only shown: held against an independent reader of Markdown."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.slash.commands import Hidden, Remove, Where
from bot.slash.parse import parse
from tests.bot.slash.independent import shown_texts

PIECES = (
    *("```", "````", "~~~", "```sh", "``` `", "`", "``", "\\`", "\\"),
    *("> ", ">", ">> ", " ", "  ", "   ", "    ", "\t"),
    *("- ", "* ", "-", "*", "1. ", "2. ", "10) ", "+   "),
    *(
        "<!--",
        "-->",
        "<!-->",
        "<!",
        "<?",
        "?>",
        "<![CDATA[",
        "]]>",
        "<div>",
        "</div>",
        "<a ",
        "<b>",
        '<a b="',
    ),
    *(
        '<a b="',
        '">',
        "<pre>",
        "</pre>",
        "<code>",
        "</code>",
        "<details>",
        "<blockquote>",
        "<x",
        "<https://x.y>",
    ),
    *("word", "# ", "---", "===", "* * *", "[a](", ")", "[a]: ", "|", "a | b", "-|-", "&lt;", "$"),
    *("\f", "\u00a0", "\u2028"),
)
COMMAND = "\0"
ALPHABET = (*PIECES, *(("\n", "\n\n", "\r\n", f"\n{COMMAND}", f"\n  {COMMAND}", f"\n\n{COMMAND}\n") * 8))
# A piece a byte: to draw bytes is quick.
COMMENTS = st.binary(min_size=6, max_size=40).map(
    lambda drawn: "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn)
)


def _numbered(comment: str) -> str:
    """Return the comment with a number of its own in each command."""
    first, *rest = comment.split(COMMAND)
    return first + "".join(f"/remove {number}{piece}" for number, piece in enumerate(rest, 1))


@settings(max_examples=10_000, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(COMMENTS)
def test_no_command_runs_that_another_reader_sees_shown(comment: str) -> None:
    """Of ten thousand comments none crashes, and none runs what is in code, quotes, HTML or its comments."""
    body = _numbered(comment)
    assert not _run(body) & _shown(body), body


@pytest.mark.parametrize(
    "comment",
    [
        "``` `<!--\n<pre>\n\n\0-->\n\0",
        "text\n2. no item\n   ```\n\0",
        "text\n*\n  ```\n\0",
        "-\n\n  ```\n\0",
        "- # heading\ntext\n  ```\n\0",
        "<div>\n- no item\n\n  ```\n\0",
        "- a\n  ```\n\0\n```\n\0",
        "# a `b\ntext `\n\0\n`",
        "\\`a `\n\0\n`",
        "[a](`) `\n\0\n`",
        "<a b='`'> `\n\0\n`",
        "text <!-- x\n```\n-->\n```\n```\n\0",
        "<!--\n```\n-->\n```\n\0",
        "<pre>\n\n```\n\n</pre>\n```\n\0",
        "1. a\n- > b\n\0",
    ],
)
def test_blocks_that_are_easily_misread_hide_their_commands(comment: str) -> None:
    """Each has one that the other reader sees shown."""
    body = _numbered(comment)
    assert _shown(body)
    assert not _run(body) & _shown(body)


def _run(body: str) -> set[object]:
    return {said.meaning.entry for said in parse(body) if isinstance(said.meaning, Remove)}


def _shown(body: str) -> set[object]:
    """Return the numbers of the commands that the other reader sees shown."""
    return {int(number) for text in shown_texts(body) for number in re.findall("/remove ([0-9]+)", text)}


@pytest.mark.parametrize(
    "body",
    [
        "\0",
        "  \0",
        "Thanks!\n\n\0\n",
        "Thanks!\n\0\nplease",
        "\0  \r\nplease",
        "> quoted\n\n\0",
        "```\ncode\n```\n\0",
        "Like `this` one\n\0\n`",
        "- one\n- two\n\n\0",
        "- one\n\0",
        "1. do\n   ```\n   code\n   ```\n2. this\n\n\0",
        "<!-- note -->\n\0",
        "<!--\nnote\n-->\n\0",
        "<details>\n<summary>Why</summary>\n\n```\n`\n```\n\n</details>\n\n\0",
        "The tag `<pre>` is not one\n\0",
        "5 < 6\n\0\n> 4",
        "A `tick\n\nand\n\0\n`",
    ],
)
def test_a_command_beside_markup_runs(body: str) -> None:
    """What is closed, or only cited, keeps no command from running."""
    (said,) = parse(_numbered(body))
    assert said.meaning == Remove(1)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("```\n\0\n```", "code"),
        ("```sh\n\0", "code"),
        ("~~~\n```\n\0\n```", "code"),
        ("````\n```\n\0\n````", "code"),
        ("    \0", "code"),
        ("\t\0", "code"),
        ("Write `\n\0\n` to begin", "code"),
        ("Write ``\n\0\n`` to begin", "code"),
        ("> \0", "a quote"),
        (">> \0", "a quote"),
        ("> you can say\n\0", "a quote"),
        ("- > you can say\n\0", "a quote"),
        ("<!--\n\0\n-->", "an HTML comment"),
        ("<!-- never closed\n\n\0", "an HTML comment"),
        ("Well <!--\n\0\n--> then", "an HTML comment"),
        ("<pre>\n\n\0\n</pre>", "HTML"),
        ("<blockquote>\n\n\0\n\n</blockquote>", "HTML"),
        ("<div>\n\0\n</div>", "HTML"),
        ('A <a title="\n\0\n">tag</a>', "HTML"),
        ("- item\n\n  \0", "a list item"),
        ("<b>\n```\n\n\0", "markup that can be read in two ways"),
    ],
)
def test_a_shown_command_is_told_once_with_its_place(body: str, where: Where) -> None:
    """Whoever wonders why nothing happened is told where the command stands."""
    said = [one.meaning for one in parse(_numbered(body + "\n" + body))]
    assert said == [Hidden("remove", where)]


def test_shown_commands_are_not_told_beside_one_that_runs() -> None:
    """Who gives a command and cites another knows the difference."""
    assert [said.meaning for said in parse("> /remove 1\n\n/remove 2")] == [Remove(2)]


@pytest.mark.parametrize(
    "piece",
    [
        *("<!--", "<!---->", "```\n", "``` `\n", "> \n", "/papergate \t", " " * 7, "`", "/\n", "<a b=c\td"),
        *("- a\n> b\n", "[a", "[a]: ", "`" * 50 + "a\n", "` ``\n", "\\`", "<\n", "-\n\n", "/waive a 'b' "),
        *('"', "'a ", "/remove 1\n", "> /remove 1\n", "/attest 'a' 1,000 http://\n", "x `\n/fix\n", "\t"),
        *("* " * 9 + "\n", "1. ", "<pre>", "/waive a '", "/x\n", "/rechec\n", "> /rechec\n", "/move 'a' '"),
    ],
)
def test_long_hostile_comments_are_read_at_once(piece: str) -> None:
    """A comment of GitHub's greatest length takes no noticeable time, whatever it is made of."""
    body = (piece * 65_536)[:65_530] + "\n/fix"
    started = time.process_time()
    parse(body)
    assert time.process_time() - started < 2
