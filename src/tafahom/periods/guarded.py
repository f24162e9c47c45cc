"""What closed months hold fast: tables, and the months that their rows belong to, in SQL.

The rows of a month are its courses and what hangs on them (``GUARDS``). Some columns elsewhere say
by what figures group or count those rows, such as a partner's kind or the hours of a standard
(``MOVES``): changing one moves the figures of every month that it is counted in.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Belongs:
    """One month of a row ``{r}``: expressions for its province and month, and where they are."""

    province: str
    month: str
    tables: str
    where: str


@dataclass(frozen=True, slots=True)
class GuardedTable:
    """A table and the months its rows belong to; ``when_gone`` counts too when a row goes."""

    table: str
    months: tuple[Belongs, ...]
    when_gone: tuple[Belongs, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """Columns by which figures group or count: when one changes, these months change with it.

    ``values`` are the expressions that are compared, the columns themselves if not told. ``name``
    tells the moves of one table apart.
    """

    table: str
    columns: tuple[str, ...]
    months: tuple[Belongs, ...]
    name: str = "move"
    values: tuple[str, ...] = ()

    @property
    def compared(self) -> tuple[str, ...]:
        """Expressions of a row ``{r}`` one of which must differ for anything to move."""
        return self.values or tuple(f"{{r}}.{column}" for column in self.columns)


def _of_course(month: str, tables: str, where: str) -> Belongs:
    """Return the month of something whose course is ``k``."""
    joined = f"{where} AND c.id = k.centre_id"
    return Belongs("c.province_id", month, f"{tables}training_course k, parties_centre c", joined)


def _courses(tables: str, where: str) -> tuple[Belongs, ...]:
    """Return the months of courses ``k``: of their ends, and of their sessions."""
    return (
        _of_course("k.end_month", tables, where),
        _of_course(
            "s.month", f"{tables}training_coursesession s, ", f"{where} AND s.course_id = k.id"
        ),
    )


_COURSE = Belongs("c.province_id", "{r}.end_month", "parties_centre c", "c.id = {r}.centre_id")
_SESSIONS_OF_COURSE = Belongs(
    "c.province_id",
    "s.month",
    "parties_centre c, training_coursesession s",
    "c.id = {r}.centre_id AND s.course_id = {r}.id",
)
_COURSES_OF_CENTRE = (
    Belongs("{r}.province_id", "k.end_month", "training_course k", "k.centre_id = {r}.id"),
    Belongs(
        "{r}.province_id",
        "s.month",
        "training_course k, training_coursesession s",
        "k.centre_id = {r}.id AND s.course_id = k.id",
    ),
)
_COURSES_OF_STANDARD = _courses("", "k.standard_id = {r}.id")
_COURSES_OF_AGREEMENT = _courses("", "k.agreement_id = {r}.id")
_COURSES_OF_PARTNER = _courses(
    "agreements_agreement a, ", "a.partner_id = {r}.id AND k.agreement_id = a.id"
)
_COURSES_OF_PERSON = _courses(
    "training_enrolment e, ", "e.person_id = {r}.id AND k.id = e.course_id"
)
# What an agreement promised stands in the tables of closed months, by its key of the facts.
_KEPT_OF_AGREEMENT = Belongs(
    "q.province_id",
    "q.month",
    "periods_monthtablerow t, periods_monthtable m, periods_period q",
    "t.dimension = 'agreement' AND t.key = CAST({r}.id AS VARCHAR(20))"
    " AND m.id = t.table_id AND q.id = m.period_id",
)
_KEPT_OF_PARTNER = Belongs(
    "q.province_id",
    "q.month",
    "agreements_agreement a, periods_monthtablerow t, periods_monthtable m, periods_period q",
    "a.partner_id = {r}.id AND t.dimension = 'agreement'"
    " AND t.key = CAST(a.id AS VARCHAR(20)) AND m.id = t.table_id AND q.id = m.period_id",
)
_IN_COURSE = "k.id = {r}.course_id"
_BY_ENROLMENT = ("training_enrolment e, ", "e.id = {r}.enrolment_id AND k.id = e.course_id")
_BY_SESSION = ("training_coursesession s, ", "s.id = {r}.session_id AND k.id = s.course_id")

GUARDS = (
    GuardedTable("training_course", (_COURSE,), when_gone=(_SESSIONS_OF_COURSE,)),
    GuardedTable(
        "training_coursesession",
        (_of_course("k.end_month", "", _IN_COURSE), _of_course("{r}.month", "", _IN_COURSE)),
    ),
    GuardedTable("training_enrolment", (_of_course("k.end_month", "", _IN_COURSE),)),
    GuardedTable(
        "training_attendance",
        (
            _of_course("k.end_month", *_BY_ENROLMENT),
            _of_course("k.end_month", *_BY_SESSION),
            _of_course("s.month", *_BY_SESSION),
        ),
    ),
    GuardedTable("credentials_certificate", (_of_course("k.end_month", *_BY_ENROLMENT),)),
    GuardedTable("parties_centre", (), when_gone=_COURSES_OF_CENTRE),
    GuardedTable("parties_partner", (), when_gone=(*_COURSES_OF_PARTNER, _KEPT_OF_PARTNER)),
    GuardedTable(
        "agreements_agreement", (), when_gone=(*_COURSES_OF_AGREEMENT, _KEPT_OF_AGREEMENT)
    ),
    GuardedTable("training_occupationalstandard", (), when_gone=_COURSES_OF_STANDARD),
    GuardedTable("people_person", (), when_gone=_COURSES_OF_PERSON),
)
_ATTENDED = _of_course(
    "s.month",
    "training_attendance a, training_coursesession s, ",
    "a.enrolment_id = {r}.id AND s.id = a.session_id AND k.id = {r}.course_id",
)
# A standard's hours as figures count them (``figures.registry``); 0 when nobody registered any.
_HOURS_OF_STANDARD = (
    "COALESCE({r}.total_minutes, COALESCE({r}.theory_minutes, 0)"
    " + COALESCE({r}.practice_minutes, 0))"
)
# Courses that run on have sessions in months that are closed already.
MOVES = (
    Move("training_course", ("centre_id", "agreement_id", "standard_id"), (_SESSIONS_OF_COURSE,)),
    Move(
        "training_enrolment",
        ("course_id", "person_id", "audience_id", "education", "age"),
        (_ATTENDED,),
    ),
    Move("parties_centre", ("province_id", "county_id", "centre_type_id"), _COURSES_OF_CENTRE),
    Move("parties_partner", ("kind_id",), (*_COURSES_OF_PARTNER, _KEPT_OF_PARTNER)),
    Move(
        "agreements_agreement",
        ("partner_id", "level", "province_id"),
        (*_COURSES_OF_AGREEMENT, _KEPT_OF_AGREEMENT),
    ),
    Move("training_occupationalstandard", ("cluster_id",), _COURSES_OF_STANDARD),
    Move(
        "training_occupationalstandard",
        ("theory_minutes", "practice_minutes", "total_minutes"),
        _COURSES_OF_STANDARD[:1],
        name="hours",
        values=(_HOURS_OF_STANDARD,),
    ),
    Move("people_person", ("gender",), _COURSES_OF_PERSON),
)
# Rows that must stay as they are, or the closing itself could be undone.
_APPROVED = (
    "OLD.approved_at IS NOT NULL AND (NEW.until <> OLD.until OR NEW.period_id <> OLD.period_id"
    " OR NEW.asked_by_id <> OLD.asked_by_id OR NEW.approved_by_id IS NULL"
    " OR NEW.approved_by_id <> OLD.approved_by_id)"
)
_OVER = "OLD.closed_at IS NOT NULL OR OLD.declined_at IS NOT NULL"
KEPT = (
    ("periods_period", "UPDATE", "OLD.state = 'closed'"),
    ("periods_period", "DELETE", "OLD.state = 'closed'"),
    ("periods_reopening", "UPDATE", f"{_OVER} OR ({_APPROVED})"),
    ("periods_reopening", "DELETE", "OLD.approved_at IS NOT NULL"),
    ("periods_periodstep", "UPDATE", "TRUE"),
    ("periods_periodstep", "DELETE", "TRUE"),
    ("periods_adjustment", "UPDATE", "TRUE"),
    ("periods_adjustment", "DELETE", "TRUE"),
    ("periods_monthtable", "UPDATE", "TRUE"),
    ("periods_monthtable", "DELETE", "TRUE"),
    ("periods_monthtablerow", "UPDATE", "TRUE"),
    ("periods_monthtablerow", "DELETE", "TRUE"),
)
TABLES = {guard.table for guard in GUARDS} | {table for table, _event, _when in KEPT}
