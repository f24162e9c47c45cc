"""How figures, dates and digits look in the language of the page."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Literal

from django import template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from tafahom import jalali as calendar
from tafahom import localised, persian
from tafahom.agreements.models import Slice
from tafahom.gate.permissions import allows
from tafahom.jalali import MonthSpan
from tafahom.localised import is_persian
from tafahom.people.queries import mask
from tafahom.people.sealing import IdentityData
from tafahom.reports import words
from tafahom.reports.tables import HIDDEN, Hidden
from tafahom.reports.words import slice_name
from tafahom.web.shell.addresses import report_address
from tafahom.web.shell.navigation import Item, menu

register = template.Library()

THEMES = ("light", "dark")
NOTHING = "—"


@register.filter
def part_name(part: Slice) -> str:
    """Return what a part of a promise is called."""
    return slice_name(part)


@register.filter
def fa(value: object) -> str:
    """Return the text with Persian digits on Persian pages, unchanged on others."""
    return persian.to_persian_digits(str(value)) if is_persian() else str(value)


@register.filter
def has_hidden(rows: Iterable[tuple[object, int | None]]) -> bool:
    """Return whether the number beside one of the records is hidden from who asks."""
    return any(count is None for _record, count in rows)


@register.filter
def number(value: float | Literal[""] | Hidden | None, decimals: int | None = None) -> str:
    """Return a number with thousands marks; a dash for none, which templates may write "".

    Without ``decimals`` whole numbers have none and others one. A hidden number is a word.
    """
    if value is HIDDEN:
        return hidden_figure()
    if value is None or value == "":
        return NOTHING
    return localised.number(value, decimals)


@register.filter
def percent(value: float | Hidden | None) -> str:
    """Return a percentage with its sign; a dash for None, a word for a hidden one."""
    if value is HIDDEN:
        return hidden_figure()
    if value is None:
        return NOTHING
    # The mark keeps the Persian sign at the end of the number, whatever letters stand before it.
    return number(value, 1) + ("\u200f٪" if is_persian() else "%")


@register.simple_tag
def hidden_figure() -> SafeString:
    """Return the word in the place of a figure that the reader may not learn."""
    return format_html('<span class="hidden-figure">{}</span>', words.hidden())


@register.filter
def is_hidden(value: object) -> bool:
    """Return whether a figure is one that the reader may not learn."""
    return value is HIDDEN


register.simple_tag(words.hidden_reason)


@register.filter
def magnitude(value: float) -> float:
    """Return a number without its sign; the sign is said in words or by an arrow."""
    return abs(value)


@register.filter
def unlocalized(value: float | None) -> str:
    """Return a number as machines read it, for attributes."""
    return f"{value or 0}"


@register.filter
def hours(minutes: int | None) -> str:
    """Return minutes as hours."""
    return NOTHING if minutes is None else number(minutes / 60)


@register.filter
def isolated(text: str) -> str:
    """Return text whose direction is its own, for titles where no markup can say so."""
    return f"\u2068{text}\u2069"


@register.filter
def masked_number(identity: IdentityData | None) -> str:
    """Return the person's national ID (or foreigner's code) with its middle hidden."""
    shown = (identity.national_id or identity.fida_code) if identity else ""
    return fa(persian.to_ascii_digits(mask(shown))) if shown else NOTHING


@register.filter
def mark(hundredths: int | None) -> str:
    """Return an examination mark kept in hundredths; a dash for "did not sit"."""
    return NOTHING if hundredths is None else number(hundredths / 100)


@register.filter
def jalali(value: dt.date | dt.datetime | None) -> str:
    """Return the Solar Hijri date of a day or moment, ۱۳۹۷/۱۰/۰۵."""
    if value is None:
        return NOTHING
    return fa(calendar.format_date(_day(value), digits="en"))


register.filter("month_name", localised.month_name)
register.filter("period", localised.period_title)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Return the Solar Hijri date and the time of a moment."""
    if value is None:
        return NOTHING
    return fa(f"{calendar.format_date(_day(value), digits='en')} {localtime(value):%H:%M}")


@register.simple_tag
def report_link(year: int, through: int, **asked: str) -> str:
    """Return the address of the report on a year up to a month, with what else it is asked."""
    return report_address(MonthSpan(year, 1, through), **asked)


@register.simple_tag(takes_context=True)
def may(context: Context, act: str) -> bool:
    """Return whether who asks may do this."""
    request = context.get("request")
    return bool(request and allows(request, act))


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """Return the appearance that was chosen, empty for "as the device"."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in THEMES else ""


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[Item]:
    """Return the menu of who asks."""
    request = context.get("request")
    return menu(request) if request else []


@register.simple_tag(takes_context=True)
def block_again(context: Context, name: str) -> SafeString:
    """Return what the page put into a block, a second time: the title is the heading too."""
    blocks: Any = context.render_context.get(BLOCK_CONTEXT_KEY)
    node = blocks.get_block(name) if blocks else None
    # Rendered by the template engine, hence escaped already.
    return mark_safe(node.render(context)) if node else SafeString("")  # nosec B308 B703


def _day(value: dt.date | dt.datetime) -> dt.date:
    return localtime(value).date() if isinstance(value, dt.datetime) else value
