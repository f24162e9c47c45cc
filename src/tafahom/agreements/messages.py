"""Why something with an agreement, its text or a proposal is refused, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tafahom.localised import number
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import Sentence


def _compared(said: Promise) -> Sentence:
    """Return a sentence that says by how much parts are over or under what was promised."""

    def words(refusal: Refusal) -> str:
        promised, parts = refusal.params["promised"], refusal.params["parts"]
        return str(said).format(
            promised=number(promised),
            parts=number(parts),
            over=number(parts - promised),
            under=number(promised - parts),
        )

    return words


SENTENCES: dict[str, Sentence] = {
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
    "slices.too_much": _compared(
        gettext_lazy(
            "The parts come to {parts}, which is {over} more than the commitment of {promised}."
        )
    ),
    "slices.not_whole": _compared(
        gettext_lazy(
            "The parts come to {parts}, which is {under} less than the commitment of {promised}, though"
            " they are marked as the whole of it."
        )
    ),
    "shares.too_much": _compared(
        gettext_lazy(
            "The shares of the provinces would come to {parts}, which is {over} more than the national"
            " commitment of {promised}."
        )
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
    "left.too_much": _compared(
        gettext_lazy("That is {parts}, which is {over} more than the commitment of {promised}.")
    ),
    "left.not_terminated": gettext_lazy("The agreement was not terminated while in force."),
    "party.signed": gettext_lazy("It is signed: nobody joins or leaves it any more."),
    "party.present": gettext_lazy("This body is a party already."),
    "party.has_signed": gettext_lazy("It has signed already."),
    "text.frozen": gettext_lazy(
        "The text can not be changed any more: the agreement was signed, or the draft was put away."
    ),
    "text.empty": gettext_lazy("There is no clause yet."),
    "text.unchanged": gettext_lazy("Nothing has changed since the last version."),
    "text.present": gettext_lazy("The agreement has a text already; it was not overwritten."),
    "text.too_long": gettext_lazy("A text has at most {clauses} clauses."),
    "clause.gone": gettext_lazy("Somebody else has removed this clause meanwhile."),
    "clause.empty": gettext_lazy("Write a heading or a text."),
    "clause.too_long": gettext_lazy(
        "A heading has at most {heading} letters, a text or note {text}."
    ),
    "clause.too_many_notes": gettext_lazy("A clause has at most {notes} notes."),
    "template.name_taken": gettext_lazy("There is another template of this name."),
    "placeholder.unknown": gettext_lazy(
        "These names in braces mean nothing: {names}. The list below has those that do."
    ),
    "attachment.too_large": gettext_lazy("The file is larger than 20 megabytes."),
    "attachment.empty": gettext_lazy("The file is empty."),
    "attachment.type": gettext_lazy("Only PDF, JPEG, PNG and TIFF files are taken."),
    "attachment.damaged": gettext_lazy(
        "The file is damaged or not complete. Scan or save it again."
    ),
    "attachment.present": gettext_lazy("This very file is attached already."),
    "attachment.too_many": gettext_lazy("There are too many files at this agreement."),
}
