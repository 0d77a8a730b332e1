"""Fields that GitHub's description lets be null: found in a body, and set to null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Path = tuple[str | int, ...]


def nullable(schema: Mapping[str, Any], components: Mapping[str, Any], body: object) -> list[Path]:
    """Return where the body has a value that its schema lets be null, each place once.

    Of a list only the first item is looked at.
    """
    return sorted(set(_places(schema, components, body, ())), key=str)


def with_null(body: Any, path: Sequence[str | int]) -> Any:
    """Return a copy of the body with null at one place."""
    if not path:
        return None
    first, *rest = path
    copy: Any = list(body) if isinstance(body, list) else dict(body)
    copy[first] = with_null(copy[first], rest)
    return copy


def _places(
    schema: Mapping[str, Any], components: Mapping[str, Any], body: object, path: Path
) -> Iterator[Path]:
    if body is None:
        return
    reference = schema.get("$ref")
    if reference is not None:
        yield from _places(components[reference.rpartition("/")[2]], components, body, path)
        return
    kinds = schema.get("type")
    if schema.get("nullable") or kinds == "null" or (isinstance(kinds, list) and "null" in kinds):
        yield path
    for name in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(name, ()):
            yield from _places(part, components, body, path)
    if isinstance(body, dict):
        for name, inner in schema.get("properties", {}).items():
            if name in body:
                yield from _places(inner, components, body[name], (*path, name))
    if isinstance(body, list) and body and isinstance(schema.get("items"), dict):
        yield from _places(schema["items"], components, body[0], (*path, 0))
