
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0005_answers_by_two'),
        ('parties', '0005_reveals_status'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='rosteranswer',
            constraint=models.CheckConstraint(condition=models.Q(('created_by__isnull', True), ('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('created_by')), _negated=True), _connector='OR'), name='answer_confirmed_by_another'),
        ),
    ]
