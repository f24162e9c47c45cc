"""Files that are attached to agreements."""

from collections.abc import Iterable

from django.db import transaction

from tafahom.access.models import User
from tafahom.agreements.models import Agreement, AgreementFile, FileKind
from tafahom.agreements.texts import storage
from tafahom.audit.actions import record
from tafahom.persian import clean
from tafahom.refusals import Refusal

MAX_FILES = 100


def attach(
    agreement: Agreement,
    *,
    chunks: Iterable[bytes],
    name: str,
    kind: FileKind,
    note: str = "",
    by: User | None,
) -> AgreementFile:
    """Attach a file. Raises FileRefusedError, also ``attachment.present`` and ``attachment.too_many``.

    What it is is read from its content: name and type that the sender gave do not count.
    """
    content = storage.read_whole(chunks)
    content_type = storage.type_of(content)
    with transaction.atomic():
        Agreement._base_manager.select_for_update().get(pk=agreement.pk)
        digest = storage.keep(content)
        if agreement.files.filter(sha256=digest).exists():
            raise Refusal("attachment.present")
        if agreement.files.count() >= MAX_FILES:
            raise Refusal("attachment.too_many")
        made = AgreementFile.objects.create(
            agreement=agreement,
            kind=kind.value,
            note=clean(note)[:200],
            name=_name(name, storage.TYPES[content_type]),
            content_type=content_type,
            sha256=digest,
            size=len(content),
            added_by=by,
        )
        record(
            action="agreements.file_attached",
            target=f"agreement:{agreement.uid}",
            details={"file": made.uid, "kind": made.kind, "sha256": digest},
            by=by,
        )
    return made


@transaction.atomic
def detach(file: AgreementFile, *, by: User | None) -> None:
    """Take a file away; its content goes unless another agreement has it too."""
    agreement = file.agreement
    record(
        action="agreements.file_removed",
        target=f"agreement:{agreement.uid}",
        details={"file": file.uid, "kind": file.kind, "sha256": file.sha256},
        by=by,
    )
    digest = file.sha256
    file.delete()
    transaction.on_commit(lambda: _forget(digest))


def _forget(digest: str) -> None:
    if not AgreementFile.objects.filter(sha256=digest).exists():
        storage.remove(digest)


def _name(name: str, ending: str) -> str:
    """Return the name for showing: without folders, and with the ending that its content has."""
    last = clean(name.replace("\\", "/").rsplit("/", 1)[-1])
    stem = last.rsplit(".", 1)[0].strip(". ")[:100]
    return f"{stem or 'file'}.{ending}"
