"""Tests of ``bot.process``."""
