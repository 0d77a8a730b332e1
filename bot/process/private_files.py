"""Files of the user's own that nobody else can plant or redirect."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_FILE = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe in the file's place must not block


@contextmanager
def private_directory(path: Path) -> Iterator[int]:
    """Make the directory (0700) if it is missing, and yield a descriptor of it.

    Raises OSError, also when the path is a symbolic link, or another user owns it or may write to it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        if status.st_uid != os.geteuid() or status.st_mode & _WRITABLE_BY_OTHERS:
            raise PermissionError(f"{path} belongs to another user or others may write to it: chmod 700 it")
        yield descriptor
    finally:
        os.close(descriptor)


def open_private(directory: int, name: str, flags: int) -> int:
    """Open a regular file in a directory from `private_directory`; one that is made has mode 0600.

    Raises OSError, also when the file is a symbolic link or no regular file.
    """
    descriptor = os.open(name, flags | _FILE, 0o600, dir_fd=directory)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{name} is not a regular file")
    return descriptor


def read_private(path: Path) -> bytes:
    """Return a file's content. Raises OSError as `private_directory` and `open_private` do."""
    with (
        private_directory(path.parent) as directory,
        os.fdopen(open_private(directory, path.name, os.O_RDONLY), "rb") as file,
    ):
        return file.read()


def replace_private(path: Path, content: bytes) -> None:
    """Write a file in one step, so that no reader sees half of it. Raises OSError as above."""
    with private_directory(path.parent) as directory:
        name = f"{path.name}.{secrets.token_hex(8)}.new"
        try:
            with os.fdopen(open_private(directory, name, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
                file.write(content)
            os.replace(name, path.name, src_dir_fd=directory, dst_dir_fd=directory)
        except OSError:
            with suppress(OSError):
                os.unlink(name, dir_fd=directory)
            raise
