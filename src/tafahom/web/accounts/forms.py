"""Forms about accounts: whom to invite, to what role, where, and why something is done."""

from typing import Any, Final

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.access.actions import Of
from tafahom.access.models import RoleName
from tafahom.access.passwords import LONGEST
from tafahom.access.rules import Part, Role, is_fitting
from tafahom.agreements.queries import uid_of_number
from tafahom.parties.models import Centre, Partner, Province
from tafahom.parties.queries import named_choices, named_record
from tafahom.persian import to_ascii_digits
from tafahom.training.courses.queries import uid_of_code
from tafahom.web.shell.forms import JalaliDateField
from tafahom.web.shell.reasons import ReasonField

CONTROL: Final = {"class": "form-control"}
CODE: Final = {"class": "form-control", "dir": "ltr", "autocomplete": "off"}
SELECT: Final = {"class": "form-select"}
NAMED: Final[tuple[tuple[Part, type[Province] | type[Centre] | type[Partner]], ...]] = (
    (Part.PROVINCE, Province),
    (Part.CENTRE, Centre),
    (Part.PARTNER, Partner),
)


class RoleForm(forms.Form):
    """A role, for the whole installation or for one part of it."""

    role = forms.ChoiceField(
        label=gettext_lazy("Which role"),
        choices=RoleName.choices,
        widget=forms.Select(attrs=SELECT),
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Where"), required=False, widget=forms.Select(attrs=SELECT)
    )
    written = forms.CharField(
        label=gettext_lazy("Number of the agreement or code of the course"),
        help_text=gettext_lazy("Only where the role is for one agreement or course."),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs=CODE),
    )
    valid_to = JalaliDateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("As 1405/12/29; empty when the role has no end."),
        required=False,
        widget=forms.TextInput(attrs=CODE),
    )
    reason = ReasonField(
        label=gettext_lazy("What for"),
        help_text=gettext_lazy(
            "Roles that see people wait until a second person confirms them: this helps them decide."
        ),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = _places()  # type: ignore[attr-defined]  # of a choice

    def clean(self) -> dict[str, Any]:
        """Find what the role is confined to. Raises ValidationError."""
        data = super().clean() or {}
        if self.errors:
            return data
        kind, _colon, key = data["place"].partition(":")
        part = Part(kind) if kind else None
        if not is_fitting(Role(data["role"]), part):
            self.add_error("place", _misplaced(part))
            return data
        data["part"] = part
        data["of"] = _record(part, key, data["written"])
        if part and data["of"] is None:
            self.add_error("written", _("There is no such agreement or course."))
        return data

    @property
    def asked(self) -> dict[str, Any]:
        """What ``asking.add_role`` takes."""
        data = self.cleaned_data
        return {
            "role": Role(data["role"]),
            "part": data["part"],
            "of": data["of"],
            "valid_to": data["valid_to"],
            "reason": data["reason"],
        }


def _misplaced(part: Part | None) -> str:
    if part:
        return _("This role can not be given for such a part.")
    return _("Say for which centre, course, partner or agreement this role is.")


def _places() -> list[tuple[str, Any]]:
    """Return what a role can be confined to, by kind."""
    found: list[tuple[str, Any]] = [("", _("the whole installation"))]
    labels = {
        Part.PROVINCE: _("Provinces"),
        Part.CENTRE: _("Centres"),
        Part.PARTNER: _("Partners"),
    }
    for part, model in NAMED:
        if options := [(f"{part.value}:{pk}", name) for pk, name in named_choices(model)]:
            found.append((labels[part], options))
    others = [
        (Part.AGREEMENT.value, _("an agreement: write its number")),
        (Part.COURSE.value, _("a course: write its code")),
    ]
    return [*found, (_("Others"), others)]


def _record(part: Part | None, key: str, written: str) -> Of:
    if part is Part.AGREEMENT:
        return uid_of_number(written)
    if part is Part.COURSE:
        return uid_of_code(to_ascii_digits(written).strip())
    return next((named_record(model, key) for kind, model in NAMED if kind is part), None)


class InviteForm(RoleForm):
    """Whom to invite, and to what."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        help_text=gettext_lazy("They log in with it. Latin letters, digits, dots and hyphens."),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs=CODE),
    )
    first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=150, widget=forms.TextInput(attrs=CONTROL)
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=150, widget=forms.TextInput(attrs=CONTROL)
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("The link is sent there too, where e-mail is set up."),
        required=False,
        widget=forms.EmailInput(attrs=CODE),
    )
    field_order = ("first_name", "last_name", "username", "email")

    def refuse(self, error: ValidationError) -> None:
        """Show what the action found."""
        if hasattr(error, "error_dict"):
            for name, found in error.error_dict.items():
                self.add_error(name if name in self.fields else None, found)
        else:
            self.add_error(None, error)


class NoteForm(forms.Form):
    """Why what somebody asked for is refused."""

    note = ReasonField(label=gettext_lazy("Reason"))


class WhyForm(forms.Form):
    """Why something is done to an account."""

    reason = ReasonField(label=gettext_lazy("Reason"))


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # of any account
    """The password of who was invited, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages = self.error_messages | {
            "password_mismatch": gettext_lazy("The two passwords differ."),
        }
        labels = {
            "new_password1": gettext_lazy("Password"),
            "new_password2": gettext_lazy("Password, once more"),
        }
        for name, label in labels.items():
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.widget.attrs |= {"class": "form-control", "dir": "ltr", "maxlength": LONGEST}
