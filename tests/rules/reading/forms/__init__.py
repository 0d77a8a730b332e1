"""Tests of ``rules.reading.forms``."""
