"""Tests of ``bot.database``."""
