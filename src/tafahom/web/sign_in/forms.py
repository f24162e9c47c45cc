"""Forms of coming in: the password, a code of the phone or a recovery code."""

import time
from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as AllauthCodeForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthCodeAgainForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tafahom.access.accounts.actions import name_mark, record_recovery_code
from tafahom.access.models import User
from tafahom.access.passwords import LONGEST
from tafahom.gate.lockout import count_failure, is_locked
from tafahom.gate.second_step import note_second_factor
from tafahom.persian import to_ascii_digits
from tafahom.web.sign_in.adapters import SecondFactorAdapter

# A code is good for its half minute and one to either side; so long it must not come again.
CODE_SECONDS = 120


class LogInForm(AuthenticationForm):
    """User name and password, in the look of our fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages = {
            "invalid_login": _("The user name or the password is wrong."),
            "inactive": _("The user name or the password is wrong."),
        }
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control"
            field.widget.attrs["dir"] = "ltr"
            if self.is_bound and (self.errors.get(name) or self.non_field_errors()):
                field.widget.attrs["aria-invalid"] = "true"
                field.widget.attrs["class"] += " is-invalid"


class CodeField(forms.CharField):
    """A code in any digits, with or without spaces."""

    def __init__(self, label: Any) -> None:
        attrs = {
            "class": "form-control code-field",
            "dir": "ltr",
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "autofocus": True,
        }
        super().__init__(label=label, max_length=20, widget=forms.TextInput(attrs=attrs))

    def clean(self, value: Any) -> str:
        """Read the code. Raises ValidationError."""
        return "".join(to_ascii_digits(super().clean(value)).split()).replace("-", "")


class _OneUse:
    """A code counts once, failures count as those of passwords do."""

    user: User
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField(_("Code"))  # type: ignore[attr-defined]  # of the form

    def clean_code(self) -> str:
        request = context.request
        if is_locked(request, self.user):
            raise SecondFactorAdapter().validation_error("incorrect_code")
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # of the form
            self._use(code)
        except ValidationError:
            count_failure(request, self.user, step="second")
            raise
        return code

    @transaction.atomic
    def _use(self, code: str) -> None:
        """Keep that a code of the phone was used. Raises ValidationError when it was before."""
        factor = Authenticator.objects.select_for_update().get(pk=self.authenticator.pk)
        if factor.type == Authenticator.Type.RECOVERY_CODES:
            return
        now, mark = int(time.time()), name_mark(code)
        used = {one: at for one, at in factor.data.get("used", {}).items() if at > now}
        if mark in used:
            raise SecondFactorAdapter().validation_error("incorrect_code")
        factor.data["used"] = used | {mark: now + CODE_SECONDS}
        factor.save(update_fields=["data"])
        self.authenticator.data = factor.data

    def save(self) -> None:
        super().save()  # type: ignore[misc]  # of the form
        note_second_factor(context.request, self.user)
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            self.authenticator.refresh_from_db()
            left = len(self.authenticator.wrap().get_unused_codes())
            record_recovery_code(user=self.user, left=left)


class CodeForm(_OneUse, AllauthCodeForm):  # type: ignore[misc]  # allauth has no types
    """The second proof at the log-in."""


class CodeAgainForm(_OneUse, AllauthCodeAgainForm):  # type: ignore[misc]  # allauth has no types
    """The second proof once more, before something is changed."""


class EnrolForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of the phone, which shows that it holds the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField(_("Code that the app shows"))


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password once more, before something is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {
            "class": "form-control",
            "dir": "ltr",
            "autocomplete": "current-password",
            "autofocus": True,
        }
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            strip=False,
            max_length=LONGEST,
            widget=forms.PasswordInput(attrs=attrs),
        )


class NewPasswordForm(PasswordChangeForm):
    """The password of now and, twice, the one to come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages = self.error_messages | {
            "password_incorrect": _("This is not your password."),
            "password_mismatch": _("The two passwords differ."),
        }
        labels = {
            "old_password": _("Password of now"),
            "new_password1": _("New password"),
            "new_password2": _("New password, once more"),
        }
        for name, label in labels.items():
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.widget.attrs |= {"class": "form-control", "dir": "ltr", "maxlength": LONGEST}
