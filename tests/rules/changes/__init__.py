"""Tests of ``rules.changes``."""
