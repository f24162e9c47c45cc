"""Reads of exchange: rosters as remembered answers have them read, history, what an undo takes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from tafahom.access.accounts.queries import who_can
from tafahom.access.models import User
from tafahom.access.queries import scope_of
from tafahom.access.rules import Act
from tafahom.agreements.models import Agreement
from tafahom.credentials.models import Certificate
from tafahom.exchange.models import RosterAnswer, StagedImport, StagedState
from tafahom.exchange.rosters.file_report import RosterFile
from tafahom.exchange.rosters.parsing import ReadResult
from tafahom.exchange.rosters.parsing.binding import EMPTY
from tafahom.exchange.rosters.parsing.meanings import Answers
from tafahom.exchange.rosters.parsing.questions import WORD, column_key
from tafahom.exchange.rosters.readings import read_upload
from tafahom.parties.models import Partner
from tafahom.persian import normal_key, number_key
from tafahom.scoping import current_scope, everything, scoped_to
from tafahom.training.models import Attendance, Course, Enrolment, RosterImport
from tafahom.training.rosters.replacing import to_restore

# Uploads that somebody has still to do something about.
OPEN = (StagedState.STAGED, StagedState.CHECKED, StagedState.COMMITTING, StagedState.FAILED)


@dataclass(frozen=True, slots=True)
class Losses:
    """What undoing an import takes away; what other imports use stays and is not counted."""

    enrolments: int
    certificates: int
    courses: int
    persons: int
    marks: int  # of attendance, those made by hand since among them
    restored: int = 0  # rows that get back what the import replaced


def read_file(file: RosterFile, *, answers: Answers | None = None) -> ReadResult:
    """Read a roster as this office counts lateness, once for the same answers.

    ``answers`` take the place of the file's own. Needs no database.
    """
    used = dict(file.answers if answers is None else answers)
    return read_upload(file.path, sha256=file.sha256, answers=used, given=file.given)


def read_answered(
    file: RosterFile, *, by: User | None, first: ReadResult | None = None
) -> ReadResult:
    """Read a roster with what was answered before for the partner it is of.

    Answers to the file's own questions go before those that are remembered. ``first`` is the
    roster as read with these only, when that is at hand. What is remembered is used only if the
    roster read with it turns out to be of that partner's agreements.
    """
    own = dict(file.answers)
    plain = first or read_file(file)
    asked = {question.key for question in plain.questions}
    asked |= {column_key(header) for header in unknown_headers(plain)}
    partners = partners_of(plain)
    for partner, remembered in _remembered(asked, by=by).items():
        if partners and partner not in partners:
            continue
        again = read_file(file, answers=remembered | own)
        of = partners_of(again)
        if partner in of or (not of and again.file_error is None):
            return again
    return plain


def word_answers(
    answers: Answers, partners: Iterable[int], *, by: User | None
) -> dict[tuple[str, str], str]:
    """Return what words for groups mean in a roster, by field and key of the word.

    ``answers`` are to its own questions; what is remembered for its partner counts after them.
    """
    remembered: dict[str, str] = {}
    for answer in _usable(by).filter(partner__in=list(partners), key__startswith=f"{WORD}:"):
        remembered.setdefault(answer.key, answer.answer)
    found = {}
    for key, name in (remembered | dict(answers)).items():
        kind, _colon, rest = key.partition(":")
        field, _colon, word = rest.partition(":")
        if kind == WORD:
            found[field, word] = "" if name == EMPTY else name
    return found


def unknown_headers(result: ReadResult) -> list[str]:
    """Return the headers of a roster that nobody knows, each once, as they are written."""
    return list(dict.fromkeys(result.unknown_columns))


def partners_of(result: ReadResult) -> set[int]:
    """Return ids of the partners whose agreements the rows are under, or who are named in them."""
    courses = {id(entry.course): entry.course for entry in result.entries}.values()
    numbers = {number_key(course.agreement_number) for course in courses}
    numbers |= set(map(number_key, result.agreements))
    names = {normal_key(course.partner) for course in courses if course.partner}
    names |= set(map(normal_key, result.partners))
    agreed = Agreement.objects.filter(key__in=numbers).values_list("partner_id", flat=True)
    return set(agreed) or set(Partner.objects.filter(key__in=names).values_list("pk", flat=True))


def may_decide_for(user: User | None, partner: Partner) -> bool:
    """Whether somebody's answers hold for all rosters of a partner; None is who runs a command."""
    if user is None:
        return True
    with scoped_to(scope_of(user, Act.DECIDE_ROSTER_ANSWERS)):
        return Partner.objects.filter(pk=partner.pk).exists()


def somebody_may_decide_for(partner: Partner) -> bool:
    """Whether an account could confirm what the machine's operator says of a partner's rosters."""
    return any(may_decide_for(user, partner) for user in who_can(Act.DECIDE_ROSTER_ANSWERS))


def unconfirmed_answers(*, besides: User | None = None) -> QuerySet[RosterAnswer]:
    """Return answers that hold for who gave them only, until somebody decides.

    Those that ``besides`` gave are left out. ``created_by`` is None where the machine's operator
    gave one.
    """
    waiting = RosterAnswer.objects.filter(confirmed_at__isnull=True)
    if besides:
        waiting = waiting.exclude(created_by=besides)
    partners = Partner.objects.all()
    return waiting.filter(partner__in=partners).select_related("partner", "created_by")


