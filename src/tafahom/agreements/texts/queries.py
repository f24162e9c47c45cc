"""Reading the texts of agreements and templates."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from tafahom.agreements.models import (
    Agreement,
    AgreementFile,
    AgreementTemplate,
    Clause,
    Commitment,
    CommittedMeasure,
    Level,
    Note,
    Side,
    Signatory,
    Slice,
    TextVersion,
)
from tafahom.agreements.parts.queries import breakdowns_of, parts_on
from tafahom.agreements.rules import LifeState
from tafahom.agreements.texts import placeholders
from tafahom.agreements.texts.rules import EDITABLE, Content, Numbered, content_from, tidy
from tafahom.jalali import format_long
from tafahom.parties.models import PartnerKind
from tafahom.persian import format_number, to_persian_digits
from tafahom.scoping import current_scope

UNITS = {CommittedMeasure.PERSONS: "نفر", CommittedMeasure.PERSON_HOURS: "نفر ساعت"}
SEASONS = {1: "بهار", 2: "تابستان", 3: "پاییز", 4: "زمستان"}
DIMENSIONS = {
    "audience": "گروه مخاطب",
    "cluster": "خوشه",
    "county": "شهرستان",
    "quarter": "فصل",
}
ORGANISATION = "سازمان آموزش فنی و حرفه‌ای کشور"


def versions_of(owner: Agreement | AgreementTemplate) -> QuerySet[TextVersion]:
    """Return the texts of an agreement or template, the draft first, then the newest."""
    return owner.texts.select_related("made_by")


def draft_of(owner: Agreement | AgreementTemplate) -> TextVersion | None:
    """Return the working draft; None before the first and after the signature."""
    return owner.texts.filter(number=None).first()


def current_text(owner: Agreement | AgreementTemplate) -> TextVersion | None:
    """Return the text that counts: the signed one, else the draft, else the newest."""
    return current_of(list(versions_of(owner)))


def current_of(texts: Sequence[TextVersion]) -> TextVersion | None:
    """Return the one that counts of all texts of an owner, in the order of ``versions_of``."""
    signed = next((text for text in texts if text.is_signed), None)
    return signed or (texts[0] if texts else None)


def template_names(uids: Collection[str]) -> dict[str, str]:
    """Return the names of templates by uid."""
    return dict(AgreementTemplate.objects.filter(uid__in=uids).values_list("uid", "name"))


def template_text(template: AgreementTemplate) -> TextVersion | None:
    """Return the words that an agreement begins with: the newest kept version, else the draft."""
    return template.texts.exclude(number=None).first() or template.texts.first()


def is_editable(owner: Agreement | AgreementTemplate) -> bool:
    """Return whether the words may change: templates always, agreements before the signature."""
    return isinstance(owner, AgreementTemplate) or LifeState(owner.state) in EDITABLE


def clauses_of(version: TextVersion) -> list[Clause]:
    """Return the clauses of a text with their notes, in two queries."""
    notes = Prefetch("notes", Note.objects.order_by("ordinal"))
    found = version.clauses.order_by("ordinal").select_related("changed_by")
    return list(found.prefetch_related(notes))


def content_of(clause: Clause) -> Content:
    """Return what a clause says."""
    return Content(clause.heading, clause.text, tuple(note.text for note in clause.notes.all()))


def filled(content: Content, values: Mapping[str, str]) -> tuple[Content, list[str]]:
    """Put values for names; return the content and the names that had none."""
    parts = [placeholders.fill(text, values) for text in content.parts]
    missing = [name for _text, names in parts for name in names]
    return tidy(content_from([text for text, _names in parts])), missing


def outdated(version: TextVersion) -> list[tuple[Clause, Content]]:
    """Return clauses that the record would fill otherwise by now, and what they would say.

    Only clauses that nobody has rewritten since they were filled.
    """
    if version.agreement is None:
        return []
    patterned = [clause for clause in clauses_of(version) if clause.pattern]
    values = placeholder_values(version.agreement) if patterned else {}
    now = [(clause, filled(content_from(clause.pattern), values)[0]) for clause in patterned]
    return [(clause, content) for clause, content in now if content != content_of(clause)]


def numbered(clauses: Iterable[Clause]) -> list[Numbered]:
    """Return clauses as ``rules.compare`` wants them."""
    return [
        Numbered(clause.lineage, place, content_of(clause))
        for place, clause in enumerate(clauses, 1)
    ]


def clauses_of_parent(agreement: Agreement) -> dict[str, Clause]:
    """Return the clauses of the national agreement that this one implements, by lineage, in order.

    Empty without one, or when it has no text.
    """
    text = current_text(agreement.parent) if agreement.parent else None
    return {clause.lineage: clause for clause in clauses_of(text)} if text else {}


def templates_for(kind: PartnerKind) -> list[AgreementTemplate]:
    """Return the templates in use, those for this kind of partner first, then the general ones."""
    used = AgreementTemplate.objects.filter(is_used=True).prefetch_related("kinds")

    def rank(template: AgreementTemplate) -> int:
        kinds = template.kinds.all()
        return 0 if kind in kinds else 1 if not kinds else 2

    return sorted(used, key=rank)


@dataclass(frozen=True, slots=True)
class PartyNames:
    """How the two sides are called in the text."""

    directorate: str
    partner: str


def party_names(agreement: Agreement) -> PartyNames:
    """Return the full names of the sides; a national agreement is the organisation's own."""
    if agreement.level == Level.NATIONAL:
        return PartyNames(ORGANISATION, agreement.partner.name)
    return PartyNames(
        f"اداره کل آموزش فنی و حرفه‌ای استان {agreement.province.name}", agreement.partner.name
    )


