"""`make docs`: write the files that are made from the code. A test compares each with what is committed.

To add one, add its path and the function that returns its text.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from bot.files.policy_file import json_schema
from rules.evaluate import RULES
from rules.examples import page_of
from tests.bot.evidence.test_failures import page as evidence_page
from tests.paths import DOCS, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def rules_page() -> str:
    """Return the page of all rules."""
    lead = (
        "# The rules\n\nMade from the docstrings in `rules/`; the examples are the tests."
        " An example without a heading stands in a top section.\n"
    )
    pages = [f"## {name}\n\n```text\n{page_of(check)}\n```\n" for name, check in sorted(RULES.items())]
    return "\n".join([lead, *pages])


def policy_schema() -> str:
    """Return the JSON Schema of a policy file."""
    return json.dumps(json_schema(), indent=2) + "\n"


PAGES: Mapping[Path, Callable[[], str]] = {
    DOCS / "evidence.md": evidence_page,
    DOCS / "policy.schema.json": policy_schema,
    DOCS / "rules.md": rules_page,
}


def main() -> None:
    """Write each file that differs, and name it."""
    for path, text in PAGES.items():
        new = text()
        if not path.is_file() or path.read_text(encoding="utf-8") != new:
            path.write_text(new, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
