"""Tests of ``bot.http``."""
