"""A pinned registry package as a bag of files: never imported, only read."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class BuildError(Exception):
    """Say why a layer cannot be built; the text is for the developer who runs the script."""


@dataclass(frozen=True)
class Pin:
    """Name one exact distribution file: registry name, version and SHA-256 of the archive."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True)
class Package:
    """Hold a package whose members are read as bytes by their path inside the archive."""

    pin: Pin
    read: Callable[[str], bytes]

    def text(self, member: str) -> str:
        """Return a member decoded as UTF-8."""
        return self.read(member).decode("utf-8")


_PIN = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)\s+--hash=sha256:([0-9a-f]{64})", re.M)


def pins(requirements: Path) -> dict[str, Pin]:
    """Return the pins of a requirements file with hashes, by name.

    Raises BuildError if a line that names a package lacks a version or a hash.
    """
    text = requirements.read_text(encoding="utf-8").replace("\\\n", " ")
    found = {m[1]: Pin(m[1], m[2], m[3]) for m in _PIN.finditer(text)}
    named = [ln for ln in text.splitlines() if ln.strip() and not ln.lstrip().startswith("#")]
    if len(found) != len(named):
        raise BuildError(f"{requirements.name}: every line needs name==version --hash=sha256:…")
    return found


def pypi_package(pin: Pin, folder: Path) -> Package:
    """Return a Python package: the installed one of the pinned version, else its wheel.

    The wheel is downloaded into `folder` unless it already lies there; an installed copy is
    trusted by its version, a wheel by its hash.
    """
    try:
        installed = importlib.metadata.distribution(pin.name)
    except importlib.metadata.PackageNotFoundError:
        return Package(pin, _zip_reader(_wheel(pin, folder)))
    if installed.version != pin.version:
        return Package(pin, _zip_reader(_wheel(pin, folder)))
    return Package(pin, lambda member: Path(str(installed.locate_file(member))).read_bytes())


def npm_package(pin: Pin, folder: Path) -> Package:
    """Return an npm package; its tarball is packed into `folder` unless it already lies there."""
    archive = folder / f"{pin.name}-{pin.version}.tgz"
    if not archive.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _run(["npm", "pack", "--silent", f"{pin.name}@{pin.version}"], folder)
    _verify(archive, pin)

    def read(member: str) -> bytes:
        with tarfile.open(archive) as tar:
            handle = tar.extractfile(f"package/{member}")
            if handle is None:
                raise BuildError(f"{archive.name} has no file {member}")
            return handle.read()

    return Package(pin, read)


def _wheel(pin: Pin, folder: Path) -> Path:
    wheel = folder / f"{pin.name}-{pin.version}-py3-none-any.whl"
    if not wheel.exists():
        folder.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", "."]
        _run([*pip, "--only-binary", ":all:", f"{pin.name}=={pin.version}"], folder)
    _verify(wheel, pin)
    return wheel


def _zip_reader(archive: Path) -> Callable[[str], bytes]:
    def read(member: str) -> bytes:
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(member)

    return read


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{' '.join(command)} failed:\n{done.stderr.strip()[-2000:]}")


def _verify(archive: Path, pin: Pin) -> None:
    with archive.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    if digest != pin.sha256:
        raise BuildError(f"{archive.name}: SHA-256 is {digest}, pinned is {pin.sha256}")
