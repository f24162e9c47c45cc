from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act
from tafahom.records.pages import open_at


class ProposalsPagesConfig(AppConfig):
    name = "tafahom.web.proposals"
    label = "proposals_pages"

    def ready(self) -> None:
        """Say what is shown here, and where it is in the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:proposals", _("Proposals"), Act.TRIAGE_PROPOSALS, position=60)
        open_at(proposal="web:proposal_detail")
