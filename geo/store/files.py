"""Write a file whole or not at all: under another name first, then in the place of the old one."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import GeoError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a new path beside `path`; when all went well, what is there takes its place for good.

    Errors: as in `file_fault`, for what the system refuses.
    """
    with file_fault(path):
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
        draft = folder / path.name
        try:
            yield draft
            _sync(draft)
            draft.replace(path)
            _sync(path.parent)
        finally:
            for leftover in folder.iterdir():
                leftover.unlink()
            folder.rmdir()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def file_fault(path: Path) -> Iterator[None]:
    """Name what the file system refuses.

    Errors: `store.disk_full`, `store.read_only`, `store.unwritable` (place, reason).
    """
    try:
        yield
    except OSError as error:
        place, reason = str(path), error.strerror or str(error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise GeoError("store.disk_full", place=place, reason=reason) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise GeoError("store.read_only", place=place, reason=reason) from error
        raise GeoError("store.unwritable", place=place, reason=reason) from error
