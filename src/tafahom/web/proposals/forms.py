"""Forms of proposals: what the public writes, and what officers answer."""

import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.agreements.intake import rules
from tafahom.agreements.intake.actions import SubmittedProposal
from tafahom.agreements.intake.contacts import ContactPerson
from tafahom.agreements.intake.queries import Candidate
from tafahom.agreements.models import Level
from tafahom.identifiers import legal_id
from tafahom.jalali import today
from tafahom.parties.models import Audience, County, PartnerKind, Province
from tafahom.parties.queries import audiences, counties, partner_kinds
from tafahom.persian import clean, normal_key, to_ascii_digits
from tafahom.web.agreements.forms.promises import WholeField
from tafahom.web.shell.forms import JalaliDateField, dress

TOKEN, TRAP = "form_token", "website"
_SIGNER_SALT = "tafahom.intake"


def new_token() -> str:
    """Return what makes a form one of its own: taken once, and signed with the time."""
    return TimestampSigner(salt=_SIGNER_SALT).sign(secrets.token_urlsafe(16))


def check_token(signed: str) -> str:
    """Return the token of a form that came back after a believable time.

    Raises ValidationError: ``quick`` (the same form may be sent again) or ``stale``.
    """
    signer = TimestampSigner(salt=_SIGNER_SALT)
    try:
        token = signer.unsign(signed[:200], max_age=timedelta(hours=settings.INTAKE_MAX_HOURS))
    except SignatureExpired as error:
        raise ValidationError(
            _("The form was open for too long: send it again."), "stale"
        ) from error
    except BadSignature as error:
        raise ValidationError(_("The form was damaged: send it again."), "stale") from error
    try:
        signer.unsign(signed, max_age=settings.INTAKE_LEAST_SECONDS)
    except SignatureExpired:
        return token
    raise ValidationError(
        _("This was sent sooner than anybody can write it. Wait a few seconds and send it again."),
        "quick",
    )


class PlainField(forms.CharField):
    """Words that lead nowhere: no address of a page or mailbox."""

    def clean(self, value: Any) -> Any:
        """Read the words. Raises ValidationError."""
        text = super().clean(value)
        if rules.has_link(text):
            raise ValidationError(_("Leave addresses of pages and e-mails out of this."))
        return text


class PhoneField(forms.CharField):
    """A telephone number in any digits."""

    def clean(self, value: Any) -> Any:
        """Read the number. Raises ValidationError."""
        text = super().clean(value)
        try:
            return rules.phone_number(text)
        except ValueError as error:
            raise ValidationError(
                _("Write the number with its area code, as 02632700000.")
            ) from error


