"""Names that differ in digits or signs only get keys of their own."""

from django.db import migrations

from tafahom.parties.migrations._keys import renew, unguarded

NAMED = ("Province", "County", "CentreType", "Centre", "PartnerKind", "Audience", "Partner")


def renew_keys(apps, schema_editor):
    models = [apps.get_model("parties", name) for name in NAMED]
    with unguarded(schema_editor, *(model._meta.db_table for model in models)):
        for model in models:
            renew(model)


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_legal_id")]
    operations = [migrations.RunPython(renew_keys, migrations.RunPython.noop)]
