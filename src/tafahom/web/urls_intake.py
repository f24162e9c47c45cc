"""Addresses of proposals: of the public, and of the officers who answer them."""

from django.urls import path

from tafahom.web.views import intake, triage

urlpatterns = [
    path("propose/", intake.propose, name="propose"),
    path("propose/track/", intake.proposal_track, name="proposal_track"),
    path("propose/answer/", intake.proposal_answer, name="proposal_answer"),
    path("proposals/", triage.proposals, name="proposals"),
    path("proposals/<str:uid>/", triage.proposal_detail, name="proposal_detail"),
    path("proposals/<str:uid>/decide/<str:what>/", triage.proposal_decide, name="proposal_decide"),
]
