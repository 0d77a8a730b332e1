"""Tests of ``bot.commands``."""
