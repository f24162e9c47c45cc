"""Why a view of a list is not saved, in the reader's language."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "view.empty": _("A view needs a name."),
    "view.taken": _("You have a view of this name already."),
    "view.many": _("You have {n} views already: remove one first."),
}
