"""What a check of the audit says, in sentences."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from tafahom.audit.accepting import restored_from
from tafahom.audit.findings import Chain
from tafahom.audit.sealing import local_day
from tafahom.jalali import format_date

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
    "away": _("The heads that are kept outside cannot be read."),
    "shortened": _("Entry %(number)s, which the mark tells of, is not there as it was written."),
    "unmarked": _(
        "There is no mark that tells how long the chain was. Look whether entries are missing,"
        " then run “tafahom audit accept”."
    ),
    "mark": _("The mark that tells how long the chain was is not one that our key signed."),
    "downgrade": _(
        "Entry %(number)s is digested in the way of before, which had ended when it was written."
    ),
    "forged": _(
        "Entry %(number)s was not written with our key: put in past the application, or while the"
        " key was away (then run “tafahom audit accept”)."
    ),
    "acceptance": _("Entry %(number)s accepts a loss, and our key did not sign that."),
}
RESTORED = _(
    "The database was restored from the backup of %(made_at)s, with %(entries)s entries; newer"
    " ones had been here. If that was meant, run “tafahom audit accept --reason …”."
)
ACCEPTED = _(
    "Entry %(number)s accepted on %(day)s that the chain goes on after entry %(kept)s, where %(lost)s"
    " had been known: %(reason)s"
)
KEYLESS = _(
    "Entry %(number)s accepted on %(day)s entries that were not written with our key (%(count)s):"
    " %(reason)s"
)


def sentences(chain: Chain) -> Iterator[str]:
    """Yield what was found, what may explain it, and what was accepted."""
    for one in chain.findings:
        yield str(SENTENCES[one.kind]) % {"number": one.number}
    is_short = any(one.kind in ("shortened", "outside") for one in chain.findings)
    if is_short and (restored := restored_from()):
        yield str(RESTORED) % {"made_at": restored.made_at, "entries": restored.entries}
    for acceptance in chain.acceptances:
        yield str(KEYLESS if acceptance.keyless else ACCEPTED) % {
            "number": acceptance.number,
            "day": format_date(local_day(acceptance.at), "en"),
            "kept": acceptance.kept,
            "count": acceptance.keyless,
            "lost": acceptance.lost,
            "reason": acceptance.reason,
        }
