"""What a press release says: built from figures, each number checked against them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tafahom.figures.queries import FigureQuery, FigureTable, Number, figures
from tafahom.figures.rules import FigureError
from tafahom.jalali import MONTH_NAMES, Period, format_long, today
from tafahom.parties.queries import home_province
from tafahom.persian import sort_key
from tafahom.reports.press import wording
from tafahom.reports.press.checks import strange_numbers
from tafahom.reports.press.programmes import programmes

# Fewer persons than this are somebody's: no figure of so few is published.
FEWEST_PERSONS = 10
# Growth on fewer than so many persons is chance, not news.
FEWEST_TO_COMPARE = 100


class PressError(Exception):
    """A release that can not be written; the message says why, to who asked for it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A programme that is singled out."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A month of the chart with its person-hours."""

    label: str
    value: Number


@dataclass(frozen=True, slots=True)
class PressRelease:
    """A release as structure; ``render`` makes files of it. All texts are Persian."""

    headline: str
    place_and_day: str
    lead: str
    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...]
    partners_title: str
    partners: tuple[str, ...]
    closing: str
    chart_title: str
    bars: tuple[Bar, ...]
    notes: tuple[str, ...]
    source: str
    file_stem: str
    numbers: frozenset[Number] = field(default=frozenset(), repr=False)

    @property
    def partner_list(self) -> str:
        """The partners joined as Persian prose joins names."""
        *first, last = self.partners
        return f"{'، '.join(first)} و {last}" if first else last

    @property
    def sentences(self) -> list[str]:
        """Every text with figures in it, for checking."""
        texts = [self.headline, self.lead, *self.paragraphs, self.partners_title, self.closing]
        return [*texts, *(text for part in self.sections for text in (part.title, part.text))]


def press_release(year: int, through_month: int, *, from_month: int = 1) -> PressRelease:
    """Write the release of these months of a Solar Hijri year.

    Raises PressError for a period without figures, FigureError for one that does not exist.
    """
    query = FigureQuery(year, through_month, from_month, compare_last_year=True)
    whole = figures(query)
    if not whole.total.values["persons"]:
        raise PressError(_("There are no figures for this period."))
    release = _write(query, whole)
    if strange := strange_numbers(release.sentences, release.numbers, query.period):
        # A programme's own text may hold a number that nobody counted.
        raise PressError(
            _("These numbers of the release come from no figure: {numbers}").format(
                numbers="، ".join(strange)
            )
        )
    return release


def _write(query: FigureQuery, whole: FigureTable) -> PressRelease:
    period, values = query.period, whole.total.values
    province = home_province().name
    parts = [(p, _measured(query, p.where)) for p in programmes()]
    kept = [(p, v) for p, v in parts if v and _is_enough(v["persons"])]
    by_gender = _by(query, "gender")
    numbers = {*_numbers(whole), *by_gender.values()}
    numbers |= {value for _programme, own in kept for value in own.values()}
    return PressRelease(
        headline=wording.headline(period, values),
        place_and_day=f"{province} – {format_long(today())}",
        lead=wording.lead(period, values, province),
        paragraphs=tuple(_paragraphs(period, whole, by_gender)),
        sections=tuple(
            Section(programme.title, wording.fill(programme.text, own, province))
            for programme, own in kept
        ),
        partners_title=wording.partners_title(values),
        partners=tuple(_partners(query)),
        closing=wording.CLOSING,
        chart_title=f"نفرساعت آموزش به تفکیک ماه پایان دوره، {period.title}",
        bars=tuple(_bars(query)),
        notes=tuple(wording.notes(whole.as_of)),
        source=_command(query),
        file_stem=f"khabar-{query.year}-{query.from_month:02}-{query.through_month:02}",
        numbers=frozenset(numbers),
    )


def _paragraphs(period: Period, whole: FigureTable, by_gender: dict[str, Number]) -> Sequence[str]:
    values, before, growth = whole.total.values, whole.total.previous, whole.total.growth
    found = []
    if before and growth and (before["persons"] or 0) >= FEWEST_TO_COMPARE:
        found.append(wording.growth(before, growth))
    if values["realisation_person_hours"] is not None:
        found.append(wording.realisation(period, values))
    women, men = by_gender.get("زن"), by_gender.get("مرد")
    if women and men and _is_enough(women) and _is_enough(men):
        found.append(wording.women_and_men(women, men))
    if _is_enough(values["passed"]):
        found.append(wording.examinations(values))
    return found


def _measured(query: FigureQuery, where: tuple[tuple[str, str], ...]) -> dict[str, Number] | None:
    """Figures of a slice; None where this directorate has no such partner or audience."""
    try:
        own = FigureQuery(query.year, query.through_month, query.from_month, where=where)
        return figures(own).total.values
    except FigureError:
        return None


def _by(query: FigureQuery, dimension: str) -> dict[str, Number]:
    """Persons by the names of a dimension."""
    own = FigureQuery(query.year, query.through_month, query.from_month, by=(dimension,))
    return {row.dims[dimension].name: row.values["persons"] for row in figures(own).rows}


def _partners(query: FigureQuery) -> list[str]:
    """Names of the partners whose people were trained, in Persian order."""
    return sorted((name for name, count in _by(query, "partner").items() if count), key=sort_key)


def _bars(query: FigureQuery) -> list[Bar]:
    own = FigureQuery(query.year, query.through_month, query.from_month, by=("month",))
    hours = {row.dims["month"].code: row.values["person_hours"] for row in figures(own).rows}
    return [
        Bar(MONTH_NAMES[month - 1], hours.get(f"{query.year}-{month:02}") or 0)
        for month in range(query.from_month, query.through_month + 1)
    ]


def _is_enough(count: Number) -> bool:
    return count is not None and count >= FEWEST_PERSONS


def _numbers(table: FigureTable) -> set[Number]:
    row = table.total
    return {
        *row.values.values(),
        *(row.previous or {}).values(),
        *(abs(value) for value in (row.growth or {}).values() if value is not None),
    }


def _command(query: FigureQuery) -> str:
    first = f" --from {query.from_month}" if query.from_month > 1 else ""
    return f"tafahom report --year {query.year}{first} --through {query.through_month}"
