"""Tests of ``rules.drafting``."""
