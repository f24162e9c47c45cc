"""The parts of an agreement's document, before any file is made of them. All texts are Persian."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Party:
    """A side as the document begins with it: which, its name, who acts for it."""

    side: str
    name: str
    represented_by: str


@dataclass(frozen=True, slots=True)
class DocumentNote:
    """A note of a clause: «تبصره ۲» and its paragraphs."""

    title: str
    paragraphs: list[str]


@dataclass(frozen=True, slots=True)
class DocumentClause:
    """A clause: «ماده ۳», its heading, its paragraphs and notes."""

    title: str
    heading: str
    paragraphs: list[str]
    notes: list[DocumentNote]


@dataclass(frozen=True, slots=True)
class Signature:
    """The place where one signs: for whom, who, in which office, and when it was signed."""

    side: str
    name: str
    office: str
    day: str


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A table behind the clauses: its title, heads and rows; the last row is the sum if there is one.

    ``widths`` are shares of the page's width, one for each column; every row has as many cells.
    """

    title: str
    head: list[str]
    rows: list[list[str]]
    widths: list[float]
    has_total: bool = False

    def __post_init__(self) -> None:
        """Refuse a table that a renderer could only set wrongly."""
        if any(len(row) != len(self.widths) for row in (self.head, *self.rows)):
            raise ValueError("every row of a table has a cell for each of its columns")


@dataclass(frozen=True, slots=True)
class AgreementDocument:
    """An agreement as it is printed. ``is_draft`` until it was signed; ``mark`` says which draft."""

    organisation: str
    office: str
    number: str
    day: str
    attachments: str
    title: str
    subject: str
    opening: str
    parties: list[Party]
    clauses: list[DocumentClause]
    tables: list[DocumentTable]
    signatures: list[Signature]
    is_draft: bool
    mark: str
    file_stem: str
