"""From Markdown to sections and entries."""
