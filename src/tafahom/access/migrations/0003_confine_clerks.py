from django.conf import settings
from django.db import migrations


def confine(apps, schema_editor):
    """A clerk serves a centre or a province; those of before served the installation's."""
    province = apps.get_model("parties", "Province").objects.filter(code=settings.PROVINCE_CODE)
    memberships = apps.get_model("access", "Membership").objects
    if home := province.first():
        memberships.filter(role="centre_clerk", province=None, centre=None).update(province=home)


class Migration(migrations.Migration):
    dependencies = [("access", "0002_parts")]
    operations = [migrations.RunPython(confine, migrations.RunPython.noop)]
