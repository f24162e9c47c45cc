"""What a check of the audit says, in sentences."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "entry": _("Entry %(number)s is not what was written."),
    "order": _(
        "Entry %(number)s does not follow the one before it: entries were removed, put in or moved."
    ),
    "changes": _("The history that belongs to entry %(number)s is not what was written."),
    "unexplained": _("Records were changed past the application: no entry says by whom."),
    "head": _("Head %(number)s is not what was signed, or does not follow the one before it."),
    "unsealed": _("The day that ended with entry %(number)s was not sealed."),
    "cut": _("The chain up to entry %(number)s is not the one that was signed."),
    "outside": _("Head %(number)s, which is kept outside, is not the one that is here."),
}
