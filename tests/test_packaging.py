"""What is installed: from the runtime lock alone, from the wheel, and from the source distribution."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psycopg
import pytest
import yaml

import bot
from tests.bot.processes import free_port, postgres_server, wait_until
from tests.paths import DATA, ROOT
from tests.sandbox.app import App
from tests.service import Service
from tests.test_lock import RUNTIME, imported

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST = DATA / "list" / "README.md"
BUILD = "import sys; from setuptools import build_meta; print(build_meta.{}(sys.argv[1]))"


def run(command: list[str | Path], **variables: str) -> str:
    """Run a command away from the sources and return what it prints; it must succeed."""
    environment = os.environ | {"PYTHONSAFEPATH": "1"} | variables
    done = subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(hook: str, source: Path, target: Path) -> Path:
    """Build a distribution of the sources in a folder, as a front end does, and return it."""
    command = [sys.executable, "-c", BUILD.format(hook), str(target)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target / str(done.stdout.split()[-1])


def tracked() -> list[str]:
    """Return the paths of all files of the project, without what is only here."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [path for path in listed if path and (ROOT / path).is_file()]


@pytest.fixture(scope="module")
def source_distribution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the unpacked source distribution."""
    folder = tmp_path_factory.mktemp("sdist")
    clone = folder / "clone"
    for path in tracked():
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, clone / path)
    with tarfile.open(build("build_sdist", clone, folder)) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"papergate-{bot.__version__}"


@pytest.fixture(scope="module")
def wheel(source_distribution: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel built from the source distribution."""
    return build("build_wheel", source_distribution, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def environment() -> Iterator[Path]:
    """Return the programs' folder of a new environment, made from the runtime lock with nothing resolved.

    It is not in pytest's own folder, which is closed to the user that the embedded database runs as.
    """
    with TemporaryDirectory(prefix="papergate-tests-") as folder:
        programs = Path(folder) / "bin"
        run([sys.executable, "-m", "venv", "--without-pip", folder])
        safely = ["--no-compile", "--no-deps", "--only-binary=:all:", "--require-hashes"]
        run([*pip(programs), "install", *safely, "-r", RUNTIME])
        yield programs


def pip(programs: Path) -> list[str | Path]:
    """Return the command line of pip for an environment that has none."""
    return [
        sys.executable,
        "-m",
        "pip",
        "--python",
        programs / "python",
        "--quiet",
        "--disable-pip-version-check",
    ]


@pytest.fixture(scope="module")
def installed(environment: Path, wheel: Path) -> Path:
    """Return the programs' folder of that environment with the wheel in it."""
    run([*pip(environment), "install", "--no-compile", "--no-deps", "--no-index", wheel])
    return environment


def test_the_runtime_lock_alone_has_every_import(environment: Path) -> None:
    """Nothing is missing and no two packages contradict each other."""
    run([*pip(environment), "check"])
    imports = "; ".join(f"import {root}" for root in sorted(imported("bot") | imported("rules")))
    # The embedded PostgreSQL warns where nobody is logged in; nothing else may be said.
    run([environment / "python", "-W", "error", "-W", "ignore:XDG_RUNTIME_DIR", "-c", imports])


@contextmanager
def process(line: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a line of the Procfile beside the sources until the end, then stop it in order."""
    with subprocess.Popen(["sh", "-c", f"exec {line}"], cwd=ROOT, env=environment) as running:
        try:
            yield running
            running.terminate()
            assert running.wait(20) == 0
        finally:
            running.kill()


def test_the_procfile_runs_on_the_runtime_lock_alone(environment: Path, server_folder: Path) -> None:
    """Release, web and worker start beside the sources, where Papergate itself is not installed."""
    lines = yaml.safe_load((ROOT / "Procfile").read_text(encoding="utf-8"))
    app, port = App(), free_port()
    with postgres_server(str(server_folder)) as url:
        settings = {
            "PATH": f"{environment}:{os.environ['PATH']}",
            "PORT": str(port),
            "DATABASE_URL": url,
            "PAPERGATE_APP_ID": str(app.id),
            "PAPERGATE_PRIVATE_KEY": app.private_key,
            "PAPERGATE_WEBHOOK_SECRET": app.webhook_secret,
        }
        subprocess.run(lines["release"], shell=True, cwd=ROOT, env=settings, check=True)  # noqa: S602 - our own file
        # This machine's other interfaces are nobody's business in a test.
        with (
            process(lines["web"].replace("0.0.0.0", "127.0.0.1"), settings),  # noqa: S104
            process(lines["worker"], settings),
            psycopg.connect(url, autocommit=True) as database,
        ):
            wait_until(lambda: answers(port))
            wait_until(lambda: database.execute("SELECT 1 FROM procrastinate_workers").fetchone() is not None)


def answers(port: int) -> bool:
    """Return whether a web server says there that it is ready."""
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
    except OSError:
        return False


def test_the_wheel_works_in_a_clean_environment(installed: Path, tmp_path: Path) -> None:
    """The command says its version and checks a list."""
    command = installed / "papergate"
    assert run([command, "--version"]) == f"papergate, version {bot.__version__}\n"
    policy = tmp_path / "papergate.yml"
    policy.write_text("preset: most-cited\n")
    arguments: list[str | Path] = ["--base", LIST, "--head", LIST, "--config", policy, "--offline"]
    assert json.loads(run([command, "check", *arguments, "--format", "json"]))["verdict"] == "pass"


def test_the_wheel_serves(installed: Path) -> None:
    """One command runs web, worker and database from the installed files, and stops without a trace."""
    app = App()
    settings = {
        "PYTHONSAFEPATH": "1",
        "PAPERGATE_APP_ID": str(app.id),
        "PAPERGATE_PRIVATE_KEY": app.private_key,
        "PAPERGATE_WEBHOOK_SECRET": app.webhook_secret,
    }
    with Service(settings, command=(installed / "papergate", "serve", "--with-worker")) as service:
        assert service.is_ready()


def test_the_wheel_holds_the_product_and_nothing_else(wheel: Path) -> None:
    """Every file of `bot` and `rules` is in it, type marker and data included; no test is."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == {path for path in tracked() if path.startswith(("bot/", "rules/"))}


def test_the_source_distribution_is_complete(source_distribution: Path) -> None:
    """Tests, documents and set-up files are in it."""
    assert {path for path in tracked() if not (source_distribution / path).is_file()} == set()
