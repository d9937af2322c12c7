"""How sure a rank is: a band for each place, why it is one, and which ranks flip by scale."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from geo.compare import answers
from geo.compare.answers import WAYS, ways
from geo.compare.ranks import Band
from geo.density.per import KINDS as OTHERS
from geo.wording import span
from ui.controls import plain
from ui.density import asked, chart, files, flips, needs, notes, picking, shown, table, words
from ui.density.chart import Spec
from ui.density.scope import Scope
from ui.density.shown import Shown

DRAWS, SEED = 400, 0
REACH = 0.2  # of a rank: a band of one rank is a pill, not a line
ROW = 34  # points of height of a place
KEY = "density_ranks"


def show(scope: Scope) -> None:
    """Draw ranks with their bands, the rows behind the place that stands out, and the flips."""
    if not needs.named_places(scope):
        return
    found, t = shown.get(scope, scope.state.question), scope.t
    bands = scope.recall(("bands", _plain(found)), lambda: banded(scope, found))
    st.markdown(f"##### {t('dense.rank_title', title=words.title(found.question, t))}")
    if not bands:
        st.info(t("dense.nothing"), icon=":material/search_off:")
        return
    if level(bands):  # bands without an order would look like certain ranks
        st.info(t("dense.rank_level", n=len(bands)), icon=":material/info:")
        for line in notes.lines(scope, found.found):
            st.caption(plain(line))
        flips.show(scope)
        return
    left, right = st.columns([0.62, 0.38], gap="medium")
    made = bars(scope, found, bands)
    with left:
        chart.draw(*made, key="density_bands", alt=summary(scope, bands), on_pick=asked.pick)
    with right, st.container(key="density_rank_words"):
        st.markdown(f"**{plain(summary(scope, bands))}**")
        _how(scope, found)
        title = t("dense.rank_title", title=words.title(found.question, t))
        files.picture(scope, made, title=title, key="bands", said=caveats(scope, found, bands))
    table.behind(scope, found)
    _table(scope, found, bands)
    flips.show(scope)


def _plain(found: Shown) -> tuple[object, ...]:
    """Return what of a question decides ranks; classes and unit do not."""
    asked_ = found.question
    over = asked_.per if asked_.per in OTHERS else ""
    return (asked_.by, asked_.measure, asked_.area, asked_.year, over)


def banded(scope: Scope, found: Shown) -> tuple[Band, ...]:
    """Rank the places with a band, as the command does."""
    return answers.bands(
        scope.city.atlas, found.question, shown.answers(scope), draws=DRAWS, seed=SEED
    )


def sentence(scope: Scope, band: Band) -> str:
    """Say in one sentence where a place stands and how sure that is."""
    t = scope.t
    if not ways(scope.state.question):
        return t("dense.tip_rank", rank=band.rank)
    return standing(scope, band)


def standing(scope: Scope, band: Band) -> str:
    """Say where a place stands that was doubted, and how sure that is."""
    t = scope.t
    if band.best == band.worst:
        return t("dense.rank_sure", rank=band.rank)
    return t("dense.rank_between", rank=band.rank, best=band.best, worst=band.worst)


def summary(scope: Scope, bands: Sequence[Band]) -> str:
    """Say which ranks are certain."""
    t = scope.t
    if not ways(scope.state.question):
        return t("dense.rank_untested", n=len(bands))
    return certain(scope, bands)


def certain(scope: Scope, bands: Sequence[Band]) -> str:
    """Say how many ranks no doubt changes, and whose they are."""
    t = scope.t
    if level(bands):
        return t("dense.rank_level", n=len(bands))
    sure = [band for band in bands if band.best == band.worst]
    if len(sure) == len(bands):
        return t("dense.rank_all_sure", n=len(bands))
    if not sure:
        return t("dense.rank_none_sure", n=len(bands))
    named = t("dense.list").join(
        t("dense.rank_named", rank=band.rank, name=words.place(band.place, scope)) for band in sure
    )
    return t("dense.rank_some_sure", n=len(bands), sure=len(sure), names=named)


def level(bands: Sequence[Band]) -> bool:
    """Tell whether several places share the first rank whatever is tried: there is no order."""
    return len(bands) > 1 and all(band.worst == 1 for band in bands)


def caveats(scope: Scope, found: Shown, bands: Sequence[Band]) -> list[str]:
    """Return what must stand below a picture of the ranks."""
    band = [scope.t("dense.rank_band", draws=DRAWS)] if ways(found.question) else []
    return [summary(scope, bands), *band, *notes.beside(scope, found.found)]


def _how(scope: Scope, found: Shown) -> None:
    t, question = scope.t, found.question
    if ways(question):
        st.caption(t("dense.rank_how"))
    st.caption("\n".join(f"- {t(f'dense.way_{way}', draws=DRAWS)}" for way in ways(question)))
    if question.by == "park" and ways(question):
        st.caption(t("dense.rank_parks"))
    for line in notes.beside(scope, found.found):
        st.caption(plain(line))
    if missing := [row for row in found.rows if row.value is None and not row.figure.within]:
        names = t("dense.list").join(words.place(row.id, scope) for row in missing)
        st.caption(plain(t("dense.rank_missing", n=len(missing), names=names)))


def _range(band: Band, way: str, scope: Scope) -> str:
    if way not in band.ranges:
        return scope.t("figure.none")
    return span(*band.ranges[way])


def frame(scope: Scope, found: Shown, bands: Sequence[Band]) -> pd.DataFrame:
    """Return the bands as rows: for the chart, its tooltip and the table."""
    data = []
    for band in bands:
        row = found.row_of[band.place]
        cells: dict[str, object] = {
            "id": band.place,
            "rank": band.rank,
            "name": words.place(band.place, scope),
            "said": sentence(scope, band),
            "density": None if row.value is None else float(row.value),
            "figure": f"{words.number(row.value, scope.t)} {words.unit(found.question, scope.t)}",
            "best": band.best,
            "worst": band.worst,
            "band": span(band.best, band.worst),
            "class": row.number,
            "picked": band.place == scope.state.place,
        }
        data.append(cells | {way: _range(band, way, scope) for way in WAYS})
    return pd.DataFrame(data)


def bars(scope: Scope, found: Shown, bands: Sequence[Band]) -> tuple[Spec, pd.DataFrame]:
    """Return the chart of ranks: a dot at the rank on a pill from the best to the worst one."""
    t, data = scope.t, frame(scope, found, bands)
    reach = REACH if ways(found.question) else 0  # untested ranks are dots alone
    data["from"], data["to"] = data["best"] - reach, data["worst"] + reach
    tips = [
        ("name", t("dense.place")),
        ("said", t("dense.col_rank")),
        ("figure", t("dense.col_density")),
    ]
    tips += [(way, t(f"dense.way_col_{way}")) for way in ways(found.question)]
    return pills(data, tips, title=t("dense.rank_axis"), colour=chart.class_colours(found)), data


def pills(data: pd.DataFrame, tips: Sequence[tuple[str, str]], *, title: str, colour: Spec) -> Spec:
    """Return dots at `rank` on pills `from` – `to`, a row each; `tips` are fields with headings."""
    last = int(data["worst"].max())
    scale = {"domain": [0.5, last + 0.9], "nice": False, "zero": False}
    axis = {"values": list(range(1, last + 1)), "format": "d", "orient": "top", "domain": False}
    x = {"type": "quantitative", "scale": scale, "axis": axis, "title": title}
    clicked = {
        "color": colour,
        **chart.outlined("#6b5d52"),
        "tooltip": [{"field": field, "title": heading} for field, heading in tips],
    }
    y = {"field": "name", "type": "nominal", "sort": None, "title": None}
    return {
        "height": {"step": ROW},
        "encoding": {"y": y | {"axis": {"domain": False, "ticks": False, "labelLimit": 150}}},
        "layer": [
            {
                "params": chart.picking(),
                "mark": {"type": "bar", "height": 18, "cornerRadius": 9, "cursor": "pointer"}
                | {"fillOpacity": 0.5},
                "encoding": clicked | {"x": {"field": "from", **x}, "x2": {"field": "to"}},
            },
            {
                "mark": {"type": "circle", "size": 150, "opacity": 1, "cursor": "pointer"},
                "encoding": clicked | {"x": {"field": "rank", **x}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 12},
                "encoding": {
                    "x": {"field": "to", **x},
                    "text": {"field": "band"},
                    "color": {"value": "#333d49"},
                },
            },
        ],
    }


def _table(scope: Scope, found: Shown, bands: Sequence[Band]) -> None:
    t, ids = scope.t, [band.place for band in bands]
    tested = ways(found.question)
    columns = ["rank", "name", *(["said"] if tested else []), "density"]
    columns += ["band", *tested] if tested else []
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    config: dict[str, object] = {
        way: text(t(f"dense.way_col_{way}"), width=110) for way in ways(found.question)
    }
    config |= {
        "rank": number(t("dense.col_rank"), width=56),
        "name": text(t("dense.place"), width=190),
        "said": text(t("dense.col_said"), width=250),
        "density": number(words.unit(found.question, t), format=table.digits(found.rows), width=96),
        "band": text(t("dense.col_band"), width=90),
    }
    rows = frame(scope, found, bands)[columns]
    picking.table(rows, ids, key=KEY, alt=summary(scope, bands), columns=config)
