"""Whether an agreement tells of the people who are trained under it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0014_carried_from")]
    operations = [
        migrations.AddField(
            model_name="agreement",
            name="reveals_status",
            field=models.BooleanField(blank=True, null=True, verbose_name="reveals status"),
        ),
    ]
