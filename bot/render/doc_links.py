"""Addresses of Papergate's own documentation, to which checks and comments link."""

from __future__ import annotations

REPOSITORY = "https://github.com/papergate/papergate"
"""Where Papergate itself can be read."""
RULES = f"{REPOSITORY}/blob/main/docs/rules.md"
COMMANDS = f"{REPOSITORY}/blob/main/docs/commands.md"
SET_UP = f"{REPOSITORY}#install-it-on-a-list"


def rule_page(rule: str, code: str) -> str:
    """Return the address where ``rule/code`` is explained: each code has an anchor there."""
    return f"{RULES}#{rule}-{code}"


def rule_link(rule: str, code: str) -> str:
    """Return ``rule/code`` as a Markdown link to its explanation, in small letters."""
    return f"<sub>[{rule}/{code}]({rule_page(rule, code)})</sub>"
