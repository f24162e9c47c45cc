"""Why a record that a registry file changed is not taken back, in the reader's language."""

from django.utils.translation import gettext as _

from tafahom.periods.messages import moved_sentence
from tafahom.training.registries.loads import Staying


def staying_sentence(one: Staying) -> str:
    """Why a record is not taken back, in a sentence."""
    if one.code == "period.closed":
        return moved_sentence(one.months)
    sentences = {
        "changed": _("it was changed since: it stays as it is"),
        "used": _("other records depend on it: it stays"),
        "gone": _("it is not there any more"),
        "conflict": _("what it was before is taken by another record"),
    }
    return str(sentences[one.code])
