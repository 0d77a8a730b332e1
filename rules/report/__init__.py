"""Findings and the report: plain data, no logic."""
