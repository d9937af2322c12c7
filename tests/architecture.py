"""The rules of the house as functions on source text: each returns the faults it finds, as lines."""

from __future__ import annotations

import ast
import io
import re
import string
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

MAX_FUNCTION_LINES = 50
MAX_FILE_LINES = 400
MAX_PAGE_LINES = 80

# Endings that tell what kind of place it is; the name before them is looked for as well.
_KINDS = re.compile(
    r"(满族自治县|自治县|市|县|区)$|\s+(Manchu Autonomous County|District|County|City)$"
)
_NO_CODE = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)


@dataclass(frozen=True)
class Rule:
    """Modules below `below`, but not below `exempt`, import nothing below `forbidden`."""

    below: tuple[str, ...]
    forbidden: tuple[str, ...]
    why: str
    exempt: tuple[str, ...] = ()


RULES = (
    Rule(("geo",), ("streamlit", "streamlit_folium"), "geo/ runs without Streamlit"),
    Rule(("geo",), ("ui", "app", "pages"), "imports go app.py, pages/ → ui/ → geo/"),
    Rule(("ui",), ("app", "pages"), "imports go app.py, pages/ → ui/ → geo/"),
    Rule(("pages", "app"), ("pages", "app"), "every page stands alone"),
    Rule(
        ("geo", "ui", "pages", "app"),
        ("folium", "branca"),
        "only geo/render/ knows folium",
        exempt=("geo.render",),
    ),
    Rule(("geo",), ("geo.render",), "computing never draws", exempt=("geo.render",)),
    Rule(("geo.render",), ("geo.store", "geo.exchange"), "drawing never reads or writes"),
    Rule(("geo", "ui", "pages", "app"), ("bench", "scripts", "tests"), "the app needs only itself"),
)


def imports(source: str, module: str) -> set[str]:
    """Return the absolute names that a module imports, wherever in it, `import_module` included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parent = module.split(".")[: -node.level]
                base = ".".join([*parent, base]).strip(".")
            found.add(base)
            found.update(f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            found.update(_text(argument) for argument in node.args[:1])
    return found - {""}


def import_faults(source: str, module: str, rules: Iterable[Rule] = RULES) -> list[str]:
    """Return the imports of a module that a rule forbids."""
    return [
        f"{module} imports {name}: {rule.why}"
        for rule in rules
        if _is_below(module, rule.below) and not _is_below(module, rule.exempt)
        for name in sorted(imports(source, module))
        if _is_below(name, rule.forbidden)
    ]


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Yield each function's name and code lines; blank lines, comments, docstrings are none."""
    tree = ast.parse(source)
    code = _code_lines(source) - _docstring_lines(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, len(code.intersection(range(node.lineno, (node.end_lineno or 0) + 1)))


def size_faults(source: str, path: str, *, max_lines: int = MAX_FILE_LINES) -> list[str]:
    """Return the file if it is too long and, in Python, its functions that are."""
    count = len(source.splitlines())
    faults = [f"{path}: {count} lines, at most {max_lines}"] if count > max_lines else []
    if path.endswith(".py"):
        faults += [
            f"{path}: {name} has {lines} code lines, at most {MAX_FUNCTION_LINES}"
            for name, lines in functions(source)
            if lines > MAX_FUNCTION_LINES
        ]
    return faults


def stems(names: Iterable[str]) -> set[str]:
    """Return place names and what is left of them without 市, 区, District …, two letters or more."""
    both = {form for name in names for form in (name.strip(), _KINDS.sub("", name.strip()))}
    return {name for name in both if len(name) > 1}


def name_faults(source: str, path: str, names: Iterable[str]) -> list[str]:
    """Return the names that stand anywhere in a source, comments included; Latin as whole words."""
    faults = []
    for name in sorted(names):
        pattern = re.escape(name)
        if name.isascii():
            pattern = rf"(?<![A-Za-z]){pattern}(?![A-Za-z])"
        if re.search(pattern, source, re.IGNORECASE):
            faults.append(f"{path} names {name}: that belongs in data/")
    return faults


def flatten(table: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """Return nested tables as dotted keys and their texts."""
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat


def placeholders(text: str) -> set[str]:
    """Return the names in braces, without attributes and formats."""
    names = (field for _, field, _, _ in string.Formatter().parse(text) if field is not None)
    return {re.split(r"[.\[]", name)[0] for name in names}


def locale_faults(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """Return what two locales do not share: keys, placeholders; and texts that are empty."""
    first, second = flatten(one), flatten(other)
    faults = [f"only in one locale: {key}" for key in sorted(first.keys() ^ second.keys())]
    for key in sorted(first.keys() & second.keys()):
        if placeholders(first[key]) != placeholders(second[key]):
            faults.append(f"different placeholders: {key}")
        if not first[key].strip() or not second[key].strip():
            faults.append(f"empty text: {key}")
    return faults


def used_keys(source: str, function: str = "t") -> tuple[set[str], set[str]]:
    """Return the keys that `t("…")` asks for and the constant beginnings of `t(f"….{x}")`."""
    keys: set[str] = set()
    beginnings: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and _called(node) == function and node.args):
            continue
        for argument in _branches(node.args[0]):
            if isinstance(argument, ast.JoinedStr) and argument.values:
                beginnings.add(_text(argument.values[0]))
            else:
                keys.add(_text(argument))
    return keys - {""}, beginnings - {""}


def key_faults(source: str, path: str, keys: Iterable[str]) -> list[str]:
    """Return the texts that a source asks for and a locale has not."""
    known = set(keys)
    asked, beginnings = used_keys(source)
    faults = [f"{path} asks for {key}" for key in sorted(asked - known)]
    missing = (s for s in sorted(beginnings) if not any(key.startswith(s) for key in known))
    return faults + [f"{path} asks for {start}…" for start in missing]


def error_codes(source: str) -> set[str]:
    """Return the codes that a source gives to GeoError as plain text."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    raised = (node for node in calls if _called(node) == "GeoError" and node.args)
    return {_text(part) for node in raised for part in _branches(node.args[0])} - {""}


def _is_below(name: str, roots: Iterable[str]) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in roots)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _branches(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.IfExp):
        return _branches(node.body) + _branches(node.orelse)
    return [node]


def _code_lines(source: str) -> set[int]:
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    return lines


def _docstring_lines(tree: ast.Module) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(
            node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ) and ast.get_docstring(node, clean=False):
            lines.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return lines
