"""Drafts a policy for a list that nobody has described: its forms, sections, years, repeats and order."""
