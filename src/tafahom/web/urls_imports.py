"""Addresses of rosters on their way in."""

from django.urls import path

from tafahom.web.views import imports, loads, roster_answers

urlpatterns = [
    path("", imports.imports, name="imports"),
    path("registries/", loads.loads, name="loads"),
    path("registries/<str:uid>/undo/", loads.load_undo, name="load_undo"),
    path("remembered/", roster_answers.roster_answers, name="roster_answers"),
    path(
        "remembered/<int:answer>/confirm/",
        roster_answers.roster_answer_confirm,
        name="roster_answer_confirm",
    ),
    path(
        "remembered/<int:answer>/forget/",
        roster_answers.roster_answer_forget,
        name="roster_answer_forget",
    ),
    path("<str:uid>/", imports.import_detail, name="import_detail"),
    path("<str:uid>/commit/", imports.import_commit, name="import_commit"),
    path("<str:uid>/cancel/", imports.import_cancel, name="import_cancel"),
    path("<str:uid>/again/", imports.import_again, name="import_again"),
    path("<str:uid>/answers/", imports.import_answers, name="import_answers"),
    path("<str:uid>/ask-again/", imports.import_ask_again, name="import_ask_again"),
    path("<str:uid>/rejects/<int:file>/", imports.import_rejects, name="import_rejects"),
    path("<str:uid>/undo/", imports.import_undo, name="import_undo"),
]
