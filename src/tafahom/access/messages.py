"""Why something with an account, or a request, can not be done, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SENTENCES = {
    "self": gettext_lazy("Nobody does this to their own account: ask another administrator."),
    "last": gettext_lazy("One administrator must stay."),
    "own": gettext_lazy("Somebody else has to confirm what you asked for."),
    "about_you": gettext_lazy("Nobody confirms what is asked for their own account."),
    "right": gettext_lazy("This needs a second person who may confirm it."),
    "asker": gettext_lazy("Who asked for it may not manage accounts any more: refuse it."),
    "others": gettext_lazy(
        "Somebody who may confirm it can do so on the page “Access to confirm”."
    ),
    "not_yours": gettext_lazy("Only who asked may take a request back."),
    "state": gettext_lazy("This request is not waiting any more."),
    "open": gettext_lazy("The same was asked for already and waits for a second person."),
}


def refusal_text(code: str) -> str:
    """Return what stands against it."""
    return str(SENTENCES.get(code) or _("This can not be done now."))
