"""Which role may do what: one table, read by pages and commands alike."""

from enum import StrEnum


class Role(StrEnum):
    """Roles in a directorate and around it."""

    HEADQUARTERS = "headquarters"
    DIRECTOR = "director"
    AGREEMENTS_OFFICER = "agreements_officer"
    CENTRE_CLERK = "centre_clerk"
    PUBLIC_RELATIONS = "public_relations"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """Things one may be allowed to do."""

    SEE_FIGURES = "see_figures"
    SEE_REGISTERS = "see_registers"
    SEE_PEOPLE = "see_people"
    SEE_IDENTITY = "see_identity"
    SEE_SENSITIVE = "see_sensitive"
    SEE_SENSITIVE_FIGURES = "see_sensitive_figures"
    SEE_READINGS = "see_readings"
    SEE_AUDIT = "see_audit"  # of accounts only, without the next
    SEE_ALL_ENTRIES = "see_all_entries"
    SEE_EXPORTS = "see_exports"
    REQUEST_EXPORT = "request_export"
    APPROVE_EXPORT = "approve_export"
    MANAGE_RETENTION = "manage_retention"
    MANAGE_AGREEMENTS = "manage_agreements"
    IMPORT_ROSTERS = "import_rosters"
    RECORD_ATTENDANCE = "record_attendance"
    UNDO_IMPORTS = "undo_imports"
    WRITE_PRESS_RELEASE = "write_press_release"
    PREPARE_CLOSING = "prepare_closing"
    CLOSE_PERIODS = "close_periods"
    APPROVE_REOPENING = "approve_reopening"
    MANAGE_ACCOUNTS = "manage_accounts"


PERMISSIONS: dict[Role, frozenset[Act]] = {
    Role.HEADQUARTERS: frozenset({Act.SEE_FIGURES, Act.SEE_REGISTERS, Act.APPROVE_REOPENING}),
    Role.DIRECTOR: frozenset(
        {
            Act.SEE_AUDIT,
            Act.SEE_ALL_ENTRIES,
            Act.SEE_FIGURES,
            Act.SEE_REGISTERS,
            Act.SEE_PEOPLE,
            Act.SEE_SENSITIVE_FIGURES,
            Act.SEE_IDENTITY,
            Act.SEE_EXPORTS,
            Act.APPROVE_EXPORT,
            Act.WRITE_PRESS_RELEASE,
            Act.PREPARE_CLOSING,
            Act.CLOSE_PERIODS,
            Act.APPROVE_REOPENING,
        }
    ),
    Role.AGREEMENTS_OFFICER: frozenset(
        {
            Act.SEE_FIGURES,
            Act.SEE_REGISTERS,
            Act.SEE_PEOPLE,
            Act.SEE_SENSITIVE_FIGURES,
            Act.SEE_IDENTITY,
            Act.SEE_SENSITIVE,
            Act.SEE_EXPORTS,
            Act.REQUEST_EXPORT,
            Act.APPROVE_EXPORT,
            Act.MANAGE_RETENTION,
            Act.MANAGE_AGREEMENTS,
            Act.IMPORT_ROSTERS,
            Act.RECORD_ATTENDANCE,
            Act.UNDO_IMPORTS,
            Act.WRITE_PRESS_RELEASE,
            Act.PREPARE_CLOSING,
        }
    ),
    Role.CENTRE_CLERK: frozenset(
        {
            Act.SEE_REGISTERS,
            Act.SEE_PEOPLE,
            Act.SEE_IDENTITY,
            Act.SEE_EXPORTS,
            Act.REQUEST_EXPORT,
            Act.IMPORT_ROSTERS,
            Act.RECORD_ATTENDANCE,
        }
    ),
    Role.PUBLIC_RELATIONS: frozenset({Act.SEE_FIGURES, Act.WRITE_PRESS_RELEASE}),
    Role.AUDITOR: frozenset(
        {
            Act.SEE_FIGURES,
            Act.SEE_REGISTERS,
            Act.SEE_PEOPLE,
            Act.SEE_IDENTITY,
            Act.SEE_SENSITIVE,
            Act.SEE_SENSITIVE_FIGURES,
            Act.SEE_READINGS,
            Act.SEE_AUDIT,
            Act.SEE_ALL_ENTRIES,
            Act.SEE_EXPORTS,
        }
    ),
    Role.ADMINISTRATOR: frozenset({Act.SEE_AUDIT, Act.MANAGE_ACCOUNTS}),
}


def may(roles: set[Role], act: Act) -> bool:
    """Whether someone who holds these roles may do this; no role, no right."""
    return any(act in PERMISSIONS[role] for role in roles)
