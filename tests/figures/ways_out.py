"""Every place that takes figures, or counts of people, out to somebody: a row each.

A new one needs a row here (``test_ways_out``), and with it an answer to the question why nobody
learns by it who was a prisoner. ``Guard`` has the answers that there are.
"""

from dataclasses import dataclass
from enum import Enum

from tafahom.access.rules import Act


class Guard(Enum):
    """Why a place tells nobody of statuses who may not learn them."""

    FIGURES = "it asks ``figures``, which guard themselves by the scope of who asks"
    STATUSES = "only who may see statuses does the act"
    PEOPLE = "only who may see the very people does the act"
    HIDDEN = "``web.guarded`` hides the numbers from who may not see them"
    CALLER = "it gives them to another place, which has a row of its own"
    WHOLE = "it takes the total over all partners, which is exact for everybody"
    INSIDE = "nobody reads it but who has the whole database, or no one at all"
    OTHERS = "it counts no people: accounts, texts, courses, commitments …"


@dataclass(frozen=True, slots=True)
class Way:
    """Why a place is safe, to whom it gives what, and the act where the guard is one."""

    guard: Guard
    what: str
    act: Act | None = None


WAYS: dict[str, Way] = {
    # Pages and their files.
    "reports.definitions.overview:overview": Way(
        Guard.FIGURES, "home: by month, partner, cluster, type of centre"
    ),
    "web.reports.tiles:county_tiles": Way(Guard.FIGURES, "the map of counties"),
    "web.agreements.page:agreement_page": Way(
        Guard.FIGURES,
        "an agreement's page: its years, months and parts, and its provincial ones"
        " (``figures.of_agreement``)",
    ),
    "reports.definitions.partner_years:partner_figures": Way(
        Guard.FIGURES, "a partner's page: its years"
    ),
    "web.reports.views.reports:_answer": Way(Guard.FIGURES, "the report builder, its charts"),
    "web.agreements.views.termination:_delivered": Way(
        Guard.STATUSES, "what was delivered before a termination", Act.MANAGE_AGREEMENTS
    ),
    "reports.definitions.figures:figures_table": Way(
        Guard.FIGURES, "the report as a file, on the page and on the terminal"
    ),
    "reports.definitions.league:_answer": Way(Guard.FIGURES, "partners ranked, page and file"),
    "reports.definitions.standing:standings": Way(
        Guard.FIGURES, "the list of agreements, page and file: delivered beside promised"
    ),
    "reports.definitions.commitments:commitments_table": Way(
        Guard.FIGURES, "an agreement's promises and their parts as a file"
    ),
    "reports.definitions.commitments:_lines": Way(Guard.FIGURES, "the same, of a year"),
    # The release is asked for in a guarded scope (``scoping.guarded``).
    "reports.press.release:press_release": Way(Guard.FIGURES, "the release: its totals"),
    "reports.press.release:_rows": Way(
        Guard.FIGURES, "the release: charts, women and men, partners"
    ),
    "reports.press.release:_measured": Way(Guard.FIGURES, "the release: its programmes"),
    # The command runs in the scope of a role, or has the whole database.
    "reports.management.commands.report:_document": Way(Guard.FIGURES, "tafahom report"),
    # Mail and the work list, in the scope of whom they are for.
    "desk.agreement_needs:behind": Way(
        Guard.FIGURES, "work list and e-mail: agreements behind their pace"
    ),
    # Counts of people past the figures.
    "web.courses.listing:with_people": Way(Guard.HIDDEN, "people of listed courses, and of one"),
    "training.courses.queries:people_by_course": Way(Guard.CALLER, "people of courses"),
    "training.courses.queries:courses_by_person": Way(Guard.CALLER, "courses of people"),
    "people.queries:count_people": Way(Guard.CALLER, "how many people there are"),
    "web.periods.page:_moved": Way(Guard.HIDDEN, "figures of a closed month that moved"),
    "web.periods.page:_points": Way(Guard.HIDDEN, "what is open in a month, course by course"),
    "web.periods.page:_corrections": Way(
        Guard.HIDDEN, "what corrections changed, by partner and course"
    ),
    "web.periods.page:_change": Way(Guard.HIDDEN, "one such change"),
    "web.periods.page:_figures": Way(Guard.WHOLE, "the figures of a month"),
    "web.people.views.people:people": Way(Guard.PEOPLE, "the people of who asks", Act.SEE_PEOPLE),
    "privacy.actions.readings:_looked": Way(
        Guard.STATUSES, "whose names an account asked for, in an alarm", Act.ANSWER_READING_ALARMS
    ),
    "web.courses.register:register_page": Way(
        Guard.PEOPLE, "the register of a course in parts", Act.SEE_PEOPLE
    ),
    "web.courses.views.attendance:_page": Way(
        Guard.PEOPLE, "rows, and reported hours, that were replaced, by time", Act.SEE_PEOPLE
    ),
    "training.attendance.queries:replaced_hours": Way(
        Guard.CALLER, "hours that a register replaced, by time"
    ),
    "training.attendance.queries:replaced_rows": Way(
        Guard.CALLER, "rows that rosters replaced, by time"
    ),
    "web.privacy.views.exports:export_ask": Way(
        Guard.PEOPLE, "rows of a file with names that is asked for", Act.REQUEST_EXPORT
    ),
    "privacy.actions.exports:request_export": Way(
        Guard.PEOPLE, "the same, kept with the request", Act.REQUEST_EXPORT
    ),
    "web.privacy.views.retention:_page": Way(
        Guard.STATUSES, "how many were forgotten on a request", Act.SEE_RETENTION
    ),
    "privacy.actions.retention_requests:preview": Way(
        Guard.STATUSES, "how many a request would forget", Act.SEE_RETENTION
    ),
    "privacy.queries:sees_request": Way(
        Guard.STATUSES, "whether all of a request lie in a part", Act.SEE_RETENTION
    ),
    "privacy.queries:taken_elsewhere": Way(
        Guard.PEOPLE, "courses of a person that lie elsewhere", Act.SEE_PEOPLE
    ),
    "exchange.rosters.queries:losses": Way(
        Guard.STATUSES, "what undoing an import takes away", Act.UNDO_IMPORTS
    ),
    "exchange.rosters.queries:_rows_of_imports": Way(
        Guard.STATUSES, "whether all of an import lies in a part", Act.UNDO_IMPORTS
    ),
    # Closing months: what is kept is exact, and shown by the pages above.
    "credentials.queries:<module>": Way(Guard.CALLER, "the measures of a closed month"),
    "credentials.queries:month_figures": Way(Guard.CALLER, "a month: whole, partners, courses"),
    "exchange.closing:_courses": Way(Guard.CALLER, "open points, course by course"),
    "exchange.closing:_attendance": Way(Guard.CALLER, "marks that are missing, by course"),
    "exchange.closing:open_points": Way(Guard.CALLER, "all open points of a month"),
    "exchange.closing:_waiting": Way(Guard.OTHERS, "uploads that wait, and their files"),
    "exchange.closing:close": Way(Guard.INSIDE, "kept at the closing of a month"),
    "exchange.closing:close_again": Way(Guard.INSIDE, "kept as adjustments (``_corrections``)"),
    "exchange.closing:approve_reopening": Way(Guard.INSIDE, "kept with the reopening"),
    "exchange.closing:keep_table": Way(Guard.INSIDE, "kept as the table of a closed month"),
    "exchange.closing:check_tables": Way(Guard.INSIDE, "compared each night; tells how many moved"),
    "training.rosters.actions:undo_import": Way(Guard.INSIDE, "kept with the act of undoing"),
    "training.rosters.replacing:restore_replaced": Way(Guard.INSIDE, "the same, of its rows"),
    "exchange.tasks:import_staged": Way(Guard.INSIDE, "hidden cells are chosen behind an import"),
    "exchange.tasks:choose_hidden_figures": Way(Guard.INSIDE, "hidden cells are chosen"),
    "demonstration.loading:load_demo": Way(Guard.INSIDE, "the same, for the demonstration"),
    # Health, copies, starting.
    "operations.restored:mark_audit": Way(Guard.INSIDE, "counts heads of the record of acts"),
    "operations.reconciling:_unexplained": Way(Guard.INSIDE, "audit verify: months that moved"),
    "privacy.reconciling:lost_identities": Way(Guard.INSIDE, "the same: people without a name"),
    "web.accounts.views.requests:access_requests": Way(Guard.OTHERS, "roles to be looked at"),
    "web.accounts.views.requests:role_reviews": Way(Guard.OTHERS, "roles to be looked at"),
    "operations.health:_warehouse": Way(Guard.INSIDE, "doctor: enrolments beside the facts"),
    "operations.health:_closed_figures": Way(Guard.INSIDE, "doctor: closed months that moved"),
    "operations.health:_background": Way(Guard.OTHERS, "doctor: tasks that are stuck"),
    "operations.state:state": Way(Guard.INSIDE, "what a drill of a backup compares"),
    "operations.state:_figures": Way(Guard.INSIDE, "the same: its figures"),
    "web.serving.server:Server.load": Way(
        Guard.OTHERS, "the engine is loaded before the first question"
    ),
    "demonstration.loading:_give_parts": Way(Guard.OTHERS, "courses of centres, for the demo"),
    "people.queries:_stamp": Way(Guard.INSIDE, "tells whether names kept for searching are old"),
    "people.rotation:_rows_by_version": Way(Guard.INSIDE, "keys: identities sealed with each"),
    "privacy.management.commands.retention:Command._run": Way(
        Guard.INSIDE, "people whose time is over; a command"
    ),
    # No people.
    "reports.definitions.figures:_notes": Way(
        Guard.FIGURES, "persons without a credited minute, of a table that was asked for"
    ),
    "reports.agreements.writing:agreement_document": Way(Guard.OTHERS, "files of an agreement"),
    "desk.views:save_view": Way(Guard.OTHERS, "saved views of an account"),
    "training.courses.queries:course_record": Way(Guard.OTHERS, "sessions of a course"),
    "training.attendance.actions:add_sessions": Way(Guard.OTHERS, "sessions of a course"),
    "training.management.commands.load:Command._history": Way(
        Guard.OTHERS, "records of registry files; a command"
    ),
    "training.courses.queries:courses_by_end_month": Way(
        Guard.OTHERS, "courses of an agreement that ended in each month"
    ),
    "training.courses.queries:courses_by_month": Way(
        Guard.OTHERS, "courses that ended in each month"
    ),
    "gate.lockout:_count": Way(Guard.OTHERS, "failed attempts to log in"),
    "web.agreements.views.draft:agreement_delete": Way(Guard.OTHERS, "what hangs on a draft"),
    "web.audit.views:audit_entry": Way(Guard.OTHERS, "the number of the last entry"),
    "web.imports.views.imports:imports": Way(Guard.OTHERS, "answers that wait for an officer"),
    "training.registries.queries:registry_loads": Way(Guard.OTHERS, "records of a registry file"),
}
