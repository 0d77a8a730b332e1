"""Tests of ``rules.bibliography``."""
