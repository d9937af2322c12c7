"""A record written in any usual style is read back as itself."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from geo import crs
from geo.intake import dates, messages, places, values
from tests.geo.intake.sheets import HEADINGS, cell, read, sheet

WIDE = str.maketrans("0123456789,.-()%:/", "０１２３４５６７８９，．－（）％：／")
UNITS = {"元": 1, "万元": 10**4, "亿元": 10**8}


def widened(draw, text: str) -> str:
    """Write a text in full width, or leave it."""
    return text.translate(WIDE) if draw(st.booleans()) else text


def amount_in(wan: int, unit: str) -> str:
    """Write whole 万元 exactly in another unit."""
    exact = Decimal(wan) * 10**4 / UNITS[unit]
    return f"{exact.normalize():f}"


@st.composite
def money(draw):
    """Give an amount in 万元, a column's unit and a cell that says the amount."""
    wan = draw(st.integers(0, 10**7))
    column, own = draw(st.sampled_from(sorted(UNITS))), draw(st.sampled_from([*sorted(UNITS), ""]))
    text = amount_in(wan, own or column)
    style = draw(st.sampled_from(["plain", "thousands", "parts", "number"]))
    if style == "number" and not own:
        number = float(text)
        return wan, column, int(number) if number.is_integer() else number
    if style == "thousands":
        whole, _, part = text.partition(".")
        text = f"{int(whole):,}" + (f".{part}" if part else "")
    if style == "parts" and wan >= 10**4 and wan % 10**4:
        return (
            wan,
            column,
            widened(draw, f"{wan // 10**4}亿{wan % 10**4}万") + draw(st.sampled_from(["", "元"])),
        )
    blank = draw(st.sampled_from(["", " ", "\u3000"]))
    return wan, column, widened(draw, text) + (blank + own if own else "")


@given(money())
def test_money_in_any_style(written):
    """Units, separators and widths do not change an amount."""
    wan, column, value = written
    assert values.money(cell(value), column)[0] == wan


@st.composite
def day(draw):
    """Give a date to the day, the month or the year, and a way to write it."""
    found = draw(st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31)))
    y, m, d = found.year, found.month, found.day
    forms = {
        f"{y}-{m:02d}-{d:02d}": [
            f"{y}-{m}-{d}", f"{y}/{m:02d}/{d:02d}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日", f"{y}{m:02d}{d:02d}",
            f"{y}-{m:02d}-{d:02d} 00:00:00", found, dt.datetime(y, m, d), (found - dt.date(1899, 12, 30)).days,
        ],
        f"{y}-{m:02d}": [f"{y}-{m:02d}", f"{y}/{m}", f"{y}.{m}", f"{y}年{m}月", f"{y}{m:02d}", f"{y}年{m:02d}月底"],
        f"{y}": [f"{y}", f"{y}年", y],
    }  # fmt: skip
    stated = draw(st.sampled_from(sorted(forms)))
    value = draw(st.sampled_from(forms[stated]))
    return stated, widened(draw, value) if isinstance(value, str) else value


@given(day())
def test_dates_in_any_style(written):
    """A date is read as it was stated, however it is written."""
    stated, value = written
    assert dates.date(cell(value, "yyyy-mm-dd"))[0] == stated


@given(day(), day(), st.sampled_from([" - ", "—", "~", "至", "到", "－"]))
def test_periods_in_any_style(first, last, joint):
    """A period written of two dates is read as the two, or refused, never as two others."""
    parts = [value for _, value in (first, last)]
    if not all(isinstance(value, str) for value in parts):
        return
    try:
        found, _ = dates.span(cell(joint.join(parts)))
    except values.Refused:
        return
    assert found == (first[0], last[0])


@st.composite
def degrees(draw):
    """Give degrees to a hundredth of a second, and a way to write them."""
    hundredths = draw(st.integers(39 * 360_000, 125 * 360_000))
    whole, rest = divmod(hundredths, 360_000)
    minutes, seconds = rest // 6000, Decimal(rest % 6000) / 100
    decimal_minutes = Decimal(rest) / 6000
    exact = Decimal(hundredths) / 360_000
    forms = [
        f"{whole}°{minutes}′{seconds}″",
        f"{whole}°{minutes:02d}'{seconds:05.2f}\"",
        f"{whole}度{minutes}分{seconds}秒",
        f"{whole}º {minutes}’ {seconds}”",
        f"{whole}-{minutes}-{seconds}",
        f"{whole}°{decimal_minutes:.8f}′",
        f"{exact:.9f}",
        f"{exact:.9f}°",
        float(exact),
    ]
    value = draw(st.sampled_from(forms))
    return float(exact), widened(draw, value) if isinstance(value, str) else value


