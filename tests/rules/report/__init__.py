"""Tests of ``rules.report``."""
