"""Tests of ``bot.slash``."""
