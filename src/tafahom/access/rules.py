"""Which role may do what, and where: one table, read by pages and commands alike."""

from collections.abc import Collection
from enum import StrEnum


class Role(StrEnum):
    """Roles in a directorate and around it. The public has no account and hence no role."""

    HEADQUARTERS = "headquarters"
    DIRECTOR = "director"
    AGREEMENTS_OFFICER = "agreements_officer"
    PLANNER = "planner"
    CENTRE_CLERK = "centre_clerk"
    INSTRUCTOR = "instructor"
    EXAMINER = "examiner"
    PARTNER_LIAISON = "partner_liaison"
    PUBLIC_RELATIONS = "public_relations"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """Things one may be allowed to do; a later kind of record brings its own (``permit``)."""

    SEE_FIGURES = "see_figures"
    SEE_REGISTERS = "see_registers"
    SEE_PEOPLE = "see_people"
    SEE_IDENTITY = "see_identity"
    SEE_SENSITIVE = "see_sensitive"
    SEE_SENSITIVE_FIGURES = "see_sensitive_figures"
    SEE_READINGS = "see_readings"
    ANSWER_READING_ALARMS = "answer_reading_alarms"
    SEE_AUDIT = "see_audit"  # of accounts only, without the next
    SEE_ALL_ENTRIES = "see_all_entries"
    SEE_EXPORTS = "see_exports"
    REQUEST_EXPORT = "request_export"
    APPROVE_EXPORT = "approve_export"
    SEE_RETENTION = "see_retention"
    MANAGE_RETENTION = "manage_retention"
    APPROVE_RETENTION = "approve_retention"
    SET_RETENTION = "set_retention"
    CONFIRM_RETENTION_YEARS = "confirm_retention_years"
    MANAGE_AGREEMENTS = "manage_agreements"
    SET_PARTNER_STATUS = "set_partner_status"  # whether a partner tells of whom it sends
    MANAGE_TEMPLATES = "manage_templates"
    TRIAGE_PROPOSALS = "triage_proposals"
    IMPORT_ROSTERS = "import_rosters"
    RECORD_ATTENDANCE = "record_attendance"
    DECIDE_ROSTER_ANSWERS = "decide_roster_answers"
    UNDO_IMPORTS = "undo_imports"
    UNDO_LOADS = "undo_loads"
    WRITE_PRESS_RELEASE = "write_press_release"
    SEE_PERIODS = "see_periods"
    PREPARE_CLOSING = "prepare_closing"
    CLOSE_PERIODS = "close_periods"
    APPROVE_REOPENING = "approve_reopening"
    MANAGE_ACCOUNTS = "manage_accounts"
    CONFIRM_ACCOUNTS = "confirm_accounts"  # what somebody else asked for
    SEE_WORK_LIST = "see_work_list"


class Part(StrEnum):
    """What a membership may be confined to."""

    PROVINCE = "province"
    CENTRE = "centre"
    PARTNER = "partner"
    AGREEMENT = "agreement"
    COURSE = "course"


