"""The parts of the pages, from the frame that all use to those that use others.

The first address that fits is taken: reports come before agreements and partners, since the county
map and the league of partners (``agreements/counties/``, ``partners/league/``) are theirs.
"""

WINGS = (
    "tafahom.web.shell",
    "tafahom.web.serving",
    "tafahom.web.sign_in",
    "tafahom.web.accounts",
    "tafahom.web.reports",
    "tafahom.web.audit",
    "tafahom.web.texts",
    "tafahom.web.partners",
    "tafahom.web.courses",
    "tafahom.web.agreements",
    "tafahom.web.home",
    "tafahom.web.work_list",
    "tafahom.web.imports",
    "tafahom.web.people",
    "tafahom.web.privacy",
    "tafahom.web.press",
    "tafahom.web.periods",
    "tafahom.web.proposals",
)
