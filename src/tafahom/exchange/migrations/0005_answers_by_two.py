from django.conf import settings
from django.db import migrations, models


def count_as_confirmed(apps, schema_editor):
    """Answers of before hold as they did: who gave one and confirmed it stands as its giver."""
    answers = apps.get_model("exchange", "RosterAnswer").objects
    answers.filter(confirmed_by=models.F("created_by")).update(confirmed_by=None)


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0004_replace_recorded"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(count_as_confirmed, migrations.RunPython.noop),
    ]
