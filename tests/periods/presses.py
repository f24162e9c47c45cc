"""Every address that takes POST: what somebody writes into its form, or why it has none.

A new page that takes POST needs a row in ``PRESSES``. Forms are found on the pages that show them
and sent as they stand, filled in and with each field changed; ``typed`` is what goes into empty
fields, and what is sent without any form, as by somebody whose page is from yesterday.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from periods.office import roster_lines
from roster_files import roster
from tafahom.jalali import format_date, today
from web.directorate import PDF

CLOSED_DAY, OPEN_DAY = "1397/05/20", "1397/06/20"
HOURS = {"ساعت حضور": "90"}
REASON = "به درخواست دستگاه اجرایی"
Typed = Mapping[str, Any]


@dataclass(frozen=True)
class Press:
    """What is written into the form of an address.

    ``further`` are other ways to fill it in. ``formless`` says why no page of the test shows its
    form; it is sent ``typed`` all the same. ``idle`` says why it writes nothing that is looked at.
    """

    typed: Typed = field(default_factory=dict)
    further: tuple[Typed, ...] = ()
    formless: str = ""
    idle: str = ""

    @property
    def must_write(self) -> bool:
        """Whether the walk is not what it seems where this writes nothing."""
        return not (self.formless or self.idle)

    @property
    def ways(self) -> tuple[Typed, ...]:
        """What is written, in one way and in others; files are made anew each time."""
        return tuple(
            {name: value() if callable(value) else value for name, value in typed.items()}
            for typed in (self.typed, *({**self.typed, **one} for one in self.further))
        )


def writes(*further: Typed, **typed: Any) -> Press:
    """A form with fields to fill in."""
    return Press(typed, further)


def formless(why: str, **typed: Any) -> Press:
    """An address whose form no page of the test shows."""
    return Press(typed, formless=why)


def idle(why: str, **typed: Any) -> Press:
    """A form that writes nothing, but into the audit or the session."""
    return Press(typed, idle=why)


def _file(name: str, content: bytes) -> Callable[[], SimpleUploadedFile]:
    return lambda: SimpleUploadedFile(name, content)


BUTTON: Final = Press()
OWN = "one's own account, which no figure knows"
_REASON = writes(reason=REASON)
_CLAUSE = writes(heading="ماده", text="متن ماده")
_DAYS = {"starts_on": "1397/01/01", "ends_on": "1398/12/29"}
_QUANTITIES = {"year": "1397", "persons": "77", "person_hours": "7777"}
_RECORD = writes(
    {"quantity": "50", "persons": "3"},
    **_QUANTITIES,
    **_DAYS,
    signed_on="1397/02/01",
    effective_on="1397/02/02",
    reason=REASON,
    side="partner",
    title="قسط",
    amount="1000",
    due_on=CLOSED_DAY,
    paid_on=CLOSED_DAY,
    reference="۱۲",
    name="نوری",
    role="نماینده",
    held_on=CLOSED_DAY,
    place="کرج",
    agenda="دستور",
    minutes="صورت‌جلسه",
    text="تصمیم",
    responsible="کریمی",
    evidence="نامه",
    done_on=CLOSED_DAY,
    number="9/97",
)

PRESSES: dict[str, Press] = {
    "login": formless(OWN, login="officer", password="wrong"),
    "account_login": formless(OWN, login="officer", password="wrong"),
    "mfa_authenticate": formless(OWN, code="123456"),
    "openid_connect_login": formless(OWN),
    "account_change_password": idle(OWN, oldpassword="a", password1="b", password2="b"),
    "account_reauthenticate": idle(OWN, password="wrong"),
    "mfa_reauthenticate": formless(OWN, code="123456"),
    "mfa_activate_totp": idle(OWN, code="123456"),
    "mfa_deactivate_totp": formless(OWN),
    "mfa_view_recovery_codes": formless(OWN),
    "mfa_generate_recovery_codes": idle(OWN),
    "set_language": idle(OWN, language="en"),
    "set_theme": idle(OWN, theme="dark"),
    "reminders": writes(days="1", hour="8"),
    "saved_views": writes(name="من"),
    "saved_view_change": formless("nothing is saved", name="من"),
    "saved_view_remove": formless("nothing is saved"),
    "digest_try": formless("nothing is chosen that could be tried"),
    "calendar_make": BUTTON,
    "calendar_close": formless("no calendar is open"),
    "agreement_new": writes(number="8/97", subject="آموزش", parent="", **_DAYS),
    "agreement_edit": writes({"level": "national"}, subject="دیگر", **_DAYS),
    "agreement_move": writes(
        *({"to": to} for to in ("terminated", "suspended", "in_force", "ended", "drafting")),
        to="signed",
        reason=REASON,
    ),
    "agreement_delete": BUTTON,
    "agreement_reveals": writes(reveals="yes"),
    "partner_reveals": writes(reveals="yes"),
    "agreement_sign": writes(side="partner", name="نوری", title="مدیر", signed_on="1397/01/20"),
    "obligation_add": writes(side="partner", text="کارگاه", responsible="نوری", due_on=CLOSED_DAY),
    "obligation_fulfil": writes(evidence="نامه", proof="نامه", done_on=CLOSED_DAY),
    "text_start": writes({"begin": "empty"}, begin="last"),
    "file_attach": writes(file=_file("نامه.pdf", PDF), kind="letter"),
    "file_detach": BUTTON,
    "text_keep": writes(summary="ویرایش"),
    "text_fill": formless("no text has a blank"),
    "text_back": BUTTON,
    "clause_add": _CLAUSE,
    "clause_edit": _CLAUSE,
    "clause_move": idle("there is one clause", direction="up"),
    "clause_delete": BUTTON,
    "templates": writes(name="الگوی دیگر"),
    "template_detail": writes(name="الگوی دیگر"),
    "promise_record": _RECORD,
    "promise_record_of": _RECORD,
    "renewal": writes(),
    "renewal_start": writes(
        **{
            "number": "7/98",
            "starts_on": "1400/01/01",
            "ends_on": "1401/12/29",
            "from-1400": "1397",
            "from-1401": "none",
        }
    ),
    "agreement_terminate": writes(
        **{"reason": REASON, "left-persons": "0", "left-person_hours": "0"}
    ),
    "slices": writes(),
    "propose": idle("all else is missing", organisation="شرکت", subject="آموزش", persons="5"),
    "proposal_track": idle("the code is a secret", code="1234"),
    "proposal_answer": formless("only who proposed sees it", text="پاسخ"),
    "proposal_decide": writes(words="پاسخ", number="6/97", note="پاسخ", **_DAYS),
    "attendance_save": writes({"m-*": "غ"}, **{"m-*": "ح"}),
    "attendance_restore": BUTTON,
    "attendance_sessions_add": writes(
        {"first": OPEN_DAY},
        {"first": "1397/05/01", "last": OPEN_DAY, "again": "1"},
        first=CLOSED_DAY,
        hours="2",
    ),
    "attendance_sessions_remove": BUTTON,
    "attendance_session_remove": BUTTON,
    "people_search": idle("it looks", q="کریمی"),
    "person_show": idle("it looks", occasion="contact", reason="برای دعوت به آزمون"),
    "reading_alarm": writes(note=REASON),
    "person_forget": writes(reference="نامه ۱۲", understood="on"),
    "retention_rules": idle("other years are asked for already"),
    "retention_ask": formless("nobody's time is over"),
    "retention_approve": BUTTON,
    "retention_decline": writes(note=REASON),
    "retention_withdraw": BUTTON,
    "retention_cancel": formless("nothing is carried out"),
    "export_ask": writes(occasion="contact", reason="برای صدور دوباره گواهینامه‌ها"),
    "export_approve": BUTTON,
    "export_decline": writes(note=REASON, reason=REASON),
    "export_withdraw": formless("others asked"),
    "export_take": formless("others asked", reason=REASON),
    "load_undo": BUTTON,
    "imports": writes(
        {"files": _file("b.csv", roster(*roster_lines("06", 1, 5)))},
        {"files": _file("c.csv", roster(*roster_lines("05", 1, 2, جنسیت="مرد", **HOURS)))},
        files=_file("a.csv", roster(*roster_lines("05", 5, 6))),
    ),
    "import_commit": writes({"replace": "on"}, {"all_or_nothing": "on"}),
    "import_cancel": BUTTON,
    "import_again": formless("no work broke off"),
    "import_answers": formless("the files say everything", file="1"),
    "import_ask_again": formless("nothing was asked", file="1"),
    "import_undo": BUTTON,
    "roster_answer_confirm": BUTTON,
    "roster_answer_forget": BUTTON,
    "period_begin": BUTTON,
    "period_leave": writes(reason=REASON),
    "period_close": writes(
        **{f"accept-{name}": "بررسی شد" for name in ("courses", "attendance", "hours", "marks")}
    ),
    "period_reopen": writes(
        reason=REASON, until=lambda: format_date(today() + timedelta(days=9), digits="en")
    ),
    "reopening_approve": BUTTON,
    "reopening_decline": _REASON,
    "reopening_withdraw": BUTTON,
    "reopening_close": BUTTON,
    "retention_years_confirm": BUTTON,
    "retention_years_refuse": writes(note=REASON),
    "retention_years_withdraw": formless("others asked"),
    "access_confirm": BUTTON,
    "access_refuse": writes(note=REASON),
    "access_withdraw": formless("others asked"),
    "role_reviews": formless("no role is due", role="1"),
    "account_invite": idle("all else is missing", username="new", role="planner"),
    "account_role_give": writes(role="planner"),
    "account_role_take": BUTTON,
    "account_link": BUTTON,
    "account_act": BUTTON,
    "invitation": formless("its address is a secret", password1="b", password2="b"),
    "logout": idle(OWN),
}
