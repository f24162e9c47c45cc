"""Organisations of proposals that differ in digits or signs only get keys of their own."""

from django.db import migrations

from tafahom.parties.migrations._keys import renew, unguarded


def renew_keys(apps, schema_editor):
    proposals = apps.get_model("agreements", "Proposal")
    with unguarded(schema_editor, proposals._meta.db_table):
        renew(proposals, texts=lambda row: (row.organisation,))


class Migration(migrations.Migration):
    dependencies = [("agreements", "0011_sealed_contacts")]
    operations = [migrations.RunPython(renew_keys, migrations.RunPython.noop)]
