"""YAML as plain data: what JSON can say, with every key once.

Stricter than YAML 1.1 as PyYAML reads it: ``off``, ``0200`` and ``2015-01-01`` are text, as to an editor that
knows YAML 1.2; no aliases, so that a small file stays small; no key twice.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import Any

import yaml
from pydantic import JsonValue

LIMIT = 64 * 1024
"""The most bytes that are read."""


class YamlError(Exception):
    """The text is no such YAML; says why and, where known, in which line."""


def load(text: str) -> JsonValue:
    """Return the data in ``text``, None when it is empty. Raises YamlError."""
    if len(text.encode("utf-8", "surrogatepass")) > LIMIT:
        raise YamlError(f"the file is larger than {LIMIT // 1024} KiB")
    try:
        # The loader below is a SafeLoader that makes less.
        data: JsonValue = yaml.load(text, _Loader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise YamlError(f"{line}{error.problem or error.context}") from error
    except yaml.YAMLError as error:  # a character that YAML does not allow
        raise YamlError("the file holds a character that YAML does not allow") from error
    except RecursionError as error:
        raise YamlError("the file is nested too deeply") from error
    return data


def line_of(text: str, where: Sequence[str | int]) -> int | None:
    """Return the line (from 1) of the value, or of the nearest one around it, that ``where`` leads to.

    Raises YamlError when ``text`` is no such YAML.
    """
    load(text)
    node: yaml.Node | None = yaml.compose(text, _Loader)
    line = None
    for part in where:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line


class _Loader(yaml.SafeLoader):
    """Makes mappings with text keys, sequences, text, integers, floats, true, false and null."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - typed by the base class

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]  # a gap in the stubs
        if isinstance(event, yaml.AliasEvent):
            raise _refused("aliases (*name) are not allowed here", event)
        if getattr(event, "tag", None) is not None:
            raise _refused("tags (!name) are not allowed here", event)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        mapping: dict[Hashable, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refused("a key must be plain text", key)
            if key.value in mapping:
                raise _refused(f"the key {key.value[:60]!r} stands here a second time", key)
            mapping[key.value] = self.construct_object(value, deep=deep)
        return mapping


def _refused(problem: str, place: yaml.Node | yaml.Event) -> yaml.MarkedYAMLError:
    mark: Any = place.start_mark  # the stubs also name the mark of the parser in C, which is not used
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


# https://yaml.org/spec/1.2.2/#103-core-schema, in the notation of JSON and no longer than a number is.
_NUMBER = r"-?(?:0|[1-9][0-9]{0,17})"
for _tag, _pattern, _first in (
    ("null", r"~|null|", ["", "~", "n"]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", _NUMBER, list("-0123456789")),
    ("float", rf"{_NUMBER}\.[0-9]{{1,17}}", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), _first)
