"""The workbook for metrics to be filled in: one value a row, lists to choose from, how-to."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from geo.series.words import USUAL, Words, first_words
from geo.wording import say

ROWS = 2_000  # rows of the sheet that offer lists to choose from
COLUMNS = (
    *("place", "metric", "period", "value", "unit", "status", "area_kind", "source", "note"),
    "internal",
)
_REQUIRED = ("place", "metric", "period", "value")
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_NOTES = ("intro", "period", "unit", "status", "internal", "wide")
_WIDTHS = {"place": 26, "metric": 30, "source": 30, "note": 30}


def write(words: Words, *, language: str = "zh") -> bytes:
    """Write the template of a city as .xlsx; reading it back gives no value and no fault.

    Headings stay Chinese: they are what the reading knows; `language` is that of the explanations.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    bold = book.add_format({"bold": True, "border": 1, "bg_color": "#E8EEF4"})
    style = {
        "head": bold,
        "example": book.add_format({"italic": True, "font_color": "#777777"}),
        "text": book.add_format({"num_format": "@"}),
        "note": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    # The names of these sheets are Chinese in both languages: the reading passes them over by name.
    notes = book.add_worksheet(say("import.template_help", "zh"))
    notes.set_column(0, 0, 100)
    for row, name in enumerate(_NOTES):
        notes.write_string(row, 0, say(f"series.template_{name}", language), style["note"])
    listed = book.add_worksheet(say("series.template_title", "zh"))
    dictionary = book.add_worksheet(say("import.template_words", "zh"))
    ranges = _choices(dictionary, words, bold, language=language)
    _write_list(listed, words, style, ranges=ranges)
    listed.activate()
    book.close()
    return out.getvalue()


def _choices(sheet: Any, words: Words, head: Any, *, language: str) -> dict[str, str]:
    """Write what can be chosen and return the range of each column's choices."""
    metrics = words.metrics.values()
    known = {
        "place": list(words.place_names.values()),
        "metric": [metric.title.zh for metric in metrics],
        "unit": [USUAL[metric.unit] for metric in metrics],
        "status": list(first_words(words.status_keys).values()),
        "area_kind": list(first_words(words.area_kind_keys).values()),
        "internal": [say("series.template_yes", language), say("series.template_no", language)],
    }
    ranges = {}
    for column, (field, names) in enumerate(known.items()):
        sheet.write_string(0, column, words.titles[field], head)
        sheet.set_column(column, column, 28)
        for row, name in enumerate(names, start=1):
            sheet.write_string(row, column, name)
        letter = chr(ord("A") + column)
        if field != "unit":  # it stands beside the metric that it is the usual one of
            ranges[field] = f"='{sheet.get_name()}'!${letter}$2:${letter}${len(names) + 1}"
    sheet.freeze_panes(1, 0)
    return ranges


def _write_list(sheet: Any, words: Words, style: dict[str, Any], *, ranges: dict[str, str]) -> None:
    example = {
        "place": say("series.template_example", "zh"),
        "metric": next(iter(words.metrics.values())).title.zh,
        "period": "2021",
        "value": "12000",
        "unit": USUAL[next(iter(words.metrics.values())).unit],
        "status": next(iter(first_words(words.status_keys).values())),
    }
    for column, field in enumerate(COLUMNS):
        star = "*" if field in _REQUIRED else ""
        # as text, so that the spreadsheet makes no date of 2022-09
        sheet.set_column(
            column, column, _WIDTHS.get(field, 14), style["text"] if field == "period" else None
        )
        sheet.write_string(0, column, words.titles[field] + star, style["head"])
        sheet.write_string(1, column, example.get(field, ""), style["example"])
        if field in ranges:
            rule = {"validate": "list", "source": ranges[field], "error_type": "warning"}
            sheet.data_validation(1, column, ROWS, column, rule)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, ROWS, len(COLUMNS) - 1)
