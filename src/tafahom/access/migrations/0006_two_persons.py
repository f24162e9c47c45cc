
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import tafahom.access.requests.models
import tafahom.parties.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0005_invitations'),
        ('parties', '0005_reveals_status'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountRequest',
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
                ('agreement_uid', models.CharField(blank=True, max_length=24)),
                ('course_uid', models.CharField(blank=True, max_length=24)),
                ('kind', models.CharField(choices=[('role', 'A role'), ('second_step', 'Taking the second step away'), ('password', 'A link to a new password'), ('opening', 'Opening a closed account')], max_length=12)),
                ('role', models.CharField(blank=True, choices=[('headquarters', 'Headquarters'), ('director', 'Provincial director'), ('agreements_officer', 'Agreements officer'), ('planner', 'Planner'), ('centre_clerk', 'Centre clerk'), ('instructor', 'Instructor'), ('examiner', 'Examiner'), ('partner_liaison', 'Partner liaison'), ('public_relations', 'Public relations'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], max_length=24)),
                ('valid_to', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-asked_at', '-id'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='membership',
            name='at_machine',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='membership',
            name='confirmed_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name='membership',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='membership',
            name='given_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='membership',
            name='reviewed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('given_by__isnull', True), ('user__isnull', True), models.Q(('given_by', models.F('user')), _negated=True), _connector='OR'), models.Q(('confirmed_by__isnull', True), ('user__isnull', True), models.Q(('confirmed_by', models.F('user')), _negated=True), _connector='OR'), models.Q(('confirmed_by__isnull', True), ('given_by__isnull', True), models.Q(('confirmed_by', models.F('given_by')), _negated=True), _connector='OR'), models.Q(('reviewed_by__isnull', True), ('user__isnull', True), models.Q(('reviewed_by', models.F('user')), _negated=True), _connector='OR')), name='membership_by_others'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['administrator', 'agreements_officer', 'auditor', 'centre_clerk', 'director', 'examiner', 'instructor']), _negated=True), ('given_by__isnull', True), ('confirmed_by__isnull', False), ('at_machine', True), _connector='OR'), name='membership_given_by_two'),
        ),
        migrations.AddField(
            model_name='accountrequest',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='accountrequest',
            name='centre',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.centre'),
        ),
        migrations.AddField(
            model_name='accountrequest',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='accountrequest',
            name='partner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.partner'),
        ),
        migrations.AddField(
            model_name='accountrequest',
            name='province',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.province'),
        ),
        migrations.AddField(
            model_name='accountrequest',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='accountrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'confirmed', 'refused', 'withdrawn', 'lapsed'])), name='accountrequest_state_known'),
        ),
        migrations.AddConstraint(
            model_name='accountrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked_by__isnull', False), ('operator', '')), models.Q(('asked_by__isnull', True), models.Q(('operator', ''), _negated=True)), _connector='OR'), name='accountrequest_asked_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='accountrequest',
            constraint=models.CheckConstraint(condition=models.Q(('asked_by__isnull', True), ('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='accountrequest_decided_by_another'),
        ),
        migrations.AddConstraint(
            model_name='accountrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['confirmed', 'refused']), _negated=True), models.Q(('decided_at__isnull', False), models.Q(('decided_by__isnull', False), models.Q(('decided_by_operator', ''), _negated=True), _connector='OR')), _connector='OR'), name='accountrequest_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='accountrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked_by__isnull', True), ('user__isnull', True), models.Q(('asked_by', models.F('user')), _negated=True), _connector='OR'), models.Q(('decided_by__isnull', True), ('user__isnull', True), models.Q(('decided_by', models.F('user')), _negated=True), _connector='OR')), name='accountrequest_by_others'),
        ),
        migrations.AddConstraint(
            model_name='accountrequest',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['role', 'second_step', 'password', 'opening'])), name='accountrequest_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='accountrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'role'), ('role__in', ['headquarters', 'director', 'agreements_officer', 'planner', 'centre_clerk', 'instructor', 'examiner', 'partner_liaison', 'public_relations', 'auditor', 'administrator'])), models.Q(models.Q(('kind', 'role'), _negated=True), ('role', '')), _connector='OR'), name='accountrequest_role_known'),
        ),
        migrations.AddConstraint(
            model_name='accountrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('centre__isnull', True), ('partner__isnull', True), ('agreement_uid', ''), ('course_uid', '')), models.Q(('province__isnull', True), ('partner__isnull', True), ('agreement_uid', ''), ('course_uid', '')), models.Q(('province__isnull', True), ('centre__isnull', True), ('agreement_uid', ''), ('course_uid', '')), models.Q(('province__isnull', True), ('centre__isnull', True), ('partner__isnull', True), ('course_uid', '')), models.Q(('province__isnull', True), ('centre__isnull', True), ('partner__isnull', True), ('agreement_uid', '')), _connector='OR'), name='accountrequest_for_one_part'),
        ),
        migrations.AddConstraint(
            model_name='accountrequest',
            constraint=models.UniqueConstraint(models.F('user'), models.F('kind'), models.F('role'), django.db.models.functions.comparison.Coalesce('province', 0), django.db.models.functions.comparison.Coalesce('centre', 0), django.db.models.functions.comparison.Coalesce('partner', 0), models.F('agreement_uid'), models.F('course_uid'), condition=models.Q(('state', 'waiting')), name='accountrequest_waits_once'),
        ),
    ]
