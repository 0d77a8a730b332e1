"""Tests of ``bot.links``."""
