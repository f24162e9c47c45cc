"""Headers that differ in digits or signs only get keys of their own."""

from django.db import migrations

from tafahom.parties.migrations._keys import renew, unguarded


def renew_keys(apps, schema_editor):
    mappings = apps.get_model("exchange", "ColumnMapping")
    with unguarded(schema_editor, mappings._meta.db_table):
        renew(mappings, texts=lambda row: (row.header,), column="header_key", length=200)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [migrations.RunPython(renew_keys, migrations.RunPython.noop)]
