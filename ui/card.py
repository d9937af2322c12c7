"""The card of one project: what it is, how far it has come, where, and who says so."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import streamlit as st
from markupsafe import Markup

from geo.model import Stage
from geo.view import View
from ui import names, session
from ui.cache import City
from ui.i18n import Translate, land, money, percent

GRADES = ("A", "B", "C", "D")


def show(city: City, view: View, t: Translate) -> None:
    """Draw the card of the open project, with a way back to the list."""
    project = city.atlas.projects.iloc[city.row_of[view.project]]
    with st.container(key="card", border=True):
        st.button(
            f"← {t('card.back')}",
            key="card_back",
            type="tertiary",
            on_click=session.change,
            kwargs={"project": ""},
        )
        st.html(
            _head(project, t)
            + _ladder(city, project, view=view, t=t)
            + _facts(city, project, view=view, t=t)
        )


def _head(project: pd.Series, t: Translate) -> Markup:
    mark = Markup('<p class="card-sample">{}</p>').format(t("card.sample"))
    name = Markup('<h2 class="card-name">{}</h2>').format(project["name"])
    return (mark if project["sample"] else Markup("")) + name


def _ladder(city: City, project: pd.Series, *, view: View, t: Translate) -> Markup:
    """Draw the stages as steps, the reached ones filled, and say the present one in plain words."""
    stages = city.atlas.catalogue.stages
    now = stages.get(project["stage"]) if isinstance(project["stage"], str) else None
    if now is None:
        return Markup('<p class="card-plain">{}</p>').format(t("card.stage_none"))
    side = list(stages.values())[-1].phase
    rungs = [stage for stage in stages.values() if stage.phase != side]
    steps = Markup("").join(_step(stage, now, rungs, language=view.language) for stage in rungs)
    title = t("card.stage_now", name=now.title[view.language])
    return Markup(
        '<ol class="card-ladder" aria-label="{}">{}</ol>'
        '<p class="card-plain"><strong>{}</strong><br>{}</p>'
    ).format(title, steps, title, now.plain[view.language])


def _step(stage: Stage, now: Stage, rungs: list[Stage], *, language: str) -> Markup:
    reached = now in rungs and rungs.index(stage) <= rungs.index(now)
    state = "now" if stage == now else "reached" if reached else "ahead"
    current = Markup(' aria-current="step"') if stage == now else Markup("")
    return Markup('<li class="{}" style="--stage:{}" title="{}"{}><span>{}</span></li>').format(
        state, now.colour, stage.title[language], current, stage.title[language]
    )


def _facts(city: City, project: pd.Series, *, view: View, t: Translate) -> Markup:
    """List what is known; a fact that is not known has no row."""
    facts = [
        *_money(project, view=view, t=t),
        *_course(project, t),
        *_belonging(city, project, view=view, t=t),
        *_place(project, t),
        *_origin(project, t),
    ]
    rows = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(label, value) for label, value in facts if value
    )
    return Markup('<dl class="card-facts">{}</dl>').format(rows)


Facts = list[tuple[str, str | Markup]]


def _money(project: pd.Series, *, view: View, t: Translate) -> Facts:
    facts: Facts = []
    for column, label in (("invest_wan", "invest"), ("plan_wan", "plan"), ("done_wan", "done")):
        if pd.isna(project[column]):
            continue
        value = money(int(project[column]), view.language)
        if column == "done_wan" and pd.notna(project["invest_wan"]) and project["invest_wan"] > 0:
            share = Fraction(int(project[column]), int(project["invest_wan"]))
            value += f" · {t('card.of_invest', percent=percent(share, t).removesuffix('%'))}"
        facts.append((t(f"card.{label}"), value))
    if pd.notna(project["land_m2"]):
        facts.append((t("card.land"), land(int(project["land_m2"]), t)))
    return facts


def _course(project: pd.Series, t: Translate) -> Facts:
    progress = [f"{project['progress_pct']:g}%" if pd.notna(project["progress_pct"]) else ""]
    progress.append(_text(project, "progress_note"))
    dates = [
        t("card.dates_from", start=project["start_date"]) if _text(project, "start_date") else "",
        t("card.dates_to", end=project["end_date"]) if _text(project, "end_date") else "",
    ]
    return [
        (t("card.progress"), " · ".join(filter(None, progress))),
        (t("card.dates"), " · ".join(filter(None, dates))),
    ]


def _belonging(city: City, project: pd.Series, *, view: View, t: Translate) -> Facts:
    atlas, language = city.atlas, view.language
    facts: Facts = [(t("card.owner"), _text(project, "owner"))]
    # the internal ones are columns only where this session's role may see them
    for column in ("responsible", "leader", "leader_note", "contact", "phone"):
        facts.append((t(f"card.{column}"), _text(project, column)))
    for facet, column in (
        ("industry", "industry"),
        ("attribute", "plan_attr"),
        ("county", "county"),
        ("park", "park"),
    ):
        known = names.of_facet(atlas, facet, language=language, t=t)
        value = known.get(_text(project, column), "")
        industry = atlas.catalogue.industries.get(_text(project, "industry"))
        if facet == "industry" and industry and not industry.confirmed:
            value += f"（{t('card.unverified_industry')}）"
        facts.append((t(f"card.{facet}"), value))
    return [*facts, (t("card.lists"), names.of_lists(project["lists"], atlas, language))]


def _place(project: pd.Series, t: Translate) -> Facts:
    facts: Facts = [
        (t("card.place"), _text(project, "place")),
        (t("card.precision"), t(f"precision.{project['placed']}")),
    ]
    if project["placed"] == "site":
        spot = project.geometry
        facts.append((t("card.coordinates"), f"{spot.x:.5f}, {spot.y:.5f}"))
    return facts


def _origin(project: pd.Series, t: Translate) -> Facts:
    source: str | Markup = _text(project, "source")
    grade, address = _text(project, "source_grade"), _text(project, "source_url")
    if grade in GRADES:
        source = f"{source} · {t('card.grade', grade=grade)}"
    if address.startswith(("https://", "http://")):
        source = Markup(
            '{} <a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>'
        ).format(source, address, t("card.source_link"))
    return [
        (t("card.code"), _text(project, "code")),
        (t("card.remark"), _text(project, "remark")),
        (t("card.source"), source),
        (t("card.as_of"), _text(project, "source_date")),
        (t("card.updated"), _text(project, "updated")),
    ]


def _text(project: pd.Series, column: str) -> str:
    value = project.get(column)
    return value if isinstance(value, str) else ""