PERMISSIONS: dict[str, frozenset[Role]] = {
    Act.SEE_FIGURES: frozenset(
        {
            Role.HEADQUARTERS,
            Role.DIRECTOR,
            Role.AGREEMENTS_OFFICER,
            Role.PLANNER,
            Role.PARTNER_LIAISON,
            Role.PUBLIC_RELATIONS,
            Role.AUDITOR,
        }
    ),
    Act.SEE_REGISTERS: frozenset(
        {
            Role.HEADQUARTERS,
            Role.DIRECTOR,
            Role.AGREEMENTS_OFFICER,
            Role.PLANNER,
            Role.CENTRE_CLERK,
            Role.INSTRUCTOR,
            Role.EXAMINER,
            Role.PARTNER_LIAISON,
            Role.AUDITOR,
        }
    ),
    Act.SEE_PEOPLE: frozenset(
        {
            Role.DIRECTOR,
            Role.AGREEMENTS_OFFICER,
            Role.CENTRE_CLERK,
            Role.INSTRUCTOR,
            Role.EXAMINER,
            Role.AUDITOR,
        }
    ),
    Act.SEE_IDENTITY: frozenset(
        {Role.DIRECTOR, Role.AGREEMENTS_OFFICER, Role.CENTRE_CLERK, Role.EXAMINER, Role.AUDITOR}
    ),
    Act.SEE_SENSITIVE: frozenset({Role.AGREEMENTS_OFFICER, Role.AUDITOR}),
    Act.SEE_SENSITIVE_FIGURES: frozenset({Role.DIRECTOR, Role.AGREEMENTS_OFFICER, Role.AUDITOR}),
    Act.SEE_READINGS: frozenset({Role.DIRECTOR, Role.AUDITOR}),
    Act.ANSWER_READING_ALARMS: frozenset({Role.DIRECTOR, Role.AUDITOR}),
    Act.SEE_AUDIT: frozenset({Role.DIRECTOR, Role.AUDITOR, Role.ADMINISTRATOR}),
    Act.SEE_ALL_ENTRIES: frozenset({Role.DIRECTOR, Role.AUDITOR}),
    Act.SEE_EXPORTS: frozenset(
        {Role.DIRECTOR, Role.AGREEMENTS_OFFICER, Role.CENTRE_CLERK, Role.AUDITOR}
    ),
    Act.REQUEST_EXPORT: frozenset({Role.AGREEMENTS_OFFICER, Role.CENTRE_CLERK}),
    Act.APPROVE_EXPORT: frozenset({Role.DIRECTOR, Role.AGREEMENTS_OFFICER}),
    Act.SEE_RETENTION: frozenset({Role.DIRECTOR, Role.AGREEMENTS_OFFICER, Role.AUDITOR}),
    Act.MANAGE_RETENTION: frozenset({Role.AGREEMENTS_OFFICER}),
    Act.APPROVE_RETENTION: frozenset({Role.DIRECTOR, Role.AGREEMENTS_OFFICER}),
    Act.SET_RETENTION: frozenset({Role.AGREEMENTS_OFFICER}),
    Act.CONFIRM_RETENTION_YEARS: frozenset({Role.DIRECTOR, Role.AGREEMENTS_OFFICER}),
    Act.MANAGE_AGREEMENTS: frozenset({Role.AGREEMENTS_OFFICER}),
    Act.SET_PARTNER_STATUS: frozenset({Role.AGREEMENTS_OFFICER}),
    Act.MANAGE_TEMPLATES: frozenset({Role.AGREEMENTS_OFFICER}),
    Act.TRIAGE_PROPOSALS: frozenset({Role.AGREEMENTS_OFFICER}),
    Act.IMPORT_ROSTERS: frozenset({Role.AGREEMENTS_OFFICER, Role.CENTRE_CLERK}),
    Act.RECORD_ATTENDANCE: frozenset({Role.AGREEMENTS_OFFICER, Role.CENTRE_CLERK, Role.INSTRUCTOR}),
    Act.DECIDE_ROSTER_ANSWERS: frozenset({Role.AGREEMENTS_OFFICER}),
    Act.UNDO_IMPORTS: frozenset({Role.AGREEMENTS_OFFICER}),
    Act.UNDO_LOADS: frozenset({Role.AGREEMENTS_OFFICER}),
    Act.WRITE_PRESS_RELEASE: frozenset(
        {Role.DIRECTOR, Role.AGREEMENTS_OFFICER, Role.PUBLIC_RELATIONS}
    ),
    Act.SEE_PERIODS: frozenset(
        {
            Role.HEADQUARTERS,
            Role.DIRECTOR,
            Role.AGREEMENTS_OFFICER,
            Role.PLANNER,
            Role.CENTRE_CLERK,
            Role.AUDITOR,
        }
    ),
    Act.PREPARE_CLOSING: frozenset({Role.DIRECTOR, Role.AGREEMENTS_OFFICER}),
    Act.CLOSE_PERIODS: frozenset({Role.DIRECTOR}),
    Act.APPROVE_REOPENING: frozenset({Role.HEADQUARTERS, Role.DIRECTOR}),
    Act.MANAGE_ACCOUNTS: frozenset({Role.ADMINISTRATOR}),
    Act.CONFIRM_ACCOUNTS: frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
}
PERMISSIONS[Act.SEE_WORK_LIST] = PERMISSIONS[Act.SEE_REGISTERS] | {Role.ADMINISTRATOR}

