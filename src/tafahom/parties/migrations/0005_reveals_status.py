"""Which partners, centres and types of centres tell of the people who are trained there."""

from django.db import migrations, models

REVEALING = ("prison", "camp")


def name_types(apps, schema_editor):
    """Say so of the types that every installation has; others are named by the office."""
    types = apps.get_model("parties", "CentreType")
    types.objects.filter(code__in=REVEALING).update(reveals_status=True)


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_list_words")]
    operations = [
        migrations.AddField(
            model_name="centretype",
            name="reveals_status",
            field=models.BooleanField(default=False, verbose_name="reveals status"),
        ),
        migrations.AddField(
            model_name="centre",
            name="reveals_status",
            field=models.BooleanField(blank=True, null=True, verbose_name="reveals status"),
        ),
        migrations.AddField(
            model_name="partner",
            name="reveals_status",
            field=models.BooleanField(blank=True, null=True, verbose_name="reveals status"),
        ),
        migrations.RunPython(name_types, migrations.RunPython.noop),
    ]
