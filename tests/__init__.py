"""Tests; they mirror the modules of ``bot`` and ``rules``."""
