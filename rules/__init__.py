"""The core: list document, changes, policy, rules, verdict. No input or output, no clock."""
