"""Tests of everything said to and heard from GitHub, against the sandbox over real HTTP."""
