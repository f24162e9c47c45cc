"""Why a change of agreements is refused, in words and with numbers."""

from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tafahom.reports.words import number

SENTENCES: dict[str, str | Promise] = {
    "number.missing": gettext_lazy("Write the number of the agreement."),
    "number.taken": gettext_lazy("Another agreement has this number."),
    "draft.signed": gettext_lazy("It is signed by now: only an amendment changes it."),
    "draft.has_courses": gettext_lazy("Courses are held under it."),
    "draft.has_children": gettext_lazy("Provincial agreements implement it."),
    "draft.has_successors": gettext_lazy("Another agreement renews it."),
    "draft.has_signatures": gettext_lazy("Somebody has signed it."),
    "draft.has_files": gettext_lazy("Files belong to it: remove them first."),
    "draft.has_proposal": gettext_lazy("It answers a proposal: terminate it instead."),
    "term.not_in_order": gettext_lazy("The term ends before it begins."),
    "partner.unknown": gettext_lazy("Choose a partner."),
    "partner.known": gettext_lazy("This body is known already: choose it."),
    "partner.party": gettext_lazy("This body is a further party already."),
    "parent.unknown": gettext_lazy("No agreement has this number."),
    "parent.shared": gettext_lazy(
        "It has a share of the commitments of the national agreement of now: take that back first."
    ),
    "parent.wrong": gettext_lazy(
        "A provincial agreement implements a national one of the same partner."
    ),
    "words.missing": gettext_lazy("Write what the sender is to read."),
    "promise.signed": gettext_lazy("It is signed: only an amendment changes what it promises."),
    "promise.beyond_term": gettext_lazy("This year lies outside the term of the agreement."),
    "amendment.not_signed": gettext_lazy("Only a signed agreement that has not ended is amended."),
    "amendment.no_reason": gettext_lazy("A reason is needed."),
    "amendment.nothing": gettext_lazy("The amendment changes nothing."),
    "amendment.beyond_term": gettext_lazy("The amendment must come in force within the term."),
    "amendment.before_signing": gettext_lazy(
        "The amendment is signed before the agreement, or in future."
    ),
    "amendment.out_of_order": gettext_lazy(
        "An amendment in force from a later day is recorded already."
    ),
    "renewal.impossible": gettext_lazy(
        "Only an agreement in force, suspended or ended is renewed."
    ),
    "renewal.done": gettext_lazy("There is an agreement that renews this one already."),
    "renewal.term": gettext_lazy("The new term must begin after the old one began, and end later."),
    "renewal.years": gettext_lazy("Each year of the old agreement goes to one new year at most."),
    "renewal.decided": gettext_lazy("It is no draft any more, or renews nothing."),
    "renewal.not_its_own": gettext_lazy("This is not of the agreement that is renewed."),
    "slices.no_promise": gettext_lazy("Nothing is promised that could be divided."),
    "slices.dimensions": gettext_lazy("Each part must say all of what it is about."),
    "slices.twice": gettext_lazy("A part is named twice."),
    "slices.too_much": gettext_lazy(
        "The parts come to {parts}, which is {over} more than the commitment of {promised}."
    ),
    "slices.not_whole": gettext_lazy(
        "The parts come to {parts}, which is {under} less than the commitment of {promised}, though"
        " they are marked as the whole of it."
    ),
    "shares.too_much": gettext_lazy(
        "The shares of the provinces would come to {parts}, which is {over} more than the national"
        " commitment of {promised}."
    ),
    "shares.not_its_parent": gettext_lazy("The agreement does not implement this national one."),
    "shares.no_promise": gettext_lazy("The national agreement promises nothing of that kind."),
    "level.not_national": gettext_lazy("Only a national agreement is implemented in a province."),
    "level.not_living": gettext_lazy(
        "Only a national agreement that is signed and not over is implemented."
    ),
    "level.term": gettext_lazy("The term must lie within that of the national agreement."),
    "transition.impossible": gettext_lazy(
        "From where the agreement is now, there is no such step."
    ),
    "dates.missing": gettext_lazy("The term needs a first and a last day."),
    "dates.not_in_order": gettext_lazy("The term ends before it begins."),
    "signature.missing": gettext_lazy("Every party must have signed."),
    "term.not_begun": gettext_lazy("The term has not begun."),
    "term.not_over": gettext_lazy("The term is not over."),
    "term.over": gettext_lazy("The term is over."),
    "commitment.beyond_term": gettext_lazy("Something is promised for a year beyond the term."),
    "successor.missing": gettext_lazy("There is no agreement that renews this one."),
    "reason.missing": gettext_lazy("A reason is needed."),
    "left.missing": gettext_lazy("Write what the termination leaves of each commitment."),
    "left.too_much": gettext_lazy(
        "That is {parts}, which is {over} more than the commitment of {promised}."
    ),
    "left.not_terminated": gettext_lazy("The agreement was not terminated while in force."),
    "party.signed": gettext_lazy("It is signed: nobody joins or leaves it any more."),
    "party.present": gettext_lazy("This body is a party already."),
    "party.has_signed": gettext_lazy("It has signed already."),
}


class Refusal(Protocol):
    """An error that says why by its code; some tell ``numbers`` besides."""

    @property
    def code(self) -> str:
        """One of ``SENTENCES``."""


def said(refusal: Refusal) -> str:
    """Return the sentence of a refusal in the language of the page."""
    numbers: dict[str, int] = getattr(refusal, "numbers", {})
    promised, parts = numbers.get("promised", 0), numbers.get("parts", 0)
    return str(SENTENCES[refusal.code]).format(
        promised=number(promised),
        parts=number(parts),
        over=number(parts - promised),
        under=number(promised - parts),
    )
