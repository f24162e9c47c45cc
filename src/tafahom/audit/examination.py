"""The whole check of the audit: the chain, its heads here and outside, and its mark."""

from tafahom.audit import delivery, marks, signing
from tafahom.audit.findings import Chain
from tafahom.audit.marks import Mark, PublicKeys, UnusableMarkError
from tafahom.audit.outside import HeadsFile, UnusableHeadsError
from tafahom.audit.verification import SealedHead, verify


def examine_audit(kept: HeadsFile | None = None) -> Chain:
    """Check the audit with all that is known of it.

    ``kept`` are heads of an outside holder, whose keys then count; else those are compared that
    lie where this installation sends its heads. Raises ImproperlyConfigured for a bad key.
    """
    own = signing.signer().public_keys() if signing.present() else {}
    mark, fault = _mark(own)
    heads = kept.heads if kept else _delivered()
    chain = verify(kept.keys if kept else own, heads or (), mark)
    if fault and chain.entries:
        chain.found(fault, chain.entries)
    if heads is None:
        chain.found("away", 0)
    return chain


def _mark(keys: PublicKeys) -> tuple[Mark | None, str]:
    """Return the mark, or none and the kind of finding that it is."""
    try:
        mark = marks.read(keys)
    except UnusableMarkError:
        return None, "mark"
    return mark, "" if mark else "unmarked"


def _delivered() -> list[SealedHead] | None:
    try:
        return delivery.delivered()
    except (OSError, UnusableHeadsError):
        return None
