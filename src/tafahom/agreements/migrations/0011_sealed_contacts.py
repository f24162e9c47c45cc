"""Who speaks for a proposal is sealed as identities are."""

from django.db import migrations, models

from tafahom.people.sealing import place_of, sealer


def seal(apps, schema_editor):
    contacts = apps.get_model("agreements", "ProposalContact").objects.all()
    for one in contacts:
        with_key = sealer()
        texts = (one.name, one.post, one.phone, one.email)
        place = place_of("agreements_proposalcontact", one.proposal_id)
        one.sealed = with_key.seal_texts(texts, place=place)
        one.key_version = with_key.key_version
        one.save(update_fields=["sealed", "key_version"])


class Migration(migrations.Migration):
    dependencies = [("agreements", "0010_co_signs"), ("people", "0001_initial")]

    operations = [
        migrations.AddField("proposalcontact", "sealed", models.BinaryField(null=True)),
        migrations.AddField(
            "proposalcontact", "key_version", models.PositiveSmallIntegerField(null=True)
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.AlterField("proposalcontact", "sealed", models.BinaryField()),
        migrations.AlterField(
            "proposalcontact", "key_version", models.PositiveSmallIntegerField()
        ),
        migrations.RemoveField("proposalcontact", "name"),
        migrations.RemoveField("proposalcontact", "post"),
        migrations.RemoveField("proposalcontact", "phone"),
        migrations.RemoveField("proposalcontact", "email"),
    ]
