"""One page for the road that opens without any network: timetable, map, a card a stop, links.

Everything stands in the file. Text goes through `markupsafe`; the policy lets the page fetch
nothing and run only the one script whose hash it names, so that no name can become code.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from markupsafe import Markup

from geo.exchange.carry import drawing, facts, links, listing, photo, timeline
from geo.exchange.carry.brief import Brief, dated, drive, one_line
from geo.exchange.carry.handbook import headline, time, visit
from geo.exchange.carry.timeline import Row
from geo.exchange.table import clean
from geo.tour.itinerary import Place, Stop, TourDay

MAP_SIZE = (1000, 1200)
_HERE = Path(__file__).parent
_DATUMS: tuple[links.Datum, ...] = ("wgs84", "gcj02", "bd09")
_PAGE = Markup(
    """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="format-detection" content="telephone=no">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; script-src '{script_hash}'; style-src '{style_hash}'; img-src data:; base-uri 'none'; form-action 'none'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header><h1>{title}</h1>{head}</header>
{nav}
<main>{body}</main>
<footer>{foot}</footer>
<script>{script}</script>
</body>
</html>
"""
)


def write(brief: Brief) -> bytes:
    """Write the page as UTF-8."""
    style, script = _asset("road.css"), _asset("road.js")
    page = _PAGE.format(
        lang="zh-CN" if brief.language == "zh" else "en",
        script_hash=Markup(_hash(script)),  # noqa: S704 - base64
        style_hash=Markup(_hash(style)),  # noqa: S704 - base64
        title=brief.title,
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        head=_head(brief),
        nav=_nav(brief),
        body=Markup("").join(_sections(brief)),
        foot=_paragraphs(listing.notes(brief)),
    )
    return page.encode()


def _asset(name: str) -> str:
    """Return one of our own files, which are trusted text."""
    return (_HERE / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"


def _paragraphs(lines: Iterable[str]) -> Markup:
    return Markup("").join(Markup('<p class="muted">{}</p>').format(line) for line in lines)


def _head(brief: Brief) -> Markup:
    t = brief.t
    said = Markup("").join(Markup("<p>{}</p>").format(line) for line in headline(brief))
    warning = Markup('<p class="warn">{}</p>').format(t("carry.internal"))
    how = Markup('<p class="muted">{}</p>').format(t("carry.road_offline"))
    return said + (warning if brief.internal else Markup("")) + how


def _nav(brief: Brief) -> Markup:
    parts = {"table": "road_table", "map": "road_map", "stops": "road_stops", "tour": "road_tour"}
    tabs = Markup("").join(
        Markup('<a href="#{}">{}</a>').format(id_, brief.t(f"carry.{key}"))
        for id_, key in parts.items()
    )
    return Markup("<nav>{}</nav>").format(tabs)


def _sections(brief: Brief) -> Iterable[Markup]:
    t = brief.t
    yield _section("table", t("carry.road_table"), Markup("").join(_tables(brief)))
    yield _section("map", t("carry.road_map"), _map(brief))
    cards = [
        _card(brief, day, row)
        for day in brief.tour.days
        for row in timeline.rows(day)
        if row.stop is not None
    ]
    yield _section("stops", t("carry.road_stops"), Markup("").join(cards))
    yield _section("tour", t("carry.road_tour"), _whole(brief))


def _section(id_: str, title: str, body: Markup) -> Markup:
    return Markup('<section id="{}"><h2>{}</h2>{}</section>\n').format(id_, title, body)


def _tables(brief: Brief) -> Iterable[Markup]:
    for number, day in enumerate(brief.tour.days):
        if len(brief.tour.days) > 1:
            title = brief.t("carry.day_date", n=number + 1, date=dated(brief, number))
            yield Markup("<h4>{}</h4>").format(title)
        rows = Markup("").join(_row(brief, row) for row in timeline.rows(day))
        yield Markup('<ol class="rows">{}</ol>').format(rows)


def _row(brief: Brief, row: Row) -> Markup:
    name = Markup("{}").format(listing.label(brief, row))
    if row.stop is not None:
        name = Markup('<a href="#stop-{}">{}. {}</a>').format(
            row.stop.number, row.stop.number, brief.name(row.stop)
        )
    way = Markup("")
    if row.leg is not None:
        way = Markup('<span class="drive">{}</span>').format(drive([row.leg], brief.t))
    return Markup('<li class="{}"><time>{}</time><span>{}</span>{}</li>').format(
        row.kind, time(brief, row, row.leaves if row.arrives is None else row.arrives), name, way
    )


def _map(brief: Brief) -> Markup:
    width, height = MAP_SIZE
    picture = drawing.draw(brief, width=width, height=height, zoom=1.8)
    data = base64.b64encode(picture).decode("ascii")
    names = brief.t("carry.joint").join(
        f"{stop.number}. {one_line(stop.name)}" for stop in brief.tour.stops
    )
    image = Markup('<img src="data:image/png;base64,{}" width="{}" height="{}" alt="{}">').format(
        data, width, height, f"{brief.t('carry.map_title')}: {names}"
    )
    return image + _paragraphs([brief.legal(), brief.credits()])


def _card(brief: Brief, day: TourDay, row: Row) -> Markup:
    stop = row.stop
    assert stop is not None  # noqa: S101 - only rows of stops have a card
    sample = Markup('<p class="sample">{}</p>').format(brief.t("card.sample"))
    parts = [
        sample if stop.sample else Markup(""),
        Markup("<p>{}</p>").format(visit(brief, stop)),
        _address(brief, stop),
        _way(brief, day, row),
        _spots(brief, stop),
        _more(brief, stop),
    ]
    return Markup(
        '<article id="stop-{}"><div class="head"><span class="number">{}</span><h3>{}</h3></div>{}</article>\n'
    ).format(stop.number, stop.number, brief.name(stop), Markup("").join(parts))


def _address(brief: Brief, stop: Stop) -> Markup:
    place = stop.project.get("place")
    known = [facts.county(brief, stop), one_line(place) if isinstance(place, str) else ""]
    text = " · ".join(filter(None, known))
    said = Markup("<p>{}：{}</p>") if brief.language == "zh" else Markup("<p>{}: {}</p>")
    address = said.format(brief.t("carry.road_address"), text) if text else Markup("")
    where = brief.t("carry.position", precision=facts.precision(brief, stop))
    return address + Markup('<p class="muted">{}</p>').format(where)


def _way(brief: Brief, day: TourDay, row: Row) -> Markup:
    """Link the drive to a stop from the place before: web pages first, apps below."""
    target = Place(row.name, row.stop.lon, row.stop.lat) if row.stop else day.end
    places = timeline.places(day)
    at = next((n for n, leg in enumerate(day.legs) if leg is row.leg), None)
    origin = places[at] if at is not None else day.start
    title = Markup("<h4>{}</h4>").format(brief.t("carry.road_navigate"))
    way = Markup("")
    if row.leg is not None:
        way = Markup('<p class="muted">{}</p>').format(drive([row.leg], brief.t))
    web = [(id_, links.leg(id_, origin, target)) for id_ in _providers(app=False)]
    apps = [(id_, links.leg(id_, origin, target)) for id_ in _providers(app=True)]
    spot = Markup('<a href="{}">{}</a>').format(links.spot(target), brief.t("carry.road_spot"))
    return (
        title
        + way
        + Markup('<div class="links main">{}</div>').format(_anchors(brief, web))
        + Markup('<div class="links two">{}{}</div>').format(_anchors(brief, apps), spot)
    )


def _providers(*, app: bool) -> list[str]:
    return [one.id for one in links.PROVIDERS.values() if one.app is app]


def _anchors(brief: Brief, chosen: Sequence[tuple[str, str]]) -> Markup:
    return Markup("").join(
        Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(url, _called(brief, id_))
        for id_, url in chosen
    )


def _called(brief: Brief, provider: str) -> str:
    """Name a provider and where its link works."""
    one = links.PROVIDERS[provider]
    brand = brief.t(f"carry.brand_{one.brand}")
    kind = provider.rsplit("_", 1)[1]
    return brief.t(f"carry.road_{kind}", brand=brand)


def _spots(brief: Brief, stop: Stop) -> Markup:
    """Show the coordinates of a stop in each datum, to be copied into a search field."""
    place = Place(stop.name, stop.lon, stop.lat)
    rows = Markup("").join(
        Markup(
            '<div class="spot"><span>{}</span><code>{}</code>'
            '<button type="button" data-copy="{}" data-done="{}">{}</button></div>'
        ).format(
            brief.t(f"carry.road_{datum}"),
            links.copied(place, datum),
            links.copied(place, datum),
            brief.t("carry.road_copied"),
            brief.t("carry.road_copy"),
        )
        for datum in _DATUMS
    )
    return Markup("<h4>{}</h4>{}").format(brief.t("carry.road_coordinates"), rows)


def _more(brief: Brief, stop: Stop) -> Markup:
    ladder = facts.ladder(brief, stop)
    parts = [
        _photo(brief, stop),
        Markup("<p>{} {}</p>").format(ladder.title, ladder.said),
        _list(brief.t("carry.changes"), brief.said_lines(brief.changes, stop)),
        _list(brief.t("carry.points"), brief.said_lines(brief.points, stop)),
        Markup("<dl>{}</dl>").format(
            Markup("").join(
                Markup("<dt>{}</dt><dd>{}</dd>").format(label, text)
                for label, text in facts.facts(brief, stop)
            )
        ),
    ]
    address = brief.project_address(stop)
    if address:
        parts.append(
            Markup('<p><a href="{}" rel="noopener noreferrer">{}</a></p>').format(
                address, brief.t("carry.road_project")
            )
        )
    return Markup("<details><summary>{}</summary>{}</details>").format(
        brief.t("carry.facts"), Markup("").join(parts)
    )


def _photo(brief: Brief, stop: Stop) -> Markup:
    shown = photo.of(brief, stop)
    if shown is None:
        return Markup("")
    return Markup(
        '<figure><img src="data:image/jpeg;base64,{}" width="{}" height="{}" alt="{}">'
        '<figcaption class="muted">{}</figcaption></figure>'
    ).format(
        base64.b64encode(shown.jpeg).decode("ascii"),
        shown.width,
        shown.height,
        shown.caption,
        shown.caption,
    )


def _list(title: str, lines: Sequence[str]) -> Markup:
    if not lines:
        return Markup("")
    items = Markup("").join(Markup("<li>{}</li>").format(clean(line)) for line in lines)
    return Markup("<h4>{}</h4><ul>{}</ul>").format(title, items)


def _whole(brief: Brief) -> Markup:
    """Link each day's whole drive in as few sections as each provider allows."""
    parts = [Markup('<p class="muted">{}</p>').format(brief.t("carry.road_tour_how"))]
    several = len(brief.tour.days) > 1
    for number, day in enumerate(brief.tour.days, start=1):
        if several:
            parts.append(Markup("<h4>{}</h4>").format(brief.t("carry.day", n=number)))
        many = (provider.id for provider in links.PROVIDERS.values() if provider.vias)
        parts += [_pieces(brief, day, id_) for id_ in many]
    return Markup("").join(parts)


def _pieces(brief: Brief, day: TourDay, provider: str) -> Markup:
    names = _short_names(brief, day)
    anchors = Markup("").join(
        Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(
            piece.url,
            brief.t("carry.road_section", first=names[piece.first], last=names[piece.last]),
        )
        for piece in links.tour(provider, timeline.places(day))
    )
    return Markup('<h4>{}</h4><div class="links">{}</div>').format(
        _called(brief, provider), anchors
    )


def _short_names(brief: Brief, day: TourDay) -> list[str]:
    """Name a day's places in the fewest letters: stops by number."""
    names = [brief.t("carry.start")]
    for row in timeline.rows(day)[1:]:
        if row.stop is not None:
            names.append(str(row.stop.number))
        elif row.kind == "lunch" and row.name:
            names.append(brief.t("carry.lunch"))
    return [*names, brief.t("carry.end")]
