"""Tests of ``rules.checks``."""
