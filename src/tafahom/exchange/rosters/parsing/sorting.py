"""What each row below a header is: a trainee, a sum, a signature, or what is neither."""

from collections.abc import Sequence

from tafahom.exchange.rosters.parsing.blocks import is_label_row
from tafahom.exchange.rosters.parsing.cells import is_blank, shown
from tafahom.exchange.rosters.parsing.fields import PERSON_FIELDS, Vocabulary
from tafahom.exchange.rosters.parsing.tables import (
    IDENTITY,
    NAMES,
    SheetRow,
    Table,
    has_digits,
    has_id,
)
from tafahom.persian import clean, to_ascii_digits

MIN_COLUMNS = 3
MAX_NAME_LENGTH, MAX_NAME_WORDS = 50, 6


class RowSorter:
    """Tells the rows below a header apart: trainees, sums, signatures and what is neither."""

    def __init__(
        self, table: Table, words: Vocabulary, unsplit: frozenset[int], numbered: Sequence[int] = ()
    ) -> None:
        self._table, self._words, self._unsplit = table, words, unsplit
        self._identities = table.columns_of(IDENTITY) or numbered
        self._names = table.columns_of(NAMES)
        self._people = table.columns_of(tuple(PERSON_FIELDS))
        self._known = [c for c, h in table.headings.items() if h.field or h.choices]
        self._known += list(table.sessions)
        self._is_over = False

    def sort(self, number: int, row: SheetRow) -> str:
        """Return the kind of a row; trainees and sums are noted in the table."""
        table = self._table
        # Nearly every row ends here: a number in the place of an identity.
        if has_id(row, self._identities) or number in self._unsplit:
            table.rows.append(number)
            return "trainees"
        if not any(row):
            return "blank"
        filled = [c for c, cell in enumerate(row) if table.has(c) and not is_blank(cell)]
        if not filled:
            return "blank"
        if is_total(row, self._words, filled):
            table.totals.append(number)
            return "totals"
        if self._signs(row, filled):
            self._is_over = True
            return "signatures"
        if is_label_row(row, self._words):
            return "labels"
        if self._is_somebody(row, filled):
            table.rows.append(number)
            return "trainees"
        numbers_only = all(self._is_row_number(row[c], c) for c in filled)
        return "blank" if numbers_only else "notes"

    def _is_row_number(self, cell: object, column: int) -> bool:
        heading = self._table.headings.get(column)
        text = to_ascii_digits(shown(cell)).strip(" .-")
        return heading is not None and heading.is_ignored and text.isdigit()

    def _signs(self, row: SheetRow, filled: Sequence[int]) -> bool:
        """Whether the row signs the sheet: words of signing, and no number as trainees have."""
        texts = [str(row[c]) for c in filled if isinstance(row[c], str)]
        if len(texts) < len(filled) or not texts:
            return False
        is_said = self._words.begins_with(texts[0], "signature")
        return is_said and not self._names_somebody(row, filled)

    def _names_somebody(self, row: SheetRow, filled: Sequence[int]) -> bool:
        """Whether given and family name are there: «مهر» may be a stamp, «مهر علیزاده» is not."""
        names = [str(row[c]) for c in self._names if c in filled]
        is_one_word = len(names) > 1 and len(names[0].split()) == 1
        return is_one_word and not self._words.begins_with(names[1], "signature")

    def _is_somebody(self, row: SheetRow, filled: Sequence[int]) -> bool:
        """Whether a row without a number is still a trainee's: it has a name, or enough else."""
        texts = [str(row[c]) for c in filled if isinstance(row[c], str)]
        is_other = bool(texts) and self._words.begins_with(texts[0], "other")
        if is_other and not self._names_somebody(row, filled):
            return False
        known = [c for c in filled if c in self._known]
        own = [c for c in filled if c in self._people]
        if has_digits(row, self._identities) and len(filled) > 1:
            return True
        names = [c for c in self._names if c in filled and _is_name(row[c])]
        if names:
            is_alone = len(filled) == 1
            return not (self._is_over and len(known) < MIN_COLUMNS) and not (
                is_alone and bool(self._table.totals)
            )
        return bool(own) and len(known) >= MIN_COLUMNS and not self._table.totals


def _is_name(cell: object) -> bool:
    """Whether a text could be a person's name: a few words, no digits, no punctuation."""
    if not isinstance(cell, str):
        return False
    text = clean(cell)
    return (
        0 < len(text) <= MAX_NAME_LENGTH
        and len(text.split()) <= MAX_NAME_WORDS
        and not any(c.isdigit() or c in ":؛;=!؟?،," for c in text)
        and any(c.isalpha() for c in text)
    )


def is_total(row: SheetRow, words: Vocabulary, filled: Sequence[int] | None = None) -> bool:
    """Whether one of the first cells says that this is a sum."""
    places = (
        filled if filled is not None else [c for c, cell in enumerate(row) if not is_blank(cell)]
    )
    return any(isinstance(row[c], str) and words.is_word(str(row[c]), "total") for c in places[:3])
