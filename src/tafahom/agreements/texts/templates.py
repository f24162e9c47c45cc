"""Templates of agreements: those that came with the product, and new ones."""

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.db import transaction

from tafahom.access.models import User
from tafahom.agreements.models import AgreementTemplate
from tafahom.agreements.texts.beginning import start_draft, write_text
from tafahom.agreements.texts.rules import Content
from tafahom.audit.actions import record
from tafahom.parties.models import PartnerKind
from tafahom.persian import clean
from tafahom.refusals import Refusal

SHIPPED = Path(__file__).with_name("templates.toml")


@transaction.atomic
def load_templates(*, by: User | None = None) -> int:
    """Add what is missing of the templates that came with the product; how many were.

    Safe to repeat: one that is there keeps its words and its name.
    """
    data = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    known = set(AgreementTemplate.objects.values_list("code", flat=True))
    new = [entry for entry in data["templates"] if entry["code"] not in known]
    for entry in new:
        template = AgreementTemplate.objects.create(code=entry["code"], name=entry["name"])
        template.kinds.set(PartnerKind.objects.filter(code__in=entry["kinds"]))
        contents = [_content(data["clauses"][name]) for name in entry["clauses"]]
        write_text(template, contents, by=by)
    return len(new)


@transaction.atomic
def make_template(
    *,
    name: str,
    kinds: Collection[PartnerKind],
    like: AgreementTemplate | None = None,
    by: User | None,
) -> AgreementTemplate:
    """Make a template, with the words of another one where one is given.

    Raises Refusal ``template.name_taken``.
    """
    if AgreementTemplate.objects.filter(name=clean(name)).exists():
        raise Refusal("template.name_taken")
    template = AgreementTemplate.objects.create(name=clean(name))
    template.kinds.set(kinds)
    start_draft(template, like=like, by=by)
    record(action="agreements.template_made", target=f"template:{template.uid}", by=by)
    return template


@transaction.atomic
def change_template(
    template: AgreementTemplate,
    *,
    name: str,
    kinds: Collection[PartnerKind],
    is_used: bool,
    by: User | None,
) -> None:
    """Rename a template, say for which kinds it is, and whether it is offered at all.

    Raises Refusal ``template.name_taken``.
    """
    name = clean(name)
    if AgreementTemplate.objects.exclude(pk=template.pk).filter(name=name).exists():
        raise Refusal("template.name_taken")
    template.name, template.is_used = name, is_used
    template.save(update_fields=["name", "is_used"])
    template.kinds.set(kinds)
    details = {"kinds": [kind.code for kind in kinds], "is_used": is_used}
    record(
        action="agreements.template_changed",
        target=f"template:{template.uid}",
        details=details,
        by=by,
    )


def _content(entry: dict[str, Any]) -> Content:
    return Content(entry["heading"], entry["text"], tuple(entry.get("notes", ())))