class _Dressed(forms.Form):
    """A form whose fields look as ours do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


def _text(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs=attrs)


class ProposalForm(_Dressed):
    """An agreement that a body proposes. Works without scripts."""

    organisation = PlainField(
        label=gettext_lazy("Name of the body"),
        max_length=rules.LONGEST_NAME,
        widget=_text(autocomplete="organization"),
    )
    kind: "forms.ModelChoiceField[PartnerKind]" = forms.ModelChoiceField(
        None, label=gettext_lazy("Kind of body"), empty_label="—"
    )
    legal_id = forms.CharField(
        label=gettext_lazy("Legal ID"),
        max_length=30,
        help_text=gettext_lazy("Eleven digits, from the register of legal entities"),
        widget=_text(dir="ltr", inputmode="numeric"),
    )
    legal_id_sure = forms.BooleanField(
        label=gettext_lazy("The legal ID is right as I wrote it"), required=False
    )
    name = PlainField(
        label=gettext_lazy("Contact person"), max_length=120, widget=_text(autocomplete="name")
    )
    post = PlainField(
        label=gettext_lazy("Post"),
        max_length=120,
        widget=_text(autocomplete="organization-title"),
    )
    phone = PhoneField(
        label=gettext_lazy("Telephone number"),
        max_length=30,
        help_text=gettext_lazy("With its area code, or a mobile number"),
        widget=_text(dir="ltr", inputmode="tel", autocomplete="tel"),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "email"}),
    )
    subject = PlainField(
        label=gettext_lazy("Subject of the agreement"),
        max_length=rules.LONGEST_SUBJECT,
        help_text=gettext_lazy("Such as: training of welders for the workshops of the body"),
    )
    details = PlainField(
        label=gettext_lazy("Anything else we should know"),
        required=False,
        max_length=rules.LONGEST_DETAILS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    audiences: "forms.ModelMultipleChoiceField[Audience]" = forms.ModelMultipleChoiceField(
        None,
        label=gettext_lazy("Who is to be trained"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one group.")},
    )
    persons = WholeField(label=gettext_lazy("How many persons"))
    person_hours = WholeField(
        label=gettext_lazy("How many person-hours"),
        required=False,
        help_text=gettext_lazy("Persons times hours of training for each, if you know"),
    )
    county: "forms.ModelChoiceField[County]" = forms.ModelChoiceField(
        None, label=gettext_lazy("County"), empty_label="—"
    )
    address = PlainField(
        label=gettext_lazy("Where the training would be held"),
        required=False,
        max_length=rules.LONGEST_NAME,
    )
    starts_on = JalaliDateField(
        label=gettext_lazy("First day"),
        help_text=gettext_lazy("Such as 1406/01/15"),
        widget=_text(dir="ltr", inputmode="numeric"),
    )
    ends_on = JalaliDateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Such as 1407/12/29"),
        widget=_text(dir="ltr", inputmode="numeric"),
    )

    GROUPS = (
        (gettext_lazy("The body"), ("organisation", "kind", "legal_id")),
        (gettext_lazy("Who speaks for it"), ("name", "post", "phone", "email")),
        (
            gettext_lazy("The training"),
            ("subject", "audiences", "persons", "person_hours", "details"),
        ),
        (gettext_lazy("Where and when"), ("county", "address", "starts_on", "ends_on")),
    )
    WIDE = frozenset({"organisation", "subject", "audiences", "details", "address"})

    def __init__(self, *args: Any, province: Province, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("kind", partner_kinds())
        self._offer("audiences", audiences())
        self._offer("county", counties(province=province.pk))
        self.asks_for_sureness = "legal_id_sure" in self.data

    @property
    def groups(self) -> list[tuple[str, list[tuple[forms.BoundField, bool]]]]:
        """The fields by group, and whether each takes the whole width."""
        return [
            (str(title), [(self[name], name in self.WIDE) for name in names])
            for title, names in self.GROUPS
        ]

    def clean_organisation(self) -> str:
        """Refuse marks without a letter."""
        text: str = self.cleaned_data["organisation"]
        if not normal_key(text):
            raise ValidationError(_("Write the name."))
        return text

    def clean_persons(self) -> int:
        """Refuse nobody, and more than a province has."""
        return self._between("persons", 1, rules.MAX_PERSONS)

    def clean_person_hours(self) -> int | None:
        """Refuse numbers that nobody can train."""
        if self.cleaned_data["person_hours"] is None:
            return None
        return self._between("person_hours", 1, rules.MAX_HOURS)

    def clean(self) -> dict[str, Any]:
        """Compare what belongs together."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("legal_id"):
            self._read_legal_id(given)
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last:
            if last <= first:
                self.add_error("ends_on", _("The last day must come after the first."))
            elif last < today():
                self.add_error("ends_on", _("This day has passed."))
            elif (last - first).days > 366 * rules.LONGEST_TERM_YEARS:
                self.add_error("ends_on", _("An agreement is for ten years at most."))
        return given

    def offer(self) -> tuple[SubmittedProposal, ContactPerson]:
        """Return what was written, of a form that is valid."""
        given = dict(self.cleaned_data)
        given.pop("legal_id_sure")
        contact = ContactPerson(
            **{name: given.pop(name) for name in ("name", "post", "phone", "email")}
        )
        return SubmittedProposal(**given), contact

    def _read_legal_id(self, given: dict[str, Any]) -> None:
        """Keep the digits; a sum that does not fit is asked about once, as sources differ on it."""
        plain = "".join(sign for sign in to_ascii_digits(given["legal_id"]) if sign.isalnum())
        try:
            given["legal_id"] = legal_id(given["legal_id"])
        except ValueError:
            if len(plain) != 11 or not plain.isdecimal() or len(set(plain)) == 1:
                self.add_error("legal_id", _("A legal ID has eleven digits."))
            elif given.get("legal_id_sure"):
                given["legal_id"] = plain
            else:
                self.asks_for_sureness = True
                self.add_error(
                    "legal_id",
                    _(
                        "The check digit of this number does not fit: mend it, or say below that it is right."
                    ),
                )

    def _between(self, name: str, least: int, most: int) -> int:
        number: int = self.cleaned_data[name]
        if not least <= number <= most:
            raise ValidationError(_("This number is too small or too large."))
        return number

    def _offer(self, name: str, choices: QuerySet[Model]) -> None:
        self.fields[name].queryset = choices  # type: ignore[attr-defined]  # of a choice of records


class TrackForm(_Dressed):
    """The code that opens one's own proposal."""

    code = forms.CharField(
        label=gettext_lazy("Tracking code"),
        max_length=60,
        widget=_text(dir="ltr", autocomplete="off", spellcheck="false"),
    )

    def clean_code(self) -> str:
        """Return the code as it was given out."""
        return rules.read_code(self.cleaned_data["code"])


class WordsForm(_Dressed):
    """A question, a reason or an answer."""

    words = PlainField(max_length=rules.LONGEST_DETAILS, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = label


class AcceptForm(_Dressed):
    """What a proposal does not say of the draft: its number, its level, whose it is."""

    number = forms.CharField(
        label=gettext_lazy("Number of the agreement"), max_length=60, widget=_text(dir="auto")
    )
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=Level.choices)
    partner = forms.ChoiceField(label=gettext_lazy("Partner"), widget=forms.RadioSelect)

    NEW = "new"

    def __init__(self, *args: Any, found: list[Candidate], name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.partner.uid, one.partner.name) for one in found]
        if not any(one.is_sure for one in found):
            choices.append((self.NEW, _("New partner: {name}").format(name=name)))
        self.fields["partner"].choices = choices  # type: ignore[attr-defined]  # of a choice
        self.fields["partner"].initial = (
            found[0].partner.uid if found and found[0].is_sure else self.NEW
        )
        self._found = {one.partner.uid: one.partner for one in found}

    def clean_number(self) -> str:
        """Return the number as it is kept."""
        return clean(self.cleaned_data["number"])

    def clean_partner(self) -> Any:
        """Return the partner, None for a new one."""
        return self._found.get(self.cleaned_data["partner"])
