"""The pages that are made from the code are current."""

from __future__ import annotations

from rules.evaluate import RULES
from rules.examples import page_of
from tests.paths import DOCS

PAGE = DOCS / "rules.md"
LEAD = (
    "# The rules\n\nMade from the docstrings in `rules/`; the examples are the tests."
    " An example without a heading stands in a top section.\n"
)


def rules_page() -> str:
    """Return the page of all rules."""
    pages = [f"## {name}\n\n```text\n{page_of(check)}\n```\n" for name, check in sorted(RULES.items())]
    return "\n".join([LEAD, *pages])


def test_page_of_the_rules_is_current() -> None:
    """``docs/rules.md`` is what the docstrings say; run this module to write it anew."""
    assert PAGE.read_text() == rules_page()


if __name__ == "__main__":
    PAGE.write_text(rules_page())
