"""The workbook to be filled in: headings with units, lists to choose from, an example, how-to."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from geo.intake.lexicon import Heading, Lexicon
from geo.wording import say

ROWS = 2_000
"""Rows of the sheet that offer lists to choose from."""
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_WIDTHS = {
    "code": 26,
    "name": 32,
    "park": 26,
    "owner": 24,
    "responsible": 24,
    "place": 28,
    "remark": 24,
}
_CHOICES = ("county", "park", "industry", "stage", "plan_attr", "lists")
_NOTES = ("intro", "names", "money", "land", "dates", "places", "codes")
_UNITS = {"money": "（万元）", "land": "（亩）", "lon": "（WGS-84）", "lat": "（WGS-84）"}
_EXAMPLES: dict[str, object] = {
    "invest_wan": 12000,
    "plan_wan": 3000,
    "done_wan": 1500,
    "land_m2": 60,
    "progress_pct": 12.5,
    "start_date": "2022-03",
    "end_date": "2023-12",
}
_MESSAGES = {"money": "template_money", "land": "template_land", "date": "template_dates"}


def write(lexicon: Lexicon, *, language: str = "zh") -> bytes:
    """Write the template of a city as .xlsx; reading it back gives no project and no fault.

    Sheets: how to fill in, the list, the dictionary. Headings stay Chinese: they are what the
    reading knows for certain; `language` is that of the explanations.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    style = {
        "head": book.add_format(
            {
                "bold": True,
                "border": 1,
                "bg_color": "#E8EEF4",
                "text_wrap": True,
                "valign": "vcenter",
            }
        ),
        "example": book.add_format({"italic": True, "font_color": "#777777"}),
        "text": book.add_format({"num_format": "@"}),
        "note": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    # The names of these sheets are Chinese in both languages: the reading passes them over by name.
    _write_notes(book.add_worksheet(say("import.template_help", "zh")), style, language)
    listed = book.add_worksheet(say("import.template_title", "zh"))
    words = book.add_worksheet(say("import.template_words", "zh"))
    ranges = _write_words(words, lexicon, style)
    _write_list(listed, lexicon, style, ranges=ranges)
    listed.activate()
    book.close()
    return out.getvalue()


def columns(lexicon: Lexicon) -> list[tuple[str, Heading]]:
    """Return the template's headings in order, each with its unit and a star where required."""
    kept = [heading for heading in lexicon.headings.values() if heading.template]
    return [
        (f"{h.title['zh']}{_UNITS.get(h.kind, '')}{'*' if h.required else ''}", h) for h in kept
    ]


def _write_notes(sheet: Any, style: dict[str, Any], language: str) -> None:
    sheet.set_column(0, 0, 100)
    for row, name in enumerate(_NOTES):
        sheet.write_string(row, 0, say(f"import.template_{name}", language), style["note"])


def _choices(lexicon: Lexicon) -> dict[str, list[str]]:
    attributes: dict[str, str] = {}
    for word, id_ in lexicon.attribute_words.items():
        attributes.setdefault(id_, word)
    return {
        "county": list(lexicon.counties.values()),
        "park": [park.name for park in lexicon.parks.values()],
        "industry": list(lexicon.industries.values()),
        "stage": list(lexicon.stages.values()),
        "plan_attr": list(attributes.values()),
        "lists": list(lexicon.lists.values()),
    }


def _write_words(sheet: Any, lexicon: Lexicon, style: dict[str, Any]) -> dict[str, str]:
    """Write the dictionary and return the range of each field's choices."""
    ranges = {}
    for column, (field, names) in enumerate(_choices(lexicon).items()):
        title = say("import.template_options", "zh", field=lexicon.headings[field].title["zh"])
        sheet.write_string(0, column, title, style["head"])
        sheet.set_column(column, column, 28)
        for row, name in enumerate(names, start=1):
            sheet.write_string(row, column, name)
        letter = chr(ord("A") + column)
        ranges[field] = f"='{sheet.get_name()}'!${letter}$2:${letter}${len(names) + 1}"
    sheet.freeze_panes(1, 0)
    return ranges


def _write_list(
    sheet: Any, lexicon: Lexicon, style: dict[str, Any], *, ranges: dict[str, str]
) -> None:
    headings = columns(lexicon)
    sheet.write_string(0, 0, lexicon.headings["serial"].title["zh"], style["head"])
    sheet.write_string(1, 0, say("import.template_example", "zh"), style["example"])
    for column, (title, heading) in enumerate(headings, start=1):
        as_text = heading.kind in ("code", "phone", "date")
        width = _WIDTHS.get(heading.id, 14)
        sheet.set_column(column, column, width, style["text"] if as_text else None)
        sheet.write_string(0, column, title, style["head"])
        _write_example(sheet, column, _example(heading, lexicon), style["example"])
        _validate(sheet, column, heading, ranges)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, ROWS, len(headings))


def _example(heading: Heading, lexicon: Lexicon) -> object:
    if heading.id == "name":
        return say("import.template_example_name", "zh")
    choices: Sequence[str] = _choices(lexicon).get(heading.id, ())
    if heading.id in ("county", "industry", "stage", "plan_attr"):
        return choices[0] if choices else ""
    return _EXAMPLES.get(heading.id, "")


def _write_example(sheet: Any, column: int, value: object, style: Any) -> None:
    if isinstance(value, int | float):
        sheet.write_number(1, column, value, style)
    else:
        sheet.write_string(1, column, str(value), style)


def _validate(sheet: Any, column: int, heading: Heading, ranges: dict[str, str]) -> None:
    """Offer the choices of a field; what is not among them is warned of, not refused."""
    area = (1, column, ROWS, column)
    if heading.id in _CHOICES:
        rule = {"validate": "list", "source": ranges[heading.id], "error_type": "warning"}
        sheet.data_validation(*area, rule)
    elif heading.kind in _MESSAGES:
        text = say(f"import.{_MESSAGES[heading.kind]}", "zh")
        sheet.data_validation(*area, {"validate": "any", "input_message": text[:255]})
