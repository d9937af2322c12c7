"""Every fault has its sentence in both languages, with all that it needs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from geo import wording
from geo.intake import messages
from geo.intake.faults import Fault

CALLS = {"Refused", "Fault", "_fault", "_error", "_warn", "error", "warn"}


def written_codes(root: Path) -> set[str]:
    """Return the codes that the sources give to faults, and those that notes carry."""
    found = set()
    for path in (root / "geo" / "intake").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            texts = []
            if isinstance(node, ast.Call):
                called = (
                    node.func.attr
                    if isinstance(node.func, ast.Attribute)
                    else getattr(node.func, "id", "")
                )
                texts = (
                    [*node.args, *(k.value for k in node.keywords if k.arg == "code")]
                    if called in CALLS
                    else []
                )
            if (
                isinstance(node, ast.Tuple)
                and len(node.elts) == 2
                and isinstance(node.elts[1], ast.Dict)
            ):
                texts = [node.elts[0]]
            found |= {
                t.value for t in texts if isinstance(t, ast.Constant) and isinstance(t.value, str)
            }
    return {code for code in found if re.fullmatch(r"[a-z]+(_[a-z]+)+", code)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_has_a_sentence(root, language):
    """Each code that a source names stands below `import.` in the locale."""
    codes = written_codes(root)
    assert len(codes) > 60
    words = wording.words(language)
    assert sorted(code for code in codes if f"import.{code}" not in words) == []


def test_a_line_says_place_and_fault():
    """A line names sheet, row and column and then says what is wrong."""
    fault = Fault(5, "总投资\n（万元）", "money_unreadable", {"read": "abc"}, "续建")
    assert messages.line(fault) == (
        "第 5 行 “总投资 （万元）”列：读到“abc”，应为金额，如 12000、1.2亿元、3,000万元；不能写约数或范围。"
    )
    assert messages.line(fault, sheet=True).startswith("工作表“续建” 第 5 行")
    assert messages.line(fault, "en").startswith("row 5, column “总投资 （万元）”: Found “abc”")
    assert messages.line(Fault(None, None, "no_table")).startswith("没有找到项目表")


def test_an_unknown_code_does_not_break_the_page():
    """A code without a sentence is shown as such."""
    assert "nothing_such" in messages.sentence(Fault(1, None, "nothing_such"))