@given(degrees())
def test_angles_in_any_style(written):
    """Degrees are read to the centimetre, however they are written."""
    exact, value = written
    assert abs(places.angle(cell(value))[0] - exact) < 1e-7


@given(
    st.floats(124.15, 124.25),
    st.floats(39.95, 40.0),
    st.sampled_from(
        [("经度（GCJ-02）", "gcj02"), ("经度（百度）", "bd09"), ("经度（CGCS2000）", "wgs84")]
    ),
    st.booleans(),
)
@settings(max_examples=60)
def test_a_point_in_any_datum_and_order(lexicon, lon, lat, declared, swap):
    """A point of a declared datum comes back to WGS-84 within a decimetre, swapped or not."""
    heading, datum = declared
    x, y = (float(v[0]) for v in crs.shift([lon], [lat], target=datum))
    pair = (y, x) if swap else (x, y)
    table = sheet(["项目名称", "所属县区", heading, "纬度"], ["甲", "东港市", *pair])
    (record,) = read(lexicon, table).records
    assert abs(float(record.fields["lon"]) - lon) < 1e-6
    assert abs(float(record.fields["lat"]) - lat) < 1e-6


@given(
    st.lists(st.tuples(money(), day(), st.integers(0, 100)), min_size=1, max_size=6),
    st.permutations(["项目名称", "县（市、区）", "总投资", "开工时间", "形象进度"]),
    st.integers(0, 3),
)
@settings(max_examples=60)
def test_a_list_in_any_style(lexicon, rows, order, above):
    """Whatever the order of columns and the lines above them, every record comes back."""
    unit = rows[0][0][1]
    wanted, lines = [], []
    for number, ((wan, column, value), (stated, when), percent) in enumerate(rows):
        text = value if column == unit else f"{wan}万元"
        known = {
            "项目名称": f"第{number}号项目",
            "县（市、区）": "东港",
            "总投资": text,
            "开工时间": cell(when, "yyyy-mm-dd"),
            "形象进度": f"{percent}%",
        }
        wanted.append((known["项目名称"], wan, stated, percent))
        lines.append([known[name] for name in order])
    shown = [f"{name}（{unit}）" if name == "总投资" else name for name in order]
    intake = read(lexicon, sheet(*[["某市项目表"]] * above, shown, *lines, ["合计"]))
    assert intake.errors == ()
    fields = ("name", "invest_wan", "start_date", "progress_pct")
    assert [tuple(r.fields[f] for f in fields) for r in intake.records] == wanted


@given(st.text(max_size=30), st.sampled_from(["万元", ""]))
@settings(max_examples=300)
def test_no_text_breaks_a_reader(text, unit):
    """Whatever a cell holds, a reader returns a value or refuses it; nothing else happens."""
    for reader in (
        lambda c: values.money(c, unit),
        lambda c: values.percent(c, sign=True),
        values.year,
        values.text,
        dates.date,
        dates.span,
        places.angle,
        places.pair,
    ):
        with contextlib.suppress(values.Refused):
            reader(cell(text))


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(-(10**6), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.sampled_from(
        ["合计", "东港市", "一、续建", "1.2亿元", "50%", "2022.3", "124.2,39.98", "在建"]
    ),
)


@given(
    st.lists(st.sampled_from([*HEADINGS, "坐标", "形象进度", "建设起止年限", "?"]), max_size=8),
    st.lists(st.lists(CELLS, max_size=10), max_size=6),
    st.lists(st.tuples(*[st.integers(1, 8)] * 4), max_size=3),
)
@settings(max_examples=200)
def test_no_sheet_breaks_an_intake(lexicon, headings, rows, merged):
    """Whatever a sheet holds, every fault of it is one that has a sentence."""
    ranges = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in merged]
    intake = read(lexicon, sheet(["项目名称", "所属县区", *headings], *rows, merged=ranges))
    for fault in (*intake.errors, *intake.warnings):
        assert messages.line(fault)
        assert messages.line(fault, "en")
    assert intake.records or intake.errors
