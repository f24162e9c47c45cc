"""Accounts of the demonstration: known here, so that a served installation can refuse them."""

from typing import Final

from tafahom.access.rules import Role

# The act that its loading begins with.
STARTED: Final = "exchange.demo_started"
# One account a role: log-in, given name, family name.
ACCOUNTS: dict[Role, tuple[str, str, str]] = {
    Role.DIRECTOR: ("director", "ناصر", "امینی"),
    Role.AGREEMENTS_OFFICER: ("officer", "لیلا", "کریمی"),
    Role.CENTRE_CLERK: ("clerk", "یاسر", "بیات"),
    Role.PLANNER: ("planner", "شیما", "ملکی"),
    Role.INSTRUCTOR: ("instructor", "بهزاد", "زارعی"),
    Role.EXAMINER: ("examiner", "نگار", "بهرامی"),
    Role.PARTNER_LIAISON: ("liaison", "کامران", "رنجبر"),
    Role.PUBLIC_RELATIONS: ("press", "سارا", "نوری"),
    Role.HEADQUARTERS: ("headquarters", "حمید", "شفیعی"),
    Role.AUDITOR: ("auditor", "مینا", "صادقی"),
    Role.ADMINISTRATOR: ("administrator", "پویا", "رستمی"),
}
