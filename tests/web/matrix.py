"""What every address demands: a row a route, read by ``test_matrix``.

A new route needs a row here. ``get`` and ``post`` say which act opens the address by that method;
None says that the method is not answered. ``of`` is the kind of record in the address
(``directorate``): who may see only a part finds it only when it lies in that part. ``args`` makes
the address's arguments from the record.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tafahom.access.rules import Act
from tafahom.agreements.models import Decision
from tafahom.web.agreements.views.promises import OF_SOMETHING, RECORDS

EVERYONE: Final = "everyone"
LOGGED_IN: Final = "logged in"
Demand = Act | str | None
Arguments = Callable[[Any], tuple[Any, ...]]


def _uid(row: Any) -> tuple[Any, ...]:
    return (row.uid,)


@dataclass(frozen=True)
class Row:
    """What one address demands.

    ``also`` are acts one of which is needed besides, for what somebody else began. ``nobody``
    says that not even who holds the act finds a record that somebody else began.
    """

    get: Demand = None
    post: Demand = None
    of: str = ""
    args: Arguments = _uid
    also: tuple[Act, ...] = ()
    nobody: bool = False
    data: Mapping[str, str] = field(default_factory=dict)


def page(act: Demand, of: str = "", args: Arguments = _uid, **others: Any) -> Row:
    """A page that is looked at."""
    return Row(get=act, of=of, args=args, **others)


def press(act: Demand, of: str = "", args: Arguments = _uid, **others: Any) -> Row:
    """A button."""
    return Row(post=act, of=of, args=args, **others)


def form(act: Demand, of: str = "", args: Arguments = _uid, **others: Any) -> Row:
    """A page with a form that is sent to itself."""
    return Row(get=act, post=act, of=of, args=args, **others)


def _with(*further: Any) -> Arguments:
    return lambda row: (row.uid, *further)


def _only(*arguments: Any) -> Arguments:
    return lambda _row: arguments


def _month(row: Any) -> tuple[Any, ...]:
    return (row.code, 139701)


def _clause(row: Any) -> tuple[Any, ...]:
    return (row.uid, row.clauses.first().uid)


def _record_of(what: str) -> Arguments:
    def arguments(row: Any) -> tuple[Any, ...]:
        agreement = row.meeting.agreement if isinstance(row, Decision) else row.agreement
        return (agreement.uid, what, row.uid)

    return arguments


def _pk(row: Any) -> tuple[Any, ...]:
    return (row.pk,)


SEEN, RUN = Act.SEE_REGISTERS, Act.MANAGE_AGREEMENTS
DECIDES = (Act.APPROVE_EXPORT, Act.SEE_READINGS)
DECIDES_RETENTION = (Act.APPROVE_RETENTION, Act.SEE_READINGS)

# Where a route takes several kinds of records it has several rows.
MATRIX: dict[str, Row | tuple[Row, ...]] = {
    "login": Row(get=EVERYONE, post=EVERYONE),
    "logout": press(EVERYONE),
    "set_language": press(EVERYONE),
    "set_theme": press(EVERYONE),
    # One's own proofs.
    "account_login": Row(get=EVERYONE, post=EVERYONE),
    "mfa_authenticate": Row(get=EVERYONE, post=EVERYONE),
    "openid_connect_login": press(EVERYONE, args=_only("oidc"), nobody=True),
    "openid_connect_callback": page(EVERYONE, args=_only("oidc"), nobody=True),
    "mfa_index": page(LOGGED_IN),
    "account_change_password": form(LOGGED_IN),
    "account_reauthenticate": form(LOGGED_IN),
    "mfa_reauthenticate": form(LOGGED_IN),
    "mfa_activate_totp": form(LOGGED_IN),
    "mfa_deactivate_totp": form(LOGGED_IN),
    "mfa_view_recovery_codes": form(LOGGED_IN),
    "mfa_generate_recovery_codes": form(LOGGED_IN),
    "mfa_download_recovery_codes": page(LOGGED_IN),
    "home": page(LOGGED_IN),
    "report": page(Act.SEE_FIGURES),
    "report_file": page(Act.SEE_FIGURES, args=_only("csv")),
    "press": page(Act.WRITE_PRESS_RELEASE),
    "press_file": page(Act.WRITE_PRESS_RELEASE, args=_only("txt")),
    "attention": page(Act.SEE_WORK_LIST),
    "reminders": form(Act.SEE_WORK_LIST),
    "saved_views": form(SEEN),
    # Nobody else's view is found, whoever asks.
    "saved_view_change": press(SEEN, args=_only("others"), nobody=True),
    "saved_view_remove": press(SEEN, args=_only("others"), nobody=True),
    # Nothing is chosen that could be tried.
    "digest_try": press(Act.SEE_WORK_LIST, nobody=True),
    "calendar_make": press(Act.SEE_WORK_LIST),
    "calendar_close": press(Act.SEE_WORK_LIST),
    "calendar_feed": page(EVERYONE, args=_only("wrong"), nobody=True),
    "partners": page(SEEN),
    "partner_detail": page(SEEN, "partner"),
    "partner_reveals": press(Act.SET_PARTNER_STATUS, "partner"),
    "agreements": page(SEEN),
    "agreements_file": page(SEEN, args=_only("csv")),
    "counties": page(Act.SEE_FIGURES),
    "partners_league": page(Act.SEE_FIGURES),
    "partners_league_file": page(Act.SEE_FIGURES, args=_only("csv")),
    "agreement_detail": page(SEEN, "agreement"),
    "agreement_new": form(RUN),
    "agreement_edit": form(RUN, "agreement"),
    "agreement_move": press(RUN, "agreement"),
    "agreement_delete": form(RUN, "agreement"),
    "agreement_sign": press(RUN, "agreement"),
    "agreement_reveals": press(RUN, "agreement"),
    "obligation_add": press(RUN, "agreement"),
    "obligation_fulfil": press(RUN, "obligation"),
    "agreement_text": page(SEEN, "agreement"),
    "agreement_document": page(SEEN, "agreement", _with("docx")),
    "text_start": press(RUN, "agreement", data={"begin": "empty"}),
    "file_attach": press(RUN, "agreement"),
    "file_take": page(SEEN, "agreement_file"),
    "file_detach": press(RUN, "agreement_file"),
    "text_compare": (page(SEEN, "text"), page(SEEN, "template_text")),
    "text_edit": (page(RUN, "draft"), page(RUN, "template_text")),
    "text_keep": (press(RUN, "draft"), press(RUN, "template_text")),
    "text_fill": (press(RUN, "draft"), press(RUN, "template_text")),
    "text_back": press(RUN, "text"),
    "clause_add": (form(RUN, "draft"), form(RUN, "template_text")),
    "clause_edit": (form(RUN, "draft", _clause), form(RUN, "template_text", _clause)),
    "clause_move": (press(RUN, "draft", _clause), press(RUN, "template_text", _clause)),
    "clause_delete": (press(RUN, "draft", _clause), press(RUN, "template_text", _clause)),
    "templates": form(Act.MANAGE_TEMPLATES),
    "template_detail": form(Act.MANAGE_TEMPLATES, "template"),
    "promise_record": tuple(
        form(RUN, "agreement", _with(what)) for what in sorted(RECORDS.keys() - OF_SOMETHING.keys())
    ),
    "renewal": form(RUN, "renewing"),
    "renewal_start": form(RUN, "agreement"),
    "agreement_terminate": form(RUN, "agreement"),
    "commitments_file": page(Act.SEE_FIGURES, "agreement", _with("csv")),
    "slices": form(RUN, "agreement", _with(1397, "persons", "quarter")),
    "promise_record_of": tuple(
        form(RUN, OF_SOMETHING[what], _record_of(what)) for what in sorted(OF_SOMETHING)
    ),
    "propose": Row(get=EVERYONE, post=EVERYONE),
    "proposal_track": Row(get=EVERYONE, post=EVERYONE),
    "proposal_answer": press(EVERYONE),
    "proposals": page(Act.TRIAGE_PROPOSALS),
    "proposal_detail": page(Act.TRIAGE_PROPOSALS, "proposal"),
    "proposal_decide": tuple(
        press(Act.TRIAGE_PROPOSALS, "proposal", _with(what))
        for what in ("review", "ask", "decline", "accept")
    ),
    "courses": page(SEEN),
    "course_detail": page(SEEN, "course"),
    "attendance": page(Act.SEE_PEOPLE, "course"),
    "attendance_session": page(Act.SEE_PEOPLE, "course", _with(1)),
    "attendance_save": press(Act.RECORD_ATTENDANCE, "course"),
    "attendance_restore": form(Act.RECORD_ATTENDANCE, "course"),
    "attendance_sessions_add": press(Act.RECORD_ATTENDANCE, "course"),
    "attendance_sessions_remove": press(Act.RECORD_ATTENDANCE, "course"),
    "attendance_session_remove": press(Act.RECORD_ATTENDANCE, "course", _with(1)),
    "people": page(Act.SEE_PEOPLE),
    "people_search": press(Act.SEE_PEOPLE),
    "person_detail": page(Act.SEE_PEOPLE, "person"),
    "person_show": form(Act.SEE_IDENTITY, "person"),
    "person_forget": form(Act.MANAGE_RETENTION, "person"),
    "person_readings": page(Act.SEE_READINGS, "person"),
    "reading_alarm": form(Act.ANSWER_READING_ALARMS, "reading_alarm"),
    "retention": page(Act.SEE_RETENTION),
    "retention_rules": press(Act.SET_RETENTION),
    "retention_years_confirm": press(Act.CONFIRM_RETENTION_YEARS, "years_request"),
    "retention_years_refuse": press(Act.CONFIRM_RETENTION_YEARS, "years_request"),
    "retention_years_withdraw": press(Act.SET_RETENTION, "years_request"),
    "retention_ask": press(Act.MANAGE_RETENTION),
    "retention_request": page(Act.SEE_RETENTION, "retention_request", also=DECIDES_RETENTION),
    "retention_people": page(Act.SEE_RETENTION, "retention_request", also=DECIDES_RETENTION),
    "retention_approve": press(Act.APPROVE_RETENTION, "retention_request"),
    "retention_decline": press(Act.APPROVE_RETENTION, "retention_request"),
    "retention_withdraw": press(Act.MANAGE_RETENTION, "retention_request", nobody=True),
    "retention_cancel": press(Act.MANAGE_RETENTION, "retention_request", nobody=True),
    "exports": page(Act.SEE_EXPORTS),
    "export_ask": (
        form(Act.REQUEST_EXPORT, "course", lambda row: ("course", row.uid)),
        form(Act.REQUEST_EXPORT, "agreement", lambda row: ("agreement", row.uid)),
        form(Act.REQUEST_EXPORT, "partner", lambda row: ("partner", row.uid)),
    ),
    "export_detail": page(Act.SEE_EXPORTS, "export", also=DECIDES),
    "export_approve": press(Act.APPROVE_EXPORT, "export"),
    "export_decline": press(Act.APPROVE_EXPORT, "export"),
    "export_withdraw": press(Act.REQUEST_EXPORT, "export", nobody=True),
    "export_take": press(Act.REQUEST_EXPORT, "export", nobody=True),
    "loads": page(Act.UNDO_LOADS),
    "load_undo": form(Act.UNDO_LOADS, "load"),
    "imports": form(Act.IMPORT_ROSTERS),
    "import_detail": page(Act.IMPORT_ROSTERS, "staged", also=(Act.UNDO_IMPORTS,)),
    "import_commit": press(Act.IMPORT_ROSTERS, "staged", also=(Act.UNDO_IMPORTS,)),
    "import_cancel": press(Act.IMPORT_ROSTERS, "staged", also=(Act.UNDO_IMPORTS,)),
    "import_again": press(Act.IMPORT_ROSTERS, "staged", also=(Act.UNDO_IMPORTS,)),
    # There is nothing to explain, and nothing was rejected.
    "import_answers": press(Act.IMPORT_ROSTERS, "staged", nobody=True),
    "import_ask_again": press(Act.IMPORT_ROSTERS, "staged", nobody=True),
    "roster_answers": page(Act.IMPORT_ROSTERS),
    "roster_answer_confirm": press(Act.DECIDE_ROSTER_ANSWERS, "roster_answer", _pk),
    "roster_answer_forget": press(
        Act.IMPORT_ROSTERS, "roster_answer", _pk, also=(Act.DECIDE_ROSTER_ANSWERS,)
    ),
    "import_rejects": page(Act.IMPORT_ROSTERS, "staged", _with(1), nobody=True),
    "import_undo": form(Act.UNDO_IMPORTS, "roster_import"),
    "periods": page(Act.SEE_PERIODS),
    "period_detail": page(Act.SEE_PERIODS, "province", _month),
    "period_begin": press(Act.PREPARE_CLOSING, "province", _month),
    "period_leave": press(Act.PREPARE_CLOSING, "province", _month),
    "period_close": press(Act.CLOSE_PERIODS, "province", _month),
    "period_reopen": press(Act.PREPARE_CLOSING, "province", _month),
    "reopening_approve": press(Act.APPROVE_REOPENING, "reopening"),
    "reopening_decline": press(Act.APPROVE_REOPENING, "reopening"),
    "reopening_withdraw": press(Act.PREPARE_CLOSING, "reopening", nobody=True),
    "reopening_close": press(Act.CLOSE_PERIODS, "reopening"),
    "accounts": page(Act.MANAGE_ACCOUNTS),
    "account_invite": form(Act.MANAGE_ACCOUNTS),
    "account_detail": page(Act.MANAGE_ACCOUNTS, "account", _pk),
    "account_role_give": press(Act.MANAGE_ACCOUNTS, "account", _pk),
    "account_role_take": press(Act.MANAGE_ACCOUNTS, "held", lambda row: (row.user_id, row.pk)),
    "account_link": press(Act.MANAGE_ACCOUNTS, "account", _pk),
    "account_act": press(Act.MANAGE_ACCOUNTS, "account", lambda row: (row.pk, "unlock")),
    "access_requests": page(Act.CONFIRM_ACCOUNTS),
    "role_reviews": form(Act.CONFIRM_ACCOUNTS),
    "access_request": page(Act.CONFIRM_ACCOUNTS, "account_request"),
    "access_confirm": press(Act.CONFIRM_ACCOUNTS, "account_request"),
    "access_refuse": press(Act.CONFIRM_ACCOUNTS, "account_request"),
    "access_withdraw": press(Act.CONFIRM_ACCOUNTS, "account_request"),
    "invitation": Row(get=EVERYONE, post=EVERYONE, args=_only("wrong"), nobody=True),
    "audit": page(Act.SEE_AUDIT),
    "audit_entry": page(Act.SEE_AUDIT, "entry", lambda row: (row.pk,), also=(Act.SEE_ALL_ENTRIES,)),
    "history": page(
        Act.SEE_AUDIT,
        "agreement",
        lambda row: ("agreement", row.uid),
        also=(Act.SEE_ALL_ENTRIES,),
    ),
}
