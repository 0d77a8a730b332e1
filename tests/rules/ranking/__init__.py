"""Tests of ``rules.ranking``."""
