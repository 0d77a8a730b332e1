"""Corrected lines, edits of the text, patches."""
