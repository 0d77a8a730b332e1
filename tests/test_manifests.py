"""The App manifests ask for what is used and differ in one permission, which is opt-in."""

from __future__ import annotations

import pytest
import yaml

from tests.paths import ROOT
from tests.sandbox.app import EVENTS, PERMISSIONS, WRITING_PERMISSIONS

MANIFESTS = {"app.yml": PERMISSIONS, "app-with-fixes.yml": WRITING_PERMISSIONS}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_asks_for_what_the_tests_grant(name: str) -> None:
    """Every test runs with exactly these permissions and events."""
    manifest = yaml.safe_load((ROOT / name).read_text())
    assert manifest["default_permissions"] == dict(MANIFESTS[name])
    assert sorted(manifest["default_events"]) == sorted(EVENTS)


def test_the_opt_in_manifest_differs_in_one_permission() -> None:
    """A list that wants no commits grants no permission for them."""
    usual, opted = (yaml.safe_load((ROOT / name).read_text()) for name in MANIFESTS)
    assert opted["default_permissions"].pop("contents") == "write"
    assert usual["default_permissions"].pop("contents") == "read"
    assert opted == usual
