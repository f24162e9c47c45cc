"""What was said of columns becomes answers to questions; files keep their own answers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_mappings(apps, schema_editor):
    mappings = apps.get_model("exchange", "ColumnMapping")
    answers = apps.get_model("exchange", "RosterAnswer")
    answers.objects.bulk_create(
        answers(
            partner_id=row.partner_id,
            key=f"column:{row.header_key}"[:200],
            text=row.header,
            answer=row.field,
            created_by_id=row.created_by_id,
            confirmed_by_id=row.created_by_id,
            confirmed_at=row.created_at,
        )
        for row in mappings.objects.all()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0002_keys'),
        ('parties', '0003_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='stagedfile',
            name='answers',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='stagedfile',
            name='given',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.CreateModel(
            name='RosterAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=200)),
                ('text', models.CharField(max_length=200, verbose_name='column or word')),
                ('answer', models.CharField(max_length=300, verbose_name='meaning')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roster_answers', to='parties.partner')),
            ],
            options={
                'ordering': ['partner', 'key'],
            },
        ),
        migrations.RunPython(keep_mappings, migrations.RunPython.noop),
        migrations.DeleteModel(
            name='ColumnMapping',
        ),
        migrations.AddConstraint(
            model_name='rosteranswer',
            constraint=models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False)), fields=('partner', 'key'), name='confirmed_answer_once'),
        ),
        migrations.AddConstraint(
            model_name='rosteranswer',
            constraint=models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', True)), fields=('partner', 'key', 'created_by'), name='own_answer_once'),
        ),
    ]
