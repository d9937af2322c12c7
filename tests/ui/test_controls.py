"""Labels that are text whatever they hold, and the words for what is chosen."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.filters import FACETS, Filters
from geo.view import LANGUAGES, View
from tests.geo.exchange.samples import HOSTILE
from ui import controls
from ui.controls import BREAK, described, plain
from ui.i18n import translator

# every sign that CommonMark, its GitHub extensions, or Streamlit's directives give a meaning
SIGNS = set("\\`*_{}[]<>()#+-.!|~$:&@=")
# what Streamlit 1.67 replaces in the finished text, where escapes no longer protect
SHORT_FORMS = [
    r":material[/_]\w+:",
    r":streamlit:",
    r"(https?:\/\/|www(?=\.))([-.\w]+)([^ \t\r\n]*)",
    r"[-.\w+]+@([-\w]+(?:\.[-\w]+)+)",
    r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
]
PARTS = (":", "material", "/", "_", "streamlit", "https", "http", "www", ".", "@", "-", "<", ">")
PARTS += ("=", "~", " ", "x.y", "a", "\\", "\n")
texts = st.text(max_size=30) | st.text(st.sampled_from("".join(SIGNS) + "aw/ \n1"), max_size=30)


def unescaped(label: str) -> str:
    """Undo escapes as CommonMark does: a backslash before ASCII punctuation goes."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", label)


@given(texts | st.sampled_from(HOSTILE))
def test_every_sign_is_escaped(text):
    """No sign with a meaning stands in a label without a backslash of its own."""
    rest = re.sub(r"\\[!-/:-@\[-`{-~]", "", plain(text))
    assert SIGNS.isdisjoint(rest)


@given(texts | st.sampled_from(HOSTILE))
def test_a_label_reads_as_the_text(text):
    """A label shows the text itself, on one line; only marks that take no room are added."""
    shown = unescaped(plain(text)).replace(BREAK, "")
    assert shown == " ".join(text.splitlines()).replace(BREAK, "")


@pytest.mark.parametrize(
    "text",
    [
        ":material/home:",
        ":material_home:",
        "x :streamlit: y",
        "https://x.y/z",
        "HTTP://X.Y",
        "see www.x.y.com",
        "mail a@b.co now",
        "a -> b",
        "a <- b",
        "a <-> b",
        "a -- b",
        "a >= b",
        "a <= b",
        "a ~= b",
    ],
)
def test_short_forms_are_broken(text):
    """What Streamlit would turn into an icon, a link or an arrow after escapes are undone is no longer there."""
    assert any(re.search(form, text, re.IGNORECASE) for form in SHORT_FORMS)
    shown = unescaped(plain(text))
    assert not any(re.search(form, shown, re.IGNORECASE) for form in SHORT_FORMS)


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
def test_no_short_form_survives(text):
    """However its parts are put together, no short form is left in a label."""
    shown = unescaped(plain(text))
    assert not any(re.search(form, shown, re.IGNORECASE) for form in SHORT_FORMS)


@pytest.mark.parametrize("text", ["丹东 示例", "High tech 2022", "“百企百亿”、（一期）", ""])
def test_plain_words_stay_as_they_are(text):
    """A label without signs is the text, letter by letter."""
    assert plain(text) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_choice_is_named_with_its_release(city, language):
    """Every chosen thing has one chip; its change takes away that one thing."""
    t = translator(language)
    filters = Filters(
        **{facet: city.options[facet][:2] for facet in FACETS},
        invest_min_wan=5_000,
        invest_max_wan=12_345,
        text="孔雀",
    )
    wanted = described(city, View(filters=filters, language=language), t)
    assert len(wanted) == 2 * len(FACETS) + 2
    labels = [label for label, _ in wanted]
    assert all(labels)
    assert not [label for label in labels if label.startswith("▸")]
    assert t("filter.chip_invest_between", low="0.5", high="1.2345") in labels
    assert t("filter.chip_text", text="孔雀") in labels
    changes = [change for _, change in wanted]
    for facet in FACETS:
        one, two = getattr(filters, facet)
        assert [change for change in changes if facet in change] == [
            {facet: (two,)},
            {facet: (one,)},
        ]
    assert {"invest_min_wan": None, "invest_max_wan": None} in changes
    assert {"text": ""} in changes


@pytest.mark.parametrize(
    ("low", "high", "key"), [(0, None, "from"), (None, 0, "to"), (20_000, 20_000, "between")]
)
def test_a_range_is_named_by_its_ends(city, low, high, key):
    """A range with one end or two is one chip, and an end of 0 is an end."""
    t = translator("zh")
    view = View(filters=Filters(invest_min_wan=low, invest_max_wan=high))
    ends = {
        name: f"{value // 10_000}"
        for name, value in (("low", low), ("high", high))
        if value is not None
    }
    assert described(city, view, t) == [
        (t(f"filter.chip_invest_{key}", **ends), {"invest_min_wan": None, "invest_max_wan": None})
    ]


def test_nothing_chosen_is_named_by_nothing(city):
    """Without filters there is no chip."""
    assert described(city, View(), translator("zh")) == []


def test_marks_are_those_of_the_code():
    """The list of signs above is the one that the code escapes."""
    assert {chr(code) for code in controls.MARKDOWN} == SIGNS
