"""Tests of ``rules.reading``."""
