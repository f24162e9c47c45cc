"""What people are to the rest of the house."""

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tafahom.audit.acts import describe_acts
from tafahom.audit.tracked import keep_history
from tafahom.people.models import Person
from tafahom.records import RecordKind, register
from tafahom.records.labels import label_fields

ACTS: Final = {
    "people.looked_up": _("looked for a person by number"),
    "people.seen": _("opened the page of a person"),
}
# Keys are the matter of who manages the installation, as accounts are.
ACTS_WITH_KEYS: Final = {
    "keys.new": _("made a new key for identities"),
    "keys.retired": _("removed an old key"),
    "keys.rotated": _("sealed all identities with the newest key"),
}


def register_records() -> None:
    """Make people known."""
    register(RecordKind(name="person", names=_people))
    # Undoing an import removes persons by the thousand; its entry says so.
    keep_history(Person, removals=False, label=_("Trainee"))
    describe_acts(ACTS)
    describe_acts(ACTS_WITH_KEYS, of_accounts=True)
    label_fields(person=_("Trainee"))


def _people(uids: set[str]) -> dict[str, str]:
    """Return no name: who it is stands on the person's page, for who may see that."""
    return {uid: gettext("Person") for uid in uids}