def own_unconfirmed_answers(user: User) -> QuerySet[RosterAnswer]:
    """Return answers that hold for the rosters that this person sends only."""
    own = RosterAnswer.objects.filter(confirmed_at__isnull=True, created_by=user)
    return own.select_related("partner", "created_by")


def confirmed_answers(*, partner: str = "") -> QuerySet[RosterAnswer]:
    """Return answers that hold for all rosters of the partners within the scope.

    Of one partner where its uid is given.
    """
    holding = RosterAnswer.objects.filter(confirmed_at__isnull=False)
    if partner:
        holding = holding.filter(partner__uid=partner)
    partners = Partner.objects.all()
    return holding.filter(partner__in=partners).select_related("partner", "confirmed_by")


def partners_with_answers() -> QuerySet[Partner]:
    """Return partners within the scope for whose rosters answers hold, in Persian order."""
    answered = confirmed_answers().values("partner")
    return Partner.objects.filter(pk__in=answered).order_by("sort_key")


def answers_seen(user: User) -> QuerySet[RosterAnswer]:
    """Return answers for partners within the scope, and one's own."""
    partners = Partner.objects.all()
    return RosterAnswer.objects.filter(Q(partner__in=partners) | Q(created_by=user))


def staged_imports_of(user: User, *, all_of_them: bool) -> QuerySet[StagedImport]:
    """Return uploads that someone may see: their own or, for who answers for all, everybody's.

    Of a file that is not recorded nobody knows whom it is about: who sees a part sees their own.
    """
    staged = StagedImport.objects.select_related("job", "uploader")
    if all_of_them and current_scope().is_everything:
        return staged
    return staged.filter(uploader=user)


def open_imports_of(user: User, *, all_of_them: bool) -> QuerySet[StagedImport]:
    """Return those of ``staged_imports_of`` that are not recorded and not put away."""
    return staged_imports_of(user, all_of_them=all_of_them).filter(state__in=OPEN)


def imports_named(text: str, user: User, *, all_of_them: bool) -> QuerySet[RosterImport]:
    """Return those of ``imports_of`` whose file's name holds a text; all for an empty one."""
    found, key = imports_of(user, all_of_them=all_of_them), normal_key(text)
    if not key:
        return found
    return found.filter(pk__in=[row.pk for row in found if key in normal_key(row.file_name)])


def imports_of(user: User, *, all_of_them: bool) -> QuerySet[RosterImport]:
    """Return recorded files that someone may see: their own or, for who answers for all, any.

    Who answers for a part sees those all of whose rows lie in it.
    """
    imports = RosterImport.objects.select_related("imported_by")
    if not all_of_them:
        return imports.filter(imported_by=user)
    if current_scope().is_everything:
        return imports
    inside = _rows_of_imports(Enrolment.objects.filter(roster_import__isnull=False))
    with everything("whether rows lie outside is seen from outside"):
        all_rows = _rows_of_imports(Enrolment.objects.filter(roster_import__in=inside))
    return imports.filter(pk__in=[pk for pk, rows in inside.items() if all_rows[pk] == rows])


def _rows_of_imports(enrolments: QuerySet[Enrolment]) -> dict[int | None, int]:
    """Return how many rows each import has among these."""
    rows = enrolments.order_by().values_list("roster_import")
    return dict(rows.annotate(count=Count("pk")))


@everything("what other imports use stays, wherever it lies")
def losses(roster_import: RosterImport) -> Losses:
    """Return what undoing would take away now.

    Rows that get back what was recorded before stay, unless the import that brought that is
    undone as well.
    """
    restored = to_restore(roster_import).order_by().values("enrolment")
    goes = Q(roster_import=roster_import) & ~Q(pk__in=restored)
    enrolments, stay = Enrolment.objects.filter(goes), Enrolment.objects.exclude(goes)
    persons = enrolments.values("person_id")
    courses = enrolments.values("course_id")
    kept_persons = stay.filter(person_id__in=persons).values("person_id").distinct().count()
    kept_courses = stay.filter(course_id__in=courses).values("course_id").distinct().count()
    return Losses(
        enrolments=enrolments.count(),
        certificates=Certificate.objects.filter(enrolment__in=enrolments).count(),
        courses=Course.objects.filter(pk__in=courses).count() - kept_courses,
        persons=persons.distinct().count() - kept_persons,
        marks=Attendance.objects.filter(enrolment__in=enrolments).count(),
        restored=restored.distinct().count(),
    )


def _usable(by: User | None) -> QuerySet[RosterAnswer]:
    """Return answers that hold for who sends: confirmed ones, and before them their own."""
    holds = Q(confirmed_at__isnull=False) | Q(created_by=by)
    return RosterAnswer.objects.filter(holds).order_by(F("confirmed_at").asc(nulls_first=True))


def _remembered(keys: set[str], *, by: User | None) -> dict[int, dict[str, str]]:
    """Return answers to these questions by partner id."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    if keys:
        for answer in _usable(by).filter(key__in=keys):
            found[answer.partner_id].setdefault(answer.key, answer.answer)
    return dict(found)


def live_imports(digests: Iterable[str]) -> dict[str, RosterImport]:
    """Return by digest the imports, not undone, that recorded every row of their file."""
    found = RosterImport.objects.filter(undone_at__isnull=True, rejected=0)
    return {row.sha256: row for row in found.filter(sha256__in=list(digests))}
