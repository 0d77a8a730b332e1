"""Tests of ``bot.evidence``."""
