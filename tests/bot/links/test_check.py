"""The command ``papergate check`` follows the links that a change brings, and no other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bot.links.conftest import Page, Site

COMMAND = Path(sys.executable).with_name("papergate")
SERVICES = ("SEMANTIC_SCHOLAR", "OPENALEX", "CROSSREF", "ARXIV", "DOI")
HEADING = "# A list\n\n### Optimization / Training Techniques\n"
STANDING = "- **Memory networks** (2014), J. Weston et al. [[pdf]]({url}/standing.pdf)\n"
ADDED = (
    "- **Deep learning of links** (2015), A. Author et al. [[pdf]]({url}/dead.pdf)"
    " [[code]]({url}/alive) [[web]]({url}/asleep) [[data]](http://user@127.0.0.1:{inner}/secret)"
    " [[demo]](http://127.0.0.1:{inner}/secret) [[doi]](https://doi.org/10.1000/none)\n"
)


def checked(folder: Path, site: Site, entry: str, *options: str) -> dict[str, Any]:
    """Return the report on adding ``entry``; every service is ``site``, which knows no paper."""
    standing = HEADING + STANDING.format(url=site.url)
    (folder / "base.md").write_text(standing)
    (folder / "head.md").write_text(standing + entry)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAPERGATE_")}
    environment |= {f"PAPERGATE_{name}_URL": site.url for name in SERVICES}
    environment |= {"PAPERGATE_LINK_SANDBOX_ORIGIN": site.url, "PAPERGATE_DATA_DIR": str(folder / "data")}
    done = subprocess.run(
        [COMMAND, "check", "--base", "base.md", "--head", "head.md", "--format", "json", *options],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_each_new_link_gets_what_it_deserves(tmp_path: Path, site: Site, inside: Site) -> None:
    """Dead ones are errors, those nobody can tell of warnings; the list's other links are left alone."""
    site.pages = {
        "/alive": Page(200),
        "/asleep": Page(503),
        "/api/handles/10.1000/none": Page(404, body=b'{"responseCode": 100, "handle": "10.1000/none"}'),
    }
    report = checked(tmp_path, site, ADDED.format(url=site.url, inner=inside.server_port))
    found = {
        (finding["code"], finding["severity"], finding["message"])
        for finding in report["findings"]
        if finding["code"] in {"dead", "unreachable"}
    }
    verify = "could not be verified: it"
    assert found == {
        ("dead", "error", "Replace the dead link behind `[[pdf]]`: it answered HTTP 404."),
        ("dead", "error", "Replace the dead link behind `[[doi]]`: doi.org knows no such DOI."),
        ("unreachable", "warning", f"The link behind `[[web]]` {verify} answered HTTP 503."),
        ("unreachable", "warning", f"The link behind `[[data]]` {verify} carries a user name."),
        ("unreachable", "warning", f"The link behind `[[demo]]` {verify} names a port of its own."),
    }
    assert report["verdict"] == "fail"
    assert report["skipped"] == []
    assert inside.hits == []
    assert not any("standing" in hit for hit in site.hits)


def test_offline_nothing_is_followed(tmp_path: Path, site: Site) -> None:
    """And the report says so; the entry is held for its bold title alone."""
    entry = ADDED.format(url=site.url, inner=1).replace("**", "")
    report = checked(tmp_path, site, entry, "--offline")
    assert report["skipped"] == ["citations", "record", "reachability"]
    assert site.hits == []
