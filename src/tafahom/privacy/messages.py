"""Why something with personal data is refused, in the reader's language."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "retention.empty": _("There is nobody to forget."),
    "retention.open": _("A request of yours waits or is being carried out already."),
    "retention.own": _("Somebody else has to approve what you asked for."),
    "retention.not_yours": _("Only who asked may take a request back."),
    "retention.changed": _(
        "What was previewed is not what would be done now: people, rosters or years changed."
        " Ask again."
    ),
    "retention.state": _("This request is not waiting for that any more."),
    "export.unknown": _("There is no such thing."),
    "export.empty": _("Nobody took part: there is nothing to put into a file."),
    "export.too_large": _("These are more than 20,000 rows. Ask for a smaller part."),
    "export.own": _("Somebody else has to approve what you asked for."),
    "export.not_yours": _("Only who asked for a file may take it."),
    "export.gone": _("The file is not there any more."),
    "export.state": _("This request is not waiting for that any more."),
    "alarm.own": _("Somebody else answers an alarm about your own account."),
    "alarm.answered": _("This alarm was answered before."),
    "reason.short": _("Say it in ten letters or more."),
    "reason.long": _("Say it shorter."),
    "reason.number": _("Write no number of a person here: this is kept in the audit."),
}
