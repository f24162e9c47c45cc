"""The form for questions of a file: what a column, a word or a mark in it means."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _

from tafahom.exchange.rosters.answering import check_answer
from tafahom.exchange.rosters.parsing.cells import CellError, minutes_of
from tafahom.exchange.rosters.parsing.meanings import HOUR_FIELDS, IGNORE
from tafahom.exchange.rosters.parsing.questions import COLUMN, WORD, RosterQuestion, column_key
from tafahom.exchange.rosters.question_labels import (
    is_to_remember,
    meanings,
    option_label,
    sentence,
)
from tafahom.parties import queries

# Answers that take what is written or chosen beside them.
OTHER, EACH = "@other", "@each"
# Stands for the sheet of columns of which only the heading is remembered.
UNKNOWN = "@unknown"
SELECT = {"class": "form-select"}
RADIO = {"class": "form-check-input"}


@dataclass(frozen=True)
class AskedQuestion:
    """A question as the page shows it."""

    form: "AnswersForm"
    question: RosterQuestion
    name: str

    @property
    def sentence(self) -> str:
        """What is asked."""
        return sentence(self.question)

    @property
    def field(self) -> forms.BoundField:
        """Its answers."""
        return self.form[self.name]

    @property
    def is_select(self) -> bool:
        """Whether the answers are too many for buttons."""
        return self.question.kind == WORD

    @property
    def anchor(self) -> str:
        """The id that a link in the list of errors leads to."""
        return (self.field.auto_id or "") + ("" if self.is_select else "_0")

    @property
    def radios(self) -> Iterator[tuple[Any, forms.BoundField | None]]:
        """Each answer with what is written or chosen beside it."""
        for radio in self.field:
            beside = {OTHER: f"{self.name}-other", EACH: f"{self.name}-each"}
            name = beside.get(radio.data["value"])
            yield radio, self.form[name] if name else None


class AnswersForm(forms.Form):
    """Answers to the questions of one file, and the partner for whom they are remembered.

    ``columns`` are headings that nobody knows: their meanings may stay open. ``partners`` are ids
    of the partners whose roster it is, as far as that is known. After ``is_valid`` ``answers`` and
    ``remembered`` are what ``staging.answer_file`` takes.
    """

    def __init__(
        self,
        *args: Any,
        questions: Iterable[RosterQuestion],
        columns: Iterable[str],
        partners: Iterable[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.answers: dict[str, str] = {}
        self.remembered: dict[str, str] = {}
        self.asked = [AskedQuestion(self, one, _name("q", one.key)) for one in questions]
        for one in self.asked:
            self._add_question(one)
        self._columns = {_name("c", header): header for header in columns}
        for name, header in self._columns.items():
            self.fields[name] = forms.ChoiceField(
                label=header,
                required=False,
                choices=[("", _("Leave out")), *meanings()],
                widget=forms.Select(attrs=SELECT),
            )
        if self.fields:
            self._add_partner(list(partners))

    @property
    def unknown(self) -> list[forms.BoundField]:
        """Fields for the columns that nobody knows."""
        return [self[name] for name in self._columns]

    @property
    def mistakes(self) -> Iterator[tuple[str, str, str]]:
        """What is to be corrected: id of the field, what it is called, what is wrong."""
        anchors = {one.name: (one.anchor, one.sentence) for one in self.asked}
        for name, errors in self.errors.items():
            bound = None if name == NON_FIELD_ERRORS else self[name]
            usual = (bound.auto_id or "", str(bound.label)) if bound else ("", "")
            for error in errors:
                yield *anchors.get(name, usual), str(error)

    def clean(self) -> dict[str, Any]:
        """Turn what was chosen into answers."""
        cleaned = super().clean() or {}
        for one in self.asked:
            try:
                answer = self._answer(one, cleaned)
                check_answer(one.question.key, answer)
            except forms.ValidationError as error:
                self.add_error(one.name, error)
            except ValueError:
                self.add_error(one.name, _("This cannot be the answer: choose another."))
            else:
                self.answers[one.question.key] = answer
        self._refuse_twice(cleaned)
        for name, header in self._columns.items():
            if meaning := cleaned.get(name):
                self.answers[column_key(header)] = meaning
        if cleaned.get("remember"):
            self._remember(cleaned)
        return cleaned

    def _add_question(self, one: AskedQuestion) -> None:
        question = one.question
        choices = [(option, option_label(question, option)) for option in question.options]
        if one.is_select:
            choices = [("", _("Choose")), *choices]
        elif question.kind == COLUMN:
            self._add_beside(one, choices)
        widget = forms.Select(attrs=SELECT) if one.is_select else forms.RadioSelect(attrs=RADIO)
        self.fields[one.name] = forms.ChoiceField(choices=choices, required=False, widget=widget)

    def _add_beside(self, one: AskedQuestion, choices: list[tuple[str, str]]) -> None:
        """Offer hours of each where a unit is asked, and any other meaning of a column."""
        question = one.question
        if question.reason == "unit" and _field(question) in HOUR_FIELDS:
            choices.insert(-1, (EACH, _("Each counts for this many hours:")))
            self.fields[f"{one.name}-each"] = forms.CharField(
                label=_("Hours"),
                required=False,
                max_length=10,
                widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
            )
        if _is_of_column(question):
            choices.insert(-1, (OTHER, _("It means something else:")))
            others = [pair for pair in meanings() if pair[0] not in question.options]
            self.fields[f"{one.name}-other"] = forms.ChoiceField(
                label=_("Meaning"),
                required=False,
                choices=[("", _("Choose")), *others],
                widget=forms.Select(attrs=SELECT),
            )

    def _add_partner(self, partners: list[int]) -> None:
        known = list(queries.partners_by_id(partners))
        self.only_partner = known[0] if len(known) == 1 else None
        self.fields["remember"] = forms.BooleanField(
            required=False,
            initial=self.only_partner is not None,
            label=_("Remember the answers for the rosters of this partner"),
            widget=forms.CheckboxInput(attrs=RADIO),
        )
        self.fields["partner"] = forms.ModelChoiceField(
            queries.partners_by_id([one.pk for one in known]) if known else queries.partners(),
            to_field_name="uid",
            required=False,
            initial=self.only_partner and self.only_partner.uid,
            label=_("Partner"),
            empty_label=_("Choose the partner"),
            widget=forms.HiddenInput() if self.only_partner else forms.Select(attrs=SELECT),
        )

    def _answer(self, one: AskedQuestion, cleaned: Mapping[str, Any]) -> str:
        """What was answered to a question. Raises ValidationError for nothing."""
        chosen = cleaned.get(one.name, "")
        other = cleaned.get(f"{one.name}-other", "")
        if chosen == EACH:
            return f"{_field(one.question)}:{_minutes(cleaned.get(f'{one.name}-each', ''))}"
        # Who chooses a meaning in the list and forgets the button before it means the meaning.
        if chosen == OTHER or (not chosen and other):
            if not other:
                raise forms.ValidationError(_("Choose what the column means."))
            return str(other)
        if not chosen:
            raise forms.ValidationError(_("Choose an answer."))
        return str(chosen)

    def _refuse_twice(self, cleaned: Mapping[str, Any]) -> None:
        """Refuse one meaning for two columns of a sheet, or for two that nobody knows."""
        claims = [
            (one.name, one.question.sheet, self.answers.get(one.question.key, ""))
            for one in self.asked
            if one.question.reason == "twice"
        ]
        claims += [(name, UNKNOWN, cleaned.get(name, "")) for name in self._columns]
        seen: set[tuple[str, str]] = set()
        for name, sheet, answer in claims:
            field = answer.partition(":")[0]
            if field in ("", IGNORE):
                continue
            if (sheet, field) in seen:
                self.add_error(name, _("Two columns can not have the same meaning."))
            seen.add((sheet, field))

    def _remember(self, cleaned: Mapping[str, Any]) -> None:
        texts = {column_key(header): header for header in self._columns.values()}
        for one in self.asked:
            question = one.question
            if is_to_remember(question, self.answers.get(question.key, "")):
                texts[question.key] = question.value if one.is_select else question.column
        self.remembered = {key: text for key, text in texts.items() if key in self.answers}
        if self.remembered and not cleaned.get("partner"):
            self.add_error("partner", _("Choose whose rosters the answers are for."))


def _name(kind: str, key: str) -> str:
    """A short name for a field that stays the same while others are answered."""
    return f"{kind}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _field(question: RosterQuestion) -> str:
    return question.options[0].partition(":")[0] if question.options else ""


def _is_of_column(question: RosterQuestion) -> bool:
    """Whether a question is about a column; a label above a table stays what it is."""
    base, _hash, number = question.key.rpartition("#")
    return column_key(question.column) == (base if number.isdecimal() and base else question.key)


def _minutes(text: str) -> int:
    """Minutes of hours as somebody writes them. Raises ValidationError."""
    try:
        minutes = minutes_of(text)
    except CellError as error:
        raise forms.ValidationError(_("Write hours as a number, such as 1.5.")) from error
    if not minutes:
        raise forms.ValidationError(_("Say how many hours each of them lasts."))
    return minutes
