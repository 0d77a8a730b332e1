"""The application under test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.web.app import create_app

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from bot.settings import Settings


@pytest.fixture
def app(settings: Settings, database: Engine) -> Flask:
    return create_app(settings, database)