# Acts on what is not divided further: a membership for a smaller part does not give them.
_OF_THE_WHOLE: frozenset[Part] = frozenset()
_OF_A_PROVINCE = frozenset({Part.PROVINCE})
LEAST: dict[str, frozenset[Part]] = {
    Act.SEE_AUDIT: _OF_THE_WHOLE,
    Act.SEE_ALL_ENTRIES: _OF_THE_WHOLE,
    Act.SET_RETENTION: _OF_THE_WHOLE,
    Act.SET_PARTNER_STATUS: _OF_THE_WHOLE,
    Act.CONFIRM_RETENTION_YEARS: _OF_THE_WHOLE,
    Act.MANAGE_TEMPLATES: _OF_THE_WHOLE,
    Act.UNDO_LOADS: _OF_THE_WHOLE,
    Act.MANAGE_ACCOUNTS: _OF_THE_WHOLE,
    Act.CONFIRM_ACCOUNTS: _OF_THE_WHOLE,
    Act.TRIAGE_PROPOSALS: _OF_A_PROVINCE,
    Act.WRITE_PRESS_RELEASE: _OF_A_PROVINCE,
    Act.ANSWER_READING_ALARMS: _OF_A_PROVINCE,
    Act.SEE_PERIODS: _OF_A_PROVINCE,
    Act.PREPARE_CLOSING: _OF_A_PROVINCE,
    Act.CLOSE_PERIODS: _OF_A_PROVINCE,
    Act.APPROVE_REOPENING: _OF_A_PROVINCE,
}

# Who serves one centre, course or partner: without that being named they see nothing.
CONFINED: dict[Role, frozenset[Part]] = {
    Role.CENTRE_CLERK: frozenset({Part.CENTRE, Part.PROVINCE}),
    Role.INSTRUCTOR: frozenset({Part.COURSE, Part.CENTRE}),
    Role.EXAMINER: frozenset({Part.COURSE, Part.CENTRE, Part.PROVINCE}),
    Role.PARTNER_LIAISON: frozenset({Part.PARTNER, Part.AGREEMENT}),
}
# Everybody else serves the installation or, where that is named, a part of it.
ANYWHERE: dict[Role, frozenset[Part]] = {
    Role.HEADQUARTERS: frozenset({Part.PROVINCE}),
    Role.DIRECTOR: frozenset({Part.PROVINCE}),
    Role.AGREEMENTS_OFFICER: frozenset({Part.PROVINCE, Part.PARTNER, Part.AGREEMENT}),
    Role.PLANNER: frozenset({Part.PROVINCE}),
    Role.PUBLIC_RELATIONS: frozenset({Part.PROVINCE}),
    Role.AUDITOR: frozenset({Part.PROVINCE, Part.CENTRE, Part.PARTNER, Part.AGREEMENT}),
    Role.ADMINISTRATOR: frozenset(),
}


def permit(act: str, *roles: Role, least: Collection[Part] | None = None) -> None:
    """Add an act of a kind of record that is not in the table, and the roles that give it.

    ``least`` are the parts that a membership may be confined to and still give it: any unless told,
    none but the whole installation if empty. Raises ValueError for an act that is there.
    """
    if act in PERMISSIONS:
        raise ValueError(f"{act} is permitted already")
    PERMISSIONS[act] = frozenset(roles)
    if least is not None:
        LEAST[act] = frozenset(least)


def may(role: Role, act: str, part: Part | None = None) -> bool:
    """Whether a role that is held for a part, None being the whole installation, gives an act."""
    if role not in PERMISSIONS[act]:
        return False
    return part is None or act not in LEAST or part in LEAST[act]


def parts_of(role: Role) -> frozenset[Part]:
    """Return what a membership in a role may be confined to."""
    return CONFINED.get(role) or ANYWHERE[role]


def is_fitting(role: Role, part: Part | None) -> bool:
    """Whether a role may be given for this part, None being the whole installation."""
    return role not in CONFINED if part is None else part in parts_of(role)
