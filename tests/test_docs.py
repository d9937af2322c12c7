"""The documents say what is there: paths, commands, settings, links and pictures that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
MADE_AT_RUN_TIME = {".venv", "var", "build"}  # first parts of paths that a checkout does not have
ENDINGS = "py|md|toml|csv|geojson|js|css|txt|svg|png|json"
PATH = re.compile(rf"[\w.@*-]*(/[\w.@*-]*)+|[\w.*-]+\.({ENDINGS})")
SETTING = re.compile(r"\bGEO_[A-Z][A-Z_]*[A-Z]\b")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*\bsrc=\"([^\"]+)\"")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
named = pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.relative_to(ROOT).as_posix())


def code_spans(text: str) -> list[str]:
    """Return what stands in backticks outside fenced blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^```.*?^```", "", text))


def fences(text: str) -> list[str]:
    """Return the fenced blocks."""
    return re.findall(r"(?ms)^```\w*\n(.*?)^```", text)


def paths(text: str) -> list[str]:
    """Return the spans in backticks that are the name of a file or a folder of the repository.

    What begins with a slash is an address of the app or a place on the reader's server.
    """
    return [span for span in code_spans(text) if PATH.fullmatch(span) and span[0] != "/"]


def exists(path: str, *, beside: Path) -> bool:
    """Tell whether a path (or pattern) names something, seen from the root or from a document."""
    if path.strip("/").split("/")[0] in MADE_AT_RUN_TIME:
        return True
    return any(any(folder.glob(path.rstrip("/"))) for folder in (ROOT, beside.parent))


def targets(makefile: str) -> set[str]:
    """Return the targets that a Makefile declares phony."""
    return set(re.search(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)[1].split())


def commands(text: str) -> set[str]:
    """Return the make targets that a document's code names."""
    code = "\n".join([*code_spans(text), *fences(text)])
    return set(re.findall(r"(?:^|[\s;])make ([a-z][\w-]*)", code, re.MULTILINE))


def settings_read(source: str) -> set[str]:
    """Return the GEO_ settings that a module takes from a mapping, by `get` or by index."""
    keys: list[ast.expr] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            keys += node.args[:1] if node.func.attr in ("get", "getenv", "pop") else []
        elif isinstance(node, ast.Subscript):
            keys.append(node.slice)
    values = [key.value for key in keys if isinstance(key, ast.Constant)]
    return {value for value in values if isinstance(value, str) and SETTING.fullmatch(value)}


def app_settings() -> set[str]:
    """Return every GEO_ setting that the app reads."""
    files = [
        ROOT / "app.py",
        *(f for d in ("pages", "ui", "geo") for f in (ROOT / d).rglob("*.py")),
    ]
    return {name for file in files for name in settings_read(file.read_text("utf-8"))}


def anchor(heading: str) -> str:
    """Return the anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def tree(text: str) -> list[str]:
    """Return the paths of the first fenced tree: a name a line, or several, two blanks a level."""
    found: list[str] = []
    parents: list[str] = []
    for line in fences(text)[0].splitlines():
        level = (len(line) - len(line.lstrip())) // 2
        names = re.match(r"\s*((?:[\w.-]+/?\s)*[\w.-]+/?)(?:\s{2,}|$)", line)
        for name in (names[1] if names else "").split():
            if name.endswith("/") or "." in name:
                found.append("".join(parents[:level]) + name)
                if name.endswith("/"):
                    parents[level:] = [name]
    return found


@named
def test_every_path_named_exists(doc: Path) -> None:
    """A file or folder named in backticks is there, or is one that the app makes when it runs."""
    text = doc.read_text("utf-8")
    assert [path for path in paths(text) if not exists(path, beside=doc)] == []


@named
def test_every_command_named_exists(doc: Path) -> None:
    """Each `make x` of a document is a target of the Makefile."""
    declared = targets((ROOT / "Makefile").read_text("utf-8"))
    assert commands(doc.read_text("utf-8")) - declared == set()


@named
def test_every_setting_named_is_read(doc: Path) -> None:
    """No document names a GEO_ setting that the app does not read."""
    assert set(SETTING.findall(doc.read_text("utf-8"))) - app_settings() == set()


def test_every_setting_read_is_explained() -> None:
    """Each GEO_ setting that the app reads has a row in the README's table of settings."""
    rows = re.findall(r"^\| `(GEO_\w+)` \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) == len(set(rows))
    assert set(rows) == app_settings() != set()


def test_every_command_for_users_is_explained() -> None:
    """The README speaks of each target that `make help` speaks of."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    offered = set(re.findall(r"@echo 'make (\w+)", makefile))
    assert offered - commands((ROOT / "README.md").read_text("utf-8")) == set()


@named
def test_every_picture_exists(doc: Path) -> None:
    """Each picture of a document is a file of the repository that is a PNG."""
    shown = [one or other for one, other in PICTURE.findall(doc.read_text("utf-8"))]
    files = [doc.parent / address for address in shown]
    assert [file.name for file in files if not file.is_file()] == []
    assert [file.name for file in files if file.read_bytes()[:4] != b"\x89PNG"] == []


@named
def test_every_link_leads_somewhere(doc: Path) -> None:
    """A link inside the repository names a file, and its anchor a heading of that file."""
    lost = []
    for address in LINK.findall(doc.read_text("utf-8")):
        if not re.match(r"[a-z]+:", address):
            file, _, wanted = address.partition("#")
            target = doc.parent / file if file else doc
            if not target.exists() or (wanted and wanted not in anchors(target)):
                lost.append(address)
    assert lost == []


def anchors(doc: Path) -> set[str]:
    return {anchor(heading) for heading in HEADING.findall(doc.read_text("utf-8"))}


def test_the_tree_is_the_house() -> None:
    """The tree of docs/architecture.md names only what is there, and every module of the app."""
    drawn = tree((ROOT / "docs" / "architecture.md").read_text("utf-8"))
    assert [path for path in drawn if not (ROOT / path).exists()] == []
    modules = [
        *(ROOT / "geo").glob("*.py"),
        *(ROOT / "ui").glob("*.py"),
        *(ROOT / "pages").glob("*.py"),
    ]
    modules += (ROOT / "geo" / "render").glob("*.py")
    wanted = {file.relative_to(ROOT).as_posix() for file in modules if file.name != "__init__.py"}
    assert wanted - set(drawn) - {"geo/errors.py"} == set()


def test_the_checkers_find_what_is_wrong(tmp_path: Path) -> None:
    """A path, a command, a setting, a picture and a tree entry that do not exist are all seen."""
    text = "`geo/nowhere.py` `/etc/x.toml` `make tea` `GEO_NO_SUCH` ![x](no.png) `a / b` `make run PORT=1`"
    assert paths(text) == ["geo/nowhere.py"]
    assert not exists("geo/nowhere.py", beside=tmp_path / "x.md")
    assert exists("geo/*.py", beside=tmp_path / "x.md")
    assert commands(text) == {"tea", "run"}
    assert SETTING.findall(text) == ["GEO_NO_SUCH"]
    assert PICTURE.findall(text) == [("no.png", "")]
    source = "os.environ['GEO_ONE'], env.get('GEO_TWO'), print('GEO_THREE')"
    assert settings_read(source) == {"GEO_ONE", "GEO_TWO"}
    drawn = tree("```text\na/    one\n  b.py c.py   two\n  d/\n    e.py  three, four.\n```\n")
    assert drawn == ["a/", "a/b.py", "a/c.py", "a/d/", "a/d/e.py"]
