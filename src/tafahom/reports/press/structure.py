"""The parts of a press release, before any file is made of them."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tafahom.figures.tables import Number
from tafahom.persian import format_number


class PressError(Exception):
    """A release that can not be written; the message says why, to who asked for it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A programme that is singled out."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the table of figures: what was counted, and how many, as it is written."""

    label: str
    shown: str


# Of single months after the first of a year nothing is told of partners, not even who they were.
NOT_NAMED = "نام دستگاه‌های همکار این ماه‌ها جداگانه اعلام نمی‌شود"
BarsAre: TypeAlias = Literal["months", "partners", "clusters"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the chart: a month, partner or cluster, its person-hours to the minute and as written."""

    label: str
    value: Number
    shown: str


@dataclass(frozen=True, slots=True)
class PressRelease:
    """A release as structure; ``render`` makes files of it. All texts are Persian.

    ``commands`` give the figures again. ``numbers`` are the figures as they may be written.
    ``left_out`` names programmes that were not singled out because too few persons are in them, or
    because what they count is not told to everybody.
    """

    issuer: str
    headline: str
    place_and_day: str
    lead: str
    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...]
    facts_title: str
    facts: tuple[Fact, ...]
    chart_title: str
    chart_subtitle: str
    bars: tuple[Bar, ...]
    bars_are: BarsAre
    partners_title: str
    partners: tuple[str, ...]
    closing: str
    notes: tuple[str, ...]
    commands: tuple[str, ...]
    file_stem: str
    numbers: frozenset[str] = field(default=frozenset(), repr=False)
    left_out: tuple[str, ...] = ()
    # Partners that are counted and not named: too few of their people were trained to say so.
    other_partners: int = 0

    @property
    def partner_list(self) -> str:
        """The partners joined as Persian prose joins names; a sentence where none is named."""
        if not self.partners:
            return NOT_NAMED
        others = f"{format_number(self.other_partners)} دستگاه دیگر" if self.other_partners else ""
        *first, last = [*self.partners, *([others] if others else [])]
        return f"{'، '.join(first)} و {last}" if first else last

    @property
    def chart_in_words(self) -> str:
        """What the chart shows, for who can not see it."""
        return "؛ ".join(f"{bar.label} {bar.shown}" for bar in self.bars)

    @property
    def sentences(self) -> list[str]:
        """Every text with figures in it, for checking; names may hold numbers that are none."""
        finding = self.chart_title
        for bar in self.bars:
            finding = finding.replace(bar.label, "")
        return [
            self.headline,
            self.lead,
            *self.paragraphs,
            *(text for part in self.sections for text in (part.title, part.text)),
            *(fact.shown for fact in self.facts),
            finding,
            *(bar.shown for bar in self.bars),
            self.partners_title,
            self.closing,
        ]
