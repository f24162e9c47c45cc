"""From when a termination or a renewal took agreements out of force, and what it left."""

from django.db import migrations, models
from django.db.models import Min
from django.utils.timezone import localdate

from tafahom.parties.migrations._keys import unguarded

IN_FORCE = ("in_force", "suspended")
HELD = ("in_force", "suspended", "ended", "renewed")


def date_stops(apps, schema_editor):
    """Take the days from the steps and successors that are recorded."""
    agreements = apps.get_model("agreements", "Agreement")
    steps = apps.get_model("agreements", "Transition")
    with unguarded(schema_editor, agreements._meta.db_table):
        for step in steps.objects.filter(to_state="terminated", from_state__in=IN_FORCE):
            day = localdate(step.at)
            agreements.objects.filter(pk=step.agreement_id).update(stopped_on=day)
        for old in agreements.objects.filter(state="renewed"):
            successors = agreements.objects.filter(predecessor=old.pk, state__in=HELD)
            day = successors.aggregate(first=Min("starts_on"))["first"]
            agreements.objects.filter(pk=old.pk).update(stopped_on=day)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0012_keys")]
    operations = [
        migrations.AddField(
            model_name="agreement",
            name="stopped_on",
            field=models.DateField(blank=True, null=True, verbose_name="out of force from"),
        ),
        migrations.AddField(
            model_name="commitment",
            name="left",
            field=models.PositiveBigIntegerField(
                blank=True, null=True, verbose_name="left by the termination"
            ),
        ),
        migrations.RunPython(date_stops, migrations.RunPython.noop),
    ]
