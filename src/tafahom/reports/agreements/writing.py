"""From the record and the text of an agreement to its document."""

import re
from collections.abc import Iterable

from tafahom.agreements.models import (
    Agreement,
    AgreementParty,
    Clause,
    Commitment,
    CommittedMeasure,
    Level,
    Obligation,
    Side,
    Signatory,
    TextVersion,
)
from tafahom.agreements.texts.queries import (
    ORGANISATION,
    clauses_of,
    named_parts,
    party_names,
    subject_of,
)
from tafahom.agreements.texts.rules import clause_title, note_title
from tafahom.jalali import format_date, today
from tafahom.persian import format_number, to_persian_digits
from tafahom.reports.agreements.structure import (
    AgreementDocument,
    DocumentClause,
    DocumentNote,
    DocumentTable,
    Party,
    Signature,
)

MINISTRY = "وزارت تعاون، کار و رفاه اجتماعی"
BLANK = "……………………"
ORDINALS = ("سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم")
SIDES = {Side.DIRECTORATE: "طرف نخست", Side.PARTNER: "طرف دوم"}
OPENING_OF_SEVERAL = (
    "این تفاهم‌نامه میان طرف‌های زیر، با رعایت مقررات و به شرح ماده‌های آن، بسته می‌شود:"
)
OPENING = "این تفاهم‌نامه میان دو طرف زیر، با رعایت مقررات و به شرح ماده‌های آن، بسته می‌شود:"


def agreement_document(agreement: Agreement, version: TextVersion | None) -> AgreementDocument:
    """Return the document of an agreement with one of its texts; without one it has no clauses."""
    is_signed = bool(version and version.is_signed)
    is_national = agreement.level == Level.NATIONAL
    signatories = list(agreement.signatories.all())
    further = list(agreement.parties.select_related("partner"))
    names = party_names(agreement)
    files = agreement.files.count()
    return AgreementDocument(
        organisation=MINISTRY if is_national else ORGANISATION,
        office=ORGANISATION if is_national else f"اداره کل استان {agreement.province.name}",
        number=to_persian_digits(agreement.number),
        day=format_date(agreement.signed_on) if agreement.signed_on and is_signed else BLANK,
        attachments=f"{format_number(files)} برگه" if files else "ندارد",
        title="تفاهم‌نامه",
        subject=subject_of(agreement),
        opening=OPENING_OF_SEVERAL if further else OPENING,
        parties=[
            Party(SIDES[side], name, _represented(signatories, side))
            for side, name in ((Side.DIRECTORATE, names.directorate), (Side.PARTNER, names.partner))
        ]
        + [_further(one, place, signatories) for place, one in enumerate(further)],
        clauses=[
            _clause(clause, place)
            for place, clause in enumerate(clauses_of(version) if version else [], 1)
        ],
        tables=[
            *_commitments(agreement.commitments.order_by("year", "measure")),
            *_parts(agreement),
            *_obligations(agreement.obligations.all()),
        ],
        signatures=_signatures(signatories, names.directorate, names.partner, further),
        is_draft=not is_signed,
        mark=_mark(version),
        file_stem="agreement-"
        + (re.sub(r"[^0-9A-Za-z]+", "-", agreement.number).strip("-") or "1"),
    )


def _mark(version: TextVersion | None) -> str:
    """Return which text this is: «نسخه ۲» or, of a draft, the day on which it was printed."""
    if version and version.number:
        return f"نسخه {to_persian_digits(str(version.number))}"
    return f"پیش‌نویس {format_date(today())}"


def _represented(signatories: Iterable[Signatory], side: Side) -> str:
    found = [_named(one) for one in signatories if one.side == side and one.party_id is None]
    return " و ".join(found) or BLANK


def _further(party: AgreementParty, place: int, signatories: Iterable[Signatory]) -> Party:
    """Return a body beside the two sides, with its role behind its name."""
    ordinal = ORDINALS[place] if place < len(ORDINALS) else to_persian_digits(str(place + 3))
    found = [_named(one) for one in signatories if one.party_id == party.pk]
    name = f"{party.partner.name} ({party.role})" if party.role else party.partner.name
    return Party(f"طرف {ordinal}", name, " و ".join(found) or BLANK)


def _named(one: Signatory) -> str:
    return f"{one.name}، {one.title}" if one.title else one.name


def _clause(clause: Clause, place: int) -> DocumentClause:
    notes = list(clause.notes.all())
    return DocumentClause(
        title=clause_title(place),
        heading=to_persian_digits(clause.heading),
        paragraphs=_paragraphs(clause.text),
        notes=[
            DocumentNote(note_title(number, len(notes)), _paragraphs(note.text))
            for number, note in enumerate(notes, 1)
        ],
    )


def _paragraphs(text: str) -> list[str]:
    return [to_persian_digits(line) for line in text.splitlines() if line]


def _commitments(commitments: Iterable[Commitment]) -> list[DocumentTable]:
    by_year: dict[int, dict[str, int]] = {}
    for one in commitments:
        by_year.setdefault(one.year, {})[one.measure] = one.quantity
    if not by_year:
        return []
    measures = [CommittedMeasure.PERSONS, CommittedMeasure.PERSON_HOURS]
    rows = [
        [to_persian_digits(str(year)), *(_quantity(found.get(one)) for one in measures)]
        for year, found in sorted(by_year.items())
    ]
    hours = [found.get(CommittedMeasure.PERSON_HOURS, 0) for found in by_year.values()]
    has_total = len(rows) > 1 and any(hours)
    if has_total:
        # The same person may come in two years: persons do not add up.
        rows.append(["جمع", "", format_number(sum(hours))])
    return [
        DocumentTable("جدول تعهدات آموزشی", ["سال", "نفر", "نفر ساعت"], rows, [1, 1, 1], has_total)
    ]


def _parts(agreement: Agreement) -> list[DocumentTable]:
    return [
        DocumentTable(
            f"جدول تعهد {one.title}",
            ["بخش", "تعهد"],
            [[name, format_number(quantity)] for name, quantity in one.parts],
            [3, 1],
        )
        for one in named_parts(agreement)
    ]


def _quantity(value: int | None) -> str:
    return "–" if value is None else format_number(value)


def _obligations(obligations: Iterable[Obligation]) -> list[DocumentTable]:
    names = {side.value: name for side, name in SIDES.items()}
    rows = [
        [
            names[one.side],
            to_persian_digits(one.text),
            one.responsible or "–",
            format_date(one.due_on),
        ]
        for one in obligations
    ]
    head = ["بر عهده", "کار", "مسئول", "تا تاریخ"]
    return [DocumentTable("جدول کارهای دو طرف", head, rows, [2.4, 7.0, 4.2, 2.6])] if rows else []


def _signatures(
    signatories: list[Signatory], directorate: str, partner: str, further: list[AgreementParty]
) -> list[Signature]:
    """Return a block for each signatory; an empty one for a side or body that has none."""
    found = []
    sides = [
        (Side.DIRECTORATE, None, directorate),
        (Side.PARTNER, None, partner),
        *((Side.PARTNER, party.pk, party.partner.name) for party in further),
    ]
    for side, party, name in sides:
        own = [one for one in signatories if one.side == side and one.party_id == party]
        found += [
            Signature(
                name, one.name, one.title, format_date(one.signed_on) if one.signed_on else ""
            )
            for one in own
        ] or [Signature(name, BLANK, "", "")]
    return found
