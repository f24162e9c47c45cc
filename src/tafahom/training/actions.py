"""Writes of training: the data that every installation begins with."""

import tomllib
from pathlib import Path

from django.db import transaction

from tafahom.access.models import User
from tafahom.audit.actions import record
from tafahom.parties.actions import load_named
from tafahom.training.models import (
    Cluster,
    EducationLevel,
    PassRule,
)

REFERENCE = Path(__file__).with_name("reference.toml")


@transaction.atomic
def load_reference_data(*, by: User | None = None) -> int:
    """Add clusters, levels of education and pass rules that are missing; how many were.

    Safe to repeat.
    """
    data = tomllib.loads(REFERENCE.read_text(encoding="utf-8"))
    created = load_named(Cluster, data["clusters"])
    created += load_named(EducationLevel, data["education_levels"])
    for rule in data["pass_rules"]:
        day = rule["valid_from"]
        created += PassRule.objects.get_or_create(valid_from=day, defaults=rule)[1]
    if created:
        record(action="training.reference_loaded", details={"created": created}, by=by)
    return created
