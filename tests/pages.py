"""`make docs`: write the files that are made from the code. A test compares each with what is committed.

To add one, add its path and the function that returns its text.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from bot.files.policy_file import json_schema
from tests import attacks
from tests.bot.evidence.test_failures import page as evidence_page
from tests.paths import DOCS, ROOT
from tests.rules.page import rules_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def policy_schema() -> str:
    """Return the JSON Schema of a policy file."""
    return json.dumps(json_schema(), indent=2) + "\n"


PAGES: Mapping[Path, Callable[[], str]] = {
    attacks.PAGE: attacks.page,
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
