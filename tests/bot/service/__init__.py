"""Tests of ``bot.service``."""
