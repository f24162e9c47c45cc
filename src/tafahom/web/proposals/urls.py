"""Addresses of proposals: of the public, and of the officers who answer them."""

from django.urls import path

from tafahom.web.proposals.views import officers, public

urlpatterns = [
    path("propose/", public.propose, name="propose"),
    path("propose/track/", public.proposal_track, name="proposal_track"),
    path("propose/answer/", public.proposal_answer, name="proposal_answer"),
    path("proposals/", officers.proposals, name="proposals"),
    path("proposals/<str:uid>/", officers.proposal_detail, name="proposal_detail"),
    path(
        "proposals/<str:uid>/decide/<str:what>/", officers.proposal_decide, name="proposal_decide"
    ),
]
