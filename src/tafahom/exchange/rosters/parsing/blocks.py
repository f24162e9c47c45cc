"""Labels with their values above a table: of a course, of all trainees in the table."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tafahom.exchange.rosters.parsing.cells import is_blank, shown
from tafahom.exchange.rosters.parsing.fields import COURSE_FIELDS, Vocabulary
from tafahom.exchange.rosters.parsing.headings import read_heading
from tafahom.exchange.rosters.parsing.questions import RosterQuestion
from tafahom.exchange.rosters.parsing.tables import Labelled, SheetRow
from tafahom.persian import clean, normal_key

LABELS = frozenset(COURSE_FIELDS) | {"audience"}
LABEL = "label"
MAX_LABEL_WORDS = 5
FoundLabel = tuple[str, Labelled]
_WORD = re.compile(r"\S+")


def find_labels(
    rows: Sequence[SheetRow], numbers: Iterable[int], vocabulary: Vocabulary, columns: range
) -> Iterator[FoundLabel]:
    """Yield fields with their values in these rows: beside, in the same cell, or below."""
    wanted = set(numbers)
    for number in sorted(wanted):
        row = rows[number - 1]
        for column in columns:
            if column >= len(row) or not isinstance(row[column], str) or is_blank(row[column]):
                continue
            text = str(row[column])
            if pairs := list(_pairs(text, vocabulary)):
                last = len(pairs) - 1
                for place, (field, unit, value) in enumerate(pairs):
                    if place == last and is_blank(value):
                        yield field, _value_near(rows, number, column, unit, vocabulary, wanted)
                    else:
                        yield field, Labelled(value, number, column, unit)
                continue
            if found := label_of(text, vocabulary):
                field, unit = found
                yield field, _value_near(rows, number, column, unit, vocabulary, wanted)


def label_of(text: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Return the field and unit that a text names as a label; None when it is none."""
    plain = text.strip().rstrip(":：").strip()
    field = vocabulary.field_of(plain)
    if field is None and len(plain) < 60:
        heading = read_heading(plain, "", vocabulary)
        if heading.field in LABELS and heading.is_sure:
            return heading.field, heading.unit
    return (field, "") if field in LABELS else None


def is_label_row(row: SheetRow, vocabulary: Vocabulary) -> bool:
    """Whether the first text of a row is a label: of a course, where trainees have their name."""
    text = next((cell for cell in row if isinstance(cell, str) and not is_blank(cell)), "")
    is_labelled = label_of(text, vocabulary) is not None
    return bool(text) and (is_labelled or bool(list(_pairs(text, vocabulary))))


def _pairs(text: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    """Fields with values in one cell: «عنوان دوره: جوشکار    مدت دوره: ۴۰»."""
    pieces = text.replace("：", ":").split(":")
    found: list[tuple[str, str]] = []
    values: list[str] = []
    for number, piece in enumerate(pieces[:-1]):
        split = _label_at_end(piece, vocabulary)
        if split is None:
            if not found:
                return
            values[-1] += piece + ":"
            continue
        before, field, unit = split
        if found:
            values[-1] += before
        elif number or before.strip(" ،,;؛-*•"):
            return
        found.append((field, unit))
        values.append("")
    if found:
        values[-1] += pieces[-1]
        for (field, unit), value in zip(found, values, strict=True):
            yield field, unit, value.strip(" \t\r\n،,;؛|")


def _label_at_end(piece: str, vocabulary: Vocabulary) -> tuple[str, str, str] | None:
    """Split what stands before a colon: the rest, and the field and unit that end it."""
    words = list(_WORD.finditer(piece))
    for count in range(min(MAX_LABEL_WORDS, len(words)), 0, -1):
        start = words[-count].start()
        if found := label_of(piece[start:], vocabulary):
            return piece[:start], *found
    return None


def _value_near(
    rows: Sequence[SheetRow],
    number: int,
    column: int,
    unit: str,
    vocabulary: Vocabulary,
    wanted: set[int],
) -> Labelled:
    """The value of a label: the next cell that is filled, else the one below."""
    row = rows[number - 1]
    label = row[column]
    place = column + 1
    while place < len(row) and (is_blank(row[place]) or row[place] == label):
        place += 1
    if place < len(row) and _is_value(row, place, vocabulary):
        return Labelled(row[place], number, place, unit)
    if number + 1 in wanted and _is_value(rows[number], column, vocabulary):
        return Labelled(rows[number][column], number + 1, column, unit)
    return Labelled("", number, column + 1, unit)


def _is_value(row: SheetRow, column: int, vocabulary: Vocabulary) -> bool:
    """Whether something stands there that is not the next label."""
    if column >= len(row) or is_blank(row[column]):
        return False
    cell = row[column]
    if not isinstance(cell, str):
        return True
    if cell.rstrip().endswith(":"):
        return False
    return label_of(cell.partition(":")[0], vocabulary) is None


def settle_labels(
    found: Iterable[FoundLabel],
    *,
    sheet: str,
    answers: Mapping[str, str],
    labels: Mapping[str, str],
) -> tuple[dict[str, Labelled], list[RosterQuestion]]:
    """Return one value a field, and questions where a label stands twice with two values."""
    by_field: dict[str, list[Labelled]] = {}
    for field, labelled in found:
        by_field.setdefault(field, []).append(labelled)
    settled: dict[str, Labelled] = {}
    questions = []
    for field, every in by_field.items():
        filled = [one for one in every if not is_blank(one.cell)] or every[:1]
        texts = list(dict.fromkeys(clean(shown(one.cell)) for one in filled))
        settled[field] = filled[0]
        if len({normal_key(text) or text for text in texts}) < 2:
            continue
        key = f"{LABEL}:{field}"
        chosen = next((o for o in filled if clean(shown(o.cell)) == answers.get(key)), None)
        if chosen:
            settled[field] = chosen
        else:
            place = filled[1].row
            questions.append(
                RosterQuestion(
                    key, LABEL, sheet, place, labels[field], "، ".join(texts), tuple(texts), "twice"
                )
            )
    return settled, questions
