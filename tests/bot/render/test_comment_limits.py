"""The comment is safe and fits, whatever a pull request holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.render.comment import BUDGET, MARKER
from rules.report.findings import Finding, Fix, Severity
from tests.bot.render.comments import body_of
from tests.bot.render.hostile import TITLES
from tests.bot.render.page import BREAK, LATER_PASSES, fences, html, links, outside_code, shown, tokens
from tests.bot.render.samples import (
    FEW,
    HEAD,
    OVER,
    removal,
    report,
)


@pytest.mark.parametrize("title", TITLES)
def test_hostile_report_does_nothing(title: str) -> None:
    """Text of the pull request makes no mention, link, HTML or block, wherever the comment shows it."""
    finding = Finding(
        "format", "not-bold", Severity.ERROR, f"Unexpected “{title}”.", 71, 71, title, fix=Fix(71, 71, title)
    )
    doubtful = replace(FEW, title=title, message=f"Of `{title}`.")
    old = replace(finding, introduced=False, line=None)
    body = body_of(report(OVER, finding, doubtful, old, removals=(removal(title),)))
    parsed = tokens(body)
    kinds = [token.type for token in parsed]
    assert kinds.count("list_item_open") == 4
    assert kinds.count("fence") == 2
    assert all(
        link.startswith(("https://github.com/octo/list/", "https://github.com/papergate/"))
        for link in links(body)
    )
    assert {token.content for token in parsed if token.type == "html_inline"} <= {
        "<sub>",
        "</sub>",
        "<span>",
        "</span>",
    }
    blocks = [token.content for token in parsed if token.type == "html_block"]
    assert [
        block for block in blocks if not block.startswith(("<details><summary>", "</details>", "<!-- "))
    ] == []
    assert body.count(MARKER) == 1 + sum(MARKER in fence for fence in fences(body))
    assert f"Unexpected “{' '.join(title.split())[:5]}"[:12] in shown(body).replace(BREAK, "")
    text = outside_code(body).split("top sections 100 → 101")[0].replace("@newcomer", "")
    for name, shape in LATER_PASSES.items():
        assert not shape.search(text), name


@pytest.mark.parametrize("number", [60, 3_000])
def test_long_report_is_cut_between_items(number: int) -> None:
    """However much there is to say, the comment fits, no fence is cut, and it counts what is left off."""
    many = tuple(
        Finding(
            "format",
            "missing-year",
            Severity.ERROR,
            f"No year in entry {line}. " + "é" * 500,
            line,
            line,
            f"Paper {line}",
            fix=Fix(line, line, "x" * 2_000 + f" {line}"),
        )
        for line in range(1, number)
    )
    body = body_of(report(*many, removals=tuple(removal(f"P {i}") for i in range(200))))
    assert len(body.encode()) <= BUDGET
    assert "and 190 more" in body
    assert all(fence.startswith(("x" * 2_000, "- ")) and fence.endswith("\n") for fence in fences(body))
    assert html(body).count("<details>") == html(body).count("</details>")
    assert HEAD[:7] in shown(body)
    assert "removals" in body
