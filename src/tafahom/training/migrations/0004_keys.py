"""Standards and courses that differ in digits or signs only get keys of their own."""

from hashlib import sha256

from django.db import migrations

from tafahom.parties.migrations._keys import old_key, renew, unguarded
from tafahom.persian import normal_key, number_key


def renew_keys(apps, schema_editor):
    named = [apps.get_model("training", name) for name in ("Cluster", "EducationLevel")]
    standards = apps.get_model("training", "OccupationalStandard")
    courses = apps.get_model("training", "Course")
    tables = [model._meta.db_table for model in (*named, standards, courses)]
    with unguarded(schema_editor, *tables):
        # A course's key holds its standard's key of before.
        for course in courses.objects.filter(code="").select_related(
            "agreement", "standard", "centre"
        ):
            if key := new_course_key(course):
                courses.objects.filter(pk=course.pk).update(key=key)
        renew(standards, texts=lambda row: (row.code, row.title), length=320)
        for model in named:
            renew(model)


def new_course_key(course):
    """Return the key a course without a code has now; None where it stays as it is.

    A digest does not say what it was made of: the roster may have named the standard by code or
    by title. What makes the old key makes the new one too.
    """
    standard, centre = course.standard, course.centre.name
    for agreement in (course.agreement.key, number_key(course.agreement.number)):
        for said in (standard.code, course.title, standard.title):
            if digest(course, agreement, old_key(said), old_key(centre)) == course.key:
                key = digest(course, agreement, normal_key(said), normal_key(centre))
                return key if key != course.key else None
    return None


def digest(course, agreement, standard, centre):
    parts = [
        "facts",
        agreement,
        standard,
        centre,
        course.starts_on.isoformat(),
        course.ends_on.isoformat(),
    ]
    return sha256("\x1f".join(parts).encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0003_reported_hours"),
        ("parties", "0003_keys"),
        ("agreements", "0011_sealed_contacts"),
    ]
    operations = [migrations.RunPython(renew_keys, migrations.RunPython.noop)]
