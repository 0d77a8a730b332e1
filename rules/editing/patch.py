"""A change of one file as a patch that ``git apply`` takes.

https://git-scm.com/docs/diff-format
"""

from __future__ import annotations

import hashlib
import zlib
from base64 import b85encode
from collections.abc import Iterable

from rules.editing.edits import Edit, Replacement, edited, lines_of, replacements

CONTEXT = 3
_LITERAL_BYTES = 52
_ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}


def unified_patch(path: str, text: str, edits: Iterable[Edit]) -> str:
    """Return the edits of the file at ``path``, whose content is ``text``, as a unified diff."""
    lines = lines_of(text)
    old, new = _quoted(f"a/{path}"), _quoted(f"b/{path}")
    # After a name with a space git wants a tab, or it would take what follows for a date.
    tab = "\t" if " " in path else ""
    parts = [f"diff --git {old} {new}\n", f"--- {old}{tab}\n", f"+++ {new}{tab}\n"]
    gain = 0  # lines of the new file beyond those of the old one, so far
    for hunk in _hunks(replacements(lines, edits)):
        parts += _hunk(lines, hunk, gain)
        gain += sum(len(change.lines) - (change.end - change.start) for change in hunk)
    return "".join(parts)


def binary_patch(path: str, text: str, edits: Iterable[Edit]) -> str:
    """Return the same as `unified_patch` in ASCII alone, for a text that would not survive being shown.

    It replaces the whole file, and git takes it only on exactly the content it was made from.
    """
    content = edited(text, edits).encode()
    old, new = _quoted(f"a/{path}"), _quoted(f"b/{path}")
    packed = zlib.compress(content, 9)
    rows = [packed[start : start + _LITERAL_BYTES] for start in range(0, len(packed), _LITERAL_BYTES)]
    body = "".join(f"{_length(len(row))}{b85encode(row, pad=True).decode()}\n" for row in rows)
    return (
        f"diff --git {old} {new}\nindex {_blob(text.encode())}..{_blob(content)}\n"
        f"GIT binary patch\nliteral {len(content)}\n{body}\n"
    )


def _hunks(changes: list[Replacement]) -> list[list[Replacement]]:
    """Return the changes in groups: those whose context would touch stand in one hunk."""
    hunks: list[list[Replacement]] = []
    for change in changes:
        if hunks and change.start - hunks[-1][-1].end <= 2 * CONTEXT:
            hunks[-1].append(change)
        else:
            hunks.append([change])
    return hunks


def _hunk(lines: list[str], changes: list[Replacement], gain: int) -> list[str]:
    """Return the lines of a hunk, which starts ``gain`` lines further down in the new file."""
    start = max(0, changes[0].start - CONTEXT)
    end = min(len(lines), changes[-1].end + CONTEXT)
    body: list[str] = []
    done = start
    for change in changes:
        body += [_line(" ", line) for line in lines[done : change.start]]
        body += [_line("-", line) for line in lines[change.start : change.end]]
        body += [_line("+", line) for line in change.lines]
        done = change.end
    body += [_line(" ", line) for line in lines[done:end]]
    more = sum(len(change.lines) - (change.end - change.start) for change in changes)
    return [f"@@ -{_range(start, end)} +{_range(start + gain, end + gain + more)} @@\n", *body]


def _line(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def _range(start: int, end: int) -> str:
    """Return a hunk's first line and length; an empty one names the line before it."""
    count = end - start
    return f"{start + 1 if count else start},{count}"


def _length(count: int) -> str:
    """Return the letter by which git gives the bytes of a row: A to Z for 1 to 26, then a to z."""
    return chr(ord("A") + count - 1) if count <= 26 else chr(ord("a") + count - 27)


def _blob(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _quoted(name: str) -> str:
    """Return a file's name as git writes it, quoted in the manner of C where it has unusual bytes."""
    raw = name.encode()
    if all(32 <= byte < 127 and byte not in b'"\\' for byte in raw):
        return name
    return '"' + "".join(map(_escaped, raw)) + '"'


def _escaped(byte: int) -> str:
    if byte in _ESCAPES:
        return f"\\{_ESCAPES[byte]}"
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