def subject_of(agreement: Agreement) -> str:
    """Return what the agreement is about: what was written of it, or the words usual for it."""
    if agreement.subject:
        return agreement.subject
    audience = agreement.partner.main_audience
    if audience:
        return f"همکاری در آموزش مهارت به گروه «{audience.name}»"
    return "همکاری در آموزش‌های فنی و حرفه‌ای"


def placeholder_values(agreement: Agreement) -> dict[str, str]:
    """Return what an agreement's data say for the names of ``placeholders.NAMES``; "" if nothing."""
    names = party_names(agreement)
    first, last = format_long(agreement.starts_on), format_long(agreement.ends_on)
    audience = agreement.partner.main_audience
    return {
        "number": to_persian_digits(agreement.number),
        "subject": subject_of(agreement),
        "partner": names.partner,
        "partner_signatory": _signatory(agreement, Side.PARTNER),
        "directorate": names.directorate,
        "directorate_signatory": _signatory(agreement, Side.DIRECTORATE),
        "province": agreement.province.name,
        "audience": audience.name if audience else "",
        "term": f"از {first} تا {last}",
        "starts_on": first,
        "ends_on": last,
        "commitments": "\n".join(
            [
                *commitment_lines(agreement.commitments.order_by("year", "-measure")),
                *part_lines(agreement),
            ]
        ),
        "obligations_directorate": _duties(agreement, Side.DIRECTORATE),
        "obligations_partner": _duties(agreement, Side.PARTNER),
        "national_agreement": (
            to_persian_digits(agreement.parent.number) if agreement.parent else ""
        ),
    }


def commitment_lines(commitments: Iterable[Commitment]) -> list[str]:
    """Return a line for each year: «سال ۱۳۹۷: ۲۰۰ نفر و ۱۲٬۰۰۰ نفر ساعت»."""
    by_year: dict[int, list[str]] = {}
    for one in commitments:
        unit = UNITS[CommittedMeasure(one.measure)]
        by_year.setdefault(one.year, []).append(f"{format_number(one.quantity)} {unit}")
    return [
        f"سال {to_persian_digits(str(year))}: {' و '.join(parts)}"
        for year, parts in by_year.items()
    ]


def part_lines(agreement: Agreement) -> list[str]:
    """Return a line for each breakdown of a promise, with its parts."""
    return [
        f"{one.title}: {'، '.join(f'{name} {format_number(n)}' for name, n in one.parts)}"
        for one in named_parts(agreement)
    ]


@dataclass(frozen=True, slots=True)
class NamedParts:
    """A breakdown in words: «نفر ساعت سال ۱۳۹۷ به تفکیک فصل» and its parts with quantities."""

    title: str
    parts: list[tuple[str, int]]


def named_parts(agreement: Agreement) -> list[NamedParts]:
    """Return the breakdowns of an agreement's promises in words, as they are after amendments."""
    found = []
    for one in breakdowns_of(agreement):
        parts = [part for part, _quantity in parts_on(one, agreement.ends_on)]
        if not parts:
            continue
        unit = UNITS[CommittedMeasure(one.commitment.measure)]
        by = " و ".join(DIMENSIONS[name] for name in one.names)
        title = f"{unit} سال {to_persian_digits(str(one.commitment.year))} به تفکیک {by}"
        found.append(NamedParts(title, [(_part(part), part.quantity) for part in parts]))
    return found


def _part(part: Slice) -> str:
    season = SEASONS[part.quarter] if part.quarter else ""
    return " – ".join(text for text in (part.label, season) if text)


def _signatory(agreement: Agreement, side: Side) -> str:
    return "، ".join(_in_office(one) for one in agreement.signatories.filter(side=side, party=None))


def _in_office(signatory: Signatory) -> str:
    return f"{signatory.name} ({signatory.title})" if signatory.title else signatory.name


def _duties(agreement: Agreement, side: Side) -> str:
    duties: Sequence[str] = [
        one.text.rstrip(".؛") for one in agreement.obligations.filter(side=side)
    ]
    return "\n".join(f"– {text}؛" for text in duties)


def texts_in_reach() -> QuerySet[TextVersion]:
    """Return texts of those agreements that who asks may see, of templates to whom sees all."""
    found = TextVersion.objects.select_related(
        "agreement__partner__main_audience", "agreement__parent", "agreement__province", "template"
    )
    if current_scope().is_everything:
        return found
    return found.filter(agreement__in=Agreement.objects.all())


def files_in_reach() -> QuerySet[AgreementFile]:
    """Return files of those agreements that who asks may see."""
    found = AgreementFile.objects.filter(agreement__in=Agreement.objects.all())
    return found.select_related("agreement")


def templates() -> QuerySet[AgreementTemplate]:
    """Return templates with their kinds of partners, each with ``kept``: how many versions it has."""
    return AgreementTemplate.objects.prefetch_related("kinds").annotate(
        kept=Count("texts", filter=Q(texts__number__isnull=False))
    )


def template_by(uid: str) -> AgreementTemplate | None:
    """Return the template of a uid; None for none."""
    return AgreementTemplate.objects.filter(uid=uid).first()
