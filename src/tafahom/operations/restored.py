"""What a restore means for the mark of the audit, which is not in a backup."""

import contextlib

from tafahom.audit import marks, signing
from tafahom.audit.accepting import note_restored
from tafahom.audit.marks import Mark, UnusableMarkError
from tafahom.audit.models import Entry, Head
from tafahom.audit.verification import verify_chain
from tafahom.operations import archive


def mark_audit(manifest: archive.Manifest) -> bool:
    """Have the mark tell of the restored chain; return whether newer entries had been here.

    Where they had, the mark stays: a check says so until somebody accepts it.
    """
    if not (manifest["audit"]["entries"] and signing.present()):
        return False
    with contextlib.suppress(UnusableMarkError):
        mark = marks.read(signing.signer().public_keys())
        if mark is None:
            last = Entry.objects.order_by("-id").values_list("id", "digest")[0]
            marks.write(Mark(0, *last, Head.objects.count(), verify_chain().first_way))
            return False
        if marks.is_in_chain(mark):
            return False
    note_restored(made_at=manifest["made_at"], entries=manifest["audit"]["entries"])
    return True
