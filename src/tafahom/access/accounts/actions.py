"""What is written down of coming in and going out, and what ends visits."""

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from tafahom.access.accounts.credentials import (
    SIGNED_IN,
    UNEXPLAINED,
    marks_of,
    unexplained_of,
    without_marks,
)
from tafahom.access.models import User
from tafahom.audit.actions import record


def target_of(user: User) -> str:
    """Return how the audit calls an account."""
    return f"user:{user.pk}"


def name_mark(name: str) -> str:
    """Return a mark that is the same for the same typed name, and does not tell it.

    What is typed as a name may be a password in the wrong field, so it is kept nowhere.
    """
    key = salted_hmac("tafahom.sign-in", name.strip().lower()[:200], algorithm="sha256")
    return key.hexdigest()[:24]


def record_sign_in(*, user: User, proofs: list[str]) -> None:
    """Record that somebody came in, and by which proofs: "password", "oidc", "second".

    Also which of these no act had set, for doctor to tell.
    """
    details = {"proofs": proofs}
    if unexplained := unexplained_of(user):
        details[UNEXPLAINED] = unexplained
    record(action=SIGNED_IN, target=target_of(user), details=details, by=user)


def record_failure(*, name: str, step: str) -> None:
    """Record a failed attempt to come in; an unknown name by its mark only."""
    user = User.objects.filter(username=name).only("pk").first()
    details = {"step": step} if user else {"step": step, "name": name_mark(name)}
    record(
        action="access.sign_in_failed",
        target=target_of(user) if user else "",
        details=details,
        by=None,
    )


def record_lock_out(*, name: str) -> None:
    """Record that an account or address has to wait after too many failures."""
    user = User.objects.filter(username=name).only("pk").first()
    record(
        action="access.locked_out",
        target=target_of(user) if user else "",
        details={} if user else {"name": name_mark(name)},
        by=None,
    )


def record_sign_out(*, user: User, why: str) -> None:
    """Record the end of a visit: "asked", or the limit that it reached, "idle" or "long"."""
    record(action="access.signed_out", target=target_of(user), details={"why": why}, by=user)


def record_recovery_code(*, user: User, left: int) -> None:
    """Record that a recovery code stood in for the second factor."""
    record(
        action="access.recovery_code_used",
        target=target_of(user),
        details={"left": left},
        by=user,
    )


@transaction.atomic
def password_changed(*, user: User, by: User | None) -> None:
    """Record a new password. Django ends the other visits: sessions hang on the password."""
    details = marks_of(user)
    record(action="access.password_changed", target=target_of(user), details=details, by=by)


@transaction.atomic
def factor_changed(*, user: User, what: str, by: User | None) -> None:
    """Record "added", "removed" or "codes_made" of the second factor, and end all visits."""
    end_visits_of(user)
    details = marks_of(user)
    record(action=f"access.factor_{what}", target=target_of(user), details=details, by=by)


@transaction.atomic
def note_credentials() -> None:
    """Record which password and second step each account has of which no entry says it yet."""
    for user in without_marks():
        user.refresh_from_db()
        record(
            action="access.credentials_noted",
            target=target_of(user),
            details=marks_of(user),
            by=None,
        )


def end_visits_of(user: User) -> None:
    """End all visits of an account; ``user`` knows it, so its own may be kept by its view."""
    User.objects.filter(pk=user.pk).update(visits_ended=F("visits_ended") + 1)
    user.refresh_from_db(fields=["visits_ended"])
