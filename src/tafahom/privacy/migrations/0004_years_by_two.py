
import django.db.models.deletion
import django.utils.timezone
import tafahom.access.requests.models
import tafahom.parties.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0003_reading_alarms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='YearsRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(default=tafahom.parties.models.new_uid, editable=False, max_length=24, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waits for a second person'), ('confirmed', 'Confirmed'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed')], default='waiting', max_length=9)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('operator', models.CharField(blank=True, max_length=60)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lapses_at', models.DateTimeField(default=tafahom.access.requests.models.in_time)),
                ('decided_by_operator', models.CharField(blank=True, max_length=60)),
                ('decided_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('years', models.JSONField()),
                ('before', models.JSONField()),
            ],
            options={
                'ordering': ['-asked_at', '-id'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='retentionrule',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.CheckConstraint(condition=models.Q(('changed_by__isnull', True), ('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('changed_by')), _negated=True), _connector='OR'), name='retention_years_by_another'),
        ),
        migrations.AddField(
            model_name='yearsrequest',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='yearsrequest',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='yearsrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'confirmed', 'refused', 'withdrawn', 'lapsed'])), name='yearsrequest_state_known'),
        ),
        migrations.AddConstraint(
            model_name='yearsrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked_by__isnull', False), ('operator', '')), models.Q(('asked_by__isnull', True), models.Q(('operator', ''), _negated=True)), _connector='OR'), name='yearsrequest_asked_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='yearsrequest',
            constraint=models.CheckConstraint(condition=models.Q(('asked_by__isnull', True), ('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='yearsrequest_decided_by_another'),
        ),
        migrations.AddConstraint(
            model_name='yearsrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['confirmed', 'refused']), _negated=True), models.Q(('decided_at__isnull', False), models.Q(('decided_by__isnull', False), models.Q(('decided_by_operator', ''), _negated=True), _connector='OR')), _connector='OR'), name='yearsrequest_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='yearsrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('state',), name='yearsrequest_waits_once'),
        ),
    ]
