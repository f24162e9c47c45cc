"""Why a request to destroy identities is refused, in the reader's language."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "empty": _("There is nobody to forget."),
    "open": _("A request of yours waits or is being carried out already."),
    "own": _("Somebody else has to approve what you asked for."),
    "not_yours": _("Only who asked may take a request back."),
    "changed": _(
        "What was previewed is not what would be done now: people, rosters or years changed."
        " Ask again."
    ),
    "state": _("This request is not waiting for that any more."),
}


def retention_sentence(code: str) -> str:
    """Return what stands against it."""
    return str(SENTENCES[code])
