"""Labelled changes of a real list (see ``tests/data/history/SOURCE.md``), typed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rules.policy.policy import Policy
from rules.policy.presets import MOST_CITED, MOST_CITED_2016
from tests.paths import DATA

FOLDER = DATA / "history"


@dataclass(frozen=True)
class Label:
    """What a report should, or may, say: a rule at one of some lines; an empty set is about the file."""

    rule: str
    lines: frozenset[int]
    severity: str


@dataclass(frozen=True)
class Change:
    """One labelled change; the sets of titles are None where they are not labelled."""

    name: str
    policy: Policy
    today: date
    base: str
    head: str
    wanted: tuple[Label, ...]
    allowed: tuple[Label, ...]
    complete: bool
    clean: bool
    titles: dict[str, list[str] | None]
    top_count: tuple[int | None, int | None]
    merge_base: str | None
    branch: str | None


def _labels(items: list[dict[str, object]]) -> tuple[Label, ...]:
    labels = []
    for item in items:
        lines = {item["line"], *item.get("alt_lines", [])}  # type: ignore[misc]  # the file's form
        rule = {"section-year": "placement"}.get(str(item["rule"]), str(item["rule"]))
        labels.append(
            Label(rule, frozenset(line for line in lines if isinstance(line, int)), str(item["severity"]))
        )
    return tuple(labels)


def load(folder: Path) -> Change:
    """Return the labelled change in ``folder``."""
    expected = json.loads((folder / "expected.json").read_text())
    meta = json.loads((folder / "meta.json").read_text())

    def text(name: str) -> str | None:
        path = folder / name
        return path.read_text() if path.exists() else None

    wanted = _labels(expected["findings"])
    return Change(
        name=folder.name,
        policy=MOST_CITED if expected["era"] == "B" else MOST_CITED_2016,
        today=date.fromisoformat(meta["date"][:10]),
        base=(folder / "base.md").read_text(),
        head=(folder / "head.md").read_text(),
        wanted=wanted,
        allowed=wanted + _labels(expected.get("optional_findings", [])),
        complete=expected.get("findings_complete", True),
        clean=expected["clean"],
        titles={
            kind: None if expected[kind] is None else [item["title"] for item in expected[kind]]
            for kind in ("added", "removed", "moved")
        },
        top_count=(expected["top_count_base"], expected["top_count_head"]),
        merge_base=text("mergebase.md"),
        branch=text("prhead.md"),
    )


CHANGES = [load(path.parent) for path in sorted(FOLDER.glob("*/expected.json"))]
