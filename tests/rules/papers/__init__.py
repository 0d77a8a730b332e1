"""Tests of ``rules.papers``."""
