"""Words and numbers in both languages."""

from __future__ import annotations

import re
import string
import tomllib
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import wording
from geo.errors import GeoError
from geo.view import LANGUAGES
from ui.i18n import money, percent, section, sentence, translator, trimmed, yi

WORDS = {
    language: tomllib.loads((wording.LOCALES / f"{language}.toml").read_text("utf-8"))
    for language in LANGUAGES
}
wan = st.integers(0, 10**11)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (0, "0 万元", "CNY 0 m"),
        (1, "1 万元", "CNY 0.01 m"),
        (600, "600 万元", "CNY 6 m"),
        (9_999, "9,999 万元", "CNY 99.99 m"),
        (10_000, "1 亿元", "CNY 100 m"),
        (12_345, "1.23 亿元", "CNY 123.45 m"),
        (99_999, "10 亿元", "CNY 999.99 m"),
        (100_000, "10 亿元", "CNY 1 bn"),
        (2_499_000, "249.9 亿元", "CNY 24.99 bn"),
        (10_466_000, "1,046.6 亿元", "CNY 104.66 bn"),
        (12_372_000, "1,237.2 亿元", "CNY 123.72 bn"),
        (10**10, "1,000,000 亿元", "CNY 100,000 bn"),
    ],
)
def test_money_is_written_as_each_language_does(amount, zh, en):
    """万元 below 1 亿元 and 亿元 from there in Chinese, million and billion yuan in English, no needless zeros."""
    assert (money(amount, "zh"), money(amount, "en")) == (zh, en)


def read_back(text: str) -> tuple[Decimal, int]:
    """Return the amount in 万元 that a text says, and the unit in 万元."""
    units = {"万元": 1, "亿元": 10_000, "m": 100, "bn": 100_000}
    number, unit = text.removeprefix("CNY ").split(" ")
    return Decimal(number.replace(",", "")) * units[unit], units[unit]


@given(wan, st.sampled_from(LANGUAGES))
def test_written_money_is_right_to_its_last_digit(amount, language):
    """Any amount, read back, is within half a hundredth of its unit, and exact in 万元."""
    text = money(amount, language)
    said, unit = read_back(text)
    assert abs(said - amount) <= Decimal(unit) / 200
    assert unit != 1 or said == amount
    number = text.removeprefix("CNY ").split(" ")[0]
    assert re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d?[1-9])?", number)


@given(wan)
def test_a_bare_number_of_yi_loses_nothing(amount):
    """`yi` writes every 万元, since its four decimals are 万元."""
    assert Fraction(yi(amount).replace(",", "")) == Fraction(amount, 10_000)


@given(wan, wan)
def test_more_money_never_reads_as_less(one, other):
    """The written amounts keep their order in either language."""
    low, high = sorted((one, other))
    for language in LANGUAGES:
        assert read_back(money(low, language))[0] <= read_back(money(high, language))[0]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(100), "100"),
        (Fraction(1, 10), "0.1"),
        (Fraction(1, 3), "0.33"),
        (Fraction(999_999, 1000), "1,000"),
        (Fraction(10**15) + Fraction(1, 100), "1,000,000,000,000,000.01"),
    ],
)
def test_a_number_is_trimmed_behind_the_point_only(value, text):
    """Zeros before the point stay, zeros behind it go, and no digit is lost to floating point."""
    assert trimmed(value) == text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(314, 335), "93.73%"),
        (Fraction(10_466, 12_372), "84.59%"),
        (Fraction(1), "100.00%"),
        (Fraction(0), "0.00%"),
        (None, "—"),
    ],
)
def test_a_rate_is_written_in_percent(language, value, text):
    """Two decimals always; a rate of nothing is a dash and never 0."""
    assert percent(value, translator(language)) == text


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_written_percents_are_right_to_the_last_digit(part, whole):
    """Any ratio is within half a hundredth of a percent."""
    said = Fraction(percent(Fraction(part, whole), translator("zh")).removesuffix("%"))
    assert abs(said - Fraction(100 * part, whole)) <= Fraction(1, 200)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(WORDS["zh"]["error"]))
def test_every_error_is_a_sentence(language, code):
    """Each code with its details gives its own sentence with the details in it and no placeholder left."""
    names = placeholders(WORDS[language]["error"][code])
    details = {name: f"<{name}>" for name in names if name != "code"}
    if "code" in names:  # the sentence for codes that have none
        assert sentence(GeoError("no.such"), translator(language)).count("no.such") == 1
        return
    said = sentence(GeoError(code, **details), translator(language), inside=True)
    assert all(detail in said for detail in details.values())
    assert not re.search(r"[{}]", said)
    assert said.endswith(("。", ".")) or said.endswith(tuple(details.values()))
    assert said != sentence(GeoError("no.such"), translator(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_path_and_no_server_reason_is_for_everybody(language):
    """Every sentence that says where things are or what a server said has a plain one beside it,
    which says neither; only `inside` the long one is given."""
    telling = {
        code
        for code, text in WORDS[language]["error"].items()
        if placeholders(text) & {"place", "reason"}
    }
    assert {"store.read_only", "store.failed", "file_unreadable"} <= telling
    for code in telling | WORDS[language]["error_plain"].keys():
        names = placeholders(WORDS[language]["error"][code])
        error = GeoError(code, **{name: f"<{name}>" for name in names})
        said = sentence(error, translator(language))
        assert not {"<place>", "<reason>", "<read>"} & set(re.findall(r"<\w+>", said))
        assert code not in said, "a sentence, not a code"
        assert said != sentence(error, translator(language), inside=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_with_details_missing_is_still_a_sentence(language):
    """A code whose details are incomplete is named, not a failure."""
    said = sentence(GeoError("value_invalid", file="projects.csv"), translator(language))
    assert "value_invalid" in said
    assert "{" not in said


def test_details_are_not_read_as_placeholders():
    """Braces in what was read from a file stay as they are."""
    error = GeoError("basemap_unknown", read="{expected}{0.__class__}", expected="offline")
    assert "{expected}{0.__class__}" in sentence(error, translator("en"))


def test_words_come_in_the_asked_language():
    """Each language has its own words, and an unknown one gets the first."""
    zh, en, other = (translator(language) for language in ("zh", "en", "de"))
    assert zh("figure.invest") == WORDS["zh"]["figure"]["invest"] == other("figure.invest")
    assert en("figure.invest") == WORDS["en"]["figure"]["invest"] != zh("figure.invest")
    assert en("filter.title_n", n=3) == "Filters (3)"
    with pytest.raises(KeyError):
        zh("no.such")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", ["map", "html", "download"])
def test_a_section_is_the_whole_table(language, table):
    """A section holds every text of its table and no other, with placeholders unfilled."""
    assert section(language, table) == WORDS[language][table]
