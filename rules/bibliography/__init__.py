"""The BibTeX file beside a list."""
