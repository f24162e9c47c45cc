"""What a press release says: built from figures, each number checked against them."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tafahom.figures.disclosure.family import NotOfferedError
from tafahom.figures.queries import figures, untrained
from tafahom.figures.rules import FigureError
from tafahom.figures.tables import FigureQuery, FigureRow, FigureTable, Number
from tafahom.jalali import MONTH_NAMES, format_long, today
from tafahom.parties.queries import home_province
from tafahom.periods.queries import are_final
from tafahom.persian import sort_key
from tafahom.reports.press import wording
from tafahom.reports.press.checks import contradictions, strange_numbers
from tafahom.reports.press.programmes import PressProgramme, programmes
from tafahom.reports.press.structure import Bar, BarsAre, PressError, PressRelease, Section
from tafahom.scoping import guarded

# Fewer persons than this are somebody's: no figure of so few is published.
FEWEST_PERSONS = 10
# Growth on fewer than so many persons is chance, not news.
FEWEST_TO_COMPARE = 100
# A last year of less than this share of the present one was hardly recorded whole.
SMALLEST_SHARE = 0.1
# The chart of one month is by partner or cluster, of no more than so many.
MAX_BARS = 10
OF_PEOPLE = frozenset(
    {"persons", "enrolled_persons", "person_courses", "sat", "passed", "certified"}
)

_Rows: TypeAlias = Sequence[tuple[str, Mapping[str, Number]]]


@dataclass(frozen=True, slots=True)
class _Figures:
    """Everything that is asked before a word is written."""

    query: FigureQuery
    whole: FigureTable
    kept: list[tuple[PressProgramme, dict[str, Number]]]
    left_out: list[PressProgramme]
    by_gender: dict[str, Number]
    by_month: dict[str, Number]
    by_partner: list[tuple[str, dict[str, Number]]]
    by_cluster: list[tuple[str, dict[str, Number]]]
    # Whether nothing of the partners is hidden, so that those with courses can be counted again.
    names_all: bool

    @property
    def partners(self) -> list[str]:
        """Names of the partners under whose agreements courses were held, in Persian order.

        Those of which nothing may be said are not among them.
        """
        return sorted(
            (name for name, own in self.by_partner if own["person_courses"]), key=sort_key
        )

    @property
    def values(self) -> dict[str, Number]:
        """The measures of the whole."""
        return self.whole.total.values

    @property
    def growth(self) -> dict[str, float | None] | None:
        """Growth on last year; None unless that year is worth comparing with."""
        total: FigureRow = self.whole.total
        before = (total.previous or {}).get("persons") or 0
        enough = max(FEWEST_TO_COMPARE, SMALLEST_SHARE * (total.values["persons"] or 0))
        change = total.growth or {}
        known = change.get("persons") is not None and change.get("person_hours") is not None
        return change if known and before >= enough else None


@guarded()
def press_release(year: int, through_month: int, *, from_month: int = 1) -> PressRelease:
    """Write the release of these months of a Solar Hijri year.

    Everybody reads it: its figures are guarded, whoever writes it. Raises PressError for a period
    without figures, FigureError for one that does not exist and for programmes that can not be read.
    """
    query = FigureQuery(year, through_month, from_month, compare_last_year=True)
    whole = figures(query)
    if not whole.total.values["persons"]:
        raise PressError(_("There are no figures for this period."))
    found = _ask(query, whole)
    _check_agreement(found)
    release = _write(found)
    if strange := strange_numbers(release.sentences, release.numbers, query.period):
        # A programme's own text may hold a number that nobody counted.
        raise PressError(
            _("These numbers of the release come from no figure: {numbers}").format(
                numbers="، ".join(strange)
            )
        )
    return release


def _ask(query: FigureQuery, whole: FigureTable) -> _Figures:
    chosen = [(programme, _measured(query, programme.where)) for programme in programmes()]
    by_partner = _rows(query, "partner")
    return _Figures(
        query=query,
        whole=whole,
        kept=[
            (programme, own) for programme, own in chosen if own and _may_be_told(programme, own)
        ],
        left_out=[p for p, own in chosen if not own or not _may_be_told(p, own)],
        by_gender={name: own["persons"] for _code, name, own in _by(query, "gender")},
        by_month={code: own["person_hours"] for code, _name, own in _by(query, "month")},
        by_partner=[
            (row.dims["partner"].name, row.values) for row in by_partner if not row.is_hidden
        ],
        by_cluster=[(name, own) for code, name, own in _by(query, "cluster") if code],
        names_all=bool(by_partner) and not any(row.is_hidden for row in by_partner),
    )


def _check_agreement(found: _Figures) -> None:
    wrong = contradictions(
        found.values,
        programmes={programme.title: own for programme, own in found.kept},
        partners=found.partners if found.names_all else None,
        by_gender=found.by_gender,
        by_month=found.by_month.values(),
    )
    if wrong:
        message = _("The figures changed while the release was written ({parts}). Try again.")
        raise PressError(message.format(parts="، ".join(wrong)))


def _write(found: _Figures) -> PressRelease:
    query, values = found.query, found.values
    period, province = query.period, home_province().name
    bars_are, bars = _chart(found)
    return PressRelease(
        issuer=wording.issuer(province),
        headline=wording.headline(period, values),
        place_and_day=f"{wording.bare_name(province)}، {format_long(today())}",
        lead=wording.lead(period, values, province),
        paragraphs=tuple(_paragraphs(found)),
        sections=tuple(
            Section(programme.title, wording.fill(programme.text, own, province))
            for programme, own in found.kept
        ),
        facts_title=wording.FACTS_TITLE,
        facts=tuple(wording.facts(values, found.growth)),
        chart_title=wording.chart_title(bars, period, bars_are),
        chart_subtitle=wording.chart_subtitle(period, bars_are),
        bars=bars,
        bars_are=bars_are,
        partners_title=wording.partners_title(values, names_any=bool(found.partners)),
        partners=tuple(found.partners),
        other_partners=int(values["partners"] or 0) - len(found.partners),
        closing=wording.CLOSING,
        notes=tuple(
            wording.notes(
                localtime(found.whole.as_of).date(),
                values,
                are_final=are_final(period.months),
                untrained=_may_be_said(untrained(values)),
            )
        ),
        commands=tuple(_commands(found)),
        file_stem=f"khabar-{query.year}-{query.from_month:02}-{query.through_month:02}",
        numbers=frozenset(_numbers(found, bars)),
        left_out=tuple(programme.title for programme in found.left_out),
    )


def _paragraphs(found: _Figures) -> Sequence[str]:
    values, period = found.values, found.query.period
    told = []
    if found.growth:
        told.append(wording.growth(period, found.whole.total.previous or {}, found.growth))
    if values["realisation_person_hours"] is not None:
        told.append(wording.realisation(period, values))
    women, men = found.by_gender.get("زن"), found.by_gender.get("مرد")
    if _is_enough(women) and _is_enough(men):
        told.append(wording.women_and_men(women, men))
    if _is_enough(values["passed"]) and _is_enough(values["certified"]):
        told.append(wording.examinations(values))
    return told


def _measured(query: FigureQuery, where: tuple[tuple[str, str], ...]) -> dict[str, Number] | None:
    """Figures of a slice; None where this directorate has no such partner or audience."""
    try:
        own = FigureQuery(query.year, query.through_month, query.from_month, where=where)
        return figures(own).total.values
    except FigureError:
        return None


def _may_be_told(programme: PressProgramme, own: Mapping[str, Number]) -> bool:
    """Whether no number of the text is unknown or of so few people that it points at someone."""
    known = all(own[name] is not None for name in programme.measures)
    of_people = {"persons", *OF_PEOPLE.intersection(programme.measures)}
    return known and all(_is_enough(own[name]) for name in of_people)


def _by(query: FigureQuery, dimension: str) -> list[tuple[str, str, dict[str, Number]]]:
    """Codes and names of a dimension, with the measures of each."""
    return [
        (row.dims[dimension].code, row.dims[dimension].name, row.values)
        for row in _rows(query, dimension)
    ]


def _rows(query: FigureQuery, dimension: str) -> list[FigureRow]:
    """Return the rows of a dimension; none where these months may not be split by it."""
    own = FigureQuery(query.year, query.through_month, query.from_month, by=(dimension,))
    try:
        return figures(own).rows
    except NotOfferedError:
        return []


def _chart(found: _Figures) -> tuple[BarsAre, tuple[Bar, ...]]:
    """Return the bars: months, or partners where there is one month only.

    Partners are not told of single months but the first of a year: then clusters are the bars.
    """
    if len(found.query.period.months) == 1:
        ways: tuple[tuple[BarsAre, _Rows], ...] = (
            ("partners", found.by_partner),
            ("clusters", found.by_cluster),
        )
        for bars_are, rows in ways:
            if len(bars := _largest_bars(rows)) > 1:
                return bars_are, bars
    return "months", _month_bars(found)


def _month_bars(found: _Figures) -> tuple[Bar, ...]:
    query = found.query
    months = range(query.from_month, query.through_month + 1)
    hours = [(month, found.by_month.get(f"{query.year}-{month:02}") or 0) for month in months]
    return tuple(_bar(MONTH_NAMES[month - 1], value) for month, value in hours)


def _largest_bars(rows: _Rows) -> tuple[Bar, ...]:
    """The rows with most hours first; none of a handful of people."""
    many = [(name, own) for name, own in rows if _is_enough(own["persons"])]
    many.sort(key=lambda row: (-(row[1]["person_hours"] or 0), sort_key(row[0])))
    return tuple(_bar(name, own["person_hours"]) for name, own in many[:MAX_BARS])


def _bar(label: str, hours: Number) -> Bar:
    return Bar(label, hours, wording.written("person_hours", hours))


def _is_enough(count: Number) -> bool:
    return count is not None and count >= FEWEST_PERSONS


def _may_be_said(count: int) -> int:
    """Return a count of people, or 0 where it is of so few that it points at someone."""
    return count if _is_enough(count) else 0


def _numbers(found: _Figures, bars: Iterable[Bar]) -> set[str]:
    """Return every figure of the release as it is written."""
    total = found.whole.total
    rows = [total.values, total.previous or {}, *(own for _programme, own in found.kept)]
    written = {
        wording.written(name, value)
        for row in rows
        for name, value in row.items()
        if value is not None
    }
    grown = (total.growth or {}).values()
    written |= {wording.percentage(value) for value in grown if value is not None}
    written |= {wording.written("persons", count) for count in found.by_gender.values()}
    return written | {bar.shown for bar in bars}


def _commands(found: _Figures) -> list[str]:
    """Return the commands that give the figures of the release and of its programmes."""
    query = found.query
    first = f" --from {query.from_month}" if query.from_month > 1 else ""
    report = f"tafahom report --year {query.year}{first} --through {query.through_month}"
    compared = " --compare last-year" if found.growth else ""
    slices = [
        report + "".join(f" --where {shlex.quote(f'{name}={value}')}" for name, value in p.where)
        for p, _own in found.kept
    ]
    return [report + compared, *slices]
