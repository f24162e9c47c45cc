"""What closed months hold fast because courses are counted by it (``records.closed_months``).

The rows of a month are its courses and what hangs on them. Partners, centres, agreements, standards
and people say by what figures group or count those rows.
"""

from typing import Final

from tafahom.records.closed_months import Belongs, GuardedTable, Move


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
_IN_COURSE = "k.id = {r}.course_id"
_BY_ENROLMENT = ("training_enrolment e, ", "e.id = {r}.enrolment_id AND k.id = e.course_id")
_BY_SESSION = ("training_coursesession s, ", "s.id = {r}.session_id AND k.id = s.course_id")
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


def of_course(table: str) -> GuardedTable:
    """Return the guard of a table whose rows hang on a course (``course_id``)."""
    return GuardedTable(table, (_of_course("k.end_month", "", _IN_COURSE),))


def of_enrolment(table: str) -> GuardedTable:
    """Return the guard of a table whose rows hang on an enrolment (``enrolment_id``)."""
    return GuardedTable(table, (_of_course("k.end_month", *_BY_ENROLMENT),))


CLOSED_MONTHS: Final = (
    GuardedTable("training_course", (_COURSE,), when_gone=(_SESSIONS_OF_COURSE,)),
    GuardedTable(
        "training_coursesession",
        (_of_course("k.end_month", "", _IN_COURSE), _of_course("{r}.month", "", _IN_COURSE)),
    ),
    of_course("training_enrolment"),
    GuardedTable(
        "training_attendance",
        (
            _of_course("k.end_month", *_BY_ENROLMENT),
            _of_course("k.end_month", *_BY_SESSION),
            _of_course("s.month", *_BY_SESSION),
        ),
    ),
    GuardedTable("parties_centre", (), when_gone=_COURSES_OF_CENTRE),
    GuardedTable("parties_partner", (), when_gone=_COURSES_OF_PARTNER),
    GuardedTable("agreements_agreement", (), when_gone=_COURSES_OF_AGREEMENT),
    GuardedTable("people_person", (), when_gone=_COURSES_OF_PERSON),
    # Courses that run on have sessions in months that are closed already.
    Move("training_course", ("centre_id", "agreement_id", "standard_id"), (_SESSIONS_OF_COURSE,)),
    Move(
        "training_enrolment",
        ("course_id", "person_id", "audience_id", "education", "age"),
        (_ATTENDED,),
    ),
    Move("parties_centre", ("province_id", "county_id", "centre_type_id"), _COURSES_OF_CENTRE),
    Move("parties_partner", ("kind_id",), _COURSES_OF_PARTNER),
    Move("agreements_agreement", ("partner_id", "level", "province_id"), _COURSES_OF_AGREEMENT),
    Move("people_person", ("gender",), _COURSES_OF_PERSON),
)
OF_STANDARDS: Final = (
    GuardedTable("training_occupationalstandard", (), when_gone=_COURSES_OF_STANDARD),
    Move("training_occupationalstandard", ("cluster_id",), _COURSES_OF_STANDARD),
    Move(
        "training_occupationalstandard",
        ("theory_minutes", "practice_minutes", "total_minutes"),
        _COURSES_OF_STANDARD[:1],
        name="hours",
        values=(_HOURS_OF_STANDARD,),
    ),
)
