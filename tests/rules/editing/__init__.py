"""Tests of ``rules.editing``."""
