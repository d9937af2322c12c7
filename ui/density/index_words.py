"""A composite index as the page has it: the scores with the answers behind them, and their words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from geo import wording
from geo.compare import answers, composite, indexed
from geo.compare.composite import DRAWS, SPREAD_PCT, Composite, Doubt
from geo.compare.indexed import Answered, Weights
from geo.compare.ranks import Band
from geo.density.measures import Figure
from geo.density.stated import point_of
from ui.density import notes, ranks, shown, weigh, words
from ui.density.scope import Scope


@dataclass(frozen=True)
class Index:
    """Hold an index with the answers behind it; `weights` are all that were chosen, zeros too."""

    weights: Weights
    answered: Answered
    found: Composite
    doubts: tuple[Doubt, ...]

    @property
    def bands(self) -> tuple[Band, ...]:
        """Return the bands, in the order of the scores."""
        return tuple(doubt.band for doubt in self.doubts)

    @property
    def items(self) -> tuple[str, ...]:
        """Return the items that count."""
        return tuple(self.found.weights)

    def named(self, item: str, scope: Scope) -> str:
        """Name an item as shortly as the chosen ones allow."""
        return weigh.short(item, self.weights, scope)

    def figure(self, item: str, place: str) -> Figure:
        """Return the figure of an item behind a place's points."""
        return self.answered.figures[item][place]


def get(scope: Scope, weights: Weights) -> Index:
    """Return the index of the places, shared by visitors who ask the same of the same projects."""
    question, way = scope.state.question, scope.state.normalise

    def make() -> Index:
        answered = indexed.answered(shown.answers(scope), question, weights)
        found = composite.composite(answered.values, weights, way)
        return Index(weights, answered, found, composite.doubted(found))

    own = (question.by, question.area_kind, question.year)
    return scope.recall(("index", *own, tuple(weights.items()), way), make)


def summary(scope: Scope, made: Index) -> str:
    """Say who is first, how often under other weights, and which ranks are certain."""
    t, scores = scope.t, made.found.scores
    if len(scores) == 1:  # nothing to be better than
        return t("density.index_single", name=words.place(scores[0].place, scope))
    leaders = [score.place for score in scores if score.rank == 1]
    first = t(
        "dense.index_summary",
        names=t("dense.list").join(words.place(place, scope) for place in leaders),
        score=points(scores[0].score),
        first=wording.share(float(made.doubts[0].first)),
    )
    return first + ranks.certain(scope, made.bands)


def points(value: Fraction) -> str:
    """Write points of a score, one place after the point."""
    return f"{float(value):.1f}"


def doubts(scope: Scope, made: Index) -> list[str]:
    """Say in which ways the ranks are doubted."""
    ways = [way for way in composite.WAYS if way in made.bands[0].ranges]
    return [scope.t(f"dense.index_way_{way}", draws=DRAWS, pct=SPREAD_PCT) for way in ways]


def caveats(scope: Scope, made: Index) -> list[str]:
    """Return what must be known beside an index, a line each."""
    t = scope.t
    lines = [t("dense.index_caveat"), correlated(scope, made)]
    lines += [years(scope, made), samples(scope, made)]
    if scope.state.question.by == "park":
        lines.append(t("dense.index_parks"))
    known = [notes.lines(scope, own) for own in made.answered.found.values()]
    return list(dict.fromkeys([line for line in lines if line] + [n for own in known for n in own]))


def correlated(scope: Scope, made: Index) -> str:
    """Name the measures that say much the same, or say that none do, "" where nothing can be told."""
    t, pairs = scope.t, made.found.pairs
    if not pairs:
        return ""
    strong = [pair for pair in pairs if pair.strong]
    n, limit = len(made.found.scores), float(composite.STRONG)
    if not strong:
        return t("dense.index_uncorrelated", n=n, limit=limit)
    named = t("dense.index_and").join(
        t(
            "dense.index_pair",
            one=made.named(pair.one, scope),
            other=made.named(pair.other, scope),
            rho=f"{float(pair.rho):.2f}",
        )
        for pair in strong
    )
    return t("dense.index_correlated", n=n, limit=limit, pairs=named)


def years(scope: Scope, made: Index) -> str:
    """Say of which year stated measures are, "" where none is."""
    t, said = scope.t, []
    for item in made.items:
        figures = (made.figure(item, score.place) for score in made.found.scores)
        found = {y for figure in figures for y in _years(figure)}
        if found:
            joined = "/".join(sorted(found))
            said.append(t("dense.index_year", item=made.named(item, scope), year=joined))
    return t("dense.index_years", items=t("dense.list").join(said)) if said else ""


def _years(figure: Figure) -> list[str]:
    point = point_of(figure.amount)
    stated = [str(point.span.year)] if point else []
    return [*stated, figure.per.year] if figure.per else stated


def samples(scope: Scope, made: Index) -> str:
    """Name the measures that stand on stated samples, "" where none does."""
    t = scope.t
    marked = [made.named(item, scope) for item in made.items if is_sample(made, item)]
    return t("dense.index_samples", items=t("dense.list").join(marked)) if marked else ""


def is_sample(made: Index, item: str) -> bool:
    """Tell whether any scored place's figure of an item is a stated sample."""
    places = (score.place for score in made.found.scores)
    return any(answers.is_sample(made.figure(item, place)) for place in places)


def apart(scope: Scope, made: Index) -> dict[str, list[str]]:
    """Return the places without a score by what they lack, in words."""
    found: dict[str, list[str]] = {}
    for place in made.found.missing:
        found.setdefault(lacking(scope, made, place), []).append(words.place(place, scope))
    return found


def unscored(scope: Scope, made: Index) -> list[str]:
    """Say who has no score, and what they lack, a line for those that lack the same."""
    t = scope.t
    return [
        f"{t('dense.list').join(names)}{t('dense.index_colon')}{lacks}"
        for lacks, names in apart(scope, made).items()
    ]


def lacking(scope: Scope, made: Index, place: str) -> str:
    """Say which measures a place lacks, those with the same reason together; "" where none."""
    t = scope.t
    by_reason: dict[str, list[str]] = {}
    for item in made.found.missing.get(place, ()):
        figure: Figure | None = made.answered.figures[item].get(place)
        said = words.reason(figure, t) if figure else t("density.reason_not_stated")
        by_reason.setdefault(said, []).append(made.named(item, scope))
    return t("dense.index_and").join(
        t("dense.index_lacks", items=t("dense.list").join(items), reason=reason)
        for reason, items in by_reason.items()
    )
