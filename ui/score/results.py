"""The ranking as it comes in, for those who may read scores: counties, stops, remarks, photos."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import streamlit as st
from markupsafe import Markup

from geo.errors import GeoError
from geo.store import StoredTour
from geo.store.roles import may_read_scores, may_run_tours
from geo.tour import scoring
from geo.tour.scoring import Figure, Score
from geo.view import View
from ui import account, names
from ui.cache import City
from ui.controls import plain
from ui.i18n import Translate, sentence
from ui.score import tours

EVERY = 5  # seconds
COLUMNS = ("rank", "name", "mean", "scores", "members", "spread", "range")
PHOTOS_SHOWN = 12


@st.fragment(run_every=EVERY)
def show(city: City, tour: StoredTour, view: View, t: Translate) -> None:
    """Show the ranking and renew it by itself; the right is asked for each time."""
    if not may_read_scores(account.role()):
        return
    try:
        _show(city, tour, view, t)
    except GeoError as error:  # of a run that the page did not begin
        st.error(plain(sentence(error, t)), icon=":material/warning:")


def _show(city: City, tour: StoredTour, view: View, t: Translate) -> None:
    tour = tours.store().tour(tour.id)
    stops = {stop.project: stop.name for stop in tours.stops_of(tour.body)}
    scores = tours.store().scores(tour.id)
    known = [score for score in scores if score.project in stops]
    criteria = city.atlas.catalogue.criteria
    found = scoring.judgements(known, criteria)
    by_stop = scoring.by_stop(found)
    members = len({one.member for one in found})
    st.markdown(t("score.so_far", scores=len(found), members=members))
    _notes(known, len(scores) - len(known), t)
    county_of = tours.county_of(city)
    by_county = scoring.by_county(found, county_of)
    if nowhere := sum(not county_of.get(one.project) for one in found):
        st.caption(t("score.nowhere", n=nowhere))
    then = _earlier(city, tour, t)
    counties = names.of_rows(city.atlas.counties, "code", view.language)
    for part, figures, named in (("county", by_county, counties), ("stop", by_stop, stops)):
        st.subheader(t(f"score.by_{part}"))
        since = scoring.change(figures, then[part]) if then else None
        st.html(_table(figures, named, since=since, t=t))
    if found:
        st.caption(t("score.how", n=scoring.ENOUGH))
    _remarks(city, known, stops, t)
    _photos(tour, stops, t)


def _notes(scores: Sequence[Score], elsewhere: int, t: Translate) -> None:
    """Say what a reader of the ranking should know about the scores behind it."""
    if elsewhere:
        st.caption(t("score.elsewhere", n=elsewhere))
    if shared := scoring.shared_names(scores):
        st.warning(
            t("score.shared", names=t("app.separator").join(map(plain, shared))),
            icon=":material/group:",
        )


def _earlier(city: City, tour: StoredTour, t: Translate) -> dict[str, list[Figure]] | None:
    """Let an earlier tour be chosen and return its figures; None where there is none."""
    zone = ZoneInfo(city.atlas.catalogue.city.time_zone)

    def when(one: StoredTour) -> tuple[date, datetime]:
        return tours.held_on(one, zone), one.created_at

    before = [one for one in tours.store().tours() if when(one) < when(tour)]
    if not before:
        return None
    before.sort(key=when, reverse=True)
    titles = {one.id: f"{one.title} · {tours.held_on(one, zone)}" for one in before}
    chosen = st.selectbox(
        t("score.compare"), list(titles), key="score_before", format_func=titles.get
    )
    found = scoring.judgements(tours.store().scores(chosen), city.atlas.catalogue.criteria)
    return {
        "stop": scoring.by_stop(found),
        "county": scoring.by_county(found, tours.county_of(city)),
    }


def _table(
    figures: Sequence[Figure],
    named: Mapping[str, str],
    *,
    since: Mapping[str, Fraction] | None,
    t: Translate,
) -> Markup:
    if not figures:
        return Markup("<p class='score-none'>{}</p>").format(t("score.none"))
    columns = [*COLUMNS, *(["change"] if since is not None else [])]
    head = Markup().join(
        Markup("<th scope='col'>{}</th>").format(t(f"score.col_{column}")) for column in columns
    )
    rows = Markup().join(_row(one, named, since=since, t=t) for one in figures)
    return Markup(
        "<div class='score-scroll'><table class='score-table'>"
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(head, rows)


def _row(
    one: Figure, named: Mapping[str, str], *, since: Mapping[str, Fraction] | None, t: Translate
) -> Markup:
    cells = [
        str(one.rank) if one.rank else t("score.too_few"),
        named.get(one.key, one.key),
        _two(one.mean),
        str(one.scores),
        str(one.members),
        f"{one.spread:.2f}" if one.scores > 1 else t("figure.none"),
        f"{_two(one.low)}–{_two(one.high)}",
    ]
    if since is not None:
        change = since.get(one.key)
        cells.append(t("figure.none") if change is None else _signed(change))
    data = Markup().join(Markup("<td>{}</td>").format(cell) for cell in cells)
    return Markup("<tr class='{}'>{}</tr>").format("" if one.enough else "few", data)


def _two(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.2f}"


def _signed(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):+.2f}".replace("-", "−")


def _remarks(city: City, scores: Sequence[Score], stops: Mapping[str, str], t: Translate) -> None:
    said = [score for score in scores if score.remark]
    if not said:
        return
    zone = ZoneInfo(city.atlas.catalogue.city.time_zone)
    st.subheader(t("score.remarks"))
    lines = Markup().join(
        Markup("<li><b>{}</b> {} <small>{} · {:%m-%d %H:%M}</small></li>").format(
            stops[score.project], score.remark, score.member, score.at.astimezone(zone)
        )
        for score in reversed(said)
    )
    st.html(Markup("<ul class='score-remarks'>{}</ul>").format(lines))


def _photos(tour: StoredTour, stops: Mapping[str, str], t: Translate) -> None:
    """Show one stop's photos; they travel inside the page, for a served file needs no sign-in."""
    photos = [photo for photo in tours.store().photos(tour.id) if photo.project in stops]
    if not photos:
        return
    st.subheader(t("score.photos", n=len(photos)))
    with_some = list(dict.fromkeys(photo.project for photo in photos))
    chosen = st.selectbox(t("score.stop"), with_some, key="score_photos_of", format_func=stops.get)
    for photo in [one for one in photos if one.project == chosen][-PHOTOS_SHOWN:]:
        picture = base64.b64encode(tours.store().picture(tour.id, photo.uuid)).decode("ascii")
        st.html(
            Markup(
                "<figure class='score-photo'><img alt='{} {}' src='data:image/jpeg;base64,{}'>"
                "<figcaption>{}</figcaption></figure>"
            ).format(t("score.photo"), stops[photo.project], picture, photo.member)
        )
        if may_run_tours(account.role()):
            st.button(
                t("score.remove_photo"),
                key=f"score_remove_{photo.uuid}",
                on_click=_remove,
                args=(tour.id, photo.uuid),
            )


def _remove(tour_id: str, photo: str) -> None:
    if may_run_tours(account.role()):
        tours.store().remove_photo(tour_id, photo)
