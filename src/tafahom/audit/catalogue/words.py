"""What is said of flaws, each with the way to mend it."""

from django.utils.translation import gettext_lazy as _

from tafahom.audit.catalogue.comparing import Flaw

SENTENCES = {
    "trigger.missing": _(
        "Trigger “%(name)s” of table “%(table)s” is missing: run “tafahom migrate”."
    ),
    "trigger.changed": _(
        "Trigger “%(name)s” of table “%(table)s” was changed: run “tafahom migrate”."
    ),
    "trigger.off": _(
        "Trigger “%(name)s” of table “%(table)s” is switched off: run “tafahom migrate”."
    ),
    "trigger.strange": _("Trigger “%(name)s” of table “%(table)s” is not ours: DROP TRIGGER."),
    "trigger.references": _(
        "References of table “%(table)s” are not looked at: ALTER TABLE %(table)s ENABLE TRIGGER"
        " ALL, by a superuser."
    ),
    "function.missing": _("Function “%(name)s” is missing: run “tafahom migrate”."),
    "function.changed": _("Function “%(name)s” was changed: run “tafahom migrate”."),
    "function.strange": _("Function “%(name)s” is not ours: DROP FUNCTION."),
    "policy.missing": _(
        "The policy of table “%(table)s” is missing: run “tafahom migrate” as the owner."
    ),
    "policy.changed": _(
        "The policy of table “%(table)s” was changed: run “tafahom migrate” as the owner."
    ),
    "policy.strange": _(
        "Policy “%(name)s” of table “%(table)s” is not ours: run “tafahom migrate” as the owner."
    ),
    "security.changed": _(
        "Row-level security of table “%(table)s” is not as it was put up: run “tafahom migrate” as"
        " the owner."
    ),
    "bound.missing": _("Table “%(table)s” takes ids without bound: run “tafahom migrate”."),
    "bound.changed": _("The bound of ids of table “%(table)s” was changed: run “tafahom migrate”."),
    "definition.missing": _(
        "Table “%(table)s” lacks “%(detail)s”: put it back as the owner of the tables, or restore a"
        " backup."
    ),
    "definition.strange": _(
        "Table “%(table)s” has “%(detail)s”, which is not ours: look what it is, then take it away"
        " as the owner of the tables."
    ),
    "relation.missing": _("Table “%(name)s” is missing: restore a backup."),
    "relation.strange": _("“%(name)s” (%(detail)s) is not ours: look what it is, then DROP it."),
    "owner.changed": _("“%(name)s” belongs to “%(detail)s”: ALTER … OWNER TO the tables' owner."),
    "right.strange": _(
        "“%(name)s” was given %(detail)s on “%(table)s” by nobody of ours: REVOKE it."
    ),
    "right.missing": _(
        "“%(name)s” may not %(detail)s on “%(table)s”: run “tafahom migrate” as the owner."
    ),
    "setting.strange": _(
        "The setting %(detail)s is kept for the role “%(name)s”: ALTER ROLE %(name)s RESET %(detail)s."
    ),
    "setting.database": _(
        "The setting %(detail)s is kept for the database: ALTER DATABASE … RESET %(detail)s."
    ),
    "power.strange": _(
        "The service's role “%(name)s” has %(detail)s: ALTER ROLE %(name)s NO%(detail)s."
    ),
    "member.strange": _(
        "“%(name)s” is a member of “%(detail)s”: REVOKE “%(detail)s” FROM “%(name)s”."
    ),
}


def told(flaw: Flaw) -> str:
    """Return the sentence of a flaw, in the language of now."""
    said = {"name": flaw.name, "table": flaw.table, "detail": flaw.detail}
    return str(SENTENCES[flaw.kind]) % said
