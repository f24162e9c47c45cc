from django.apps import AppConfig


class ProposalsPagesConfig(AppConfig):
    name = "tafahom.web.proposals"
    label = "proposals_pages"
