"""Rows of tables that stand abreast are told apart by the first column of their table."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0003_keys'),
        ('people', '0001_initial'),
        ('training', '0005_registry_loads'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='enrolment',
            name='source_row_once',
        ),
        migrations.AddField(
            model_name='enrolment',
            name='source_column',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.UniqueConstraint(fields=('roster_import', 'source_sheet', 'source_row', 'source_column'), name='source_row_once'),
        ),
    ]
