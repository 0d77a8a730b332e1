"""Tests of ``bot.jobs``."""
