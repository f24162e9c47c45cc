"""Periods, months and days as the reader's language has them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.agreements.models import Slice
from tafahom.reports.tables import TableCell, holds_hidden

QUARTER_NAMES = {
    1: gettext_lazy("Spring"),
    2: gettext_lazy("Summer"),
    3: gettext_lazy("Autumn"),
    4: gettext_lazy("Winter"),
}


DIMENSION_NAMES = {
    "audience": gettext_lazy("Audience"),
    "cluster": gettext_lazy("Cluster"),
    "county": gettext_lazy("County"),
    "quarter": gettext_lazy("Quarter"),
}


def slice_name(part: Slice) -> str:
    """Return what a slice is called on a page."""
    quarter = str(QUARTER_NAMES[part.quarter]) if part.quarter else ""
    return "، ".join(text for text in (part.label, quarter) if text)


def dimensions(names: Iterable[str]) -> str:
    """Return by what a promise is divided: «گروه مخاطب × فصل»."""
    return " × ".join(str(DIMENSION_NAMES[name]) for name in names)


def hidden() -> str:
    """Return what stands in the place of a figure that the reader may not learn."""
    return _("confidential")


def hidden_alone() -> str:
    """Return the same where no note explains it."""
    return _("confidential (below the publishing limit)")


def hidden_reason() -> str:
    """Say why figures are hidden, to who sees that some are."""
    return _(
        "Confidential: below the publishing limit. Where a partner, agreement or centre can tell why"
        " somebody was trained, figures of fewer than ten people are not shown, nor others from which"
        " these could be worked out, so that nobody can be recognised by them. It does not mean zero."
        " What was promised is not confidential."
    )


def hidden_notes(rows: list[list[TableCell]], total: list[TableCell]) -> list[str]:
    """Say what a reader must know of a table in which figures are hidden; nothing where none are."""
    if not holds_hidden([*rows, total]):
        return []
    if not rows:
        return [hidden_reason()]
    if holds_hidden([total]):
        return [hidden_reason(), _("The total would give them away, so it is confidential too.")]
    return [hidden_reason(), _("The total is exact: what is confidential is counted in it.")]
